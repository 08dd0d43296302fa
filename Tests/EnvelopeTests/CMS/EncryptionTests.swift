import Native
import TestSupport
import Testing

@Suite("A sealing key of the store")
struct AEADKeyTests {
    private func key(_ seed: UInt64 = 1) throws -> AEADKey { try AEADKey(SecretBytes(copying: pattern(32, seed: seed))) }

    @Test("opens what it sealed", arguments: [0, 1, 15, 16, 17, 1000, 100_000])
    func roundTrip(size: Int) throws {
        let key = try key()
        // Three times, so that a context that has been used is used again.
        for turn in UInt64(0)..<3 {
            let (nonce, content) = (pattern(12, seed: turn), pattern(size, seed: turn))
            let sealed = try key.seal(content, nonce: nonce, additionalData: [1, 2, 3])
            #expect(sealed.count == size + AEADKey.overhead)
            #expect(try key.open(sealed, nonce: nonce, additionalData: [1, 2, 3]) == content)
        }
    }

    @Test("opens nothing else: every bit, the nonce, the additional data, the key, the length")
    func refusals() throws {
        let (key, nonce, content) = (try key(), pattern(12), pattern(40))
        let sealed = try key.seal(content, nonce: nonce, additionalData: [7])
        for bit in 0..<(sealed.count * 8) {
            var changed = sealed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(try key.open(changed, nonce: nonce, additionalData: [7]) == nil)
        }
        for count in 0..<sealed.count {
            #expect(try key.open(Array(sealed.prefix(count)), nonce: nonce, additionalData: [7]) == nil)
        }
        #expect(try key.open(sealed + [0], nonce: nonce, additionalData: [7]) == nil)
        #expect(try key.open(sealed, nonce: pattern(12, seed: 9), additionalData: [7]) == nil)
        #expect(try key.open(sealed, nonce: nonce) == nil)
        #expect(try key.open(sealed, nonce: nonce, additionalData: [7, 0]) == nil)
        #expect(try self.key(2).open(sealed, nonce: nonce, additionalData: [7]) == nil)
        // After all these failures the key still works.
        #expect(try key.open(sealed, nonce: nonce, additionalData: [7]) == content)
    }

    @Test("is refused with another length, and so is a nonce", arguments: [0, 11, 13, 16, 31, 33])
    func lengths(count: Int) throws {
        #expect(throws: NativeError(.malformedKeyMaterial, reason: "")) { try AEADKey(SecretBytes(copying: pattern(count))) }
        let key = try key()
        #expect(throws: NativeError(.openSSL, reason: "")) { try key.seal([1], nonce: pattern(count)) }
        #expect(throws: NativeError(.openSSL, reason: "")) { try key.open(pattern(40), nonce: pattern(count)) }
    }

