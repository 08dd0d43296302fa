import Foundation

/// Who is next. Knows destinations, never messages: those wait in the store, however many they are.
///
/// A value that is told what happened and says what to claim; it has no clock, no threads and no chance in it, so that what it
/// decides can be tested step by step. Destinations take turns. Each has a window of calls at the same time that grows with
/// every success and falls to one with a failure, and a ``CircuitBreaker``.
struct DeliveryQueue: Sendable {
    private struct Lane: Sendable {
        var window: Int
        /// Claimed, or being claimed.
        var held = 0
        var isClaiming = false
        /// Of ``held``, for the claim that is being made.
        var reserved = 0
        /// That claim has found less than it might have taken: nothing else waits there.
        var isEmptied = false
        /// Something was put there while it was being looked for.
        var hasNews = false
        /// When something may be due; nil when nothing is known of.
        var nextDue: Date?
        var provenAt: Date?
        var isProven = false
        var isUntried = true
        var breaker = CircuitBreaker()
        var isInRing = false
        var timer: Date?

        /// When it can have a turn; nil when there is nothing to do.
        var wakesAt: Date? { nextDue.map { max($0, breaker.opensAgainAt ?? $0) } }
    }

    private struct Suspect: Sendable {
        let id: Int64
        var destination: String
        var notBefore: Date
    }

    let limits: Limits
    let schedule: RetrySchedule
    private var lanes: [String: Lane] = [:]
    /// Destinations that may have something to do now, in the order of their turns.
    private var ring: [String] = []
    /// Destinations that wait for a time, soonest first.
    private var timers: [(at: Date, destination: String)] = []
    private var held = 0
    private var heldUnproven = 0
    private var suspects: [Suspect] = []
    private var suspectIsOut = false
    private var lastSeen: Date?

    init(limits: Limits, schedule: RetrySchedule) { (self.limits, self.schedule) = (limits, schedule) }

    // MARK: - What is told

    /// A destination as the store knows it.
    mutating func restore(_ destination: String, _ breaker: CircuitBreaker, at now: Date) {
        let latest = now + schedule.horizon.seconds
        change(destination) { lane in
            lane.breaker = breaker
            lane.breaker.clamp(to: latest)
            if breaker.isOpen { (lane.window, lane.isUntried) = (1, false) }
        }
    }

    /// Something for that destination is due then.
    mutating func expect(_ destination: String, due: Date) {
        change(destination) { lane in
            lane.nextDue = min(lane.nextDue ?? due, due)
            lane.hasNews = lane.hasNews || lane.isClaiming
        }
    }

    /// A message that the node died with: it goes out when nothing else that is suspected does.
    mutating func suspect(_ id: Int64, for destination: String, due: Date) {
        suspects.append(Suspect(id: id, destination: destination, notBefore: due))
        change(destination) { _ in }
    }

    /// Where a suspect that waits goes by now, and when: what stopped it there does not stop it here.
    mutating func suspectMoved(_ id: Int64, to destination: String, due: Date) {
        guard let index = suspects.firstIndex(where: { $0.id == id }), suspects[index].destination != destination else { return }
        (suspects[index].destination, suspects[index].notBefore) = (destination, due)
        change(destination) { _ in }
    }

    /// What a claim that is not on the disk yet has found: the slots that it does not need are free at once.
    mutating func found(_ claim: Claim, count: Int) {
        guard claim.suspect == nil, let lane = lanes[claim.destination], lane.isClaiming else { return }
        release(claim.destination, lane.reserved - count)
        lanes[claim.destination]?.reserved = count
        lanes[claim.destination]?.isEmptied = count < claim.limit
    }

    /// A slot for a message that is stored at this moment, with its lease.
    ///
    /// It gets one when its turn would come at once in any case: its destination has answered lately, there is room, and
    /// nobody waits, neither there nor for a slot. It is given back by ``released(_:due:wasSuspect:)``.
    mutating func admit(_ destination: String, at now: Date) -> Bool {
        forgetOldProof(of: destination, at: now)
        guard answers(destination), ring.isEmpty, suspects.isEmpty, held < limits.slots, let lane = lanes[destination],
            lane.held < min(lane.window, limits.perDestination)
        else { return false }
        guard lane.isClaiming ? lane.isEmptied && !lane.hasNews : lane.nextDue.map({ $0 > now }) ?? true else { return false }
        hold(destination, 1)
        return true
    }

    /// Whether a destination has answered lately, and nothing has gone wrong since.
    func answers(_ destination: String) -> Bool {
        guard let lane = lanes[destination] else { return false }
        return lane.isProven && !lane.breaker.isOpen
    }

    /// What a claim found.
    ///
    /// - Parameters:
    ///   - count: how many messages, at most ``Claim/limit``.
    ///   - nextDue: when the next one that was not taken is due; nil when there is none.
    mutating func claimed(_ claim: Claim, count: Int, nextDue: Date?, at now: Date) {
        if claim.suspect != nil {
            claimedSuspect(claim, isTaken: count > 0, nextDue: nextDue)
            return
        }
        found(claim, count: count)
        change(claim.destination) { lane in
            (lane.isClaiming, lane.reserved) = (false, 0)
            let known = lane.hasNews ? lane.nextDue : nil
            lane.nextDue = [known, nextDue, count == claim.limit ? now : nil].compactMap(\.self).min()
            lane.hasNews = false
        }
    }

