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
}
