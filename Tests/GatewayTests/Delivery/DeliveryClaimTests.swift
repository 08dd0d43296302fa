import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("What is taken from the store for an attempt")
struct DeliveryClaimTests {
    private let now = DeliveryFixture.now
    private let error = DeliveryError(.unreachable, "nobody there")

    @Test("the urgent ones first, then by due time, then in the order in which they were taken; with all that is sent")
    func order() async throws {
        let fixture = try DeliveryFixture()
        let late = try await fixture.put(due: now - 1)
        let early = try await fixture.put(2, due: now - 10)
        let urgent = try await fixture.put(due: now, priority: 0)
        try await fixture.put(due: now + 1)
        try await fixture.put(1, "https://b:443", due: now - 100)
        let found = try await fixture.claim()
        #expect(found.messages.map(\.message.id) == urgent + early + late)
        #expect(found.nextDue == now + 1)
        for message in found.messages {
            guard case .sealed(let wire) = message.contents else { throw StoreError(.damaged, reason: "no wire") }
            #expect(wire.body == [1, 2, 3])
            #expect(message.message.leasedBy == 1 && message.message.leasedUntil == now + 900)
        }
    }

    @Test("what somebody works on is not taken again, and no more than asked for")
    func leased() async throws {
        let fixture = try DeliveryFixture()
        let ids = try await fixture.put(5)
        let first = try await fixture.claim(limit: 2)
        #expect(first.messages.map(\.message.id) == Array(ids.prefix(2)))
        #expect(first.nextDue == nil)
        let second = try await fixture.claim(limit: 10)
        #expect(second.messages.map(\.message.id) == Array(ids.dropFirst(2)))
        #expect(try await fixture.claim().messages.isEmpty)
    }

    @Test("an attempt's end gives the lease back, whatever it came to")
    func ends() async throws {
        let fixture = try DeliveryFixture()
        for settlement in [
            Settlement.postponed(error, due: now + 5), .handedOver(due: now + 5), .failed(error, after: .schedule),
            .failed(error, after: .refused), .held(error), .givenBack,
        ] {
            let id = try #require(try await fixture.put().first)
            _ = try await fixture.claim()
            #expect(try fixture.message(id).leasedBy == 1)
            let written = try await fixture.end(settlement, id)
            let message = try fixture.message(id)
            #expect(message.leasedBy == nil && message.leasedUntil == nil)
            #expect(written.due == message.due)
            if case .givenBack = settlement { #expect(message.attempts == 0 && message.due == now) }
            if case .postponed = settlement { #expect(message.attempts == 1 && message.due == now + 5) }
            try await fixture.store.commit { try $0.execute(sql: "UPDATE message SET due = NULL WHERE id = ?", arguments: [id]) }
        }
    }

    @Test("a wish to hold or cancel takes effect when the attempt ends, unless it delivered the message")
    func wishes() async throws {
        let fixture = try DeliveryFixture()
        for (wish, state) in [("hold", MessageState.held), ("cancel", .cancelled)] {
            let id = try #require(try await fixture.put().first)
            _ = try await fixture.claim()
            try await fixture.store.commit {
                try $0.execute(sql: "UPDATE message SET wish = ? WHERE id = ?", arguments: [wish, id])
            }
            let written = try await fixture.end(.postponed(error, due: now + 5), id)
            #expect(written.due == nil && written.changes.map(\.message.state) == [.sealed, state])
            let message = try fixture.message(id)
            #expect(message.state == state && message.wish == nil && message.due == nil)
        }
        let id = try #require(try await fixture.put().first)
        _ = try await fixture.claim()
        try await fixture.store.commit {
            try $0.execute(sql: "UPDATE message SET wish = 'cancel' WHERE id = ?", arguments: [id])
        }
        try await fixture.end(.failed(error, after: .refused), id)
        #expect(try fixture.message(id).state == .failed)
    }

    @Test("a receipt that came meanwhile stands, and the attempt's end only gives back what it held")
    func receiptMeanwhile() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        _ = try await fixture.claim()
        let now = now
        _ = try await fixture.store.commit { database in
            try Ledger.apply(
                .delivered(receiptID: "r", evidence: [1]), to: id, at: now, by: .node, in: database)
        }
        let written = try await fixture.end(.postponed(error, due: now + 5), id)
        let message = try fixture.message(id)
        #expect(message.state == .delivered && message.due == nil && message.leasedBy == nil)
        #expect(written.due == nil && written.changes.isEmpty)
    }

    @Test("a destination's row is there as long as it is waited for")
    func destinations() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        var breaker = CircuitBreaker()
        breaker.failed(
            at: now, message: id, isClear: true, patience: nil, reason: "refused", destination: DeliveryFixture.there,
            schedule: RetrySchedule())
        try await fixture.end(.postponed(error, due: now), id, breaker: breaker)
        let began = try await fixture.begin()
        #expect(began.destinations.map(\.name) == [DeliveryFixture.there])
        #expect(began.destinations.first?.breaker.failures == 1 && began.destinations.first?.breaker.isOpen == true)
        try await fixture.end(.postponed(error, due: now), id, breaker: CircuitBreaker())
        #expect(try await fixture.begin().destinations.isEmpty)
    }

