import Foundation
import Native
import TestSupport
import Testing

@Suite("Wycheproof", .enabled(if: Repository.shared != nil, "the folder of corpora is not beside the checkout"))
struct SignatureVectorTests {
    struct Corpus: Decodable {
        struct Group: Decodable {
            struct Vector: Decodable { let tcId: Int, comment, msg, sig, result: String }
            let publicKeyDer, sha: String
            let tests: [Vector]
        }
        let testGroups: [Group]
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }

    static let algorithms: [String: DigestAlgorithm] = ["SHA-256": .sha256, "SHA-384": .sha384, "SHA-512": .sha512]

    /// RSA PKCS#1 v1.5, and ECDSA as XML writes it.
    static func files() throws -> [URL] {
        let folder = try #require(Repository.shared("security-corpora/wycheproof"))
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.lastPathComponent.hasPrefix("rsa_signature_") || $0.lastPathComponent.hasSuffix("_p1363_test.json")
        }
    }

    @Test("signatures: valid ones hold, and no other encoding, padding, length or range of them does")
    func signatures() throws {
        var tally = CorpusTally("wycheproof RSA PKCS#1 v1.5 and ECDSA P1363")
        for file in try Self.files() {
            for group in try JSONDecoder().decode(Corpus.self, from: Data(contentsOf: file)).testGroups {
                let key = try PublicKey(der: Self.bytes(group.publicKeyDer))
                let algorithm = try #require(Self.algorithms[group.sha])
                for vector in group.tests {
                    let holds = key.verify(Self.bytes(vector.sig), over: Self.bytes(vector.msg), algorithm)
                    let note = "\(file.lastPathComponent) \(vector.tcId) \(vector.comment): \(holds ? "holds" : "refused")"
                    switch (vector.result, holds) {
                    case ("valid", true), ("invalid", false): tally.pass()
                    case ("acceptable", _): tally.pass(weakly: note)
                    default: tally.fail(note)
                    }
                }
            }
        }
        tally.report()
        #expect(tally.count > 0 && tally.failed.isEmpty)
    }

    @Test(
        "what a key signs it verifies, with each digest", arguments: ["rsa2048/signing", "p256/signing"], DigestAlgorithm.allCases
    )
    func roundTrip(name: String, algorithm: DigestAlgorithm) throws {
        let key = try PrivateKey(pem: TestPKI.shared.pem("314000005/\(name).key"))
        let certificate = try X509Certificate(der: TestPKI.shared.der("314000005/\(name).crt"))
        let message = Array("message".utf8)
        let signature = try key.sign(message, algorithm)
        #expect(certificate.publicKey.verify(signature, over: message, algorithm))
        #expect(!certificate.publicKey.verify(signature, over: message + [0], algorithm))
        #expect(!certificate.publicKey.verify(signature + [0], over: message, algorithm))
        #expect(!certificate.publicKey.verify([], over: message, algorithm))
        #expect(throws: NativeError.self) { try key.sign(digest: [1, 2, 3], algorithm) }
    }

    @Test(
        "digests are those of the openssl command",
        arguments: zip(DigestAlgorithm.allCases, ["sha1", "sha256", "sha384", "sha512"]))
    func digests(algorithm: DigestAlgorithm, name: String) throws {
        let message = [UInt8](repeating: 0x61, count: 100_000)
        var digest = Digest(algorithm)
        digest.update(Array(message.prefix(1)))
        digest.update([])
        digest.update(Array(message.dropFirst()))
        let streamed = digest.finish()
        #expect(streamed == Digest.of(message, algorithm))
        #expect(try Tool.run("openssl", ["dgst", "-\(name)", "-binary"], input: message).out == streamed)
        #expect(streamed.count == algorithm.length)
    }
}
