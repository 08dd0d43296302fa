import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The keys of the hosted parties")
struct KeyRingTests {
    /// Puts a pair of the test PKI into the folder of keys.
    private func put(_ source: String, as name: String, in scratch: ScratchFolder, mode: Int = 0o600) throws {
        try scratch.write(TestPKI.shared.pem("\(source).key"), to: "\(name).key", mode: mode)
        try scratch.write(TestPKI.shared.pem("\(source).crt"), to: "\(name).crt", mode: 0o644)
    }

    /// The hospital's keys in a folder named after its organisation number.
    private func keys(signing: String = "314000013/signing", encryption: String = "314000013/encryption") throws -> ScratchFolder
    {
        let scratch = try ScratchFolder()
        try put(signing, as: "314000013/signing", in: scratch)
        try put(encryption, as: "314000013/encryption", in: scratch)
        return scratch
    }

    private func ring(
        _ scratch: ScratchFolder, _ parties: [HERID] = [TestRegistry.bup], lists: [String] = ["ca/root.crl", "ca/issuing.crl"],
        at time: Date = TestPKI.now
    ) throws -> KeyRing {
        try KeyRing(
            folder: scratch.path, parties: parties, registry: TestRegistry.registry(), trust: TestRegistry.trust(lists: lists),
            revocation: .required, at: time)
    }

    @Test("a service signs and decrypts with its organisation's keys")
    func inherited() throws {
        let ring = try ring(keys(), [TestRegistry.hospital, TestRegistry.bup])
        #expect(ring.parties == [TestRegistry.hospital, TestRegistry.bup])
        #expect(ring.hosts(TestRegistry.bup) && !ring.hosts(TestRegistry.ppt))
        let certificate = try TestRegistry.certificate("314000013/signing")
        for party in ring.parties { #expect(try ring.signing(for: party).certificate == certificate) }
        #expect(
            try ring.decryption(for: TestRegistry.bup).map(\.certificate) == [TestRegistry.certificate("314000013/encryption")])
        #expect(ring.warnings.isEmpty)
    }

    @Test("keys in a folder named after the party's HER-id count before its organisation's")
    func ownFolder() throws {
        let scratch = try keys()
        try put("314000013/p256/signing", as: "410/signing", in: scratch)
        try put("314000013/p256/encryption", as: "410/encryption", in: scratch)
        let ring = try ring(scratch, [TestRegistry.hospital, TestRegistry.bup])
        #expect(try ring.signing(for: TestRegistry.bup).certificate == TestRegistry.certificate("314000013/p256/signing"))
        #expect(try ring.signing(for: TestRegistry.hospital).certificate == TestRegistry.certificate("314000013/signing"))
    }

    @Test("former encryption keys still open what was encrypted for them; the current one comes first")
    func former() throws {
        let scratch = try keys()
        try put("314000013/p256/encryption", as: "314000013/encryption-2024", in: scratch)
        let names = ["314000013/encryption", "314000013/p256/encryption"]
        #expect(try ring(scratch).decryption(for: TestRegistry.bup).map(\.certificate) == names.map(TestRegistry.certificate))
    }

    @Test("a party that is not hosted has no keys here")
    func notHosted() throws {
        let ring = try ring(keys())
        #expect(throws: KeyError(.notHosted, reason: "", remedy: "")) { try ring.signing(for: TestRegistry.ppt) }
        #expect(throws: KeyError(.notHosted, reason: "", remedy: "")) { try ring.decryption(for: TestRegistry.ppt) }
    }

    @Test("a node that hosts nobody, or somebody whom the registry does not know, does not start")
    func nobody() throws {
        let scratch = try keys()
        let error = try #require(throws: KeyError.self) { try ring(scratch, []) }
        #expect(error.code == .notHosted)
        #expect(error.description.contains("parties.hosted"))
        #expect(throws: KeyError(.notHosted, reason: "", remedy: "")) { try ring(scratch, [#require(HERID("999"))]) }
    }

