import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("Figures about referrals", .serialized, .timeLimit(.minutes(5)))
struct StatisticsTests {
    /// GP, school health service, PPT.
    private static let (gp, school, ppt) = ("80000601", "80000303", "80000110")

    private static func day(_ text: String) throws -> Date {
        try #require(ISO8601DateFormatter().date(from: "\(text)T10:00:00Z"))
    }

    /// What a referral leaves in the tables, with an answer and a question about it.
    private static func put(
        _ node: Node, _ count: Int, from sender: String = gp, on created: String, _ kind: String? = nil, after days: Int = 5,
        asked: Bool = false, owes: Bool = true, direction: String = "in"
    ) async throws {
        let at = try day(created)
        try await node.store.commit { database in
            for _ in 0..<count {
                let id = try insert(database, direction, "HENVISNING_BUP", from: sender, at: at, owes: owes && kind == nil)
                try database.execute(sql: "UPDATE message SET conversationID = 'c' || id WHERE id = ?", arguments: [id])
                try database.execute(
                    sql: "INSERT INTO name (kind, value, message) VALUES ('conversation', 'c' || ?, ?)", arguments: [id, id])
                if let kind {
                    let status = try insert(database, "out", "DIALOG_STATUS_HENVISNING", from: "80000401", at: at)
                    try database.execute(
                        sql: """
                            INSERT INTO answer (message, referral, at, kind, status, receivedOn, decidedOn, digest, rules, texts)
                            VALUES (?, ?, ?, ?, 4, ?, ?, x'00', '', '')
                            """,
                        arguments: [status, id, (at + Double(days) * 86_400).microseconds, kind, created, created])
                }
                guard asked else { continue }
                let question = try insert(database, "out", "DIALOG_FORESPORSEL", from: "80000401", at: at)
                try database.execute(
                    sql: "INSERT INTO name (kind, value, message) VALUES ('conversation', 'c' || ?, ?)",
                    arguments: [id, question])
            }
        }
    }

