import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("The ledger")
struct LedgerTests {
    private let fixture: LedgerFixture

    init() throws { fixture = try LedgerFixture() }

    private func after(
        _ events: [MessageEvent], in state: MessageState
    ) async throws -> (message: MessageRecord, trail: [AuditRecord], receipts: Int) {
        try await fixture.store.commit { database in
            let id = try LedgerFixture.message(in: state, database)
            for event in events { try Ledger.apply(event, to: id, at: TestPKI.now + 5, by: .node, in: database) }
            return (
                try #require(try MessageRecord.fetch(database, id: id)), try AuditTrail.records(of: id, in: database),
                try Int.fetchOne(database, sql: "SELECT count(*) FROM receipt WHERE message = ?", arguments: [id]) ?? -1
            )
        }
    }

    @Test(
        "heals by a late receipt whatever was believed before",
        arguments: [MessageState.sealed, .failed, .held, .cancelled], [MessageEvent.Kind.delivered, .accepted])
    func heals(state: MessageState, kind: MessageEvent.Kind) async throws {
        let (message, trail, _) = try await after([LedgerFixture.event(kind)], in: state)
        #expect(message.state == (kind == .delivered ? .delivered : .accepted))
        #expect(message.due == nil && message.failure == nil && message.leasedBy == nil)
        #expect(trail.last?.action == kind.rawValue && trail.last?.state == message.state.rawValue)
    }

    @Test(
        "takes back nothing that was proved: the refusal changes nothing and is kept as evidence",
        arguments: [MessageState.delivered, .accepted, .rejected])
    func refusalTooLate(state: MessageState) async throws {
        let before = try await after([], in: state)
        let (message, trail, receipts) = try await after([LedgerFixture.event(.refused)], in: state)
        #expect(message.state == state && message.failure == nil && message.due == nil)
        #expect(receipts == before.receipts + 1)
        #expect(trail.last?.action == "ignored refused")
        #expect(trail.last?.detail == "in \(state.rawValue): refused by the receiving node: SecurityFailure")
    }

    @Test("never takes a rejection after an acceptance")
    func noRejectionAfterAcceptance() async throws {
        #expect(try await after([LedgerFixture.event(.rejected)], in: .accepted).message.state == .accepted)
        #expect(try await after([LedgerFixture.event(.accepted)], in: .rejected).message.state == .accepted)
    }

    @Test("writes down once what another node can say again and again", arguments: [MessageEvent.Kind.refused, .answeredUnknown])
    func bounded(kind: MessageEvent.Kind) async throws {
        let once = try await after([LedgerFixture.event(kind)], in: .delivered)
        let often = try await after([MessageEvent](repeating: LedgerFixture.event(kind), count: 50), in: .delivered)
        #expect(once.trail.map(\.action) == often.trail.map(\.action))
        #expect(once.receipts == often.receipts)
    }

    @Test("writes down each reason once when a partner signs one refusal after the other that others may mend")
    func reasons() async throws {
        let trail = try await fixture.store.commit { database in
            let id = try LedgerFixture.message(in: .sealed, database)
            for number in 0..<20 {
                let error = DeliveryError(.errorForNow, number.isMultiple(of: 2) ? "a reason" : "another reason")
                _ = try DeliveryRecording.take(
                    .postponed(error, due: TestPKI.now + 60), about: id, evidence: [1], at: TestPKI.now, in: database)
            }
            return try AuditTrail.records(of: id, in: database).map(\.action)
        }
        #expect(trail == ["taken", "sealed", "postponed", "postponed"])
    }

