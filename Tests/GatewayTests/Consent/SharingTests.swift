import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

/// What was recorded before a referral is handed in that must not go.
struct Unshared: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let prepare: @Sendable (Node) async throws -> Void

    init(_ description: String, _ prepare: @escaping @Sendable (Node) async throws -> Void) {
        (testDescription, self.prepare) = (description, prepare)
    }

    static func both(_ description: String, _ change: @escaping @Sendable (inout ConsentRecord) -> Void) -> Unshared {
        Unshared(description) { try await Consented.record(on: $0, change) }
    }
}

@Suite("Whether a message may be shared", .serialized, .timeLimit(.minutes(5)))
struct SharingTests {
    static func site(_ mode: String = "require") throws -> Site { try Site(settings: ["consent.check": mode]) }

    static func isRefused(_ node: Node, _ submission: Submission) async throws -> String? {
        do {
            _ = try await node.intake.submit(submission)
            return nil
        } catch let error as SubmissionError {
            #expect(error.code == .notShareable)
            return error.reason
        }
    }

    static let unshared: [Unshared] = [
        Unshared("nothing") { _ in },
        Unshared("a consent to share, and none to treatment") { _ = try await $0.consents.record(Consented.record().bytes()) },
        Unshared("a consent to treatment, and none to share") {
            _ = try await $0.consents.record(Consented.treatmentRecord().bytes())
        },
        .both("one of two guardians") { $0.givers = [Consented.parents[0]] },
        .both("guardians who disagree") { ($0.givers, $0.otherGuardian) = ([Consented.parents[0]], .disagrees) },
        .both("somebody who only cares for the child") { $0.givers = [ConsentRecord.Giver(.caretaker)] },
        .both("the child, who is twelve") { $0.givers = [ConsentRecord.Giver(.youngPerson)] },
        .both("another receiver") { $0.to = [ConsentParty(.bup, identity: PartyIdentity(.her, "80000402"))] },
        .both("another sender") { $0.from = [ConsentParty(.gp, identity: PartyIdentity(.her, "80000602"))] },
        .both("other information") { $0.information = [.dialogue] },
        .both("another purpose") { $0.purposes = [.schooling] },
        .both("another child") { $0.child.identity = PartyIdentity(.fodselsnummer, "13116900216") },
        .both("another date of birth") { $0.child.birthDate = Consented.day("2014-03-18") },
        .both("yesterday as its last day") { $0.validUntil = Consented.day("2026-05-31") },
        .both("tomorrow as its first day") { $0.validFrom = Consented.day("2026-06-02") },
        .both("a draft") { $0.status = .draft },
        Unshared("an objection beside the consent") { node in
            try await Consented.record(on: node)
            _ = try await node.consents.record(
                Consented.record {
                    ($0.id, $0.stance) = ("0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e03", .deny)
                }.bytes())
        },
        Unshared("an objection that names organisations") { node in
            try await Consented.record(on: node)
            _ = try await node.consents.record(
                Consented.record {
                    ($0.id, $0.stance) = ("0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e04", .deny)
                    $0.from = [ConsentParty(.gp, identity: PartyIdentity(.organisation, "314000005"))]
                    $0.to = [ConsentParty(.bup, identity: PartyIdentity(.organisation, "314000013"))]
                }.bytes())
        },
        Unshared("a withdrawal") { node in
            try await Consented.record(on: node)
            _ = try await node.consents.withdraw(Consented.share, by: .guardian, how: "muntlig")
        },
        Unshared("a later version that takes the receiver out") { node in
            try await Consented.record(on: node)
            _ = try await node.consents.record(
                Consented.record { ($0.version, $0.to) = (2, [ConsentParty(.ppt)]) }.bytes())
        },
    ]