    @discardableResult
    private static func insert(
        _ database: Database, _ direction: String, _ kind: String, from sender: String, at: Date, owes: Bool = false
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO message (direction, state, kind, messageID, conversationID, documentID, documentGenerated, cpaID,
                  sender, receiver, protection, created, updated, answerBy)
                VALUES (?, 'filed', ?, '', '', '', '', '', ?, '80000401', 'strong', ?, 0, ?)
                """, arguments: [direction, kind, sender, at.microseconds, owes ? at.microseconds : nil])
        return database.lastInsertedRowID
    }

    private static func figures(
        _ node: Node, _ from: String? = "2026-01", _ to: String? = "2026-03"
    ) async throws -> Statistics {
        let reading = Reading(by: AuditActor(text: "command:leder"), purpose: nil, at: TestPKI.now)
        return try await node.statistics(for: reading).statistics(
            from: from.flatMap { StatisticsMonth($0) }, to: to.flatMap { StatisticsMonth($0) })
    }

    @Test("counts by outcome and by kind of referrer, with the days to answer; copies owe no answer and are left out")
    func counted() async throws {
        let site = try Site()
        try await site.with(.bup) { node in
            try await Self.put(node, 20, on: "2026-01-12", "rejection", after: 4)
            try await Self.put(node, 10, on: "2026-02-02", "acceptance", after: 8, asked: true)
            try await Self.put(node, 5, on: "2026-02-02", "forwarding", after: 30)
            try await Self.put(node, 6, on: "2026-03-02")
            try await Self.put(node, 7, on: "2026-03-02", owes: false)
            try await Self.put(node, 9, on: "2026-04-01")
            try await Self.put(node, 9, on: "2025-12-31")
            let received = try await Self.figures(node).received
            let all = received.all
            #expect(all.referrals.value == 41 && all.rejected.value == 20 && all.rejectedPercent == 49)
            #expect(all.answeredElsewhere.description == "<5")
            #expect(received.referrers.map(\.kind) == ["gp"])
            #expect(received.days == Statistics.Days(lowerQuartile: 4, median: 4, upperQuartile: 8))
            #expect(received.withinTenWorkingDays.value == 30 && received.later.value == 5)
            #expect(received.withinTenWorkingDaysPercent == 86)
            #expect(received.askedAgain.value == 10)
        }
    }

    @Test("a kind of referrer with few referrals is not worked out from the others")
    func fewReferrers() async throws {
        let site = try Site([.gp, .bup, .oslo])
        try await site.with(.bup) { node in
            for sender in [Self.gp, Self.school, Self.ppt] {
                let count = sender == Self.ppt ? 1 : 10
                for kind in ["rejection", "acceptance", "forwarding", nil] {
                    try await Self.put(node, count, from: sender, on: "2026-01-12", kind)
                }
                // A system that sends its own answers.
                try await Self.put(node, count, from: sender, on: "2026-01-12", "other")
            }
            let figures = try await Self.figures(node)
            let ppt = try #require(figures.received.referrers.first { $0.kind == "ppt" }?.outcomes)
            #expect(ppt.rejected.description == "<5" && ppt.rejectedPercent == nil)
            // The column's sum with the two others would tell the third.
            let columns = figures.received.referrers.map(\.outcomes.rejected) + [figures.received.all.rejected]
            #expect(columns.count { $0.value == nil } >= 2)
        }
    }

    @Test("neither text, JSON nor CSV names a person, a message or its sender")
    func nameless() async throws {
        let site = try Site(settings: ["completeness.check": "warn"])
        try await site.with(.gp) { node in
            for number in 0..<6 {
                var document = String(decoding: try Referral.document(), as: UTF8.self)
                document = document.replacing(Referral.documentID, with: "00000000-0000-4000-8000-00000000000\(number)")
                _ = try await node.intake.submit(Submission(document: Array(document.utf8)))
            }
            site.clock.advance(by: 40 * 86_400)
            let reading = Reading(by: .command(), purpose: nil, at: site.clock.clock.now())
            let figures = try await node.statistics(for: reading).statistics()
            #expect(figures.sent.referrals.value == 6 && figures.sent.withChecklist.value != nil)
            #expect(!figures.sent.missing.isEmpty)
            let json = String(decoding: try JSONEncoder().encode(figures), as: UTF8.self)
            for shown in [figures.text, json, figures.csv] {
                for word in ["17831490128", "Blåklokke", "80000601", "00000000-0000"] { #expect(!shown.contains(word)) }
            }
            #expect(figures.csv.split(separator: "\r\n").allSatisfy { $0.contains(",") })
        }
    }

    @Test("a month that is not over, and months the wrong way round, are refused; who asked is in the trail")
    func refused() async throws {
        let site = try Site()
        try await site.with(.bup) { node in
            // Now is 1 June 2026.
            for (from, to) in [("2026-01", "2026-06"), ("2026-03", "2026-02"), ("2026-07", "2026-08")] {
                await #expect(throws: StatisticsError.self) { _ = try await Self.figures(node, from, to) }
            }
            _ = try await Self.figures(node, nil, nil)
            let details = try node.store.read {
                try String.fetchAll($0, sql: "SELECT detail FROM audit WHERE action = 'statistics' AND actor = 'command:leder'")
            }
            #expect(details == ["2026-01 to 2026-05"])
        }
        for text in ["2026", "2026-13", "2026-1", "26-01", "2026-01-01", ""] { #expect(StatisticsMonth(text) == nil) }
    }

    @Test("a month begins and ends at midnight in Oslo")
    func midnight() async throws {
        let site = try Site()
        try await site.with(.bup) { node in
            let format = ISO8601DateFormatter()
            for (time, count) in [
                ("2026-02-28T22:59:59Z", 5), ("2026-02-28T23:00:00Z", 6), ("2026-03-31T21:59:59Z", 7),
                ("2026-03-31T22:00:00Z", 8),
            ] {
                let at = try #require(format.date(from: time))
                try await node.store.commit { database in
                    for _ in 0..<count { try Self.insert(database, "in", "HENVISNING", from: Self.gp, at: at, owes: true) }
                }
            }
            #expect(try await Self.figures(node, "2026-03", "2026-03").received.all.referrals.value == 13)
            #expect(try await Self.figures(node, "2026-02", "2026-02").received.all.referrals.value == 5)
        }
    }

    @Test("ten working days are counted by the calendar of the law: Easter does not count")
    func workingDays() async throws {
        let site = try Site()
        try await site.with(.bup) { node in
            // Received on Thursday 26 March 2026: Maundy Thursday to Easter Monday are no working days, and the tenth is 14 April.
            try await Self.put(node, 6, on: "2026-03-26", "acceptance", after: 19)
            try await Self.put(node, 5, on: "2026-03-26", "acceptance", after: 20)
            let received = try await Self.figures(node).received
            #expect(received.withinTenWorkingDays.value == 6 && received.later.value == 5)
        }
    }

    @Test("reads the index of referrals and nothing else of the table of messages")
    func fast() async throws {
        let site = try Site()
        try await site.with(.bup) { node in
            let plan = try node.store.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + StatisticsDesk.referrals, arguments: [0, 1, "in"]).map {
                    $0["detail"] as String
                }
            }
            #expect(plan.count == 1 && plan[0].contains("USING INDEX messageReferral"), "\(plan)")
        }
    }
}