    @Test("the look-up walks the index to what is due, and no further, however much waits")
    func plans() throws {
        let fixture = try DeliveryFixture()
        let claiming = try fixture.plan(DeliveryClaims.claiming, ["a", 1, 1, 1, 1])
        #expect(claiming.count { $0.contains("USING INDEX messageQueue (destination=? AND priority=? AND due<?)") } == 2)
        #expect(!claiming.contains { $0.contains("SCAN message") || $0.contains("TEMP B-TREE") })
        let following = try fixture.plan(DeliveryClaims.following, ["a", 1, 1])
        #expect(following.first?.contains("messageQueue (destination=? AND priority=? AND due>?)") == true)
        let overdue = try fixture.plan(DeliveryRecording.overdue, ["a", 1])
        #expect(overdue.first?.contains("messageTrying (destination=? AND <expr><?)") == true)
        let waiting = try fixture.plan(DeliveryClaims.waiting, [])
        #expect(!waiting.contains { $0.hasPrefix("SCAN message") })
    }

    @Test("every destination that something waits for is found, with its first due time")
    func waiting() async throws {
        let fixture = try DeliveryFixture()
        try await fixture.put(3, "https://b:443", due: now + 7)
        try await fixture.put(1, "https://b:443", due: now + 9, priority: 0)
        try await fixture.put(2, DeliveryFixture.there, due: now - 7)
        try await fixture.put(1, "", due: now)
        let found = try fixture.store.read { try DeliveryClaims.waitingDestinations($0) }
        #expect(found.map(\.name) == ["", "https://b:443", DeliveryFixture.there])
        #expect(found.map(\.due) == [now, now + 7, now - 7])
        _ = try await fixture.claim(DeliveryFixture.there)
        #expect(try fixture.store.read { try DeliveryClaims.waitingDestinations($0) }.map(\.name) == ["", "https://b:443"])
    }

    @Test("what has waited too long for a destination ends with it; what has not, or is under way, does not")
    func givingUp() async throws {
        let fixture = try DeliveryFixture()
        let old = try await fixture.put(3, since: now - 400)
        let young = try await fixture.put(2, since: now - 10)
        let other = try await fixture.put(1, "https://b:443", since: now - 400)
        _ = try await fixture.claim(limit: 1)
        let now = now
        let ended = try await fixture.store.commit { [error] database in
            try DeliveryRecording.giveUp(
                DeliveryFixture.there, .failed(error, after: .schedule), since: now - 100, at: now, in: database)
        }
        #expect(ended.map(\.message.id) == Array(old.dropFirst()))
        #expect(ended.allSatisfy { $0.message.state == .failed && $0.message.failure?.contains("nobody there") == true })
        for id in young + other + old.prefix(1) { #expect(try fixture.message(id).state == .sealed) }
        // The bytes stay.
        #expect(try fixture.store.read { try WireMessage.exists($0, message: old[1]) })
    }
}

@Suite("A node that died while it delivered")
struct DeliveryStartTests {
    private let now = DeliveryFixture.now