    @Test("where it is required, a referral is refused with words that name nobody, and nothing of it stays", arguments: unshared)
    func refused(unshared: Unshared) async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            try await unshared.prepare(node)
            let reason = try #require(try await Self.isRefused(node, Submission(document: Referral.document())))
            #expect(reason.contains("BUP Nord (80000401): Kan ikke deles"))
            for word in ["Blåklokke", "Lyng", "17831490128"] { #expect(!reason.contains(word)) }
            let stored = try node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message") }
            #expect(stored == 0)
        }
    }

    @Test(
        "with both consents it is taken, bound to both by digest, and the verdict is kept without names",
        arguments: [
            PartyIdentity.Scheme.her, .organisation,
        ])
    func taken(scheme: PartyIdentity.Scheme) async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node) { record in
                guard scheme == .organisation else { return }
                record.from = [ConsentParty(.gp, identity: PartyIdentity(.organisation, "314000005"))]
                record.to = [ConsentParty(.bup, identity: PartyIdentity(.organisation, "314000013"))]
            }
            let taken = try await node.intake.submit(Submission(document: Referral.document()))
            let verdict = try #require(try node.store.status(of: taken[0].messageID).messages.first?.consent?.first)
            #expect((verdict.checkpoint, verdict.decision) == ("submission", "allowed"))
            let bound = try node.store.read { try String.fetchAll($0, sql: "SELECT digest FROM consentBinding ORDER BY digest") }
            #expect(bound == verdict.consents?.sorted())
            #expect(Set(bound) == Set(try node.consents.list().map(\.digest)))
        }
    }

    @Test("warn takes it, tells the sender why it ought not to go, and keeps that")
    func warns() async throws {
        let site = try Self.site("warn")
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(Submission(document: Referral.document()))
            #expect(taken[0].remarks.contains { $0.contains("Kan ikke deles ennå") })
            let verdict = try node.store.status(of: taken[0].messageID).messages.first?.consent?.first
            #expect(verdict?.decision == "needs")
            #expect(verdict?.needs == ["consentToShare", "consentToTreatment"])
        }
    }

    @Test("off asks nothing and keeps nothing")
    func off() async throws {
        let site = try Self.site("off")
        try await site.with(.gp) { node in
            let taken = try await node.intake.submit(Submission(document: Referral.document()))
            #expect(!taken[0].remarks.contains { $0.contains("deles") })
            #expect(try node.store.status(of: taken[0].messageID).messages.first?.consent == [])
        }
    }

    @Test(
        "an urgent referral is held to consent all the same; life at stake is not, with a reason, and it is marked",
        arguments: [
            ("Barnet har tatt en overdose og må hjelpes nå", true), ("haster", false),
        ])
    func emergency(reason: String, goes: Bool) async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            var submission = Submission(document: try Referral.document(replacing: ["<Priority V=\"30\"": "<Priority V=\"0\""]))
            #expect(try await Self.isRefused(node, submission) != nil)
            submission.emergency = reason
            if !goes {
                #expect(try await Self.isRefused(node, submission) != nil)
                return
            }
            let taken = try await node.intake.submit(submission)
            #expect(taken[0].remarks.contains { $0.contains("gått gjennom etterpå") })
            #expect(try node.store.status(of: taken[0].messageID).messages.first?.consent?.first?.emergency == true)
        }
    }

    @Test("a document that does not say when the child was born cannot be judged, and its identity number does not stand in")
    func noBirthDate() async throws {
        let changes: KeyValuePairs<String, String> = ["<DateOfBirth V=\"2014-03-17\"/>": ""]
        let strict = try Self.site()
        try await strict.with(.gp) { node in
            try await Consented.record(on: node)
            let reason = try await Self.isRefused(node, Submission(document: Referral.document(replacing: changes)))
            #expect(reason?.contains("når barnet er født") == true)
        }
        let mild = try Self.site("warn")
        try await mild.with(.gp) { node in
            let taken = try await node.intake.submit(Submission(document: Referral.document(replacing: changes)))
            #expect(taken[0].remarks.contains { $0.contains("når barnet er født") })
        }
    }

    // MARK: - Boundary dates

    /// Midnight in Oslo at the end of 1 June 2026: 22 hours after the tests' now.
    static let midnight = TestPKI.now + 22 * 3600

    @Test("holds to the end of its last day in Oslo, and not a second longer")
    func lastDay() async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            try await Consented.record(on: node) { $0.validUntil = Consented.day("2026-06-01") }
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            let message = try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) })
            #expect(node.consents.sharing.ask(message, at: Self.midnight - 1).refusal == nil)
            let over = node.consents.sharing.ask(message, at: Self.midnight)
            #expect(over.refusal?.code == .notShareable)
            #expect(over.refusal?.reason.contains("Samtykket gjelder ikke på denne dagen") == true)
        }
    }

    @Test("the guardians' consent ends at midnight when the young person turns sixteen, and theirs begins")
    func sixteen() async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            let born = Consented.day("2010-06-02")
            try await Consented.record(on: node) { $0.child.birthDate = born }
            _ = try await node.intake.submit(
                Submission(
                    document: Referral.document(replacing: ["<DateOfBirth V=\"2014-03-17\"/>": "<DateOfBirth V=\"2010-06-02\"/>"])
                ))
            let message = try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) })
            #expect(node.consents.sharing.ask(message, at: Self.midnight - 1).refusal == nil)
            let over = node.consents.sharing.ask(message, at: Self.midnight)
            #expect(over.refusal?.code == .notShareable)
            #expect(over.refusal?.reason.contains("fylt 16 år") == true)
            for mention in ["Blåklokke", "2010"] { #expect(over.refusal?.reason.contains(mention) == false) }
        }
    }

    @Test("what cannot be read any more is held where consent is required, and goes where it is not")
    func unreadable() async throws {
        for (mode, isHeld) in [("require", true), ("warn", false)] {
            let site = try Self.site(mode)
            try await site.with(.gp) { node in
                try await Consented.record(on: node)
                _ = try await node.intake.submit(Submission(document: Referral.document()))
                try await node.store.commit { try $0.execute(sql: "UPDATE sharing SET question = zeroblob(60)") }
                let message = try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) })
                #expect((node.consents.sharing.ask(message, at: TestPKI.now).refusal?.code == .notShareable) == isHeld)
            }
        }
    }

    // MARK: - Without names

    private static func discussion(_ text: String) throws -> Submission {
        let gp = Organisation(
            "Sagene legesenter (TEST)", [.herID("80000600"), .organisationNumber("314000005")],
            professional: HealthcareProfessional(
                Person(name: PersonName(family: "Furukvist", given: "Klok"), identifiers: [.personHERID("80000601")])))
        let bup = Organisation(
            "Oslo barnesykehus HF (TEST)", [.herID("80000400")], service: Organisation("BUP Nord", [.herID("80000401")]))
        let heading = MsgHead.Heading(
            messageID: "5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a99", generated: DocumentTime(TestPKI.now), sender: gp, receiver: bup,
            patient: nil)
        return Submission(document: try MsgHead.helsefagligDialog(heading, tema: .patient, text: text).encoded())
    }

    @Test("a question that names nobody goes without consent; one that names somebody, or carries a picture, does not")
    func nameless() async throws {
        let site = try Self.site()
        try await site.with(.gp) { node in
            var named = try Self.discussion("Gutten heter Ola Nordmann, født 17831490128.")
            #expect(try await Self.isRefused(node, named) != nil)
            named.isLookedThrough = true
            #expect(try await Self.isRefused(node, named) != nil)
            var picture = try Self.discussion("En gutt sover dårlig. Hva gjør vi?")
            picture.attachments = [SubmittedAttachment(path: Referral.attachments[1])]
            #expect(try await Self.isRefused(node, picture) != nil)
            let taken = try await node.intake.submit(Self.discussion("En gutt sover dårlig. Hva gjør vi?"))
            let verdict = try node.store.status(of: taken[0].messageID).messages.first?.consent?.first
            #expect(verdict?.rule == "anonym-droefting")
        }
    }
}
