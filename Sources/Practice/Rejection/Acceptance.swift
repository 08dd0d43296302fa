/// How long and how often a child is expected to be in treatment.
public struct ExpectedCourse: Sendable, Hashable {
    public var weeks: ClosedRange<Int>
    /// `én time i uka`.
    public var rhythm: String
    /// What happens, a sentence or more to the family.
    public var what: String

    public init(weeks: ClosedRange<Int>, rhythm: String, what: String) {
        (self.weeks, self.rhythm, self.what) = (weeks, rhythm, what)
    }

    var cleaned: ExpectedCourse { ExpectedCourse(weeks: weeks, rhythm: rhythm.cleanedLine, what: what.cleanedText) }

    var isUsable: Bool { weeks.lowerBound > 0 && !rhythm.isEmpty && !what.isEmpty }

    func written(in language: WrittenLanguage) -> String {
        let (low, high) = (weeks.lowerBound, weeks.upperBound)
        let word = language == .bokmal ? "uker" : "veker"
        return low == high ? "\(low) \(word)" : "\(low) til \(high) \(word)"
    }
}

/// When help begins.
public enum FirstTime: Sendable, Hashable {
    /// An appointment: status 1, "Innkalles til helsehjelp". The clock as `13.30`.
    case appointment(LetterDay, clock: String, place: String)
    /// The day is not known yet: status 2, "Rett til helsehjelp, tidspunkt kommer".
    case noLaterThan(LetterDay)

    var status: ReferralStatus {
        switch self {
        case .appointment: .calledIn
        case .noLaterThan: .rightToCare
        }
    }
}

/// An acceptance as it is being written.
public struct AcceptanceDraft: Sendable, Hashable {
    public var base: LetterCase
    /// Who answers for the treatment, with a direct number.
    public var responsible: LetterPerson?
    public var course: ExpectedCourse?
    public var first: FirstTime?
    /// The legal deadline for the help to begin.
    public var deadline: LetterDay?
    public var assessedOn: LetterDay?
    public var complaint: ComplaintRight?

    public init(_ base: LetterCase) { self.base = base }
}

/// An acceptance that says who is responsible, how to reach them and what to expect.
public struct Acceptance: Sendable, Hashable {
    public let base: LetterCase
    public let receivedOn: LetterDay
    public let contact: LetterPerson
    public let responsible: LetterPerson
    public let course: ExpectedCourse
    public let first: FirstTime
    public let deadline: LetterDay?
    public let assessedOn: LetterDay
    public let complaint: ComplaintRight?

    /// - Throws: everything that is missing, at once.
    public init(_ draft: AcceptanceDraft) throws(LetterRefusal) {
        base = draft.base.cleaned
        var lacks = base.lacks
        let (responsible, course) = (draft.responsible?.cleaned, draft.course?.cleaned)
        if responsible?.name.isEmpty ?? true || responsible?.role.isEmpty ?? true {
            lacks.append(.responsible)
        } else if responsible?.phone?.canBeDirect != true {
            lacks.append(.responsibleNumber)
        }
        if course?.isUsable != true { lacks.append(.expectedCourse) }
        if !Self.isUsable(draft.first) { lacks.append(.firstTime) }
        if base.isUnusable(draft.assessedOn) { lacks.append(.assessedOn) }
        guard let receivedOn = base.receivedOn, let contact = base.contact, let responsible, let course, let first = draft.first,
            let assessedOn = draft.assessedOn, lacks.isEmpty
        else { throw LetterRefusal(lacks) }
        (self.receivedOn, self.contact, self.responsible) = (receivedOn, contact, responsible)
        (self.course, self.first, self.assessedOn) = (course, first, assessedOn)
        (deadline, complaint) = (draft.deadline, draft.complaint)
    }

    private static func isUsable(_ first: FirstTime?) -> Bool {
        switch first {
        case .none: false
        case .noLaterThan: true
        case .appointment(_, let clock, let place): !place.cleanedLine.isEmpty && isClock(clock)
        }
    }

    /// `9.00` or `13.30`.
    private static func isClock(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = UInt(parts[0]), let minute = UInt(parts[1])
        else { return false }
        return hour < 24 && minute < 60
    }
}

/// A referral handed over to the right door. The time that has run is not given back: the deadline counts from the first receipt.
public struct Forwarding: Sendable, Hashable {
    public let base: LetterCase
    public let receivedOn: LetterDay
    public let contact: LetterPerson
    public let receiver: LetterUnit
    public let receiverPhone: PhoneNumber
    public let forwardedOn: LetterDay
    /// A sentence to the family.
    public let reason: String

    /// - Throws: everything that is missing, at once.
    public init(
        _ base: LetterCase, to receiver: LetterUnit?, phone: PhoneNumber?, on day: LetterDay?, reason: String
    ) throws(LetterRefusal) {
        self.base = base.cleaned
        var lacks = self.base.lacks
        let receiver = receiver?.cleaned
        if receiver?.name.isEmpty ?? true || phone == nil { lacks.append(.receiver) }
        self.reason = reason.cleanedText
        if self.reason.isEmpty { lacks.append(.forwardingReason) }
        if base.isUnusable(day) { lacks.append(.assessedOn) }
        guard let receivedOn = base.receivedOn, let contact = self.base.contact, let receiver, let phone, let day, lacks.isEmpty
        else { throw LetterRefusal(lacks) }
        (self.receivedOn, self.contact, self.receiver) = (receivedOn, contact, receiver)
        (receiverPhone, forwardedOn) = (phone, day)
    }
}
