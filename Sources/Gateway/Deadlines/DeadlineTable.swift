import Envelope

/// How long each kind of message may take, on its way out and when it has come in. `docs/DEADLINES.md` holds it as a table.
public struct DeadlineTable: Sendable, Hashable {
    /// What a rule is for.
    public struct Case: Sendable, Hashable {
        /// Code list 8279, `Acknowledgment`, `MessageError`, or ``DeadlineTable/anyOther``.
        public let kind: String
        public let direction: MessageRecord.Direction
        public let isUrgent: Bool
        public let event: DeadlineEvent

        public init(_ kind: String, _ direction: MessageRecord.Direction, urgent: Bool, _ event: DeadlineEvent) {
            (self.kind, self.direction, self.isUrgent, self.event) = (kind, direction, urgent, event)
        }
    }

    /// The kind of everything that has no rows of its own.
    public static let anyOther = "*"

    public let calendar: WorkingCalendar
    private(set) var rules: [Case: DeadlineRule]
    /// Working days within which somebody must have said that they take over after a discharge.
    public var takeOverDays = 3

    /// The table as it ships.
    public init(calendar: WorkingCalendar = WorkingCalendar()) {
        self.calendar = calendar
        rules = Self.standard
    }

    /// nil when nobody waits for that.
    public func rule(
        _ kind: String, _ direction: MessageRecord.Direction, urgent: Bool, _ event: DeadlineEvent
    ) -> DeadlineRule? {
        let known = Self.kinds.contains(kind) ? kind : Self.anyOther
        return rules[Case(known, direction, urgent: urgent, event)]
    }

    mutating func set(_ rule: DeadlineRule?, for place: Case) { rules[place] = rule }

    // MARK: - What ships

    static let referrals: [MessageType] = [
        .henvisning, .henvisningBUP, .henvisningRehabilitering, .henvisningNyTilstand, .henvisningVidere,
    ]
    private static let questions: [MessageType] = [.dialogForesporsel]
    static let signals = ["Acknowledgment", "MessageError"]

    /// Every kind that has rows of its own: all of list 8279 that msggw knows, and the two signals.
    public static let kinds = Set(MessageType.names.keys).union(signals)

    private static let missingAppRec = DeadlineRule.Source.practice(
        "practice: a missing AppRec is looked into after 4 hours when it is urgent, after 24 hours at the latest, then by "
            + "telephone; no standard read gives a figure")
    private static let beforeAppRec = DeadlineRule.Source.practice(
        "ours: in time to telephone before the AppRec is missed")
    private static let receiptsAtOnce = DeadlineRule.Source.practice("ours: the other side waits for it")
    private static let assessment = DeadlineRule.Source.law(
        "pasient- og brukerrettighetsloven § 2-2: assessed and answered within 10 working days (virkedager) of receipt")
    private static let quickerAssessment = DeadlineRule.Source.practice(
        "ours; pasient- og brukerrettighetsloven § 2-2 says sooner than 10 working days, without a figure, when the illness may be serious"
    )
    private static let question = DeadlineRule.Source.practice("ours: a question that nobody answers must be seen")

    private static let standard: [Case: DeadlineRule] = {
        var rules: [Case: DeadlineRule] = [:]
        for kind in MessageType.names.keys.filter({ $0 != MessageType.appRec.rawValue }) + [anyOther] {
            rules.merge(transport(of: kind)) { $1 }
        }
        for kind in signals + [MessageType.appRec.rawValue] {
            for urgent in [false, true] {
                rules[Case(kind, .out, urgent: urgent, .delivered)] = DeadlineRule(
                    .time(minutes: 240), warning: .time(minutes: 180), receiptsAtOnce)
            }
        }
        for kind in referrals.map(\.rawValue) {
            rules.merge(answers(to: kind, .workingDays(10), warned: [5, 2, 1], assessment, urgently: quickerAssessment)) { $1 }
        }
        for kind in questions.map(\.rawValue) {
            rules.merge(answers(to: kind, .workingDays(5), warned: [3], question, urgently: question)) { $1 }
        }
        return rules
    }()

    private static func transport(of kind: String) -> [Case: DeadlineRule] {
        let (ordinary, urgent) = (DeadlineSpan.time(minutes: 24 * 60), DeadlineSpan.time(minutes: 4 * 60))
        var rules: [Case: DeadlineRule] = [
            Case(kind, .out, urgent: false, .delivered): DeadlineRule(
                .time(minutes: 12 * 60), warning: .time(minutes: 8 * 60), beforeAppRec),
            Case(kind, .out, urgent: true, .delivered): DeadlineRule(
                .time(minutes: 60), warning: .time(minutes: 45), beforeAppRec),
        ]
        for direction in [MessageRecord.Direction.out, .in] {
            rules[Case(kind, direction, urgent: false, .accepted)] = DeadlineRule(
                ordinary, warning: .time(minutes: 4 * 60), missingAppRec)
            rules[Case(kind, direction, urgent: true, .accepted)] = DeadlineRule(
                urgent, warning: .time(minutes: 2 * 60), missingAppRec)
        }
        return rules
    }

    /// Who waits for the answer is warned on the last day but one; of an urgent one both in the morning of the day.
    ///
    /// - Parameter warnings: to who has to answer; the last one last.
    private static func answers(
        to kind: String, _ span: DeadlineSpan, warned warnings: [Int], _ source: DeadlineRule.Source,
        urgently: DeadlineRule.Source
    ) -> [Case: DeadlineRule] {
        let spans = warnings.map { DeadlineSpan.workingDays($0) }
        let ordinary = DeadlineRule(span, warning: spans.last ?? .workingDays(1), after: Array(spans.dropLast()), source)
        let soon = DeadlineRule(.workingDays(1), warning: .workingDays(0), urgently, ceiling: ordinary.ceiling)
        return [
            Case(kind, .in, urgent: false, .answered): ordinary,
            Case(kind, .out, urgent: false, .answered): DeadlineRule(span, warning: .workingDays(1), source),
            Case(kind, .in, urgent: true, .answered): soon,
            Case(kind, .out, urgent: true, .answered): soon,
        ]
    }
}

extension DeadlineTable {
    /// The table as Markdown, for `docs/DEADLINES.md`. Kinds with the same rows stand together.
    public func markdown() -> String {
        var groups: [[String]: [String]] = [:]
        for kind in Self.kinds.union([Self.anyOther]).sorted() { groups[rows(of: kind), default: []].append(kind) }
        let head = [
            "| kind | | waits for | within | warned before the end | who says so |", "| --- | --- | --- | --- | --- | --- |",
        ]
        let lines = groups.sorted { $0.value[0] < $1.value[0] }.flatMap { rows, kinds -> [String] in
            let names = kinds.map { $0 == Self.anyOther ? "any other" : "`\($0)`" }.joined(separator: ", ")
            return rows.isEmpty ? ["| \(names) | | nothing | | | |"] : rows.map { "| \(names) | \($0) |" }
        }
        return (head + lines).joined(separator: "\n") + "\n"
    }

    private func rows(of kind: String) -> [String] {
        var rows: [String] = []
        for direction in [MessageRecord.Direction.out, .in] {
            for urgent in [false, true] {
                for event in DeadlineEvent.allCases {
                    guard let rule = rules[Case(kind, direction, urgent: urgent, event)] else { continue }
                    rows.append(
                        "\(direction.rawValue)\(urgent ? ", urgent" : "") | \(event.rawValue) | \(rule.span.text) | \((rule.earlier + [rule.warning]).map(\.text).joined(separator: ", ")) | \(rule.source.text)"
                    )
                }
            }
        }
        return rows
    }
}
