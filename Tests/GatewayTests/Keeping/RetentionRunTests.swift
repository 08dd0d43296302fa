import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("Retention")
struct RetentionRunTests {
    private let kept: KeptStore

    init() throws { kept = try KeptStore() }

    private func gone(_ traces: [Data], below folder: String? = nil) throws {
        for (name, bytes) in try kept.bytes(below: folder) {
            for trace in traces { #expect(bytes.range(of: trace) == nil, "\(name) still holds \(trace.count) bytes of it") }
        }
    }

    @Test(
        "leaves nothing of destroyed content in database, log or files; its record stays",
        arguments: [MessageState.accepted, .filed])
    func destroyed(state: MessageState) async throws {
        let id = try await kept.message(state, days: 31)
        let other = try await kept.message(state, days: 29)
        let traces = try kept.traces(of: id)
        #expect(traces.count == 7)
        // The search finds what is there.
        let before = try kept.bytes()
        for trace in traces { #expect(before.contains { $0.bytes.range(of: trace) != nil }) }

        let report = try kept.run().run()
        try gone(traces)
        #expect(report.isLogEmpty == true)
        #expect(report[state == .filed ? .received : .sent]?.messages == 1)
        #expect(try kept.count("message") == 2)
        #expect(try kept.count("message", "purged IS NOT NULL AND id = \(id)") == 1)
        #expect(try kept.count("contentKey") == 2)
        #expect(
            try kept.store.vault.bytes(of: kept.store.read { try PartRecord.fetch($0, message: other)[1].payload }).count
                == 200_000)
        // What proves it: the receipt, the signed header of what was sent, and the trail.
        #expect(try kept.count("receipt", "message = \(id)") == (state == .filed ? 1 : 2))
        #expect(try kept.count("audit", "message = \(id) AND action = 'content destroyed'") == 1)
        #expect(try kept.store.check().findings == [])
    }

    @Test("counts beforehand what it destroys, and counting changes nothing")
    func dryRun() async throws {
        for state in MessageState.allCases { try await kept.message(state, days: 400) }
        try await kept.message(.accepted, days: 4000)
        let names = try kept.bytes().map(\.name)
        let report = try kept.run().report()
        #expect(try kept.bytes().map(\.name) == names)
        #expect(try kept.count("message", "purged IS NOT NULL") == 0)
        #expect(report.unfinished.messages == 4)
        #expect(report[.sent]?.messages == 4)
        #expect(report[.received]?.messages == 1)
        #expect(report[.failed]?.messages == 3)
        #expect(report[.duplicate]?.messages == 2)
        #expect(report[.sent]?.bytes == 4 * 200_010)

        let done = try kept.run().run()
        for kind in RecordKind.allCases where kind != .record {
            #expect(done[kind]?.messages == report[kind]?.messages, "\(kind)")
        }
        // Its content had to go first.
        #expect(done[.record]?.messages == 1)
        #expect(try kept.count("message", "purged IS NULL") == 4)
        #expect(try kept.store.check().findings == [])
        // Once more finds nothing.
        #expect(try kept.run().run().lines.map(\.messages) == [0, 0, 0, 0, 0])
    }

    @Test("a payload that several recipients share goes with the last of them")
    func shared() async throws {
        let first = try await kept.message(.accepted, days: 31)
        let payloads = try kept.payloads(of: first)
        let second = try await kept.message(.accepted, days: 20, content: [], shared: payloads)
        _ = try kept.run().run()
        #expect(try kept.payloads(of: first).isEmpty)
        #expect(try kept.payloads(of: second) == payloads)
        #expect(
            try kept.store.vault.bytes(of: kept.store.read { try PartRecord.fetch($0, message: second)[1].payload }).count
                == 200_000)
        _ = try kept.run(at: kept.now + 11 * KeptStore.day).run()
        #expect(try kept.count("payload") == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: kept.store.vault.folder).isEmpty)
    }

    @Test("takes the whole record when its time has come: rows, names of every kind, receipts, signals; the trail stays")
    func record() async throws {
        let id = try await kept.message(.filed, days: 4000)
        let answer = try await kept.message(.accepted, days: 3000)
        let signal = try await kept.message(.sent, days: 4000, kind: "Acknowledgment", content: [])
        try await kept.store.commit { database in
            try database.execute(sql: "UPDATE message SET answers = \(id) WHERE id IN (\(answer), \(signal))")
            try database.execute(sql: "INSERT INTO name VALUES ('referral', 'r1', \(id)), ('referral', 'r2', \(answer))")
        }
        _ = try kept.run().run()
        #expect(try kept.count("message") == 1)
        for table in ["name", "receipt", "part", "wire", "received"] {
            let count = try kept.count(table, "message IN (\(id), \(signal))")
            #expect(count == 0, "\(table)")
        }
        #expect(try kept.count("name", "message = \(answer)") == 4)
        #expect(try kept.count("message", "answers IS NOT NULL") == 0)
        #expect(try kept.count("audit", "message = \(id) AND action = 'record destroyed'") == 1)
        #expect(try kept.store.check().findings == [])
    }

