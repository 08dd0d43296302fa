public import Foundation

/// When people are at work. Whoever knows the holidays conforms.
public protocol DoorHours: Sendable {
    /// When so many seconds of working time have passed after `time`. Never before `time`; with 0 the time itself, or the next
    /// opening when nobody is at work then.
    func time(after workingSeconds: TimeInterval, from time: Date) -> Date
    /// The day on which a time lies where the doors are.
    func day(of time: Date) -> DoorDay
}

/// Who opens a door's messages when the door itself does not.
public struct DeputyLine: Sendable, Hashable {
    /// Days on which a door of the line is known to be closed: it is passed over at once.
    public struct Closure: Sendable, Hashable {
        public var door: DoorID
        public var period: DoorPeriod
        public init(door: DoorID, period: DoorPeriod) { (self.door, self.period) = (door, period) }
    }

    public var door: DoorID
    /// In this order.
    public var next: [DoorID]
    /// How long each of them has.
    public var workingHours: Int
    public var closures: [Closure]

    public init(door: DoorID, next: [DoorID], workingHours: Int, closures: [Closure] = []) {
        (self.door, self.next, self.workingHours, self.closures) = (door, next, workingHours, closures)
    }

    /// One who had the message, or has it.
    public struct Turn: Sendable, Hashable {
        public let door: DoorID
        public let from: Date
        /// When the next in line gets it, unless it is opened before; for the last in line when the sender is told.
        public let until: Date
    }

    public struct Passed: Sendable, Hashable {
        public enum Cause: String, Sendable { case notRegistered, notActive, notValid, closed, cannotReceive }
        public let door: DoorID
        public let cause: Cause
    }

    public struct State: Sendable, Hashable {
        /// Every turn that began, in order; the last has the message unless the line is exhausted.
        public let turns: [Turn]
        public let passed: [Passed]
        /// Nobody of the line opened it in time, or nobody in it can: a person must decide, and the sender is told.
        public let isExhausted: Bool

        public var holder: DoorID? { isExhausted ? nil : turns.last?.door }
    }

    /// Who has a message that arrived then and that nobody has opened.
    ///
    /// Each door has its hours from when the message came to it; what has once been handed on does not come back.
    ///
    /// - Parameter canReceive: whether the door may hold this message, such as by consent and capabilities.
    public func state(
        arrived: Date, now: Date, hours: any DoorHours, registry: DoorRegistry, canReceive: (DoorID) -> Bool
    ) -> State {
        var turns: [Turn] = []
        var passed: [Passed] = []
        var from = arrived
        for door in [self.door] + next {
            // A turn begins when the one before it has ended, so no day ahead is judged.
            // The door it was sent to has it already: whether it could be sent there was asked before.
            if let cause = obstacle(door, on: hours.day(of: from), registry, canReceive) {
                passed.append(Passed(door: door, cause: cause))
                continue
            }
            let turn = Turn(door: door, from: from, until: hours.time(after: TimeInterval(workingHours) * 3600, from: from))
            turns.append(turn)
            if now < turn.until { return State(turns: turns, passed: passed, isExhausted: false) }
            from = turn.until
        }
        return State(turns: turns, passed: passed, isExhausted: true)
    }

    private func obstacle(
        _ id: DoorID, on day: DoorDay, _ registry: DoorRegistry, _ canReceive: (DoorID) -> Bool
    ) -> Passed.Cause? {
        guard let door = registry.complete(id) else { return .notRegistered }
        if !door.isActive { return .notActive }
        if !door.period.contains(day) { return .notValid }
        if closures.contains(where: { $0.door == id && $0.period.contains(day) }) { return .closed }
        return id == self.door || canReceive(id) ? nil : .cannotReceive
    }
}

extension DeputyLine.State {
    /// What the sender reads: who has the message now and since when it was handed on.
    public func bokmaal(in registry: DoorRegistry, hours: any DoorHours) -> [String] {
        func name(_ id: DoorID) -> String { registry[id].map { "\($0.shownName) (HER-id \(id))" } ?? "HER-id \(id)" }
        var lines: [String] = []
        for (before, turn) in zip(turns, turns.dropFirst()) {
            lines.append(
                "\(name(before.door)) åpnet ikke meldingen i tide. Den gikk videre til \(name(turn.door)) \(hours.day(of: turn.from).bokmaal)."
            )
        }
        for turn in passed where turn.cause == .closed { lines.append("\(name(turn.door)) er stengt og ble hoppet over.") }
        if isExhausted {
            lines.append("Ingen har åpnet meldingen, og det er ingen flere å sende den til. Ring mottakeren.")
        } else if let turn = turns.last {
            lines.append("\(name(turn.door)) har meldingen og har frist til \(hours.day(of: turn.until).bokmaal).")
        }
        return lines
    }
}