    @Test("gives back every lease at the next start, and those it died with go alone")
    func returned() async throws {
        let fixture = try DeliveryFixture()
        #expect(try await fixture.begin().incarnation == 1)
        let ids = try await fixture.put(3)
        _ = try await fixture.claim(limit: 2)
        let began = try await fixture.begin()
        #expect(began.incarnation == 2)
        #expect(began.suspects.map(\.id) == Array(ids.prefix(2)))
        for id in ids { #expect(try fixture.message(id).leasedBy == nil) }
        // An ordinary claim leaves the suspects alone.
        #expect(try await fixture.claim(by: 2).messages.map(\.message.id) == [ids[2]])
        #expect(try await fixture.claim(limit: 1, suspect: ids[0], by: 2).messages.map(\.message.id) == [ids[0]])
        #expect(try await fixture.claim(limit: 1, suspect: ids[0], by: 2).messages.isEmpty)
        // One attempt that ends clears the suspicion.
        try await fixture.end(.postponed(DeliveryError(.timedOut, "r"), due: now + 5), ids[0])
        #expect(try fixture.message(ids[0]).crashes == 0)
    }

    @Test("leaves a message alone that it died with three times in a row, and says so")
    func poison() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        for start in 1...3 {
            let began = try await fixture.begin()
            #expect(began.suspects.map(\.id) == (start == 1 ? [] : [id]))
            _ = try await fixture.claim(limit: 1, suspect: start == 1 ? nil : id, by: began.incarnation)
            #expect(try fixture.message(id).leasedBy == Int64(start))
        }
        let began = try await fixture.begin()
        #expect(began.suspects.isEmpty)
        #expect(began.changes.last?.message.state == .held)
        let message = try fixture.message(id)
        #expect(message.state == .held && message.due == nil && message.leasedBy == nil)
        #expect(message.failure == "the node died 3 times while it worked on this message")
        #expect(try fixture.store.read { try WireMessage.exists($0, message: id) })
    }

    @Test("does what somebody wished while it had the message in its hands")
    func wishes() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put().first)
        _ = try await fixture.claim()
        try await fixture.store.commit {
            try $0.execute(sql: "UPDATE message SET wish = 'cancel' WHERE id = ?", arguments: [id])
        }
        #expect(try await fixture.begin().suspects.isEmpty)
        #expect(try fixture.message(id).state == .cancelled)
    }

    @Test("tries what a wrong clock had put off for years, and leaves what is put off by the schedule")
    func clock() async throws {
        let fixture = try DeliveryFixture()
        let far = try await fixture.put(due: now + 3e8)
        let near = try await fixture.put(due: now + 3000)
        _ = try await fixture.begin()
        #expect(try fixture.message(far[0]).due == now)
        #expect(try fixture.message(near[0]).due == now + 3000)
    }

    @Test("sends where the registry says now, not where it said when the message was taken")
    func moved() async throws {
        let fixture = try DeliveryFixture()
        let id = try #require(try await fixture.put(1, "https://old:443").first)
        _ = try await fixture.begin()
        #expect(try fixture.message(id).destination == DeliveryFixture.there)
    }

    @Test(
        "a destination is scheme, host and port",
        arguments: [
            ("https://Node.Example/ebxml", "https://node.example:443"), ("https://n:8443/a?b", "https://n:8443"),
            ("http://127.0.0.1/x", "http://127.0.0.1:80"), ("HTTPS://n:443", "https://n:443"), ("no address", ""), ("", ""),
            ("https://[::1]:9/x", "https://[::1]:9"),
        ])
    func destination(endpoint: String, name: String) {
        #expect(
            Destination.of(endpoint: endpoint).replacing("[", with: "").replacing("]", with: "")
                == name.replacing("[", with: "").replacing("]", with: ""))
    }
}

@Suite("What becomes of a message after an attempt")
struct SettlementTests {
    private let now = DeliveryFixture.now
    private let judge = DeliveryJudge(schedule: RetrySchedule(), workingDays: { _, time in time })

    private func message(attempts: Int = 0, since: TimeInterval = 0, kind: String = "X", state: MessageState = .sealed)
        -> MessageRecord
    {
        var record = LedgerFixture.record(state)
        (record.attempts, record.kind, record.created) = (attempts, kind, now - since)
        return record
    }