    @Test("serves many at once without mixing them up")
    func concurrency() async throws {
        let key = try key()
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in UInt64(0)..<8 {
                group.addTask {
                    try (0..<200).filter { turn in
                        let (nonce, content) = (pattern(12, seed: task << 32 | UInt64(turn)), pattern(turn, seed: task))
                        let sealed = try key.seal(content, nonce: nonce, additionalData: [UInt8(task)])
                        return try key.open(sealed, nonce: nonce, additionalData: [UInt8(task)]) != content
                    }.count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}

@Suite("Content keys on their way")
struct KeyTransportTests {
    private func keys(_ path: String) throws -> (PublicKey, PrivateKey) {
        (
            try X509Certificate(der: TestPKI.shared.der(path + ".crt")).publicKey,
            try PrivateKey(pem: TestPKI.shared.pem(path + ".key"))
        )
    }

    static let transports: [RSAKeyTransport] = [
        .pkcs1, .oaep(.sha1, mask: .sha1), .oaep(.sha256, mask: .sha256), .oaep(.sha256, mask: .sha1),
    ]

    @Test("a damaged one gives another key each time, of the right length", arguments: transports)
    func damaged(transport: RSAKeyTransport) throws {
        let (publicKey, privateKey) = try keys("314000013/encryption")
        let secret = pattern(32)
        let encrypted = try publicKey.encrypt(SecretBytes(copying: secret), transport)
        #expect(try privateKey.decrypt(encrypted, transport, length: 32).copied() == secret)
        let damaged = [
            encrypted.flipped(at: 0), encrypted.flipped(at: 383), Array(encrypted.dropLast()), encrypted + [0], [], [1],
            Array(repeating: 0, count: 384), Array(repeating: 0xFF, count: 384),
        ]
        for bytes in damaged {
            let found = try (0..<2).map { _ in try privateKey.decrypt(bytes, transport, length: 32).copied() }
            #expect(found[0] != found[1])
            #expect(found.allSatisfy { $0.count == 32 && $0 != secret })
        }
        // A right key of another length than the cipher's is as wrong as any other.
        for length in [16, 24, 31, 33] {
            let found = try privateKey.decrypt(encrypted, transport, length: length).copied()
            #expect(found.count == length && found != Array(secret.suffix(length)) && found != Array(secret.prefix(length)))
        }
    }

    @Test("an agreed one too, however the point is checked", arguments: [KeyAgreement.PointCheck.onCurve, .order])
    func agreed(check: KeyAgreement.PointCheck) throws {
        let (publicKey, privateKey) = try keys("314000013/p256/encryption")
        let agreement = KeyAgreement(derivation: .sha256, wrap: .aes256, pointCheck: check)
        let agreed = try publicKey.encrypt(SecretBytes(copying: pattern(32)), agreement, sharedInfo: [1, 2, 3])
        #expect(try privateKey.decrypt(agreed, agreement, sharedInfo: [1, 2, 3], length: 32).copied() == pattern(32))
        #expect(try privateKey.decrypt(agreed, agreement, sharedInfo: [1, 2, 4], length: 32).copied() != pattern(32))
        #expect(try privateKey.decrypt(agreed, agreement, sharedInfo: [1, 2, 3], length: 16).copied().count == 16)
        let points: [[UInt8]] = [
            [], [0], [4], [0] + Array(agreed.point.dropFirst()), [2] + Array(agreed.point[1...32]), agreed.point.flipped(at: 64),
            agreed.point + [0],
            [4] + Array(repeating: 0, count: 64), [4] + Array(repeating: 0xFF, count: 64),
        ]
        for point in points {
            let wrong = AgreedKey(point: point, wrapped: agreed.wrapped)
            let found = try (0..<2).map { _ in
                try privateKey.decrypt(wrong, agreement, sharedInfo: [1, 2, 3], length: 32).copied()
            }
            #expect(found[0] != found[1])
            #expect(found.allSatisfy { $0 != pattern(32) })
        }
    }

    @Test(
        "a point of one of our curves has the order of the curve: nothing else needs to be looked for",
        arguments: KeyKind.Curve.allCases)
    func primeOrder(curve: KeyKind.Curve) throws {
        let text = try openssl("ecparam", "-name", curve.rawValue, "-param_enc", "explicit", "-text", "-noout")
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("Cofactor:") && $0.hasSuffix(" 1 (0x1)") })
        let order = lines.drop { !$0.hasPrefix("Order:") }.dropFirst().prefix { $0.hasPrefix(" ") }
        let digits = order.joined().filter(\.isHexDigit)
        let verdict = String(decoding: try openssl("prime", "-hex", digits), as: UTF8.self)
        #expect(!digits.isEmpty && verdict.contains(" is prime"))
    }

    @Test("never with a key of another kind")
    func kinds() throws {
        let (rsa, rsaKey) = try keys("314000013/encryption")
        let (ec, ecKey) = try keys("314000013/p256/encryption")
        let agreement = KeyAgreement(derivation: .sha256, wrap: .aes256)
        let refused = NativeError(.malformedKeyMaterial, reason: "")
        #expect(throws: refused) { try ec.encrypt(SecretBytes(count: 32), .pkcs1) }
        #expect(throws: refused) { try rsa.encrypt(SecretBytes(count: 32), agreement, sharedInfo: []) }
        #expect(throws: refused) { _ = try ecKey.decrypt([1], .pkcs1, length: 32).count }
        #expect(throws: refused) {
            _ = try rsaKey.decrypt(AgreedKey(point: [], wrapped: []), agreement, sharedInfo: [], length: 32).count
        }
    }

    @Test("nothing is encrypted with triple DES")
    func tripleDES() {
        #expect(throws: NativeError(.openSSL, reason: "")) {
            _ = try CipherEncryption(.tripleDESCBC, key: SecretBytes(count: 24), vector: pattern(8)).cipher
        }
    }
}
