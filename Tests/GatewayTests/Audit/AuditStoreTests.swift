import Envelope
import Foundation
import GRDB
import Logging
import TestSupport
import Testing

@testable import Gateway

@Suite("The audit trail of a store")
struct AuditStoreTests {
    private let fixture: LedgerFixture
    private let verifier: AuditVerifier

    init() throws {
        fixture = try LedgerFixture()
        verifier = AuditVerifier(try Self.signers("314000005"))
    }

    private static func signers(_ organisation: String) throws -> AuditSigners {
        AuditSigners(
            trust: try TrustStore(
                roots: Certificate.all(pem: TestPKI.shared.pem("ca/root.crt")),
                intermediates: Certificate.all(pem: TestPKI.shared.pem("ca/issuing.crt"))),
            organisations: [organisation])
    }

    private static func identity(_ name: String) throws -> SigningIdentity {
        try SigningIdentity(
            key: PrivateKey(pem: TestPKI.shared.pem("\(name)/signing.key")),
            certificate: Certificate(pem: TestPKI.shared.pem("\(name)/signing.crt")))
    }

    /// A few messages, and the head of their trail signed.
    private func fill(signedBy name: String = "314000005", at time: Date = TestPKI.now) async throws {
        let identity = try Self.identity(name)
        try await fixture.store.commit { database in
            for state in MessageState.allCases { _ = try LedgerFixture.message(in: state, database) }
            try AuditCheckpoint(
                of: AuditTrail.head(database), at: time, node: "gp", party: HERID("80000601")!, with: identity  // digits
            ).insert(database)
        }
    }

    private func export(from first: Int64? = nil, to last: Int64? = nil) throws -> String {
        var lines: [String] = []
        try fixture.store.exportAudit(node: "gp", from: first, to: last) { lines.append($0) }
        return try fixture.scratch.write(lines.joined(separator: "\n") + "\n", to: "export-\(UUID().uuidString).jsonl")
    }

