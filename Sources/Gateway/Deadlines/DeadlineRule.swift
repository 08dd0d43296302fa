import Foundation

/// What someone waits for.
public enum DeadlineEvent: String, Sendable, Hashable, CaseIterable, Codable {
    /// The receiver's node has it: its signed Acknowledgment.
    case delivered
    /// The receiver's system has it: its AppRec.
    case accepted
    /// A person has answered it: a later document about it.
    case answered
}

/// How long something may take.
public enum DeadlineSpan: Sendable, Hashable {
    case time(minutes: Int)
    /// As a deadline: until the end of that working day, the day on which it began not counted. As a warning: the morning of
    /// the working day that lies so many before.
    case workingDays(Int)

    /// Reads `45m`, `4h`, `2d` or `10wd`; nil for anything else, and for less than a minute or more than a year.
    public init?(_ text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let count = Int(digits), digits.count <= 6 else { return nil }
        switch text.dropFirst(digits.count) {
        case "m" where (1...527_040).contains(count): self = .time(minutes: count)
        case "h" where (1...8784).contains(count): self = .time(minutes: count * 60)
        case "d" where (1...366).contains(count): self = .time(minutes: count * 1440)
        case "wd" where (0...260).contains(count): self = .workingDays(count)
        default: return nil
        }
    }

    /// As it can be written in the settings.
    public var text: String {
        switch self {
        case .workingDays(let count): "\(count)wd"
        case .time(let minutes) where minutes % 1440 == 0 && minutes > 1440: "\(minutes / 1440)d"
        case .time(let minutes) where minutes % 60 == 0: "\(minutes / 60)h"
        case .time(let minutes): "\(minutes)m"
        }
    }

    /// The end of the span that begins at `time`.
    func end(from time: Date, _ calendar: WorkingCalendar) -> Date {
        switch self {
        case .time(let minutes): time + TimeInterval(minutes * 60)
        case .workingDays(let count): calendar.end(ofWorkingDay: count, after: time)
        }
    }

    /// When the span that ends at `time` begins.
    func start(before time: Date, _ calendar: WorkingCalendar) -> Date {
        switch self {
        case .time(let minutes): time - TimeInterval(minutes * 60)
        case .workingDays(let count): calendar.start(ofWorkingDay: count, before: time)
        }
    }
}

/// One deadline: how long, how long before its end someone is warned, and who says so.
public struct DeadlineRule: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// Settings can shorten it, not lengthen it.
        case law(String)
        /// What is usual where no standard gives a figure. Settings can change it.
        case practice(String)
        /// The settings of this node.
        case settings

        public var text: String {
            switch self {
            case .law(let text), .practice(let text): text
            case .settings: "settings"
            }
        }
    }

    public let span: DeadlineSpan
    /// The last warning before its end.
    public let warning: DeadlineSpan
    /// Warnings before that one, as long before the end.
    public let earlier: [DeadlineSpan]
    public let source: Source
    /// What the law allows at most; the earlier of the two counts. nil when no law says anything.
    let ceiling: DeadlineSpan?

    public init(_ span: DeadlineSpan, warning: DeadlineSpan, after earlier: [DeadlineSpan] = [], _ source: Source) {
        self.init(span, warning: warning, after: earlier, source, ceiling: nil)
    }

    init(
        _ span: DeadlineSpan, warning: DeadlineSpan, after earlier: [DeadlineSpan] = [], _ source: Source, ceiling: DeadlineSpan?
    ) {
        (self.span, self.warning, self.earlier, self.source) = (span, warning, earlier, source)
        if case .law = source { self.ceiling = span } else { self.ceiling = ceiling }
    }

    /// Whether `span` is plainly longer than the law allows.
    func forbids(_ span: DeadlineSpan) -> Bool {
        switch (ceiling, span) {
        case (nil, _): false
        case (.workingDays(let allowed), .workingDays(let wanted)): wanted > allowed
        case (.time(let allowed), .time(let wanted)): wanted > allowed
        // The shortest that so many working days can be.
        case (.workingDays(let allowed), .time(let wanted)): wanted > (allowed + 1) * 1440
        case (.time, .workingDays): true
        }
    }

    func end(from time: Date, _ calendar: WorkingCalendar) -> Date {
        let end = span.end(from: time, calendar)
        return ceiling.map { min(end, $0.end(from: time, calendar)) } ?? end
    }

    /// When the last warning about a deadline that ends at `end` is due; never after it.
    func warning(before end: Date, _ calendar: WorkingCalendar) -> Date { min(end, warning.start(before: end, calendar)) }

    /// When each warning is due, the first one first.
    func warnings(before end: Date, _ calendar: WorkingCalendar) -> [Date] {
        (earlier + [warning]).map { min(end, $0.start(before: end, calendar)) }.sorted()
    }

    /// The first of these that is after `time`; nil when none is left.
    func nextWarning(after time: Date, before end: Date, _ calendar: WorkingCalendar) -> Date? {
        // Asked for every message that comes or moves: no list is made.
        var next: Date?
        func consider(_ span: DeadlineSpan) {
            let due = min(end, span.start(before: end, calendar))
            if time < due, next.map({ due < $0 }) ?? true { next = due }
        }
        for span in earlier { consider(span) }
        consider(warning)
        return next
    }
}