    @Test("stores a message to which more has happened already as if it had happened one after the other")
    func insertedWithMore() async throws {
        let events = [MessageEvent.sealed(detail: "strong", digest: [1]), .leased(by: 3, until: TestPKI.now + 60)]
        let record = LedgerFixture.record(.taken)
        let (together, apart) = try await fixture.store.commit { database in
            let stored = try Ledger.insert(record, .taken, then: events, at: TestPKI.now, by: .node, in: database)
            #expect(stored.map(\.event) == [.taken, .sealed, .leased] && stored.map(\.before) == [nil, .taken, .sealed])
            let id = try Ledger.insert(record, .taken, at: TestPKI.now, by: .node, in: database).message.id
            for event in events { try Ledger.apply(event, to: id, at: TestPKI.now, by: .node, in: database) }
            let both = try [stored[0].message.id, id].map { id in
                (try MessageRecord.fetch(database, id: id), try AuditTrail.records(of: id, in: database))
            }
            return (both[0], both[1])
        }
        var (one, other) = (try #require(together.0), try #require(apart.0))
        (one.id, other.id) = (0, 0)
        #expect(one == other && one.state == .sealed && one.leasedBy == 3)
        #expect(together.1.map(\.action) == ["taken", "sealed"])
        #expect(together.1.map { [$0.state, $0.detail] } == apart.1.map { [$0.state, $0.detail] })
        #expect(together.1.map(\.digest) == apart.1.map(\.digest))
    }

    @Test("stores nothing when what has happened already cannot have")
    func insertedWithNonsense() async throws {
        await #expect(throws: StoreError.self) {
            try await fixture.store.commit { database in
                _ = try Ledger.insert(
                    LedgerFixture.record(.taken), .taken, then: [.filed], at: TestPKI.now, by: .node, in: database)
            }
        }
        #expect(try fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message") } == 0)
    }

    @Test("sends a signal again without leaving its state, and writes that down once")
    func askedAgain() async throws {
        let (asked, _, _) = try await after([.askedAgain], in: .sent)
        #expect(asked.state == .sent && asked.due == TestPKI.now + 5)
        let (message, trail, _) = try await after([.askedAgain, .sent, .askedAgain, .sent], in: .sent)
        #expect(message.state == .sent && message.due == nil)
        #expect(trail.map(\.action) == ["taken", "sealed", "sent", "asked again"])
    }

    @Test("brings back a signal that had failed when the partner repeats what it answers, and lets one that is held lie")
    func askedAgainAfterFailure() async throws {
        let (message, trail, _) = try await after([.askedAgain, LedgerFixture.event(.failed), .askedAgain], in: .failed)
        // No bytes were made here; with them it is sealed, see the table.
        #expect(message.state == .taken && message.due == TestPKI.now + 5 && message.failure == nil)
        #expect(message.tryingSince == TestPKI.now + 5)
        #expect(trail.suffix(3).map(\.action) == ["asked again", "failed", "asked again"])
        let (held, _, _) = try await after([.askedAgain], in: .held)
        #expect(held.state == .held && held.due == nil)
    }

    @Test("releases a message to where it was: sealed when its bytes were made, else taken")
    func released() async throws {
        let states = try await fixture.store.commit { database -> [MessageState?] in
            try [false, true].map { isSealed in
                let id = try LedgerFixture.message(in: .taken, database)
                if isSealed {
                    try Ledger.apply(LedgerFixture.event(.sealed), to: id, at: TestPKI.now, by: .node, in: database)
                    try WireMessage(headers: [], pieces: [], body: [1], soap: [1]).insert(database, message: id)
                }
                try Ledger.apply(LedgerFixture.event(.held), to: id, at: TestPKI.now, by: .node, in: database)
                return try Ledger.apply(.released, to: id, at: TestPKI.now, by: .node, in: database)?.message.state
            }
        }
        #expect(states == [.taken, .sealed])
    }

    @Test("keeps a lease through the sealing and ends it with the attempt; a crash is counted and an attempt that ends clears it")
    func leases() async throws {
        let lease = MessageEvent.leased(by: 7, until: TestPKI.now + 300)
        let leased = try await after([lease, LedgerFixture.event(.sealed)], in: .taken)
        #expect(leased.message.leasedBy == 7 && leased.message.leasedUntil == TestPKI.now + 300)
        #expect(leased.trail.map(\.action) == ["taken", "sealed"])
        let crashed = try await after([lease, .leaseReturned(crashed: true), lease], in: .sealed).message
        #expect(crashed.crashes == 1 && crashed.leasedBy == 7 && crashed.due != nil)
        let ended = try await after([.leaseReturned(crashed: true), lease, LedgerFixture.event(.postponed)], in: .sealed).message
        #expect(ended.crashes == 0 && ended.leasedBy == nil && ended.due == TestPKI.now + 60 && ended.attempts == 1)
    }

    @Test("has no word for a message that is not there")
    func missing() async throws {
        let transition = try await fixture.store.commit { database in
            try Ledger.apply(.filed, to: 99, at: TestPKI.now, by: .node, in: database)?.event
        }
        #expect(transition == nil)
    }
}
