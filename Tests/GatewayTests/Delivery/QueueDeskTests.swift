import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("What a person may do with the queue")
struct QueueDeskTests {
    private let now = DeliveryFixture.now
    private let fixture: DeliveryFixture
    private let desk: QueueDesk

    init() throws {
        fixture = try DeliveryFixture()
        desk = QueueDesk(
            store: fixture.store, registry: fixture.registry, actor: AuditActor(text: "command:anna"),
            clock: TestClock(at: DeliveryFixture.now + 1000).clock)
    }

    private func put(_ state: MessageState = .sealed, attempts: Int = 0) async throws -> Int64 {
        try #require(try await fixture.put(state: state == .taken ? .taken : .sealed, attempts: attempts).first)
    }

    private func apply(_ event: MessageEvent, _ id: Int64) async throws {
        let now = now
        _ = try await fixture.store.commit { try Ledger.apply(event, to: id, at: now, by: .node, in: $0) }
    }

    private func order(_ order: QueueOrder, _ id: Int64, yes: Bool = false) async throws -> QueueResult {
        try #require(try await desk.carryOut(order, on: ["#\(id)"], isConfirmed: yes).first)
    }

    private func refuses(_ code: QueueOrderError.Code, _ order: QueueOrder, _ id: Int64, yes: Bool = false) async throws {
        let before = try fixture.message(id)
        let steps = try fixture.store.status(of: "#\(id)").messages[0].steps
        await #expect(throws: QueueOrderError(code, "")) { try await self.order(order, id, yes: yes) }
        #expect(try fixture.message(id) == before)
        #expect(try fixture.store.status(of: "#\(id)").messages[0].steps == steps)
    }

    @Test("an order about a document does not mean what was written in answer to it")
    func onlyTheDocument() async throws {
        let (id, answer) = (try await put(), try await put())
        try await fixture.store.commit { database in
            try database.execute(sql: "UPDATE message SET documentID = 'd', conversationID = 'd' WHERE id = ?", arguments: [id])
            try database.execute(
                sql: "UPDATE message SET documentID = 'e', conversationID = 'd' WHERE id = ?", arguments: [answer])
            for (kind, id) in [("document", id), ("conversation", id), ("conversation", answer)] {
                try database.execute(sql: "INSERT INTO name (kind, value, message) VALUES (?, 'd', ?)", arguments: [kind, id])
            }
        }
        #expect(try await desk.carryOut(.hold, on: ["d"]).map(\.number) == [id])
        #expect(try fixture.message(answer).state == .sealed)
    }