    private func open(_ failures: Int) -> CircuitBreaker {
        CircuitBreaker(failures: failures, failingSince: now, opensAgainAt: now + 60, reason: "r")
    }

    @Test("every error of a destination that is waited for lets the message wait with it, behind the others")
    func waits() {
        for code in DeliveryError.Code.allCases where [.down, .doubtful].contains(code.meaning.shows) {
            guard case .postponed(_, let due) = judge.settle(.failed(code, "r"), of: message(), open(1), at: now) else {
                Issue.record("\(code) ends a message at the first attempt")
                continue
            }
            #expect(due == now)
        }
    }

    /// What trying again may mend.
    private static let tried = DeliveryError.Code.allCases.filter {
        $0.meaning.class != .permanent && $0 != .cancelled && $0 != .notShareable
    }

    @Test("what may not be shared is held at once, at the first attempt as at the last")
    func unshareable() {
        for attempts in [0, 3, 100] {
            guard case .held = judge.settle(.failed(.notShareable, "r"), of: message(attempts: attempts), open(1), at: now) else {
                Issue.record("it is tried again after \(attempts) attempts")
                continue
            }
        }
    }

    @Test("every error of a message alone lets it wait by its own schedule")
    func own() {
        for code in Self.tried {
            for (attempts, longest) in [(0, 15.0), (3, 120), (40, 3600)] {
                guard
                    case .postponed(_, let due) = judge.settle(.failed(code, "r"), of: message(attempts: attempts), nil, at: now)
                else {
                    Issue.record("\(code) ends a message before its time")
                    continue
                }
                #expect(due > now + longest * 0.79 && due <= now + longest)
            }
        }
    }

    @Test("when its time is over a message fails, or is held when a person can mend it; never before, and never untried")
    func ends() {
        let days: TimeInterval = 5 * 86_400
        for code in Self.tried {
            switch judge.settle(.failed(code, "r"), of: message(attempts: 100, since: days), nil, at: now) {
            case .held: #expect(code.meaning.class == .needsPerson, "\(code)")
            case .failed(_, after: .schedule): #expect(code.meaning.class != .needsPerson, "\(code)")
            default: Issue.record("\(code) goes on for ever")
            }
            // A node that was off for a week, or a clock that jumped, ends nothing.
            if case .postponed = judge.settle(.failed(code, "r"), of: message(attempts: 3, since: days), open(3), at: now) {
            } else {
                Issue.record("\(code) ends a message after four attempts")
            }
            // One attempt of its own is enough when the destination has been tried long enough.
            if case .postponed = judge.settle(.failed(code, "r"), of: message(since: days), open(100), at: now) {
                Issue.record("\(code) goes on although the destination has been dead for days")
            }
        }
    }

    @Test("what is permanent ends at once, what is cancelled counts for nothing")
    func atOnce() {
        for code in [DeliveryError.Code.errorForGood, .cannotSeal] {
            if case .failed(_, after: .refused) = judge.settle(.failed(code, "r"), of: message(), nil, at: now) {
            } else {
                Issue.record("\(code) is tried again")
            }
        }
        if case .givenBack = judge.settle(.failed(.cancelled, "r"), of: message(attempts: 100, since: 1e7), nil, at: now) {
        } else {
            Issue.record("a node that stops ends a message")
        }
    }

    @Test("a message taken without a receipt is sent again after a minute or more, and fails when none ever comes")
    func handedOver() {
        guard case .handedOver(let due) = judge.settle(.handedOver, of: message(), nil, at: now) else {
            Issue.record("an empty answer ended a message")
            return
        }
        #expect(due == now + 60)
        guard case .handedOver(let later) = judge.settle(.handedOver, of: message(attempts: 30), nil, at: now) else { return }
        #expect(later <= now + 3600 && later > now + 2800)
        if case .failed(_, after: .schedule) = judge.settle(
            .handedOver, of: message(attempts: 30, since: 5 * 86_400), nil, at: now)
        {
        } else {
            Issue.record("it goes on for ever")
        }
        if case .sent = judge.settle(.handedOver, of: message(kind: "Acknowledgment"), nil, at: now) {
        } else {
            Issue.record("a receipt of its own waits for a receipt")
        }
    }
}
