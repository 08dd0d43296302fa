import Foundation
import Native
import TestSupport
import Testing

@Suite(
    "Wycheproof's vectors for what we encrypt with",
    .enabled(if: Repository.shared("security-corpora/wycheproof") != nil, "the corpora are not beside the checkout"))
struct WycheproofTests {
    struct Vector {
        let group: [String: Any]
        let test: [String: Any]

        var id: Int { test["tcId"] as? Int ?? 0 }
        var isValid: Bool { test["result"] as? String == "valid" }
        var isInvalid: Bool { test["result"] as? String == "invalid" }
        func bytes(_ name: String) -> [UInt8] { [UInt8](hexadecimal: test[name] as? String ?? "") }
        func number(_ name: String) -> Int { group[name] as? Int ?? 0 }
        var privateKeyPEM: [UInt8] { Array((group["privateKeyPem"] as? String ?? "").utf8) }
    }

    private func vectors(_ file: String) throws -> [Vector] {
        let url = try #require(Repository.shared("security-corpora/wycheproof/\(file).json"))
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
        let groups = try #require(json?["testGroups"] as? [[String: Any]])
        let vectors = groups.flatMap { group in (group["tests"] as? [[String: Any]] ?? []).map { Vector(group: group, test: $0) }
        }
        try #require(!vectors.isEmpty)
        return vectors
    }

    /// Counts, prints, and asks that nothing fails.
    private func judge(_ file: String, _ check: (Vector) throws -> Bool?) throws {
        var (passed, skipped, failed) = (0, 0, [Int]())
        for vector in try vectors(file) {
            switch try check(vector) {
            case true?: passed += 1
            case false?: failed.append(vector.id)
            case nil: skipped += 1
            }
        }
        print(
            "wycheproof \(file): \(passed + skipped + failed.count) cases, \(passed) pass, 0 weak, \(failed.count) fail, \(skipped) not ours"
        )
        #expect(passed > 0)
        #expect(failed.isEmpty, "\(failed)")
    }

    @Test("AES-GCM, streamed and in one go")
    func gcm() throws {
        try judge("aes_gcm_test") { vector in
            let cipher: ContentCipher? = [128: .aes128GCM, 192: .aes192GCM, 256: .aes256GCM][vector.number("keySize")]
            guard let cipher, vector.number("ivSize") == 96, vector.number("tagSize") == 128 else { return nil }
            let (key, nonce, additional) = (vector.bytes("key"), vector.bytes("iv"), vector.bytes("aad"))
            let (message, ciphertext, tag) = (vector.bytes("msg"), vector.bytes("ct"), vector.bytes("tag"))
            var right = true
            if additional.isEmpty {
                var decryption = try CipherDecryption(cipher, key: SecretBytes(copying: key), vector: nonce)
                let plaintext = try decryption.update(ciphertext[...])
                let rest = decryption.finish(tag: tag)
                right = (rest.map { plaintext + $0 } == message) == vector.isValid
                var encryption = try CipherEncryption(cipher, key: SecretBytes(copying: key), vector: nonce)
                let start = try encryption.update(message[...])
                let (end, made) = try encryption.finish()
                if vector.isValid { right = right && start + end == ciphertext && made == tag }
            }
            if cipher == .aes256GCM {
                let aead = try AEADKey(SecretBytes(copying: key))
                let opened = try aead.open(ciphertext + tag, nonce: nonce, additionalData: additional)
                right = right && (opened == message) == vector.isValid
                if vector.isValid {
                    let sealed = try aead.seal(message, nonce: nonce, additionalData: additional)
                    right = right && sealed == ciphertext + tag
                }
            } else if !additional.isEmpty {
                return nil
            }
            return right
        }
    }

    @Test("AES-CBC with padding")
    func cbc() throws {
        try judge("aes_cbc_pkcs5_test") { vector in
            let cipher: ContentCipher? = [128: .aes128CBC, 192: .aes192CBC, 256: .aes256CBC][vector.number("keySize")]
            guard let cipher else { return nil }
            var decryption = try CipherDecryption(
                cipher, key: SecretBytes(copying: vector.bytes("key")), vector: vector.bytes("iv"))
            let plaintext = try decryption.update(vector.bytes("ct")[...])
            let rest = decryption.finish(tag: nil)
            return vector.isValid ? rest.map { plaintext + $0 } == vector.bytes("msg") : rest == nil
        }
    }

    @Test("AES key wrap")
    func wrap() throws {
        try judge("aes_wrap_test") { vector in
            let wrap: KeyWrap? = [128: .aes128, 192: .aes192, 256: .aes256][vector.number("keySize")]
            // No content key is shorter than 128 bits.
            guard let wrap, vector.isInvalid || vector.bytes("msg").count >= 16 else { return nil }
            let key = SecretBytes(copying: vector.bytes("key"))
            let unwrapped = try wrap.unwrap(vector.bytes("ct"), under: key)?.copied()
            guard vector.isValid else { return vector.isInvalid ? unwrapped == nil : nil }
            let wrapped = try wrap.wrap(SecretBytes(copying: vector.bytes("msg")), under: key)
            return unwrapped == vector.bytes("msg") && wrapped == vector.bytes("ct")
        }
    }

    static let transports = [
        "rsa_oaep_2048_sha256_mgf1sha256_test", "rsa_oaep_3072_sha256_mgf1sha256_test", "rsa_pkcs1_2048_test",
        "rsa_pkcs1_3072_test",
    ]

    @Test("RSA: the message when it is right, other bytes of the same length when it is not", arguments: transports)
    func rsa(file: String) throws {
        let transport: RSAKeyTransport = file.hasPrefix("rsa_oaep") ? .oaep(.sha256, mask: .sha256) : .pkcs1
        try judge(file) { vector in
            guard vector.bytes("label").isEmpty else { return nil }
            let key = try PrivateKey(pem: vector.privateKeyPEM)
            let expected = vector.isValid ? vector.bytes("msg") : Array(repeating: 0, count: 32)
            let found = try key.decrypt(vector.bytes("ct"), transport, length: expected.count).copied()
            guard !vector.isValid else { return found == expected }
            let again = try key.decrypt(vector.bytes("ct"), transport, length: expected.count).copied()
            return found.count == 32 && found != expected && found != again
        }
    }
}

extension [UInt8] {
    init(hexadecimal text: String) {
        let digits = text.utf8.map { $0 < 58 ? $0 - 48 : ($0 | 32) - 87 }
        self = stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
