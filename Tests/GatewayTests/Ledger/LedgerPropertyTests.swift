import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

/// The same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Whatever happens to a message, in whatever order")
struct LedgerPropertyTests {
    private static let proof: [MessageState: Int] = [.delivered: 1, .rejected: 2, .accepted: 3]

    /// Applies random events to one message after the other and gives each step to `check`.
    private func run(
        seeds: Range<UInt64>, _ check: @escaping @Sendable (MessageRecord, MessageEvent, MessageRecord, Database) throws -> Void
    ) async throws {
        let fixture = try LedgerFixture()
        for seed in seeds {
            try await fixture.store.commit { database in
                var numbers = SeededNumbers(seed: seed)
                let start: MessageState = Bool.random(using: &numbers) ? .taken : .opened
                let id = try LedgerFixture.message(in: start, database)
                var now = TestPKI.now
                for _ in 0..<30 {
                    now += Double.random(in: 0...90, using: &numbers)
                    let event = LedgerFixture.event(
                        try #require(MessageEvent.Kind.allCases.randomElement(using: &numbers)), at: now)
                    let before = try #require(try MessageRecord.fetch(database, id: id))
                    try Ledger.apply(event, to: id, at: now, by: .node, in: database)
                    if event.kind == .sealed, before.state == .taken, try !WireMessage.exists(database, message: id) {
                        try WireMessage(headers: [], pieces: [], body: [1], soap: [1]).insert(database, message: id)
                    }
                    try check(before, event, try #require(try MessageRecord.fetch(database, id: id)), database)
                }
            }
        }
    }

    @Test("what was proved stays proved, and no refusal follows an acceptance")
    func monotone() async throws {
        try await run(seeds: 0..<150) { before, event, after, _ in
            #expect((Self.proof[after.state] ?? 0) >= (Self.proof[before.state] ?? 0), "\(event.kind) in \(before.state)")
            if before.state == .accepted { #expect(after.state == .accepted) }
        }
    }

    @Test("a message that is under way is always somebody's turn, and one that rests is nobody's")
    func neverLost() async throws {
        try await run(seeds: 150..<300) { _, event, after, _ in
            if after.state.isUnderWay { #expect(after.due != nil, "\(event.kind) left a \(after.state) message without a turn") }
            switch after.state {
            case .delivered, .accepted, .rejected, .failed, .held, .cancelled:
                #expect(after.due == nil && after.leasedBy == nil, "\(event.kind) left a \(after.state) message due")
            case .taken, .sealed, .sent, .opened, .filed: break
            }
            if after.leasedBy != nil { #expect(after.due != nil) }
        }
    }

    @Test("the bytes that go out are kept until the message is delivered, and made once")
    func bytesAreKept() async throws {
        try await run(seeds: 300..<400) { _, _, after, database in
            let hasBytes = try WireMessage.exists(database, message: after.id)
            if after.state == .sealed { #expect(hasBytes) }
        }
    }

    @Test("the same event twice is the same event once")
    func idempotent() async throws {
        try await run(seeds: 400..<550) { _, event, after, database in
            // A crash twice is two crashes, an attempt twice two attempts.
            guard event.kind != .leaseReturned else { return }
            try Ledger.apply(event, to: after.id, at: after.updated, by: .node, in: database)
            var again = try #require(try MessageRecord.fetch(database, id: after.id))
            again.attempts = after.attempts
            // A refusal that came twice is written down as ignored the second time, and that is all.
            again.updated = after.updated
            #expect(again == after, "\(event.kind) in \(after.state)")
        }
    }

    @Test("the last record of its trail says the state that it is in")
    func trailKnows() async throws {
        try await run(seeds: 550..<650) { _, event, after, database in
            let last = try AuditTrail.records(of: after.id, in: database).last { $0.state != nil }
            #expect(last?.state == after.state.rawValue, "\(event.kind)")
        }
    }

    @Test("what others can repeat makes the trail no longer")
    func bounded() async throws {
        let fixture = try LedgerFixture()
        let fromOthers: [MessageEvent.Kind] = [.delivered, .refused, .accepted, .rejected, .answeredUnknown]
        try await fixture.store.commit { database in
            let id = try LedgerFixture.message(in: .sealed, database)
            var numbers = SeededNumbers(seed: 1)
            for _ in 0..<500 {
                let kind = try #require(fromOthers.randomElement(using: &numbers))
                try Ledger.apply(LedgerFixture.event(kind), to: id, at: TestPKI.now, by: .node, in: database)
            }
            let records = try AuditTrail.records(of: id, in: database)
            #expect(records.count <= 2 + 2 * fromOthers.count)
            #expect(Set(records.map(\.action)).count == records.count)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM receipt") ?? 99 <= 4)
        }
    }
}

@Suite("The ledger alone")
struct LedgerAloneTests {
    /// Whose turn it is also moves in sets: the queue claims and gives back, the watch moves deadlines, retention marks what it
    /// destroyed and lets go of messages that it deletes, and what a person asked for is noted. Nobody else writes more.
    private static let turns: Set<String> = [
        "due", "leasedBy", "leasedUntil", "destination", "deliverBy", "acceptBy", "answerBy", "warnAt", "purged", "answers",
        "wish", "endpoint",
        "tryingSince",
    ]

    @Test("writes what becomes of a message: no other source inserts one or sets its state, failure, attempts or crashes")
    func onlyWriter() throws {
        let sources = Repository.root.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        let update = try Regex(#"UPDATE message\s+SET\s+((?:\w+ = (?:min\(\w+, \?\)|[^,\s]+(?: - \S+)?),?\s+)+?)WHERE"#)
        var updates = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            if file.path.contains("/Sources/Gateway/Ledger/") { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains(#/(INSERT|REPLACE) INTO message\b/#), "\(file.lastPathComponent) inserts a message")
            let isTrail = file.lastPathComponent == "AuditTrail.swift"
            #expect(isTrail || !text.contains("INTO audit "), "\(file.lastPathComponent) writes the trail")
            let found = text.matches(of: update)
            #expect(found.count == text.components(separatedBy: "UPDATE message ").count - 1, "\(file.lastPathComponent)")
            for match in found {
                updates += 1
                let columns = (match.output[1].substring ?? "").matches(of: #/(\w+) =/#).map { String($0.output.1) }
                #expect(Self.turns.isSuperset(of: columns), "\(file.lastPathComponent) sets \(columns)")
            }
        }
        #expect(updates > 3)
    }
}
