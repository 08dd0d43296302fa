import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("Nothing is silently late", .timeLimit(.minutes(10)))
struct DeadlineWatchTests {
    private static let hour: TimeInterval = 3600

    @Test("someone is told before a deadline passes, when it has passed, and every day after; each once")
    func stages() async throws {
        let watched = try Watched()
        let message = try await watched.put(.epikrise)
        try await watched.happen(message, .sealed)
        var told: [Double: [String]] = [:]
        for quarter in 1...(4 * 80) {
            watched.clock.advance(by: Self.hour / 4)
            let before = try watched.store.listAlerts().map(\.stage)
            try await watched.tell()
            let after = try watched.store.listAlerts()
            if after.map(\.stage) != before {
                told[Double(quarter) / 4] = after.map { "\($0.kind.rawValue) \($0.stage)" }.sorted()
            }
        }
        #expect(told[4] == ["deliveryLate 0"] && told[12] == ["deliveryLate 1"])
        #expect(told[20] == ["acceptanceLate 0", "deliveryLate 1"] && told[24] == ["acceptanceLate 1", "deliveryLate 1"])
        #expect(told[36] == ["acceptanceLate 1", "deliveryLate 2"] && told[48] == ["acceptanceLate 2", "deliveryLate 2"])
        #expect(told.keys.sorted() == [4, 12, 20, 24, 36, 48, 60, 72])
    }

    @Test("a receipt in time means that nobody is told; one that comes late takes the alert down")
    func receipts() async throws {
        let watched = try Watched()
        let (early, late) = (try await watched.put(.epikrise), try await watched.put(.epikrise))
        watched.clock.advance(by: 2 * Self.hour)
        try await watched.happen(early, .sealed, .accepted(detail: nil))
        #expect(try watched.deadlines(early).isEmpty && watched.deadlines(early).warnAt == nil)
        watched.clock.advance(by: 11 * Self.hour)
        try await watched.tell()
        #expect(try watched.open() == ["critical deliveryLate"])
        try await watched.happen(late, .sealed, .delivered)
        #expect(try watched.open() == [])
        #expect(try watched.deadlines(late).deliverBy == nil && watched.deadlines(late).acceptBy != nil)
        watched.clock.advance(by: 12 * Self.hour)
        try await watched.tell()
        #expect(try watched.open() == ["critical acceptanceLate"])
    }

    @Test("a message that failed is told of as failed, not as late; a receipt that comes after all heals it")
    func failed() async throws {
        let watched = try Watched()
        let message = try await watched.put(.epikrise)
        watched.clock.advance(by: 13 * Self.hour)
        try await watched.tell()
        try await watched.happen(message, .sealed, .failed(reason: "x"))
        #expect(try watched.open() == ["critical messageFailed"])
        watched.clock.advance(by: 40 * Self.hour)
        try await watched.tell()
        #expect(try watched.open() == ["critical messageFailed"])
        try await watched.happen(message, .delivered)
        #expect(try watched.open() == [])
    }

    @Test("the watch wakes at the warning, not before and not by polling")
    func wakes() async throws {
        let watched = try Watched()
        _ = try await watched.put(.epikrise, urgent: true)
        let running = Task { try await watched.watch.run() }
        // The warning is due after 15 minutes; the longest sleep is five.
        watched.clock.advance(by: 14 * 60 + 59)
        for _ in 0..<100 { await Task.yield() }
        #expect(try watched.open() == [])
        watched.clock.advance(by: 1)
        try await watched.until { try $0.open() == ["warning deliveryLate"] }
        #expect(watched.heartbeats.silent().isEmpty)
        running.cancel()
        _ = try? await running.value
    }

    @Test("a clock that jumps ahead tells each deadline once, however many days it jumped over")
    func jumpAhead() async throws {
        let watched = try Watched()
        for _ in 0..<450 { _ = try await watched.put(.epikrise) }
        watched.clock.advance(by: 40 * 24 * Self.hour)
        try await watched.tell()
        let alerts = try watched.store.listAlerts(limit: 2000)
        #expect(alerts.count == 900 && alerts.allSatisfy { $0.count == 1 })
        try await watched.tell()
        #expect(try watched.store.listAlerts(limit: 2000).allSatisfy { $0.count == 1 })
    }

    @Test("a clock that was ahead and is set right does not silence what comes after")
    func jumpBack() async throws {
        let watched = try Watched()
        let before = try await watched.put(.epikrise)
        watched.clock.advance(by: 365 * 24 * Self.hour)
        let during = try await watched.put(.epikrise)
        try await watched.tell()
        #expect(try watched.open() == ["critical acceptanceLate", "critical deliveryLate"])
        watched.clock.advance(by: -364 * 24 * Self.hour - 23 * Self.hour)
        try await watched.watch.setRight(at: watched.clock.now)
        // One hour after it was taken nothing is late any more.
        #expect(try watched.open() == [])
        #expect(try #require(watched.deadlines(during).deliverBy) == watched.clock.now + 12 * Self.hour)
        watched.clock.advance(by: 3.5 * Self.hour)
        try await watched.tell()
        #expect(try watched.store.listAlerts().map(\.subject.message) == [before.id])
        watched.clock.advance(by: 9 * Self.hour)
        try await watched.tell()
        let late = try watched.store.listAlerts().filter { $0.kind == .deliveryLate }
        #expect(late.map(\.stage) == [1, 1] && Set(late.map(\.subject.message)) == [before.id, during.id])
    }