    /// The claim could not be made; nothing was taken.
    mutating func claimFailed(_ claim: Claim, retryAt: Date) {
        if claim.suspect != nil {
            claimedSuspect(claim, isTaken: false, nextDue: retryAt)
            return
        }
        found(claim, count: 0)
        change(claim.destination) { lane in
            (lane.isClaiming, lane.hasNews) = (false, false)
            lane.nextDue = retryAt
        }
    }

    /// What an attempt showed. The message's slot is still held: ``released(_:due:wasSuspect:)``.
    ///
    /// - Returns: the destination's breaker when it has something new to be stored, or when it is open.
    mutating func finished(
        _ destination: String, message: Int64, _ finding: Finding, reason: String, at now: Date
    ) -> CircuitBreaker? {
        let (schedule, limits) = (schedule.ofDestinations, limits)
        var news: CircuitBreaker?
        change(destination) { lane in
            let before = lane.breaker
            switch finding {
            case .nothing: return
            case .up:
                lane.isUntried = false
                lane.breaker.succeeded()
                lane.window = min(lane.window + 1, limits.perDestination)
                lane.provenAt = now
            case .down(let patience):
                lane.breaker.failed(
                    at: now, message: message, isClear: true, patience: patience, reason: reason, destination: destination,
                    schedule: schedule)
                (lane.window, lane.provenAt, lane.isUntried) = (1, nil, false)
            case .doubtful:
                lane.breaker.failed(
                    at: now, message: message, isClear: false, patience: nil, reason: reason, destination: destination,
                    schedule: schedule)
                (lane.window, lane.provenAt, lane.isUntried) = (1, nil, false)
            }
            if lane.breaker.isOpen || before.isOpen { news = lane.breaker }
        }
        return news
    }

    /// An attempt is over and written down.
    ///
    /// - Parameter due: when the message is due again; nil when it is not.
    mutating func released(_ destination: String, due: Date?, wasSuspect: Bool = false) {
        release(destination, 1)
        if wasSuspect { suspectIsOut = false }
        if let due { expect(destination, due: due) } else { change(destination) { _ in } }
    }

    /// A partner has just shown itself alive, or a person wants it tried now.
    ///
    /// - Parameter rest: not sooner after the last failure; nil means that much as the schedule begins with.
    mutating func hint(_ destination: String, rest: Duration? = nil, at now: Date) {
        guard lanes[destination] != nil else { return }
        let rest = rest ?? schedule.first
        change(destination) { lane in _ = lane.breaker.hint(at: now, rest: rest) }
    }

    // MARK: - What to do

    /// How far the clock was set back since it was looked at last; zero when it was not. Times that are waited for move with
    /// it, here and, by the caller, in the store.
    mutating func notice(_ now: Date) -> TimeInterval {
        let before = lastSeen ?? now
        lastSeen = now
        guard now < before - 2 else { return 0 }
        let back = before.timeIntervalSince(now)
        for destination in lanes.keys.sorted() {
            change(destination) { lane in
                lane.breaker.shift(by: -back)
                lane.nextDue = lane.nextDue.map { $0 - back }
                lane.provenAt = lane.provenAt.map { $0 - back }
            }
        }
        for index in suspects.indices { suspects[index].notBefore -= back }
        return back
    }

    /// The next claim; its slots are held until it is answered. nil when nothing can be done now.
    mutating func next(at now: Date) -> Claim? {
        while let timer = timers.first, timer.at <= now { enter(timer.destination) }
        guard held < limits.slots else { return nil }
        if let claim = nextSuspect(at: now) { return claim }
        var index = 0
        while index < ring.count {
            let destination = ring[index]
            forgetOldProof(of: destination, at: now)
            switch turn(of: destination, at: now) {
            case .none:
                leaveRing(at: index)
                setTimer(of: destination, after: now)
            case .later: index += 1
            case .calls(let count):
                leaveRing(at: index)
                hold(destination, count)
                lanes[destination]?.isClaiming = true
                lanes[destination]?.reserved = count
                lanes[destination]?.isEmptied = false
                return Claim(destination: destination, limit: count)
            }
        }
        return nil
    }

    /// When to look again if nothing happens before; nil when nothing is waited for.
    func nextLook(at now: Date) -> Date? {
        // One that is due now waits for its destination's window, and so for a call that ends.
        let suspect = suspectIsOut ? nil : suspects.map { max($0.notBefore, opening(of: $0)) }.filter { $0 > now }.min()
        guard let first = [timers.first?.at, suspect].compactMap(\.self).min() else { return nil }
        return min(max(first, now + 0.001), now + limits.longestSleep.seconds)
    }

    /// Whether anything waits for a slot, a turn or a time. Where nothing does, a slot that is given back is nobody's news.
    var hasWaiting: Bool { !ring.isEmpty || !timers.isEmpty || !suspects.isEmpty }

