import Foundation
import TestSupport

@testable import Gateway

/// A world around a ``DeliveryQueue`` without clock, threads or store: destinations that answer as they are told, messages that
/// wait, and time that goes from one event to the next.
struct QueueWorld {
    /// What a call comes to, and how long it takes.
    struct Answer {
        var finding: DeliveryQueue.Finding
        var after: TimeInterval
    }

    struct Call: Hashable {
        let destination: String
        let message: Int64
        let began: TimeInterval
        /// Since it was due.
        let waited: TimeInterval
    }

    private enum Event {
        case ends(String, Int64, DeliveryQueue.Finding, wasSuspect: Bool)
        case rings(String)
        case looks
    }

    private struct Waiting {
        let id: Int64
        var due: TimeInterval
    }

    static let start = TestPKI.now

    var queue: DeliveryQueue
    var now: TimeInterval = 0
    /// How each destination answers at a time.
    var answers: [String: (TimeInterval) -> Answer] = [:]
    private(set) var calls: [Call] = []
    private(set) var delivered: [Int64: TimeInterval] = [:]
    /// The most calls under way at once, by destination.
    private(set) var most: [String: Int] = [:]
    /// Calls under way to each destination whenever that changed.
    private(set) var underWay: [String: [Int]] = [:]
    private var events: [(at: TimeInterval, number: Int, event: Event)] = []
    private var waiting: [String: [Waiting]] = [:]
    private var nextID: Int64 = 1
    private var number = 0

    init(slots: Int, schedule: RetrySchedule = RetrySchedule()) {
        queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: slots), schedule: schedule)
        _ = queue.notice(Self.start)
    }

    private var clock: Date { Self.start + now }

    /// Puts messages there at a time.
    mutating func put(_ count: Int, for destination: String, at time: TimeInterval) {
        for _ in 0..<count {
            waiting[destination, default: []].append(Waiting(id: nextID, due: time))
            nextID += 1
        }
        schedule(.rings(destination), at: time)
    }

    mutating func hint(_ destination: String) {
        queue.hint(destination, at: clock)
        dispatch()
    }

    private mutating func schedule(_ event: Event, at time: TimeInterval) {
        number += 1
        events.append((time, number, event))
        events.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }

    /// Runs until that time, or until nothing is left to happen.
    mutating func run(until end: TimeInterval) {
        while let next = events.first, next.at <= end {
            events.removeFirst()
            now = max(now, next.at)
            if case .ends(let destination, let id, let finding, let wasSuspect) = next.event {
                finish(destination, id, finding, wasSuspect: wasSuspect)
                // As the worker does: where nothing waits, nobody looks.
                guard queue.hasWaiting else { continue }
            }
            _ = queue.notice(clock)
            if case .rings(let destination) = next.event { queue.expect(destination, due: clock) }
            dispatch()
        }
        now = end
    }

    private mutating func finish(_ destination: String, _ id: Int64, _ finding: DeliveryQueue.Finding, wasSuspect: Bool) {
        let breaker = queue.finished(destination, message: id, finding, reason: "told to", at: clock)
        var due: Date?
        if finding == .up {
            delivered[id] = now
        } else {
            let again = breaker?.isOpen == true ? now : now + 15
            waiting[destination, default: []].append(Waiting(id: id, due: again))
            due = Self.start + again
        }
        queue.released(destination, due: due, wasSuspect: wasSuspect)
        note(destination)
    }

    private mutating func note(_ destination: String) {
        let held = queue.look(at: destination)?.held ?? 0
        underWay[destination, default: []].append(held)
        most[destination] = max(most[destination] ?? 0, held)
    }

    private mutating func dispatch() {
        while let claim = queue.next(at: clock) {
            let there = (waiting[claim.destination] ?? []).sorted { ($0.due, $0.id) < ($1.due, $1.id) }
            let due = there.filter { $0.due <= now }.prefix(claim.limit)
            let rest = there.filter { candidate in !due.contains { $0.id == candidate.id } }
            waiting[claim.destination] = rest
            queue.claimed(
                claim, count: due.count, nextDue: due.count < claim.limit ? rest.first.map { Self.start + $0.due } : nil,
                at: clock)
            for message in due {
                calls.append(
                    Call(destination: claim.destination, message: message.id, began: now, waited: now - message.due))
                let answer = answers[claim.destination]?(now) ?? Answer(finding: .up, after: 0.01)
                schedule(
                    .ends(claim.destination, message.id, answer.finding, wasSuspect: claim.suspect != nil),
                    at: now + answer.after)
            }
            note(claim.destination)
        }
        if let look = queue.nextLook(at: clock) { schedule(.looks, at: look.timeIntervalSince(Self.start)) }
    }
}
