import Envelope
import Foundation
import GRDB
import TestSupport

@testable import Gateway

/// A store with messages that wait for delivery.
struct DeliveryFixture {
    static let now = TestPKI.now
    /// Where the registry says that the messages go.
    static let there = "https://bup.test.invalid:443"
    let ledger: LedgerFixture
    var store: GatewayStore { ledger.store }
    let registry: Registry

    init() throws {
        ledger = try LedgerFixture()
        registry = try TestRegistry.registry()
    }

    /// Puts messages there, sealed, and returns their numbers.
    @discardableResult
    func put(
        _ count: Int = 1, _ destination: String = there, due: Date = now, since: Date = now, priority: Int = 1,
        state: MessageState = .sealed, attempts: Int = 0
    ) async throws -> [Int64] {
        try await store.commit { database in
            try (0..<count).map { _ in
                var record = LedgerFixture.record(state, due: due)
                record.receiver = TestRegistry.bup.value
                (record.destination, record.priority, record.created, record.attempts) = (destination, priority, since, attempts)
                let id = try Ledger.insert(record, .taken, at: Self.now, by: .node, in: database).message.id
                if state == .sealed {
                    try WireMessage(headers: [("A", "b")], pieces: [], body: [1, 2, 3], soap: [1]).insert(database, message: id)
                }
                return id
            }
        }
    }

    func claim(
        _ destination: String = there, limit: Int = 10, suspect: Int64? = nil, by incarnation: Int64 = 1,
        at now: Date = now
    ) async throws -> DeliveryClaims.Found {
        try await store.commit { database in
            try DeliveryClaims.claim(
                database, DeliveryQueue.Claim(destination: destination, limit: limit, suspect: suspect),
                for: Lease(incarnation: incarnation, until: now + 900), at: now)
        }
    }

    func begin(at now: Date = now) async throws -> DeliveryStart {
        try await store.commit { [registry] database in
            try DeliveryStart.begin(database, registry: registry, horizon: .seconds(3600), at: now)
        }
    }

    func message(_ id: Int64) throws -> MessageRecord {
        guard let message = try store.read({ try MessageRecord.fetch($0, id: id) }) else {
            throw StoreError(.notFound, reason: "no message \(id)")
        }
        return message
    }

    /// The end of an attempt with that message.
    @discardableResult
    func end(
        _ settlement: Settlement, _ id: Int64, evidence: [UInt8]? = nil, breaker: CircuitBreaker? = nil, at now: Date = now
    ) async throws -> DeliveryRecording.Written {
        let message = try message(id)
        return try await store.commit { database in
            try DeliveryRecording.end(settlement, of: message, evidence: evidence, breaker, at: now, in: database)
        }
    }

    func plan(_ sql: String, _ arguments: StatementArguments) throws -> [String] {
        try store.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