    @Test("a signal that is held can be shown and let go by its number or its MessageId, and by nothing else")
    func heldSignal() async throws {
        let id = try await put()
        try await fixture.store.commit { database in
            try database.execute(
                sql: "UPDATE message SET kind = 'Acknowledgment', documentID = '', conversationID = 'd' WHERE id = ?",
                arguments: [id])
            try database.execute(sql: "INSERT INTO name (kind, value, message) VALUES ('conversation', 'd', ?)", arguments: [id])
        }
        try await apply(.held(reason: "the node died 3 times while it worked on this message"), id)
        let messageID = try fixture.message(id).messageID
        for name in ["#\(id)", messageID] { #expect(try fixture.store.queued(name).map(\.number) == [id]) }
        await #expect(throws: StoreError.self) { try await desk.carryOut(.release, on: ["d"]) }
        #expect(try fixture.message(id).state == .held)
        #expect(try await order(.release, id).outcome == .done)
        #expect(try fixture.message(id).state == .sealed)
    }

    @Test("what waits is tried at once, its destination too, and its schedule begins anew")
    func retry() async throws {
        let id = try await put()
        var breaker = CircuitBreaker()
        breaker.failed(
            at: now, message: id, isClear: true, patience: .seconds(3000), reason: "refused",
            destination: DeliveryFixture.there, schedule: RetrySchedule())
        try await fixture.end(
            .postponed(DeliveryError(.unreachable, "refused"), due: now + 3600), id, breaker: breaker)
        #expect(try fixture.store.queued("#\(id)").first?.nextAttempt == now + 3600)
        #expect(try await order(.retry, id).outcome == .done)
        let message = try fixture.message(id)
        #expect(message.due == now + 1000 && message.tryingSince == now + 1000 && message.state == .sealed)
        #expect(try fixture.store.queued("#\(id)").first?.nextAttempt == now + 1000)
    }

    @Test("what has failed is taken up again with its bytes, unless its document went out in another message since")
    func retryFailed() async throws {
        let id = try await put()
        try await apply(.refused(reason: "Inconsistent", evidence: [1]), id)
        #expect(try await order(.retry, id).state == .sealed)
        #expect(try fixture.message(id).due == now + 1000)
        try await apply(.failed(reason: "r"), id)
        let store = fixture.store
        let other = try await store.commit { database in
            try database.execute(sql: "UPDATE message SET documentID = 'd' WHERE id = ?", arguments: [id])
            try database.execute(sql: "INSERT INTO name (kind, value, message) VALUES ('document', 'd', ?)", arguments: [id])
            var again = LedgerFixture.record(.taken)
            (again.documentID, again.receiver) = ("d", TestRegistry.bup.value)
            return try Ledger.insert(again, .taken, at: DeliveryFixture.now, by: .node, in: database).message.id
        }
        try await refuses(.sentAgain, .retry, id)
        try await apply(.cancelled(reason: "r"), other)
        #expect(try await order(.retry, id).outcome == .done)
    }

    @Test("what is held waits for its release, and goes on where it was", arguments: [MessageState.taken, .sealed])
    func holding(state: MessageState) async throws {
        let id = try await put(state)
        #expect(try await order(.hold, id).state == .held)
        #expect(try fixture.message(id).due == nil)
        #expect(try await order(.hold, id).outcome == .already)
        #expect(try await fixture.claim().messages.isEmpty)
        try await refuses(.notPossible, .retry, id)
        #expect(try await order(.release, id).state == state)
        #expect(try fixture.message(id).tryingSince == now + 1000)
        #expect(try await order(.release, id).outcome == .already)
        let steps = try fixture.store.status(of: "#\(id)").messages[0].steps.map(\.what)
        #expect(steps.suffix(2) == ["held", "released"])
    }

    @Test("what was never sent is cancelled at once; what was sent may have arrived, and only who says so cancels it")
    func cancelling() async throws {
        let fresh = try await put()
        #expect(try await order(.cancel, fresh).state == .cancelled)
        #expect(try await order(.cancel, fresh).outcome == .already)
        let tried = try await put(attempts: 3)
        try await refuses(.mayHaveArrived, .cancel, tried)
        #expect(try await order(.cancel, tried, yes: true).state == .cancelled)
        let unsealed = try await put(.taken, attempts: 3)
        #expect(try await order(.cancel, unsealed).state == .cancelled)
        // A receipt that comes late still counts.
        try await apply(.delivered(receiptID: "r", evidence: [1]), tried)
        #expect(try fixture.message(tried).state == .delivered)
    }

    @Test("one that is being sent is held or cancelled when the attempt ends, by whoever asked")
    func underWay() async throws {
        let ids = try await fixture.put(2)
        _ = try await fixture.claim()
        #expect(try await order(.hold, ids[0]).outcome == .later)
        try await refuses(.mayHaveArrived, .cancel, ids[1])
        #expect(try await order(.cancel, ids[1], yes: true).outcome == .later)
        try await refuses(.underWay, .redirect(endpoint: "https://b.example/x"), ids[0], yes: true)
        #expect(try await order(.retry, ids[0]).outcome == .already)
        #expect(try fixture.store.queue(QueueFilter()).map(\.wish) == ["hold", "cancel"])
        for id in ids { try await fixture.end(.postponed(DeliveryError(.timedOut, "r"), due: now + 5), id) }
        #expect(try fixture.message(ids[0]).state == .held)
        #expect(try fixture.message(ids[1]).state == .cancelled)
        let who = try fixture.store.read { database in
            try String.fetchAll(database, sql: "SELECT actor FROM audit WHERE action IN ('held', 'cancelled')")
        }
        #expect(who == ["command:anna", "command:anna"])
    }

    @Test("a wish can be taken back while the attempt is under way")
    func wishTakenBack() async throws {
        let id = try await put()
        _ = try await fixture.claim()
        _ = try await order(.hold, id)
        #expect(try await order(.release, id).outcome == .done)
        try await fixture.end(.postponed(DeliveryError(.timedOut, "r"), due: now + 5), id)
        #expect(try fixture.message(id).state == .sealed)
    }

    @Test("a message goes to another address of the same receiver, and back")
    func redirecting() async throws {
        let id = try await put()
        #expect(try await order(.redirect(endpoint: "https://standby.example/ebxml"), id).outcome == .done)
        var message = try fixture.message(id)
        #expect(message.endpoint == "https://standby.example/ebxml" && message.destination == "https://standby.example:443")
        #expect(message.receiver == TestRegistry.bup.value)
        // The registry does not take it back at the next start.
        _ = try await fixture.begin()
        #expect(try fixture.message(id).destination == "https://standby.example:443")
        _ = try await order(.redirect(endpoint: nil), id)
        message = try fixture.message(id)
        #expect(message.endpoint == nil && message.destination == DeliveryFixture.there)
        let tried = try await put(attempts: 1)
        try await refuses(.mayHaveArrived, .redirect(endpoint: "https://b.example/x"), tried)
        #expect(try await order(.redirect(endpoint: "https://b.example/x"), tried, yes: true).outcome == .done)
    }

    @Test(
        "an address that is none changes nothing",
        arguments: [
            "", "standby", "http://b.example/x", "http://127.0.0.1/x", "ftp://b.example/", "https://user:pass@b.example/",
            "https://b.example/#x", "file:///etc/passwd", "https:///x",
        ])
    func badAddress(address: String) async throws {
        let id = try await put()
        try await refuses(.badAddress, .redirect(endpoint: address), id, yes: true)
    }

    @Test(
        "what has arrived is left alone",
        arguments: [QueueOrder.retry, .hold, .release, .cancel, .redirect(endpoint: "https://b.example/x")])
    func arrived(order: QueueOrder) async throws {
        let id = try await put()
        try await apply(.delivered(receiptID: "r", evidence: [1]), id)
        try await refuses(.notPossible, order, id, yes: true)
    }

    @Test("with several names it is done to all or to none")
    func allOrNone() async throws {
        let (one, other) = (try await put(), try await put(attempts: 1))
        await #expect(throws: QueueOrderError(.mayHaveArrived, "")) {
            try await desk.carryOut(.cancel, on: ["#\(one)", "#\(other)"])
        }
        #expect(try fixture.message(one).state == .sealed)
        await #expect(throws: StoreError(.notFound, reason: "")) { try await desk.carryOut(.hold, on: ["#\(one)", "#999"]) }
        #expect(try fixture.message(one).state == .sealed)
        #expect(try await desk.carryOut(.hold, on: ["#\(one)", "#\(other)"]).map(\.outcome) == [.done, .done])
    }

