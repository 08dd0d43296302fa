public import Foundation

/// A message that has not been opened, or a deadline that runs, when bydeler change.
public struct InFlight: Sendable, Hashable {
    public enum Subject: Sendable, Hashable {
        case message(id: String)
        /// The message that began it, and when it ends: that does not move.
        case deadline(messageID: String, rule: String, due: Date)
    }

    public var subject: Subject
    /// Who has it.
    public var door: DoorID
    /// What it was sent for, when it was resolved by need.
    public var need: Need?
    /// Where the child lives, when the sender knew and may say.
    public var place: Place

    public init(_ subject: Subject, at door: DoorID, need: Need? = nil, place: Place = .unknown) {
        (self.subject, self.door, self.need, self.place) = (subject, door, need, place)
    }
}

/// That a message, or a running deadline, has another holder because of a reform. Signed by the node that moves it, and kept
/// with the message by both.
///
/// It names doors and the reform, and no place: where a child lives does not follow from reading it, other than from the doors.
public struct RehomingNote: Sendable, Hashable {
    public let subject: InFlight.Subject
    public let from: DoorID
    public let to: DoorID
    /// nil when an address ended without a reform.
    public let reform: String?
    /// The first day of the new holder.
    public let effective: DoorDay
    public let decided: DoorDay

    public init(
        subject: InFlight.Subject, from: DoorID, to: DoorID, reform: String?, effective: DoorDay, decided: DoorDay
    ) {
        (self.subject, self.from, self.to, self.reform) = (subject, from, to, reform)
        (self.effective, self.decided) = (effective, decided)
    }

    /// What is signed: one line for each value, in this order, UTF-8, each ended by a line feed. The same note always gives the
    /// same bytes, and no value can hold a line feed.
    public var signedBytes: [UInt8] {
        var lines = ["msggw-rehoming-1"]
        switch subject {
        case .message(let id): lines += ["message \(Self.line(id))"]
        case .deadline(let id, let rule, let due):
            lines += [
                "deadline \(Self.line(id))", "rule \(Self.line(rule))", "due \(Int64(due.timeIntervalSince1970.rounded(.down)))",
            ]
        }
        lines += [
            "from \(from)", "to \(to)", "reform \(reform.map(Self.line) ?? "-")", "effective \(effective)", "decided \(decided)",
        ]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// In words, for sender and family.
    public func bokmaal(in registry: DoorRegistry) -> String {
        func name(_ id: DoorID) -> String { registry[id].map { "\($0.shownName) (HER-id \(id))" } ?? "HER-id \(id)" }
        let what =
            switch subject {
            case .message: "Meldingen"
            case .deadline: "Fristen"
            }
        return
            "\(what) er flyttet fra \(name(from)) til \(name(to)) fra \(effective.bokmaal), fordi bydelene er endret. Fristen er den samme."
    }

    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}

/// What becomes of one thing that is under way.
public enum Rehoming: Sendable, Hashable {
    /// Its door goes on.
    case stays
    case moves(RehomingNote)
    /// More than one door follows and nothing says which: somebody must choose. It stays where it is until then.
    case undecided([DoorID])
    /// No door follows. It stays where it is, and somebody must be told.
    case stranded
}

extension Resolver {
    /// The door that an old address leads to on that day; the door itself while it is the right one.
    ///
    /// - Parameter place: of the child, when known. A protected one is not used; then only a single successor counts.
    public func forward(_ item: InFlight, on day: DoorDay, decided: DoorDay) -> Rehoming {
        let registry = self.registry
        guard let door = registry.complete(item.door) else { return .stranded }
        let isOpen = door.isActive && door.period.contains(day)
        let need = item.need ?? self.need(that: door)
        guard let need, registry.rules[need]?.reach != [.assignment] else { return isOpen ? .stays : .stranded }
        var outcome: Resolution.Outcome?
        switch item.place {
        case .area, .named: outcome = resolve(need, for: item.place, on: day).outcome
        case .protected, .unknown: outcome = nil
        }
        // Who answers for the place where the child lives; else who answers for all that the old door did.
        if case .found? = outcome {} else { outcome = successors(of: item.door, need: need, on: day) }
        switch outcome {
        case .found(let next)?, .partly(let next, _)?:
            if next == item.door { return .stays }
            // A door that is open, by catchment or choice, is not left for another without a reform that says so.
            if isOpen, !endedArea(of: item.door, on: day) { return .stays }
            // Another organisation may hold it only when somebody says so: consent and duty of secrecy are bound to the receiver.
            guard registry.complete(next)?.organisationNumber == door.organisationNumber else { return .undecided([next]) }
            return .moves(
                RehomingNote(
                    subject: item.subject, from: item.door, to: next, reform: reform(ending: item.door, by: day)?.id,
                    effective: reform(ending: item.door, by: day)?.effective ?? day, decided: decided))
        case .several(let candidates)?:
            let others = candidates.map(\.door)
            return isOpen && (others.contains(item.door) || !endedArea(of: item.door, on: day)) ? .stays : .undecided(others)
        default: return isOpen ? .stays : .stranded
        }
    }

    /// The note of somebody who has decided it.
    public func note(_ subject: InFlight.Subject, from: DoorID, to: DoorID, on day: DoorDay) -> RehomingNote {
        let reform = reform(ending: from, by: day)
        return RehomingNote(
            subject: subject, from: from, to: to, reform: reform?.id, effective: reform?.effective ?? day, decided: day)
    }

    /// The need that such a door meets. A hospital's reception is of the same service type as a contact point, and is none.
    private func need(that door: Door) -> Need? {
        guard let type = door.serviceType else { return nil }
        return registry.rules.values.sorted { $0.need.id < $1.need.id }
            .first { $0.serviceTypes.contains(type) && isOfBusiness(door, $0) }?.need
    }

    private func successors(of door: DoorID, need: Need, on day: DoorDay) -> Resolution.Outcome? {
        guard let area = registry.area(of: door) else { return nil }
        return resolve(need, for: .area(area), on: day).outcome
    }

    private func endedArea(of door: DoorID, on day: DoorDay) -> Bool {
        registry.area(of: door).flatMap { registry.book.geography.areas[$0] }?.period.isOver(on: day) ?? false
    }

    private func reform(ending door: DoorID, by day: DoorDay) -> Reform? {
        guard let area = registry.area(of: door) else { return nil }
        return registry.book.geography.reforms.last { $0.ends.contains(area) && $0.effective <= day }
    }
}
