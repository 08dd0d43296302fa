/// Whose decision it is; the right to complain follows from it.
///
/// Health decisions follow pasient- og brukerrettighetsloven (pbrl): §§ 7-2, 7-3, 7-5, four weeks. Decisions of PPT and the
/// school follow opplæringslova and forvaltningsloven: three weeks, other words, no ombud. The texts are never exchanged.
public enum ComplaintRule: String, Sendable, Hashable, CaseIterable, Codable {
    case specialistHealth = "spesialisthelsetjeneste"
    case municipalHealth = "kommunal-helse"
    case education = "opplaering"

    public var weeks: Int {
        switch self {
        case .specialistHealth, .municipalHealth: 4
        case .education: 3
        }
    }

    public var isHealth: Bool { self != .education }
    /// Asking once for a new assessment through the referrer, pbrl § 2-3, is a right towards the specialist service only.
    public var hasNewAssessment: Bool { self == .specialistHealth }
}

/// The days that count for a complaint. A value given by the caller, who knows the public holidays.
public struct ComplaintCalendar: Sendable {
    private let isWorked: @Sendable (LetterDay) -> Bool

    public init(isWorked: @escaping @Sendable (LetterDay) -> Bool) { self.isWorked = isWorked }

    /// The day itself, or the next that is worked. Looks no further than thirty days, so that a calendar without any ends too.
    public func worked(from day: LetterDay) -> LetterDay {
        for step in 0...30 {
            if let next = day.adding(days: step), isWorked(next) { return next }
        }
        return day
    }
}

/// The right to complain, with its dates computed.
public struct ComplaintRight: Sendable, Hashable {
    public let rule: ComplaintRule
    /// The day from which the weeks run: when the family gets, or should have got, the letter.
    public let madeKnown: LetterDay
    /// The last day, as the letter says it: the same weekday so many weeks later.
    ///
    /// It is not moved when it is a holiday: a letter never promises more time than the law surely gives.
    public let lastDay: LetterDay
    /// Until when a complaint is treated as in time without asking: ``lastDay``, or the next day that is worked.
    public let countedUntil: LetterDay
    /// Who decides the complaint in the end.
    public let appealBody: String
    /// The unit that decided, to which the complaint goes first: lines of an address.
    public let sendTo: [String]
    /// The telephone of pasient- og brukerombudet; none for school and PPT.
    public let ombud: PhoneNumber?

    /// - Throws: what is missing; ``LetterLack/complaintRight`` also when the date lies outside all calendars.
    public init(
        rule: ComplaintRule, madeKnown: LetterDay, calendar: ComplaintCalendar, sendTo: [String], appealBody: String,
        ombud: PhoneNumber?
    ) throws(LetterRefusal) {
        guard let lastDay = madeKnown.adding(days: 7 * rule.weeks) else { throw LetterRefusal([.complaintRight]) }
        (self.rule, self.madeKnown, self.lastDay) = (rule, madeKnown, lastDay)
        countedUntil = calendar.worked(from: lastDay)
        (self.sendTo, self.appealBody, self.ombud) = (sendTo.cleanedLines, appealBody.cleanedLine, rule.isHealth ? ombud : nil)
        var lacks: [LetterLack] = []
        if self.sendTo.isEmpty || self.appealBody.isEmpty { lacks.append(.complaintAddress) }
        if rule.isHealth, ombud == nil { lacks.append(.ombud) }
        try LetterRefusal.check(lacks)
    }
}
