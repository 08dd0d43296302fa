import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

/// A record that must not be stored.
struct UnfitConsent: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ConsentDeskError.Code
    let bytes: @Sendable () throws -> [UInt8]

    init(_ description: String, _ code: ConsentDeskError.Code, _ bytes: @escaping @Sendable () throws -> [UInt8]) {
        (testDescription, self.code, self.bytes) = (description, code, bytes)
    }

    static func json(_ description: String, _ change: @escaping @Sendable (String) -> String) -> UnfitConsent {
        UnfitConsent(description, .unreadable) {
            Array(change(String(decoding: try Consented.record().bytes(), as: UTF8.self)).utf8)
        }
    }
}

@Suite("Consents that are recorded", .serialized, .timeLimit(.minutes(5)))
struct ConsentDeskTests {
    static let reading = Reading(by: .node, purpose: ReadingPurpose("test"), at: TestPKI.now)

    /// A key of the other organisation.
    private static func stranger() throws -> SigningIdentity {
        try SigningIdentity(
            key: PrivateKey(pem: try TestPKI.shared.pem("314000013/p256/signing.key")),
            certificate: Certificate(pem: try TestPKI.shared.pem("314000013/p256/signing.crt")))
    }

    static let unfit: [UnfitConsent] = [
        UnfitConsent("no JSON", .unreadable) { Array("<Consent/>".utf8) },
        UnfitConsent("nothing", .unreadable) { [] },
        .json("something that changes its meaning") {
            $0.replacing("{\"", with: "{\"modifierExtension\":[{\"url\":\"x\"}],\"", maxReplacements: 1)
        },
        .json("half of it") { String($0.dropLast(40)) },
        UnfitConsent("recorded by somebody else's party", .notOurs) {
            try Consented.record { $0.recordedBy = Consented.bup }.bytes()
        },
        UnfitConsent("recorded by an organisation that is not here", .notOurs) {
            try Consented.record {
                $0.recordedBy = ConsentParty(.gp, identity: PartyIdentity(.organisation, "314000013"))
            }.bytes()
        },
        UnfitConsent("given in the future", .contradicts) { try Consented.record { $0.givenAt = TestPKI.now + 3600 }.bytes() },
        UnfitConsent("about a child that nobody could find", .contradicts) {
            try Consented.record { ($0.child.identity, $0.child.name) = (nil, nil) }.bytes()
        },
    ]

