import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("The corpora of attacks on CMS")
struct CMSCorpusTests {
    /// Cases of one `cases.json`.
    private func cases(_ corpus: String) throws -> (folder: URL, cases: [[String: Any]]) {
        let folder = try #require(Repository.shared("security-corpora/\(corpus)"))
        let json =
            try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "cases.json"))) as? [String: Any]
        let cases = try #require(json?["cases"] as? [[String: Any]])
        try #require(!cases.isEmpty)
        return (folder, cases)
    }

    /// What CBC cannot notice: the plaintext is changed and the padding holds. In the national form the ebXML signature covers the
    /// ciphertext, is verified first, and is what catches these.
    /// Of the padding oracle's probes one hits a padding that is right, as one in 256 does.
    static let caughtByTheSignature: Set = ["d-efail-iv-gadget", "d-efail-injected-blocks", "d-cbc-pad-oracle-15"]

    static let brokenTransports: Set = ["rsa15-oracle", "key-transport-oracle"]

    /// Rightly encrypted to the one who opens them. What is wrong is who signed what is inside, or whom it names.
    static let caughtByTheMessage: Set = [
        "d-gcm-unsigned-inside", "d-cbc-unsigned", "d-surreptitious-forward", "d-resigned-by-mallory",
    ]

    @Test(
        "cms-attacks",
        .enabled(if: Repository.shared("security-corpora/cms-attacks") != nil, "the corpora are not beside the checkout"))
    func attacks() throws {
        let (folder, cases) = try cases("cms-attacks")
        var (passed, weak, failed) = ([String](), [String](), [String]())
        var texts: [String: Set<String>] = [:]
        let opening = cases.filter { $0["op"] as? String == "open" }
        for item in opening {
            let (id, expected) = (try #require(item["id"] as? String), try #require(item["expect"] as? String))
            let recipient = try #require(item["recipient"] as? String)
            let identity = try identity(folder.appending(path: "pki/\(recipient)-enc"))
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: try #require(item["file"] as? String))))
            var outcome = self.outcome(bytes, identity, CMSPolicy(requires: .national, allows3DES: true))
            // Where the key transport is broken a random key takes its place, under which one padding in 256 holds by chance.
            for _ in 0..<8 where outcome == nil && Self.brokenTransports.contains(item["group"] as? String ?? "") {
                outcome = self.outcome(bytes, identity, CMSPolicy(requires: .national, allows3DES: true))
            }
            if let group = item["group"] as? String, let outcome { texts[group, default: []].insert(outcome) }
            switch (expected, outcome) {
            case ("accept", nil), ("accept-or-policy", _): passed.append(id)
            case ("accept", _): failed.append(id)
            case (_, nil):
                if Self.caughtByTheSignature.union(Self.caughtByTheMessage).contains(id) {
                    weak.append(id)
                } else {
                    failed.append(id)
                }
            default: passed.append(id)
            }
            // Where strong was agreed, nothing that CBC or v1.5 lets through is let through.
            if Self.caughtByTheSignature.contains(id) {
                #expect(self.outcome(bytes, identity, CMSPolicy(requires: .strong)) != nil, "\(id)")
            }
        }
        print("cms-attacks d-*: \(opening.count) cases, \(passed.count) pass, \(weak.count) weak, \(failed.count) fail")
        print("  caught by the ebXML signature, not here: \(weak.filter(Self.caughtByTheSignature.contains))")
        print("  rightly encrypted, caught by what the message says: \(weak.filter(Self.caughtByTheMessage.contains))")
        #expect(!opening.isEmpty)
        #expect(failed.isEmpty, "\(failed)")
        #expect(Set(texts.keys) == ["rsa15-oracle", "padding-oracle", "key-transport-oracle"])
        for (group, texts) in texts { #expect(texts == ["decryptionFailed: the payload does not decrypt"], "\(group)") }
    }

    @Test(
        "cms-attacks, SignedData: no payload envelope, whatever its signature",
        .enabled(if: Repository.shared("security-corpora/cms-attacks") != nil, "the corpora are not beside the checkout"))
    func signedData() throws {
        let (folder, cases) = try cases("cms-attacks")
        let signed = cases.filter { $0["op"] as? String != "open" }
        let identity = try identity(folder.appending(path: "pki/bup-enc"))
        var refused = 0
        for item in signed {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: try #require(item["file"] as? String))))
            if outcome(bytes, identity, CMSPolicy(requires: .national, allows3DES: true)) != nil { refused += 1 }
            if let structure = try? CMSStructure.inspect(bytes) { #expect(!structure.isPayloadEnvelope) }
        }
        print("cms-attacks v-*: \(signed.count) cases, \(refused) refused as no payload envelope")
        #expect(!signed.isEmpty)
        #expect(refused == signed.count)
    }

    @Test(
        "cms: samples of others",
        .enabled(if: Repository.shared("security-corpora/cms") != nil, "the corpora are not beside the checkout"))
    func samples() throws {
        let (folder, cases) = try cases("cms")
        let ours = try Receiver.rsa().identity
        let bob = try identity(
            key: folder.appending(path: "examples-cms/certs-and-keys/lamps-bob.decrypt.p8.pem"),
            certificate: folder.appending(path: "examples-cms/certs-and-keys/lamps-bob.encrypt.crt"))
        var opened: [String] = []
        for item in cases {
            let id = try #require(item["id"] as? String)
            let bytes = unarmoured([UInt8](try Data(contentsOf: folder.appending(path: try #require(item["file"] as? String)))))
            let policy = CMSPolicy(requires: .national, allows3DES: true)
            #expect(outcome(bytes, ours, policy) != nil, "\(id)")
            if let bob, outcome(bytes, bob, policy) == nil { opened.append(id) }
            _ = try? CMSStructure.inspect(bytes)
        }
        print("cms: \(cases.count) cases, \(cases.count) pass, 0 weak, 0 fail (opened by the one it is for: \(opened))")
        #expect(opened.allSatisfy { $0 == "examples-encryptedForBobAndDana" })
    }

    private func identity(_ path: URL) throws -> DecryptionIdentity {
        try #require(
            try identity(key: path.appendingPathExtension("key.pem"), certificate: path.appendingPathExtension("crt.pem")))
    }

    private func identity(key: URL, certificate: URL) throws -> DecryptionIdentity? {
        try DecryptionIdentity(
            key: PrivateKey(pem: [UInt8](Data(contentsOf: key))),
            certificate: Certificate(pem: [UInt8](Data(contentsOf: certificate))))
    }

    /// nil when it opens, else what is said.
    private func outcome(_ bytes: [UInt8], _ identity: DecryptionIdentity, _ policy: CMSPolicy) -> String? {
        do throws(EnvelopeError) {
            _ = try PayloadDecryptor.open(bytes, identities: [identity], policy: policy)
            return nil
        } catch {
            return error.description
        }
    }

    /// Seeds of another project's fuzzing of its own CMS reader: nothing here is to crash, hang or open.
    @Test(
        "fuzz seeds",
        .enabled(if: Repository.shared("security-corpora/fuzz-seeds") != nil, "the corpora are not beside the checkout"))
    func seeds() throws {
        let (scratch, ours) = (try Scratch(), try Receiver.rsa().identity)
        let folder = try #require(Repository.shared("security-corpora/fuzz-seeds"))
        var (count, envelopes) = (0, 0)
        for archive in ["openssl-cms.tar.gz", "openssl-asn1parse.tar.gz"] {
            let target = URL(filePath: scratch.path(archive + ".d"))
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let unpacked = try Tool.run("tar", ["-xzf", folder.appending(path: archive).path, "-C", target.path])
            try #require(unpacked.status == 0)
            for name in try FileManager.default.subpathsOfDirectory(atPath: target.path) {
                guard let bytes = try? Data(contentsOf: target.appending(path: name)) else { continue }
                count += 1
                if let structure = try? CMSStructure.inspect([UInt8](bytes)), structure.isPayloadEnvelope { envelopes += 1 }
                #expect(outcome([UInt8](bytes), ours, CMSPolicy(requires: .national, allows3DES: true)) != nil)
            }
        }
        print("fuzz-seeds: \(count) cases, \(count) pass, 0 weak, 0 fail (\(envelopes) have the form of an envelope)")
        #expect(count > 600)
    }

    private func unarmoured(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.starts(with: "-----BEGIN".utf8) else { return bytes }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return [UInt8](Data(base64Encoded: lines.filter { !$0.hasPrefix("-----") }.joined()) ?? Data(bytes))
    }
}
