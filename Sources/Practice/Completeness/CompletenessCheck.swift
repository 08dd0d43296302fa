import Foundation

/// Asks a document the questions of a checklist.
public struct CompletenessCheck: Sendable {
    public let checklist: Checklist
    public let ages: AgeRules

    public init(_ checklist: Checklist, ages: AgeRules = .standard) { (self.checklist, self.ages) = (checklist, ages) }

    /// - Parameters:
    ///   - born: nil when the document does not say; every question is then asked.
    ///   - today: by which the child's age is counted.
    ///   - hasProtectedAddress: kode 6 or 7: what shows where the child is, is then not asked for.
    public func report(
        on document: some AnswerSource, born: OsloDay?, today: OsloDay, hasProtectedAddress: Bool = false
    ) -> CompletenessReport {
        let age = born.map { ages.age(born: $0, on: today) }
        let lines = checklist.sections.flatMap { section in
            section.items.map { item in
                CompletenessReport.Line(
                    section: section.title, item: item,
                    state: concerns(item, age, hasProtectedAddress) ? state(of: item, in: document) : .notAsked)
            }
        }
        return CompletenessReport(checklistID: checklist.id, version: checklist.version, title: checklist.title, lines: lines)
    }

    private func concerns(_ item: Checklist.Item, _ age: Int?, _ hasProtectedAddress: Bool) -> Bool {
        item.onlyWhen.allSatisfy { condition in
            if condition == .openAddress { return !hasProtectedAddress }
            guard let age else { return true }
            return switch condition {
            case .under12: age < ages.heardFrom
            case .from12: age >= ages.heardFrom
            case .under16: age < ages.decidesFrom
            case .from16: age >= ages.decidesFrom
            case .openAddress: true
            }
        }
    }

    private func state(of item: Checklist.Item, in document: some AnswerSource) -> CompletenessReport.State {
        var places: [String] = []
        var answers: [String] = []
        var isNone = false
        for key in item.keys {
            switch document.answer(to: key) {
            case .given(let text, let place)? where Self.says(text, atLeast: item.shortest):
                answers.append(text)
                if !places.contains(place) { places.append(place) }
            case .askedAndNone(let place)? where item.acceptsNone:
                isNone = true
                if !places.contains(place) { places.append(place) }
            case .notKnown(let reason)? where item.acceptsNone && Self.says(reason, atLeast: 5): return .notKnown(reason: reason)
            case .notRelevant? where item.acceptsNone: isNone = true
            default: return .missing
            }
        }
        let place = places.joined(separator: ", ")
        return answers.isEmpty && isNone ? .askedAndNone(place: place) : .answered(place: place)
    }

    private static let empty: Set<String> = [
        "-", "--", "?", "??", ".", "x", "xx", "n/a", "na", "ukjent", "se over", "se vedlegg", "se under", "kommer", "fylles ut",
        "test", "ja", "nei",
    ]

    /// Whether a text says something: not a dash, not «se vedlegg» alone.
    static func says(_ text: String, atLeast shortest: Int) -> Bool {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let bare = trimmed.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: " ."))
        if bare.isEmpty || empty.contains(bare) && shortest > 1 { return false }
        return trimmed.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }.count >= shortest
    }
}

/// A checklist, answered: shown to the sender before the message leaves, and to the receiver beside it.
public struct CompletenessReport: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case answered(place: String)
        case askedAndNone(place: String)
        case notKnown(reason: String)
        case missing
        /// Does not concern a child of this age or situation.
        case notAsked
    }

    public struct Line: Sendable, Hashable {
        public let section: String
        public let item: Checklist.Item
        public let state: State
    }

    public let checklistID: String
    public let version: String
    public let title: String
    public let lines: [Line]

    public var missing: [Line] { lines.filter { $0.state == .missing } }
    public var missingThatMust: [Line] { missing.filter { $0.item.weight == .must } }

    /// What happens to the message now.
    public enum Decision: Sendable, Hashable {
        case goes
        /// Goes, although something is missing: the sender has said why.
        case goesAnyway(SendAnyway)
        /// It is urgent: it goes now, and what is missing can follow.
        case goesUrgently
        /// Waits for the sender.
        case waits([Line])
    }

    /// Urgent comes first, whatever is missing. What should be there never holds a message; what must be there does, until the
    /// sender answers it or says why not.
    public func decision(isUrgent: Bool, anyway: SendAnyway? = nil) -> Decision {
        if missingThatMust.isEmpty { return .goes }
        if isUrgent { return .goesUrgently }
        return anyway.map { .goesAnyway($0) } ?? .waits(missingThatMust)
    }
}

/// «Send anyway, because ...»: recorded, and it travels with the message.
public struct SendAnyway: Sendable, Hashable {
    public let reason: String
    /// The sender's own key for who decided; never a name.
    public let by: String
    public let at: Date

    public static let shortestReason = 10

    /// Nil when the reason says nothing.
    public init?(reason: String, by: String, at: Date) {
        guard CompletenessCheck.says(reason, atLeast: Self.shortestReason), !by.isEmpty else { return nil }
        (self.reason, self.by, self.at) = (reason.trimmingCharacters(in: .whitespacesAndNewlines), by, at)
    }
}