    @Test(
        "a missing file is named, with its party", arguments: ["signing.key", "signing.crt", "encryption.key", "encryption.crt"])
    func missing(name: String) throws {
        let scratch = try keys()
        try FileManager.default.removeItem(atPath: "\(scratch.path)/314000013/\(name)")
        let error = try #require(throws: KeyError.self) { try ring(scratch) }
        #expect(error.code == .missing)
        #expect(error.description.contains("party 410"))
        #expect(error.description.contains("314000013/\(name)"))
    }

    @Test("a missing folder is named")
    func noFolder() throws {
        let scratch = try ScratchFolder()
        let error = try #require(throws: KeyError.self) { try ring(scratch) }
        #expect(error.code == .missing)
        #expect(error.description.contains("\(scratch.path)/314000013"))
    }

    @Test("a key that others may read is refused", arguments: ["signing", "encryption"])
    func permissions(name: String) throws {
        let scratch = try keys()
        try put("314000013/\(name)", as: "314000013/\(name)", in: scratch, mode: 0o640)
        let error = try #require(throws: KeyError.self) { try ring(scratch) }
        #expect(error.code == .permissions)
        #expect(error.description.contains("chmod 600 \(scratch.path)/314000013/\(name).key"))
        #expect(error.party == TestRegistry.bup)
    }

    @Test("a key and a certificate that do not belong together are refused")
    func mismatch() throws {
        let scratch = try keys()
        try scratch.write(TestPKI.shared.pem("314000013/p256/signing.key"), to: "314000013/signing.key")
        #expect(throws: KeyError(.mismatch, reason: "", remedy: "")) { try ring(scratch) }
    }

    @Test("certificates exchanged between signing and encryption are refused")
    func usage() throws {
        let scratch = try keys(signing: "314000013/encryption", encryption: "314000013/signing")
        #expect(throws: KeyError(.usage, reason: "", remedy: "")) { try ring(scratch) }
    }

    @Test("another organisation's certificate is refused")
    func organisation() throws {
        let error = try #require(throws: KeyError.self) { try ring(keys(signing: "314000021/signing")) }
        #expect(error.code == .organisation)
        #expect(error.description.contains("314000021"))
        #expect(error.description.contains("314000013"))
    }

    @Test("what is no key and no certificate is refused, and nothing of it is shown")
    func malformed() throws {
        for name in ["signing.key", "signing.crt"] {
            let scratch = try keys()
            try scratch.write("secret words", to: "314000013/\(name)")
            let error = try #require(throws: KeyError.self) { try ring(scratch) }
            #expect(error.code == .malformed)
            #expect(!error.description.contains("secret"))
        }
    }

    @Test(
        "a certificate outside its time is refused with the day",
        arguments: [(2_082_758_400.0, KeyError.Code.expired, "2035-"), (1_700_000_000, .notYetValid, "2025-01-01")])
    func time(time: TimeInterval, code: KeyError.Code, day: String) throws {
        let error = try #require(throws: KeyError.self) { try ring(keys(), at: Date(timeIntervalSince1970: time)) }
        #expect(error.code == code)
        #expect(error.description.contains(day))
        #expect(error.description.contains("party 410"))
        #expect(!error.remedy.isEmpty)
    }

    @Test(
        "wrong certificates of an organisation are refused, each with its reason",
        arguments: [
            ("wrong/expired-signing", KeyError.Code.expired), ("wrong/revoked-signing", .revoked),
            ("wrong/other-root-signing", .untrusted), ("wrong/self-signed", .untrusted), ("wrong/rsa1024", .untrusted),
            ("wrong/no-key-usage", .usage), ("wrong/no-organisation-number", .organisation),
        ])
    func wrong(name: String, code: KeyError.Code) throws {
        let scratch = try ScratchFolder()
        try put(name, as: "314000005/signing", in: scratch)
        try put("314000005/encryption", as: "314000005/encryption", in: scratch)
        let error = try #require(throws: KeyError.self) { try ring(scratch, [TestRegistry.gp]) }
        #expect(error.code == code, "\(error)")
    }

    @Test("when nobody can say whether an own certificate is revoked, the node starts and warns")
    func revocationUnknown() throws {
        let ring = try ring(keys(), lists: [])
        #expect(ring.warnings.map(\.code) == [.revocationUnknown, .revocationUnknown])
        #expect(ring.warnings.allSatisfy { $0.description.contains("trust.revocationLists") })
    }
}
