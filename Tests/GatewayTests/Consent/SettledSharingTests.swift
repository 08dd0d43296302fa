import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("What was settled about sharing at submission", .serialized, .timeLimit(.minutes(5)))
struct SettledSharingTests {
    static let born = "<DateOfBirth V=\"2014-03-17\"/>"

    /// Takes a referral about a child of whom nobody has said anything, and looks at its message.
    static func taken(
        born date: String = "2014-03-17", _ body: (Node, MessageRecord) async throws -> Void
    ) async throws {
        let site = try SharingTests.site("warn")
        try await site.with(.gp) { node in
            let document = try Referral.document(replacing: [born: "<DateOfBirth V=\"\(date)\"/>"])
            _ = try await node.intake.submit(Submission(document: document))
            try await body(node, try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) }))
        }
    }

    static func asked(_ node: Node, _ message: MessageRecord, at now: Date = TestPKI.now) throws -> KeptVerdict {
        try #require(node.consents.sharing.ask(message, at: now).verdict)
    }

    @Test("is found again at sending without opening what was asked, and is shown as what was decided then")
    func again() async throws {
        try await Self.taken { node, message in
            let later = TestPKI.now + 60
            try await node.store.commit { try $0.execute(sql: "UPDATE sharing SET question = zeroblob(60)") }
            let verdict = try Self.asked(node, message, at: later)
            #expect(verdict.bytes.isEmpty)
            try await node.store.commit { try ConsentRows.insert(verdict, message: message.id, in: $0) }
            let shown = try #require(try node.store.status(of: message.messageID).messages.first?.consent)
            #expect(shown.map(\.checkpoint) == ["submission", "sending"])
            #expect(shown.map(\.at) == [TestPKI.now, later])
            #expect(shown.map(\.needs) == Array(repeating: ["consentToShare", "consentToTreatment"], count: 2))
        }
    }

    static let words: [Unshared] = [
        .both("consents") { _ in },
        .both("consents that name the child without a number") { $0.child.identity = nil },
        .both("consents about another child") { $0.child.identity = PartyIdentity(.fodselsnummer, "13116900216") },
        Unshared("an objection") { node in
            _ = try await node.consents.record(Consented.record { $0.stance = .deny }.bytes())
        },
    ]

    @Test("is asked from the start once anybody has said anything", arguments: words)
    func said(_ word: Unshared) async throws {
        try await Self.taken { node, message in
            try await word.prepare(node)
            let asked = try Self.asked(node, message)
            #expect(!asked.bytes.isEmpty)
        }
    }

    @Test("is asked from the start by a node that has begun to require consent, and is held")
    func required() async throws {
        try await Self.taken { node, message in
            let strict = SharingDesk(mode: .require, book: node.consents.sharing.book)
            #expect(strict.ask(message, at: TestPKI.now).refusal?.code == .notShareable)
        }
    }

    @Test("is asked from the start by rules of another version")
    func rules() async throws {
        try await Self.taken { node, message in
            try await node.store.commit { try $0.execute(sql: "UPDATE sharing SET settledBy = 'before'") }
            let asked = try Self.asked(node, message)
            #expect(!asked.bytes.isEmpty)
        }
    }

    @Test("holds to midnight before a birthday that the rules know, and not a second longer")
    func birthday() async throws {
        try await Self.taken(born: "2010-06-02") { node, message in
            let before = try Self.asked(node, message, at: SharingTests.midnight - 1)
            #expect(before.bytes.isEmpty)
            let asked = try Self.asked(node, message, at: SharingTests.midnight)
            #expect(!asked.bytes.isEmpty)
        }
    }

    // MARK: - Without looking

    @Test("is not asked by an attempt whose lease the commit took that found it so, as long as it holds")
    func claimed() async throws {
        try await Self.taken { node, message in
            let settled = try #require(try node.store.read { try ConsentRows.settled($0, message: message.id) })
            let sharing = node.consents.sharing
            func claimed(_ settled: SettledSharing) -> ClaimedMessage {
                ClaimedMessage(message: message, contents: .none, settled: settled)
            }
            func changed(until: Date? = nil, rules: String? = nil) -> SettledSharing {
                SettledSharing(
                    isAllowed: settled.isAllowed, until: until ?? settled.until, rules: rules ?? settled.rules,
                    wordsBefore: settled.wordsBefore)
            }
            #expect(sharing.ask(claimed(settled), at: TestPKI.now).verdict == nil)
            #expect(sharing.ask(claimed(changed(until: TestPKI.now)), at: TestPKI.now).verdict != nil)
            #expect(sharing.ask(claimed(changed(rules: "before")), at: TestPKI.now).verdict != nil)
            let strict = SharingDesk(mode: .require, book: sharing.book)
            #expect(strict.ask(claimed(settled), at: TestPKI.now).refusal?.code == .notShareable)
        }
    }

    @Test("goes by what others have said since anybody looked, though nothing reminds this process of it")
    func saidElsewhere() async throws {
        try await Self.taken { node, _ in
            let words = node.store.said
            #expect(words.isNothing)
            // Recording looks at nothing that says how much there is: as if another process had done it.
            try await Consented.record(on: node)
            #expect(words.isNothing)
            let id = "7c0d7a52-1111-4d0b-9a35-2f6b3c1e7a02"
            let taken = try await node.intake.submit(
                Submission(document: Referral.document(replacing: [Referral.documentID: id])))
            let consent = try node.store.status(of: taken[0].messageID).messages.first?.consent
            #expect(consent?.map(\.decision) == ["allowed"] && consent?.first?.consents?.count == 2)
            #expect(!words.isNothing)
            // What was judged by memory has left nothing.
            let rows = try node.store.read { database in
                try ["message", "payload", "sharing"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") }
            }
            #expect(rows == [2, 2, 2])
        }
    }

    @Test("nobody is refused by what this process remembers")
    func requiredElsewhere() async throws {
        let site = try SharingTests.site()
        try await site.with(.gp) { node in
            #expect(try await SharingTests.isRefused(node, Submission(document: Referral.document())) != nil)
            try await Consented.record(on: node)
            #expect(try await SharingTests.isRefused(node, Submission(document: Referral.document())) == nil)
        }
    }

    @Test("an older look does not undo a newer one")
    func order() {
        let words = SaidSoFar()
        #expect(!words.isNothing)
        words.note(0)
        #expect(words.isNothing)
        words.note(3)
        words.note(0)
        #expect(!words.isNothing)
    }
}