    @Test("forgets marks only when what is as old is refused from then on")
    func marks() async throws {
        try await kept.message(.filed, days: 366, messageID: "old")
        try await kept.message(.filed, days: 364, messageID: "young")
        let ahead = try await kept.message(.filed, days: 366, messageID: "ahead")
        try await kept.store.commit { [now = kept.now] database in
            try database.execute(
                sql: "UPDATE received SET stamped = ? WHERE message = ?", arguments: [(now + 86_400).microseconds, ahead])
        }
        _ = try kept.run().run()
        #expect(
            try kept.store.read { try String.fetchAll($0, sql: "SELECT messageID FROM received ORDER BY 1") } == [
                "ahead", "young",
            ])
        let floor = try #require(try kept.store.read { try Fact.date($0, .forgotten) })
        #expect(abs(floor.timeIntervalSince(kept.now - 365 * KeptStore.day)) < 1)
        // The sender's clock was ahead: its record waits for the mark.
        _ = try kept.run(["retention.recordDays": "1"], at: kept.now + 10 * KeptStore.day).run()
        #expect(try kept.count("message", "id = \(ahead)") == 1)
        // A shorter time now and a longer one later forget nothing that is not refused.
        _ = try kept.run(["retention.duplicateDays": "36500"]).run()
        #expect(try kept.store.read { try Fact.date($0, .forgotten) ?? .distantPast } >= floor)
    }

    @Test("does not run while a backup is made, and says so")
    func locked() async throws {
        try await kept.message(.accepted, days: 31)
        let lock = try KeepingLock(store: kept.store.folder, for: "a backup")
        let error = try #require(throws: StoreError.self) { try kept.run().run() }
        #expect(error.code == .inUse)
        #expect(try kept.count("message", "purged IS NOT NULL") == 0)
        withExtendedLifetime(lock) {}
    }

    @Test("lets others commit in between")
    func beside() async throws {
        for _ in 0..<300 { try await kept.message(.accepted, days: 31, content: [kept.store.vault.store([1])]) }
        let writes = Task { [store = kept.store] in
            for number in 0..<200 {
                try await store.commit { try $0.execute(sql: "INSERT INTO fact VALUES (?, 'x')", arguments: ["n\(number)"]) }
            }
        }
        let report = try kept.run().run()
        try await writes.value
        #expect(report[.sent]?.messages == 300)
        #expect(try kept.count("fact", "name LIKE 'n%'") == 200)
    }

    // MARK: - The clock

    @Test("by hand asks whether the clock is right when it has leapt")
    func leapByHand() async throws {
        try await kept.message(.accepted, days: 1)
        let retention = Retention(kept.store, try KeptStore.settings(), by: .node)
        _ = try retention.run(at: kept.now, isSureOfClock: false)
        for leap in [3650.0, -3650] {
            let error = try #require(throws: StoreError.self) {
                try retention.run(at: kept.now + leap * KeptStore.day, isSureOfClock: false)
            }
            #expect(error.code == .clock)
            #expect(error.reason.contains("--clock-is-right"))
        }
        #expect(try kept.count("message", "purged IS NOT NULL") == 0)
        _ = try retention.run(at: kept.now + 40 * KeptStore.day, isSureOfClock: true)
        #expect(try kept.count("message", "purged IS NOT NULL") == 1)
    }

    @Test("of its own accord waits a day after a leap, and goes on when the clock does")
    func leap() async throws {
        try await kept.message(.accepted, days: 1)
        let retention = Retention(kept.store, try KeptStore.settings(), by: .node)
        let leapt = kept.now + 40 * KeptStore.day
        #expect(try retention.runDaily(at: kept.now) != nil)
        #expect(try retention.runDaily(at: leapt) == nil)
        #expect(try retention.runDaily(at: leapt + 3600) == nil)
        // Set right again.
        #expect(try retention.runDaily(at: kept.now + KeptStore.day) != nil)
        #expect(try kept.count("message", "purged IS NOT NULL") == 0)
        #expect(try retention.runDaily(at: leapt) == nil)
        #expect(try retention.runDaily(at: leapt + KeptStore.day) != nil)
        #expect(try kept.count("message", "purged IS NOT NULL") == 1)
    }

    @Test(
        "begins at its hour in Norway, summer and winter",
        arguments: [("2026-07-01T10:00:00Z", "2026-07-02T01:00:00Z"), ("2026-12-01T10:00:00Z", "2026-12-02T02:00:00Z")])
    func hour(now: String, next: String) throws {
        let (now, next) = (try Date(now, strategy: .iso8601), try Date(next, strategy: .iso8601))
        #expect(RetentionService.next(after: now, hour: 3) == next)
    }
}
