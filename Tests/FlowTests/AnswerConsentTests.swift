import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("Answers to a referral, where consent is required")
    struct AnswerConsentTests {
        private static let settings = Answers.mailbox.merging(["consent.check": "require"]) { first, _ in first }
        private static let status = "DIALOG_STATUS_HENVISNING"
        private static let letter = "DIALOG_HELSEFAGLIG"

        private static func decided(_ node: Node, _ messageID: String) throws -> [ShownVerdict] {
            try #require(try node.store.status(of: messageID).messages.first?.consent)
        }

        /// A site at which BUP has the sample's referral, with another date of birth if need be.
        private static func answering(born: String? = nil, _ body: (Site, Node) async throws -> Void) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: settings)
            try await site.with(.bup) { bup in
                var letter = try LetterWriter.referral()
                if let born { letter.document = try Referral.document(replacing: ["2014-03-17": born]) }
                #expect(try await letter.write().post(to: bup).isAcknowledgment)
                try await body(site, bup)
            }
        }

        private static func give(_ order: AnswerOrder, _ node: Node) async throws -> GivenAnswer {
            try await AnswerDesk(node, converter: Answers.converter).give(order, to: Referral.documentID)
        }

        @Test(
            "the status rests on the law, and so does each letter in the family's own mailbox", arguments: ["reject", "accept"])
        func lawful(how: String) async throws {
            try await Self.answering { _, bup in
                let given = try await Self.give(how == "reject" ? Answers.rejection() : Answers.acceptance(), bup)
                #expect(given.messages.map(\.what) == [.status, .letter, .letter])
                let rules = try given.messages.map { try Self.decided(bup, $0.messageID)[0] }
                #expect(rules.map(\.decision) == ["allowed", "allowed", "allowed"])
                #expect(rules.map(\.rule) == ["svar-til-henviser", "familien", "familien"])
                #expect(rules[1].basis == "pasient- og brukerrettighetsloven § 3-4")
            }
        }

        @Test("a hand-over goes to its right door, and its answer from there to both who wait")
        func handover() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Self.settings)
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            let (gp, bup, oslo) = (nodes[0], nodes[1], nodes[2])
            try await site.serving(nodes) {
                try await Consented.record(on: gp)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
                let given = try await Self.give(Answers.forwarding(to: "80000303"), bup)
                #expect(given.messages.map(\.what) == [.status, .letter, .letter, .referral])
                #expect(try Self.decided(bup, try #require(given.messages.last).messageID)[0].rule == "videresending")
                try await site.steps.first("opened", "oslo", kind: Referral.kind)
                let number = try #require(oslo.inbox.list().first { $0.kind == Referral.kind }).id
                let seen = site.steps.events.count
                let answer = try await AnswerDesk(oslo, converter: Answers.converter).give(Answers.acceptance(), to: "#\(number)")
                #expect(answer.messages.filter { $0.what == .status }.map(\.receiver) == ["80000401", "80000601"])
                try await site.steps.first("opened", "gp", kind: Self.status, after: seen)
                try await site.steps.first("opened", "bup", kind: Self.status, after: seen)
            }
        }

        @Test("a hand-over to whom is no health personnel asks a consent, and nothing of the answer stays")
        func handoverToPPT() async throws {
            try await Self.answering { _, bup in
                await #expect(throws: SubmissionError(.notShareable, "")) {
                    try await Self.give(Answers.forwarding(to: "80000110"), bup)
                }
                let left = try bup.store.read { database in
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM message WHERE direction = 'out'")
                }
                #expect(left == 0)
            }
        }

        @Test("whoever turns sixteen before the letter to the guardians leaves gets the own one alone; the other is held")
        func sixteen() async throws {
            // Midnight lies between the answer and the delivery.
            try await Self.answering(born: "2010-06-02") { site, bup in
                let given = try await Self.give(Answers.rejection(), bup)
                #expect(given.letters.map(\.reader) == ["ungdom-12-15", "foresatte"])
                site.clock.advance(by: 86_400)
                let oslo = try site.open(.oslo)
                try await site.serving([bup, oslo]) {
                    try await site.steps.first("held", "bup", kind: Self.letter)
                    try await site.steps.first("delivered", "bup", kind: Self.letter)
                }
                #expect(try oslo.inbox.list().count == 1)
                let states = try given.messages.filter { $0.what == .letter }.map {
                    try #require(try bup.store.status(of: $0.messageID).messages.first)
                }
                #expect(states.map(\.state) == [.delivered, .held])
                #expect(states[1].failure?.contains("Ungdommen har fylt 16 år") == true)
            }
        }

        @Test("guardians whom a young person of sixteen invites get it, unless the young person's «no» is recorded")
        func invited() async throws {
            try await Self.answering(born: "2010-06-01") { site, bup in
                var order = try Answers.rejection()
                order.guardians = .invited
                _ = try await bup.consents.record(
                    Consented.record {
                        ($0.id, $0.stance, $0.information) = ("0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e04", .deny, [.dialogue])
                        ($0.from, $0.to, $0.recordedBy) = ([ConsentParty(.bup)], [ConsentParty(.guardian)], Consented.bup)
                        ($0.givers, $0.child.birthDate) = ([ConsentRecord.Giver(.youngPerson)], Consented.day("2010-06-01"))
                        $0.givenAt = site.clock.now
                    }.bytes())
                await #expect(throws: SubmissionError(.notShareable, "")) { try await Self.give(order, bup) }
                order.guardians = .byAge
                #expect(try await Self.give(order, bup).letters.map(\.reader) == ["ungdom-fra-16"])
            }
            try await Self.answering(born: "2010-06-01") { _, bup in
                var order = try Answers.rejection()
                order.guardians = .invited
                #expect(try await Self.give(order, bup).letters.map(\.isSent) == [true, true])
            }
        }

        @Test("what somebody else sends to the mailbox is no letter to the family: it is judged as what it says it is")
        func others() async throws {
            let site = try Site([.gp, .bup, .oslo], settings: Self.settings)
            try await site.with(.bup) { bup in
                let heading = MsgHead.Heading(
                    messageID: "5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a09", generated: DocumentTime(TestPKI.now),
                    sender: Organisation(try bup.registry.address(of: try #require(HERID("80000401")))),
                    receiver: Organisation(try bup.registry.address(of: try #require(HERID("80000120")))),
                    patient: Person(
                        name: PersonName(family: "Blåklokke", given: "Vennlig"), dateOfBirth: DocumentTime("2014-03-17")))
                let document = try MsgHead.helsefagligDialog(heading, tema: .patient, text: "Timen er flyttet.").encoded()
                await #expect(throws: SubmissionError(.notShareable, "")) {
                    _ = try await bup.intake.submit(Submission(document: document))
                }
            }
        }
    }
}
