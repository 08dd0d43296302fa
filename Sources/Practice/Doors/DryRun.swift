/// What a day would bring, without doing any of it: who follows whom, where nobody answers, and what becomes of everything
/// under way.
public struct DryRun: Sendable, Hashable {
    public struct Change: Sendable, Hashable {
        public let need: Need
        public let area: AreaID
        public let before: Resolution.Outcome
        public let after: Resolution.Outcome
    }

    public struct Move: Sendable, Hashable {
        public let item: InFlight
        public let outcome: Rehoming
    }

    public let day: DoorDay
    public let reforms: [String]
    /// The pieces whose door is another than the day before.
    public let changes: [Change]
    /// The pieces for which nobody, or more than one, answers from that day, though one did the day before.
    public let gaps: [Change]
    public let moves: [Move]

    public init(_ registry: DoorRegistry, on day: DoorDay, needs: [Need], inFlight: [InFlight], decided: DoorDay) {
        self.day = day
        let resolver = Resolver(registry)
        let geography = registry.book.geography
        reforms = geography.reforms.filter { $0.effective == day }.map(\.id)
        var (changes, gaps): ([Change], [Change]) = ([], [])
        let atoms = Set(geography.areas.values.filter { $0.kind == .bydel }.flatMap { geography.atoms(of: $0.id) }).sorted()
        for need in needs {
            for atom in atoms {
                let before = resolver.resolve(need, for: .area(atom), on: day.eve).outcome
                let after = resolver.resolve(need, for: .area(atom), on: day).outcome
                if before == after { continue }
                let change = Change(need: need, area: atom, before: before, after: after)
                if case .found = after { changes.append(change) } else { gaps.append(change) }
            }
        }
        (self.changes, self.gaps) = (changes, gaps)
        moves = inFlight.map { Move(item: $0, outcome: resolver.forward($0, on: day, decided: decided)) }
    }

    public var isClean: Bool {
        gaps.isEmpty
            && moves.allSatisfy { move in
                switch move.outcome {
                case .stays, .moves: true
                case .undecided, .stranded: false
                }
            }
    }

    /// For the operator: one line for each thing, the troubles first. Names no message by more than its id.
    public func report(in registry: DoorRegistry) -> [String] {
        func door(_ id: DoorID?) -> String { id.map { "\($0) \(registry[$0]?.shownName ?? "?")" } ?? "nobody" }
        func area(_ id: AreaID) -> String { "\(id) \(registry.book.geography.areas[id]?.name ?? "")" }
        var lines = ["dry run for \(day): reforms \(reforms.isEmpty ? "none" : reforms.joined(separator: ", "))"]
        for gap in gaps { lines.append("GAP \(gap.need) \(area(gap.area)): \(door(gap.before.door)) -> \(gap.after.summary)") }
        for move in moves {
            switch move.outcome {
            case .undecided(let doors):
                lines.append(
                    "UNDECIDED \(move.item.subject.name) at \(move.item.door): one of \(doors.map(\.description).joined(separator: ", "))"
                )
            case .stranded: lines.append("STRANDED \(move.item.subject.name) at \(move.item.door): no door follows")
            case .stays, .moves: break
            }
        }
        for change in changes {
            lines.append("change \(change.need) \(area(change.area)): \(door(change.before.door)) -> \(door(change.after.door))")
        }
        for move in moves {
            if case .moves(let note) = move.outcome {
                lines.append("move \(move.item.subject.name): \(note.from) -> \(door(note.to))")
            }
        }
        lines.append(
            "\(gaps.count) gaps, \(changes.count) changes, \(moves.count { $0.outcome != .stays }) of \(moves.count) under way concerned"
        )
        return lines
    }
}

extension Resolution.Outcome {
    public var door: DoorID? {
        switch self {
        case .found(let door), .partly(let door, _): door
        default: nil
        }
    }

    /// In a word, for reports.
    public var summary: String {
        switch self {
        case .found(let door): "found \(door)"
        case .several(let candidates): "several: \(candidates.map(\.door.description).joined(separator: ", "))"
        case .partly(let door, let uncovered): "only \(door), nobody for \(uncovered.map(\.value).joined(separator: ", "))"
        case .none(let absence): "nobody (\(absence.rawValue))"
        case .expired(let door, let last): "expired: \(door)" + (last.map { " since \($0)" } ?? "")
        case .notYet(let door, let first): "not yet: \(door)" + (first.map { " from \($0)" } ?? "")
        case .placeUnclear(let areas): "unclear place: \(areas.map(\.value).joined(separator: ", "))"
        case .protected: "protected address"
        }
    }
}

extension InFlight.Subject {
    public var name: String {
        switch self {
        case .message(let id): "message \(id)"
        case .deadline(let id, let rule, _): "deadline \(rule) of \(id)"
        }
    }
}