    @Test("a clock that is set back and forth does not tell the same again and again")
    func flapping() async throws {
        let watched = try Watched()
        _ = try await watched.put(.epikrise)
        watched.clock.advance(by: 13 * Self.hour)
        for _ in 0..<20 {
            try await watched.tell()
            watched.clock.advance(by: -0.5 * Self.hour)
            try await watched.watch.setRight(at: watched.clock.now)
            try await watched.tell()
            watched.clock.advance(by: 0.5 * Self.hour)
        }
        #expect(try watched.store.listAlerts(all: true).count == 1)
        let sender = try watched.sender()
        _ = await sender.look()
        #expect(watched.sink.sent == ["log deliveryLate 1"])
    }

    @Test("messages with random receipts at random times: none passes a deadline untold")
    func random() async throws {
        let watched = try Watched()
        var random = SystemRandomNumberGenerator.seeded(17)
        let kinds: [MessageType] = [.henvisningBUP, .epikrise, .dialogForesporsel, .dialogNotat]
        try await watched.fill(2000, kinds: kinds, &random)
        var missed = 0
        for _ in 0..<40 {
            watched.clock.advance(by: Double(random.next() % 20_000) + 600)
            try await watched.receive(60, &random)
            try await watched.tell()
            missed += try watched.lateUntold()
        }
        #expect(missed == 0)
    }
}

extension MessageEvent {
    fileprivate static var sealed: Self { .sealed(detail: nil, digest: []) }
    fileprivate static var delivered: Self { .delivered(receiptID: "r", evidence: [1]) }
}

struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) ^ (state << 31)
    }
}

extension SystemRandomNumberGenerator {
    static func seeded(_ seed: UInt64) -> SeededGenerator { SeededGenerator(state: seed) }
}

extension Watched {
    func fill(_ count: Int, kinds: [MessageType], _ random: inout SeededGenerator) async throws {
        for _ in 0..<count / 500 {
            clock.advance(by: Double(random.next() % 7200))
            let now = clock.now
            let picks = (0..<500).map { _ in (kinds[Int(random.next() % 4)], random.next() % 2 == 0, random.next() % 5 == 0) }
            try await store.commit { [store] database in
                for (kind, isOut, urgent) in picks {
                    let direction = isOut ? MessageRecord.Direction.out : .in
                    var record = MessageRecord(
                        id: 0, direction: direction, state: isOut ? .taken : .opened, kind: kind.rawValue, messageID: "",
                        conversationID: "", documentID: "", documentGenerated: "", cpaID: "", sender: "1", receiver: "2",
                        protection: .strong, created: now, updated: now, due: now, attempts: 0, failure: nil, answers: nil,
                        priority: urgent ? 0 : 1)
                    record.deadlines = Deadlines.at(taken: now, Deadlines.Subject(record), by: store.deadlines)
                    let event = isOut ? MessageEvent.taken : .opened(detail: nil, digest: [])
                    _ = try Ledger.insert(record, event, at: now, by: .node, in: database)
                }
            }
        }
    }

    /// Something happens to some messages, whichever they are and whether it applies or not.
    func receive(_ count: Int, _ random: inout SeededGenerator) async throws {
        let now = clock.now
        let picks = (0..<count).map { _ in (Int64(random.next() % 2000) + 1, Int(random.next() % 8)) }
        let events: [MessageEvent] = [
            .sealed, .delivered, .accepted(detail: nil), .rejected(detail: "E35"), .failed(reason: "x"), .released, .filed,
            .settled,
        ]
        try await store.commit { database in
            for (id, event) in picks {
                try Ledger.apply(.sealed, to: id, at: now, by: .node, in: database)
                try Ledger.apply(events[event], to: id, at: now, by: .node, in: database)
            }
        }
    }

    /// Deadlines that have passed without an open alert that says so.
    func lateUntold() throws -> Int {
        let now = clock.now.microseconds
        return try store.read { database in
            try [("deliverBy", "deliveryLate"), ("acceptBy", "acceptanceLate"), ("answerBy", "answerLate")].reduce(0) {
                sum, pair in
                sum
                    + (try Int.fetchOne(
                        database,
                        sql: """
                            SELECT count(*) FROM message WHERE \(pair.0) <= ? AND state NOT IN ('failed', 'rejected', 'cancelled') AND NOT EXISTS (
                              SELECT 1 FROM alert WHERE key = ? || ' #' || message.id AND resolvedAt IS NULL AND severity = 'critical')
                            """, arguments: [now, pair.1]) ?? 0)
            }
        }
    }
}
