import Envelope
public import Foundation

/// Until when each thing must have happened to one message, and when someone is told next that it has not.
public struct Deadlines: Sendable, Hashable {
    public var deliverBy: Date?
    public var acceptBy: Date?
    public var answerBy: Date?
    /// Earlier than anybody has to be told is harmless: whoever looks then sets it right.
    public var warnAt: Date?

    public init(deliverBy: Date? = nil, acceptBy: Date? = nil, answerBy: Date? = nil, warnAt: Date? = nil) {
        (self.deliverBy, self.acceptBy, self.answerBy, self.warnAt) = (deliverBy, acceptBy, answerBy, warnAt)
    }

    /// What of a message its deadlines follow from.
    public struct Subject: Sendable, Hashable {
        public var kind: String
        public var direction: MessageRecord.Direction
        public var isUrgent: Bool
        /// Whether an AppRec will come, or is owed.
        public var wantsAppRec = true
        /// Who only gets a copy owes no answer.
        public var isCopy = false
        /// Of a referral that was handed over: when its first receiver had it.
        public var answerFrom: Date?

        public init(_ kind: String, _ direction: MessageRecord.Direction, urgent: Bool = false) {
            (self.kind, self.direction, isUrgent) = (kind, direction, urgent)
        }

        /// - Parameter receiver: whose copy this message is.
        public init(_ document: DocumentSummary, _ direction: MessageRecord.Direction, for receiver: HERID) {
            self.init(document.type.code ?? "", direction, urgent: document.isUrgent)
            // An AppRec that comes only on errors is one that nobody can miss.
            wantsAppRec = document.ack != .no && document.ack != .onlyOnError
            isCopy = document.receiver.communicationHERID != receiver.value
            answerFrom = document.firstReceived
        }
    }

    /// The deadlines of a message that was taken from its own system, or opened, at `time`.
    public static func at(taken time: Date, _ subject: Subject, by table: DeadlineTable) -> Deadlines {
        var deadlines = Deadlines()
        for event in DeadlineEvent.allCases {
            if event == .accepted, subject.direction == .out, !subject.wantsAppRec { continue }
            if event == .answered, subject.isCopy { continue }
            let rule = table.rule(subject.kind, subject.direction, urgent: subject.isUrgent, event)
            // What somebody else says can make it sooner, never later.
            let start = event == .answered ? min(time, subject.answerFrom ?? time) : time
            deadlines[event] = rule?.end(from: start, table.calendar)
        }
        deadlines.warnAt = deadlines.nextWarning(after: .distantPast, subject, by: table)
        return deadlines
    }

    public subscript(event: DeadlineEvent) -> Date? {
        get {
            switch event {
            case .delivered: deliverBy
            case .accepted: acceptBy
            case .answered: answerBy
            }
        }
        set {
            switch event {
            case .delivered: deliverBy = newValue
            case .accepted: acceptBy = newValue
            case .answered: answerBy = newValue
            }
        }
    }

    public var isEmpty: Bool { DeadlineEvent.allCases.allSatisfy { self[$0] == nil } }

    /// How late it is for one event.
    public func stage(of event: DeadlineEvent, at time: Date, _ subject: Subject, by table: DeadlineTable) -> DeadlineStage {
        guard let end = self[event] else { return .quiet }
        if time >= end { return .late(days: Int(min(time.timeIntervalSince(end) / 86_400, 100_000))) }
        let warnings = warnings(of: event, before: end, subject, by: table)
        let left = warnings.count { time < $0 }
        return left == warnings.count ? .quiet : .near(left: left)
    }

    /// The first time after `time` at which one of what is still waited for becomes later than it is: its warning, its end, and
    /// every day after that.
    public func nextWarning(after time: Date, _ subject: Subject, by table: DeadlineTable) -> Date? {
        DeadlineEvent.allCases.compactMap { event -> Date? in
            guard let end = self[event] else { return nil }
            let rule = table.rule(subject.kind, subject.direction, urgent: subject.isUrgent, event)
            if let warning = rule?.nextWarning(after: time, before: end, table.calendar) { return warning }
            if time < end { return end }
            return end + (time.timeIntervalSince(end) / 86_400).rounded(.down) * 86_400 + 86_400
        }.min()
    }

    private func warnings(
        of event: DeadlineEvent, before end: Date, _ subject: Subject, by table: DeadlineTable
    ) -> [Date] {
        let rule = table.rule(subject.kind, subject.direction, urgent: subject.isUrgent, event)
        return rule?.warnings(before: end, table.calendar) ?? [end]
    }

    /// What has happened when the message is in that state. What has not is kept, whatever becomes of the message: it may go on.
    ///
    /// - Parameter isAtRest: whether the node has nothing to do with it: of a received one, that its AppRec has gone.
    public static func over(in state: MessageState, isAtRest: Bool) -> Set<DeadlineEvent> {
        switch state {
        case .taken, .sealed, .opened, .held, .cancelled, .failed: []
        case .delivered: [.delivered]
        case .accepted, .rejected: [.delivered, .accepted]
        case .sent: [.delivered, .accepted, .answered]
        case .filed: isAtRest ? [.accepted] : []
        }
    }
}

/// How late it is.
public enum DeadlineStage: Sendable, Hashable {
    /// Nobody needs to be told.
    case quiet
    /// A warning is due, and so many more are to come before the end.
    case near(left: Int)
    /// The deadline has passed, so many whole days ago.
    case late(days: Int)
}