    @Test("a filter means what it says, and more messages than one commit takes")
    func many() async throws {
        try await fixture.put(600)
        try await fixture.put(3, "https://b:443")
        let held = try await desk.carryOut(
            .hold, onAll: QueueFilter(destination: DeliveryFixture.there, states: [.taken, .sealed]))
        #expect(held.count == 600)
        #expect(try fixture.store.queue(QueueFilter(states: [.sealed])).count == 3)
        #expect(try fixture.store.queue(QueueFilter(states: [.held])).count == 100)
        #expect(try await desk.carryOut(.release, onAll: QueueFilter(states: [.held])).count == 600)
    }

    @Test("the list has what waits by state, destination and age; the shape counts it, with who does not answer")
    func views() async throws {
        try await fixture.put(2, since: now - 10)
        try await fixture.put(1, "https://b:443", since: now - 5000)
        let held = try await put()
        try await apply(.held(reason: "r"), held)
        let failed = try await put()
        try await apply(.failed(reason: "r"), failed)
        let store = fixture.store
        #expect(try store.queue(QueueFilter()).count == 4)
        #expect(try store.queue(QueueFilter(states: [.failed])).map(\.number) == [failed])
        #expect(try store.queue(QueueFilter(destination: "https://b:443")).count == 1)
        #expect(try store.queue(QueueFilter(takenBefore: now - 100)).map(\.destination) == ["https://b:443"])
        #expect(try store.queue(QueueFilter(limit: 1)).count == 1)
        #expect(throws: StoreError(.notFound, reason: "")) { try store.queued("nothing") }
        try await store.commit { [now] database in
            try DestinationRecord.store(
                database, "https://b:443",
                CircuitBreaker(failures: 3, failingSince: now - 50, opensAgainAt: now + 60, reason: "refused"))
        }
        let shape = try store.queueShape(at: now)
        #expect(shape.lines.map(\.destination) == ["https://b:443", DeliveryFixture.there])
        #expect(shape.lines[0].waiting == [0, 0, 1, 0, 0, 0] && shape.lines[0].reason == "refused")
        #expect(shape.lines[0].triedAt == now + 60)
        #expect(shape.lines[1].waiting == [2, 0, 0, 0, 0, 0] && shape.lines[1].held == 1 && shape.lines[1].failed == 1)
    }
}

