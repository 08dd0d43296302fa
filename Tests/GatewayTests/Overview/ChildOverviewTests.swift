import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("What is known of a child's messages", .serialized, .timeLimit(.minutes(5)))
struct ChildOverviewTests {
    private static let number = "17831490128"
    private static let other = "13116900216"

    private static func submit(_ node: Node, _ name: String, replacing changes: KeyValuePairs<String, String> = [:]) async throws
    {
        var text = String(decoding: try Referral.document(), as: UTF8.self)
        for (old, new) in [(Referral.documentID, name)] + changes.map({ ($0.key, $0.value) }) {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        _ = try await node.intake.submit(Submission(document: Array(text.utf8)))
    }

    private static func reading(_ purpose: String? = "samtale") -> Reading {
        Reading(by: AuditActor(text: "command:lege"), purpose: purpose.flatMap { ReadingPurpose($0) }, at: TestPKI.now)
    }

    private static func found(_ node: Node, _ subject: OverviewSubject) async throws -> ChildOverview {
        try await node.overview(for: reading()).overview(of: subject)
    }

    private static func number(_ text: String = number) throws -> OverviewSubject {
        .number(try IdentityNumber(text, rule: .from2032))
    }

    private static func nameless(_ text: String = number) -> KeyValuePairs<String, String> {
        [
            "<OffId>\(text)</OffId>": "",
            "<TypeOffId V=\"FNR\" DN=\"Fødselsnummer\"/>": "",
        ]
    }

    @Test("is found by number and by any message, also what was taken before anybody asked; the trail says who asked")
    func found() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            for name in ["a", "b"] { try await Self.submit(node, name) }
            try await Self.submit(node, "c", replacing: [Self.number: Self.other, "Blåklokke, Vennlig": "Gås, Glad"])
            let byNumber = try await Self.found(node, Self.number())
            #expect(byNumber.messages.map(\.documentID) == ["a", "b"])
            let byMessage = try await Self.found(node, .message("b"))
            #expect(byMessage.messages == byNumber.messages)
            #expect(try await Self.found(node, .message("c")).messages.map(\.documentID) == ["c"])
            let asked = try node.store.read {
                try Row.fetchAll($0, sql: "SELECT message, actor, purpose FROM audit WHERE action = 'overview' ORDER BY id")
            }
            #expect(asked.map { $0["message"] as Int64? } == [1, 2, 1, 2, 3])
            #expect(asked.allSatisfy { $0["actor"] == "command:lege" && $0["purpose"] == "samtale" })
        }
    }

    @Test("what came since the last look is found by the next")
    func since() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            try await Self.submit(node, "a")
            #expect(try await Self.found(node, Self.number()).messages.count == 1)
            try await Self.submit(node, "b")
            #expect(try await Self.found(node, Self.number()).messages.count == 2)
        }
    }

    @Test("a child nobody knows has no messages, and that somebody asked is in the trail, without the number")
    func nobody() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            try await Self.submit(node, "a", replacing: [Self.number: Self.other])
            let overview = try await Self.found(node, Self.number())
            #expect(overview.messages.isEmpty)
            #expect(overview.text.contains("Noden har ingen meldinger om dette barnet."))
            let audit = try node.store.read { try Row.fetchAll($0, sql: "SELECT * FROM audit WHERE action = 'overview'") }
            #expect(audit.count == 1 && audit[0]["detail"] == "nothing found")
            #expect(!"\(audit)".contains(Self.number))
        }
    }

    @Test("a message without a number is found by name and day of birth, and says so; one with another number never is")
    func byName() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            try await Self.submit(node, "mine")
            try await Self.submit(node, "nameless", replacing: Self.nameless())
            try await Self.submit(node, "namesake", replacing: [Self.number: Self.other])
            let overview = try await Self.found(node, Self.number())
            #expect(overview.messages.map(\.documentID) == ["mine", "nameless"])
            #expect(overview.messages.map(\.isFoundByName) == [false, true])
            #expect(overview.text.contains("Sjekk at det er samme barn."))
            // Two children have that name and that day: the message without a number leads to neither.
            #expect(try await Self.found(node, .message("nameless")).messages.map(\.documentID) == ["nameless"])
        }
    }

    @Test("a message that names nobody, one that is not here, and one name of two children are refused")
    func refused() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            try await Self.submit(node, "a")
            try await Self.submit(node, "b", replacing: [Self.number: Self.other])
            try await node.store.commit { database in
                try database.execute(
                    sql: "INSERT INTO name (kind, value, message) VALUES ('conversation', 'both', 1), ('conversation', 'both', 2)"
                )
            }
            for (name, code) in [("x", StoreError.Code.notFound), ("both", .ambiguous)] {
                do {
                    _ = try await Self.found(node, .message(name))
                    Issue.record("\(name) was taken")
                } catch let error as StoreError { #expect(error.code == code) }
            }
        }
    }

    @Test("neither number nor name lies readable in the table, and another store's marks are others")
    func sealed() async throws {
        var marks: [[Data]] = []
        for _ in 0..<2 {
            let site = try Site(settings: ["consent.check": "off"])
            try await site.with(.gp) { node in
                try await Self.submit(node, "a")
                _ = try await Self.found(node, Self.number())
                marks.append(try node.store.read { try Data.fetchAll($0, sql: "SELECT child FROM childMessage ORDER BY kind") })
            }
        }
        #expect(marks[0].count == 2 && Set(marks[0]).isDisjoint(with: marks[1]))
        for mark in marks.joined() {
            #expect(mark.count == 32)
            for word in [Self.number, "Vennlig"] { #expect(mark.range(of: Data(word.utf8)) == nil) }
        }
    }

    @Test("the basis is what was decided, with the consents' ids; the next step has its deadline")
    func basis() async throws {
        let site = try Site(settings: ["consent.check": "require"])
        try await site.with(.gp) { node in
            try await Consented.record(on: node)
            try await Self.submit(node, "a")
            let message = try #require(try await Self.found(node, Self.number()).messages.first)
            #expect(Set(message.basis?.consents.compactMap(\.id) ?? []) == [Consented.share, Consented.treatment])
            #expect(message.nextStep == .deliver && message.deadline != nil)
            #expect(message.sender.herID == Referral.sender && message.receiver.name?.isEmpty == false)
            let text = try await Self.found(node, Self.number()).text
            for word in ["samtykke (", Consented.share, "Henvisning BUP", "skal være framme innen", "kontakt"] {
                #expect(text.contains(word), "\(word)")
            }
            for word in [Self.number, "Vennlig"] { #expect(!text.contains(word)) }
        }
    }

    @Test("the record of a message takes its marks along, and content that went before anybody asked is counted")
    func destroyed() async throws {
        let site = try Site(settings: ["consent.check": "off"])
        try await site.with(.gp) { node in
            for name in ["a", "b"] { try await Self.submit(node, name) }
            try await node.store.commit { database in
                _ = try DestroyedContent.destroy(database, message: 1, at: TestPKI.now)
                try database.execute(sql: "UPDATE message SET purged = 1 WHERE id = 1")
            }
            let overview = try await Self.found(node, Self.number())
            #expect(overview.messages.map(\.number) == [2] && overview.unknown == 1)
            #expect(overview.text.contains("1 meldinger kan ikke knyttes til noe barn"))
            try await node.store.commit { database in
                try OverviewSchema.forgetRecord(of: 2, in: database)
                #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM childMessage") == 0)
            }
        }
    }

    @Test("times are those of the clock on the wall, also on the day that it is changed")
    func written() throws {
        let format = ISO8601DateFormatter()
        for (time, shown) in [
            ("2026-03-29T00:30:00Z", "29.03.2026 kl. 01.30"), ("2026-03-29T01:30:00Z", "29.03.2026 kl. 03.30"),
            ("2026-10-25T00:30:00Z", "25.10.2026 kl. 02.30"), ("2026-10-25T01:30:00Z", "25.10.2026 kl. 02.30"),
            ("2026-11-22T23:05:00Z", "23.11.2026 kl. 00.05"),
        ] {
            #expect(ChildOverview.written(try #require(format.date(from: time))) == shown)
        }
    }
}