    @Test("what does not hold is refused, and nothing of it is stored", arguments: unfit)
    func refuses(unfit: UnfitConsent) async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            let bytes = try unfit.bytes()
            await #expect(throws: ConsentDeskError(unfit.code, "")) { _ = try await node.consents.record(bytes) }
            let rows = try node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM consent") }
            #expect(rows == 0)
        }
    }

    @Test("is listed without names, shown with the record, and both recording and reading are in the audit trail")
    func recorded() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            let listed = try node.consents.list()
            #expect(listed.map(\.state) == [.active, .active])
            #expect(!"\(listed)".contains("Blåklokke") && !"\(listed)".contains("17831490128"))
            let about = try node.consents.list(about: Referral.document())
            #expect(about == listed)
            let other = try node.consents.list(about: Referral.document(replacing: ["17831490128": "13116900216"]))
            #expect(other.isEmpty)
            let shown = try await node.consents.show(Consented.share, for: Self.reading)
            #expect(shown.first?.fhir.contains("17831490128") == true)
            let trail = try node.store.read { try String.fetchAll($0, sql: "SELECT action FROM audit ORDER BY id") }
            #expect(trail == ["consent recorded", "consent recorded", "consent read"])
        }
    }

    @Test("neither a name nor a number lies readable in the store, nor anything that another store key would find the child by")
    func secrecy() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            for table in ["consent", "consentChild", "sharing", "consentVerdict", "audit"] {
                let rows = try node.store.read { try Row.fetchAll($0, sql: "SELECT * FROM \(table)") }
                #expect(!rows.isEmpty, "\(table)")
                for row in rows {
                    for (_, value) in row {
                        let text = String(decoding: Data.fromDatabaseValue(value) ?? Data(value.description.utf8), as: UTF8.self)
                        for word in ["17831490128", "Blåklokke", "2014-03-17"] { #expect(!text.contains(word), "\(table)") }
                    }
                }
            }
            let child = Consented.record().child
            let own = try ChildMark.all(of: child, under: node.store.vault.key)
            let others = try ChildMark.all(of: child, under: StoreKey(bytes: [UInt8](repeating: 7, count: 32)).aead)
            #expect(Set(own).isDisjoint(with: others))
            #expect(try ChildMark.all(of: child, under: node.store.vault.key) == own)
        }
    }

    @Test("the same is recorded once; a change needs a higher version, and the newest one counts")
    func versions() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.consents.record(Consented.record().bytes())
            let same = try Consented.record().bytes()
            await #expect(throws: ConsentDeskError(.known, "")) { _ = try await node.consents.record(same) }
            let changed = try Consented.record { $0.information = [.dialogue] }.bytes()
            await #expect(throws: ConsentDeskError(.contradicts, "")) { _ = try await node.consents.record(changed) }
            _ = try await node.consents.record(Consented.record { ($0.information, $0.version) = ([.dialogue], 2) }.bytes())
            #expect(try node.consents.list().map(\.state) == [.replaced, .active])
        }
    }

    @Test("a row that was changed, put in another's place or signed by somebody else is nothing to decide by")
    func tampered() async throws {
        let site = try Site(settings: ["consent.check": "require"])
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            let desk = node.consents.sharing.book
            let record = Consented.record { $0.id = "0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e09" }
            let bytes = try record.bytes()
            let stranger = try Self.stranger()
            let forged = ConsentSignature(
                algorithm: ConsentSigning.algorithm, keyID: Data(stranger.certificate.der).base64EncodedString(),
                bytes: try DetachedSignature.make(over: bytes, with: stranger))
            let payload = try desk.sealed(SignedBytes(bytes, forged))
            guard case .row(let sealed) = payload.place else { return }
            try await node.store.commit { database in
                try database.execute(
                    sql: "UPDATE consent SET name = ?, length = ?, sealed = ?, wrapped = ? WHERE id = 1",
                    arguments: [Data(payload.name), payload.length, Data(sealed), Data(payload.wrappedKey)])
            }
            #expect(throws: ConsentDeskError(.unverifiable, "")) { _ = try node.consents.list() }
            do {
                _ = try await node.intake.submit(Submission(document: Referral.document()))
                Issue.record("it was taken")
            } catch let error as SubmissionError { #expect(error.code == .notShareable) }
            try await node.store.commit { try $0.execute(sql: "UPDATE consent SET sealed = zeroblob(100) WHERE id = 1") }
            #expect(throws: (any Error).self) { _ = try node.consents.list() }
        }
    }

    @Test(
        "only who has a say takes it back",
        arguments: [
            (ConsentRecord.GiverRole.caretaker, "2014-03-17"), (.youngPerson, "2014-03-17"), (.guardian, "2010-06-01"),
            (.guardian, "2010-05-31"),
        ])
    func mayNotWithdraw(role: ConsentRecord.GiverRole, born: String) async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.consents.record(Consented.record { $0.child.birthDate = Consented.day(born) }.bytes())
            await #expect(throws: ConsentDeskError(.mayNotWithdraw, "")) {
                _ = try await node.consents.withdraw(Consented.share, by: role, how: "muntlig")
            }
            let rows = try node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM withdrawal") }
            #expect(rows == 0)
        }
    }

    @Test("a guardian still takes it back on the day before the sixteenth birthday")
    func lastDay() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.consents.record(Consented.record { $0.child.birthDate = Consented.day("2010-06-02") }.bytes())
            _ = try await node.consents.withdraw(Consented.share, by: .guardian, how: "muntlig")
            #expect(try node.consents.list().map(\.state) == [.withdrawn])
        }
    }

    @Test("nothing that is not there is taken back or shown")
    func unknown() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            await #expect(throws: ConsentDeskError(.notFound, "")) {
                _ = try await node.consents.withdraw("0b8f5a3e", by: .guardian, how: "muntlig")
            }
            await #expect(throws: ConsentDeskError(.notFound, "")) {
                _ = try await node.consents.show("0b8f5a3e", for: Self.reading)
            }
        }
    }

    @Test("the samples are read as they are, and nothing in them is passed over", arguments: ["samtykke", "samtykke-helsehjelp"])
    func samples(name: String) async throws {
        let file = Repository.root.appending(path: "samples/consent/\(name).json")
        let bytes = [UInt8](try Data(contentsOf: file))
        #expect(try ConsentRecord.read(bytes).deviations.map(\.what) == [.notCanonical])
        let site = try Site()
        try await site.with(.gp) { node in
            let recorded = try await node.consents.record(bytes)
            #expect(recorded.consent.state == .active)
        }
    }
}