@Suite("What people are told of delivery")
struct DeliveryAlertTests {
    private let now = DeliveryFixture.now

    private func open(_ fixture: DeliveryFixture) throws -> [String] {
        try fixture.store.listAlerts().map { "\($0.severity.rawValue) \($0.kind.rawValue) \($0.subject.key)" }.sorted()
    }

    private func fail(
        _ fixture: DeliveryFixture, _ id: Int64, _ code: DeliveryError.Code, since minutes: Double, at now: Date
    ) async throws {
        let breaker = CircuitBreaker(
            failures: 5, failingSince: now - minutes * 60, opensAgainAt: now + 60, reason: "refused")
        try await fixture.end(.postponed(DeliveryError(code, "refused"), due: now), id, breaker: breaker, at: now)
    }

    @Test("a destination that is gone for a quarter of an hour is told once, again after four hours, and that it is back")
    func unreachable() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        try await fail(fixture, id, .unreachable, since: 14, at: now)
        #expect(try open(fixture).isEmpty)
        for minutes in [15.0, 16, 100, 239] {
            try await fail(fixture, id, .unreachable, since: minutes, at: now)
            #expect(try open(fixture) == ["warning destinationUnreachable \(DeliveryFixture.there)"])
        }
        try await fail(fixture, id, .unreachable, since: 240, at: now)
        #expect(try open(fixture) == ["critical destinationUnreachable \(DeliveryFixture.there)"])
        try await fixture.end(
            .postponed(DeliveryError(.warning, "r"), due: now), id, breaker: CircuitBreaker(), at: now)
        #expect(try open(fixture).isEmpty)
    }

    @Test("a TLS certificate that is refused is told at once")
    func certificate() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        try await fail(fixture, id, .tlsRefused, since: 0, at: now)
        #expect(try open(fixture) == ["warning destinationUnreachable \(DeliveryFixture.there)"])
    }

    @Test("a message that a person must clear the way for is told once, and no more when it has gone its way")
    func obstructed() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        for _ in 1...3 {
            try await fixture.end(
                .postponed(DeliveryError(.errorOfAgreement, "SecurityFailure"), due: now), id, evidence: [7], at: now)
            #expect(try open(fixture) == ["warning messageObstructed #\(id)"])
        }
        // The signed refusal is kept, once for each reason.
        let kept = try fixture.store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM receipt WHERE kind = 'messageError'")
        }
        #expect(kept == 1)
        let now = now
        _ = try await fixture.store.commit {
            try Ledger.apply(.delivered(receiptID: "r", evidence: [1]), to: id, at: now, by: .node, in: $0)
        }
        #expect(try open(fixture).isEmpty)
    }

    @Test("a message that the node died with three times is told")
    func poison() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        for start in 1...3 {
            _ = try await fixture.begin()
            _ = try await fixture.claim(limit: 1, suspect: start == 1 ? nil : id, by: Int64(start))
        }
        _ = try await fixture.begin()
        #expect(try open(fixture) == ["warning messageHeld #\(id)"])
    }
}