    /// Whether anything that the node died with waits for its turn.
    var hasSuspects: Bool { !suspects.isEmpty }

    // MARK: - For those who look

    /// Calls under way to a destination, its window, and whether it is waited for.
    func look(at destination: String) -> (held: Int, window: Int, breaker: CircuitBreaker)? {
        lanes[destination].map { ($0.held, $0.window, $0.breaker) }
    }

    /// Calls under way.
    var callsUnderWay: Int { held }
}

// MARK: - Turns

extension DeliveryQueue {
    private enum Turn {
        case none, later
        case calls(Int)
    }

    private func turn(of destination: String, at now: Date) -> Turn {
        guard let lane = lanes[destination], let wakesAt = lane.wakesAt, wakesAt <= now, !lane.isClaiming else { return .none }
        let room = min(lane.window, limits.perDestination) - lane.held
        guard room > 0 else { return .none }
        var common = min(limits.slots - held, lane.isProven ? limits.slots : limits.unproven - heldUnproven)
        if common <= 0, lane.isUntried, lane.held == 0, heldUnproven < limits.untried { common = min(1, limits.slots - held) }
        guard common > 0 else { return .later }
        // A fair share of what is free, so that the first in the ring does not take it all.
        return .calls(min(room, max(1, common / ring.count)))
    }

    /// Who has not been called for long may be gone.
    private mutating func forgetOldProof(of destination: String, at now: Date) {
        guard let lane = lanes[destination], lane.held == 0, let provenAt = lane.provenAt,
            abs(now.timeIntervalSince(provenAt)) > limits.provenTime.seconds
        else { return }
        change(destination) { ($0.provenAt, $0.isUntried) = (nil, true) }
    }

    private mutating func nextSuspect(at now: Date) -> Claim? {
        guard !suspectIsOut else { return nil }
        guard
            let index = suspects.firstIndex(where: { suspect in
                guard let lane = lanes[suspect.destination] else { return false }
                return suspect.notBefore <= now && opening(of: suspect) <= now && lane.held < lane.window
            })
        else { return nil }
        let suspect = suspects[index]
        suspectIsOut = true
        hold(suspect.destination, 1)
        return Claim(destination: suspect.destination, limit: 1, suspect: suspect.id)
    }

    private func opening(of suspect: Suspect) -> Date {
        lanes[suspect.destination]?.breaker.opensAgainAt ?? .distantPast
    }

    private mutating func claimedSuspect(_ claim: Claim, isTaken: Bool, nextDue: Date?) {
        guard let index = suspects.firstIndex(where: { $0.id == claim.suspect }) else { return }
        let suspect = suspects.remove(at: index)
        if !isTaken {
            release(claim.destination, 1)
            suspectIsOut = false
            // Due later: its turn comes. Not at all: somebody else has settled it.
            if let nextDue {
                suspects.append(Suspect(id: suspect.id, destination: suspect.destination, notBefore: nextDue))
            }
        }
        change(claim.destination) { _ in }
    }
}

// MARK: - Counting

extension DeliveryQueue {
    private mutating func hold(_ destination: String, _ count: Int) {
        lanes[destination]?.held += count
        held += count
        if lanes[destination]?.isProven == false { heldUnproven += count }
    }

    private mutating func release(_ destination: String, _ count: Int) { hold(destination, -count) }

    /// Changes what is known of a destination, and gives it the place that follows: in the ring, among the timers, or none.
    private mutating func change(_ destination: String, _ body: (inout Lane) -> Void) {
        var lane = lanes[destination] ?? Lane(window: min(limits.firstWindow, limits.perDestination))
        let wasProven = lane.isProven
        body(&lane)
        lane.isProven = lane.provenAt != nil
        if lane.isProven != wasProven { heldUnproven += lane.isProven ? -lane.held : lane.held }
        lanes[destination] = lane
        place(destination)
    }

    private mutating func place(_ destination: String) {
        removeTimer(of: destination)
        guard let lane = lanes[destination], let wakesAt = lane.wakesAt, !lane.isClaiming, lane.held < lane.window else {
            return
        }
        if let lastSeen, wakesAt > lastSeen { setTimer(of: destination, after: lastSeen) } else { enter(destination) }
    }

    private mutating func setTimer(of destination: String, after now: Date) {
        guard let lane = lanes[destination], lane.timer == nil, let wakesAt = lane.wakesAt, wakesAt > now else { return }
        let index = timers.firstIndex { $0.at > wakesAt } ?? timers.count
        timers.insert((wakesAt, destination), at: index)
        lanes[destination]?.timer = wakesAt
    }

    private mutating func enter(_ destination: String) {
        removeTimer(of: destination)
        guard lanes[destination]?.isInRing == false else { return }
        lanes[destination]?.isInRing = true
        ring.append(destination)
    }

    private mutating func removeTimer(of destination: String) {
        guard lanes[destination]?.timer != nil else { return }
        timers.removeAll { $0.destination == destination }
        lanes[destination]?.timer = nil
    }

    private mutating func leaveRing(at index: Int) {
        let destination = ring.remove(at: index)
        lanes[destination]?.isInRing = false
    }
}