    /// Edits the store as somebody does who has the disk.
    private func tamper(_ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: fixture.scratch.path + "/store/gateway.sqlite", configuration: configuration)
        try queue.write { database in
            for trigger in try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try database.execute(sql: sql)
        }
        try queue.close()
    }

    @Test("is sound as it was written, with its checkpoint and against every export of it")
    func sound() async throws {
        try await fill()
        let (early, middle) = (try export(to: 5), try export(from: 3, to: 9))
        let report = try verifier.verify(fixture.store, against: [early, middle, try export()])
        #expect(report.isSound, "\(report.faults)")
        #expect(report.checkpoints == 1 && report.signedThrough == report.sequence && report.records == Int(report.sequence))
        #expect(report.compared.map(\.agreed) == [5, 7, report.records])
    }

    @Test(
        "names the record that was changed, taken out, or cut off",
        arguments: [
            ("UPDATE audit SET detail = 'another' WHERE id = 7", 7), ("UPDATE audit SET at = at + 1 WHERE id = 1", 1),
            ("DELETE FROM audit WHERE id = 4", 4), ("UPDATE audit SET actor = '' WHERE id = 9", 9),
            ("UPDATE audit SET hash = zeroblob(32) WHERE id = 3", 3), ("DELETE FROM audit WHERE id > 11", 12),
            ("DELETE FROM audit; DELETE FROM checkpoint", 1),
        ] as [(String, Int64)])
    func tampered(sql: String, bad: Int64) async throws {
        try await fill()
        let kept = try export()
        try tamper(sql)
        let report = try verifier.verify(fixture.store, against: [kept])
        #expect(report.firstBad?.first == bad && report.firstBad?.last == bad, "\(report.faults)")
    }

    @Test("is held against its own checkpoint: whoever cuts the tail has to take that too")
    func cutBehindCheckpoint() async throws {
        try await fill()
        try tamper("DELETE FROM audit WHERE id > 11")
        #expect(try verifier.verify(fixture.store).firstBad?.reason.contains("checkpoint") == true)
    }

    @Test("shows a message whose state was changed behind the ledger's back, and one that has no record")
    func states() async throws {
        try await fill()
        try tamper("UPDATE message SET state = 'accepted' WHERE state = 'rejected'")
        #expect(try verifier.verify(fixture.store).faults.map(\.reason).contains { $0.contains("is accepted in the store") })
        try tamper("UPDATE message SET state = 'rejected' WHERE id = 5; UPDATE message SET id = 999 WHERE id = 1")
        #expect(try verifier.verify(fixture.store).faults.map(\.reason).contains { $0.contains("#999 has no record") })
    }

    @Test("does not believe a checkpoint of another organisation, of another time, or with another text")
    func checkpoints() async throws {
        try await fill(signedBy: "314000013")
        #expect(try verifier.verify(fixture.store).firstBad?.reason.contains("does not speak for") == true)
        let other = try AuditStoreTests()
        try await other.fill(at: TestPKI.now + 20 * 366 * 86_400)
        #expect(try other.verifier.verify(other.fixture.store).firstBad?.reason.contains("did not hold then") == true)
        let changed = try AuditStoreTests()
        try await changed.fill()
        try changed.tamper("UPDATE checkpoint SET node = 'bup'")
        #expect(try changed.verifier.verify(changed.fixture.store).firstBad?.reason.contains("signature does not hold") == true)
    }

    @Test("refuses to be held against a file that proves nothing", arguments: ["changed", "empty", "text", "missing"])
    func files(kind: String) async throws {
        try await fill()
        var file = try export()
        switch kind {
        case "changed":
            let text = try String(contentsOfFile: file, encoding: .utf8).replacing("strong, 1 bytes", with: "strong, 2 bytes")
                .replacing("a person must look", with: "nobody must look")
            file = try fixture.scratch.write(text, to: "changed.jsonl")
        case "empty": file = try fixture.scratch.write("{\"line\":\"header\"}\n", to: "empty.jsonl")
        case "text": file = try fixture.scratch.write("sound", to: "text")
        default: file = fixture.scratch.path + "/none"
        }
        #expect(throws: StoreError.self) { try verifier.verify(fixture.store, against: [file]) }
    }

    @Test("is exported so that Python and openssl come to the same judgement")
    func python() async throws {
        try await fill()
        let script = Repository.root.appending(path: "scripts/audit-verify.py").path
        let authorities = try fixture.scratch.write(
            TestPKI.shared.pem("ca/root.crt") + TestPKI.shared.pem("ca/issuing.crt"), to: "ca.pem")
        let (good, early) = (try export(), try export(to: 6))
        let sound = try Tool.run("python3", [script, good, "--against", early, "--ca", authorities])
        #expect(sound.status == 0, "\(String(decoding: sound.out + sound.err, as: UTF8.self))")
        #expect(String(decoding: sound.out, as: UTF8.self).contains(", 1 checkpoints"))

        try tamper("UPDATE audit SET detail = 'another' WHERE id = 7")
        let changed = try Tool.run("python3", [script, try export()])
        #expect(changed.status == 1)
        #expect(String(decoding: changed.out, as: UTF8.self).contains("first bad record: 7"))
        // From the eighth record on the export holds together.
        #expect(try Tool.run("python3", [script, try export(from: 8), "--against", good]).status == 0)

        try tamper("UPDATE checkpoint SET signature = zeroblob(256)")
        let forged = try Tool.run("python3", [script, try export(from: 8)])
        #expect(forged.status == 1 && String(decoding: forged.out, as: UTF8.self).contains("signature does not hold"))
    }

    @Test("is exported with the commands that verify a checkpoint, and they do")
    func openssl() async throws {
        try await fill()
        var line: AuditLine?
        try fixture.store.exportAudit(node: "gp") { text in
            let read = try JSONDecoder().decode(AuditLine.self, from: Data(text.utf8))
            if read.line == .checkpoint { line = read }
        }
        let checkpoint = try #require(line)
        let scratch = fixture.scratch
        let signed = try scratch.write(try #require(checkpoint.signed), to: "signed.txt")
        let signature = try scratch.write(
            [UInt8](try #require(Data(base64Encoded: checkpoint.signature ?? ""))), to: "signature.bin")
        let certificate = try scratch.write(try #require(checkpoint.certificate), to: "certificate.pem")
        let key = try Tool.run("openssl", ["x509", "-in", certificate, "-pubkey", "-noout"])
        let publicKey = try scratch.write(key.out, to: "public.pem")
        let verdict = try Tool.run("openssl", ["dgst", "-sha256", "-verify", publicKey, "-signature", signature, signed])
        #expect(verdict.status == 0, "\(String(decoding: verdict.err, as: UTF8.self))")
    }

    @Test("cannot be exported beyond its end")
    func beyond() async throws {
        #expect(throws: StoreError(.notFound, reason: "")) { try fixture.store.exportAudit(node: "gp") { _ in } }
        try await fill()
        #expect(throws: StoreError(.notFound, reason: "")) { try fixture.store.exportAudit(node: "gp", from: 9999) { _ in } }
    }

    @Test(
        "takes a purpose that tells nobody's name or number",
        arguments: [
            ("behandling", true), ("oppfølging av henvisning 2026-03", true), ("", false), ("17831490128", false),
            ("178314 90128", false), ("two\nlines", false), (String(repeating: "x", count: 121), false), ("a\u{1B}[2J", false),
        ])
    func purposes(text: String, isFit: Bool) { #expect((ReadingPurpose(text) != nil) == isFit) }
}
