/// Why a referral is rejected. Our own list: the national ones have codes for the message (9148, 4 is "Henvisningen er avvist")
/// and for what is not a rejection (8117: wrong addressee, too little information), none for the clinical reason.
public enum RejectionGround: String, Sendable, Hashable, CaseIterable, Codable {
    case helpWhereYouLive = "hjelp-i-kommunen"
    case notSevereEnough = "ikke-alvorlig-nok"
    case littleBenefit = "liten-nytte-naa"
    case helpedAlready = "faar-hjelp-fra-foer"
    case notWished = "oensker-ikke"
    /// 8117, 1. Not a rejection: refused with the way to hand it over.
    case wrongAddressee = "8117-1"
    /// 8117, 2. Not a rejection: refused with the way to ask.
    case tooLittleInformation = "8117-2"

    public var isRejection: Bool { self != .wrongAddressee && self != .tooLittleInformation }
}

/// A rejection as it is being written: anything may be missing.
public struct RejectionDraft: Sendable, Hashable {
    public var base: LetterCase
    public var ground: RejectionGround?
    /// To the family, about this child and this referral.
    public var reason = ""
    /// What was read and heard: `henvisningen fra fastlegen`, `rapporten fra skolen`.
    public var considered: [String] = []
    public var assessors: [LetterPerson] = []
    public var assessedOn: LetterDay?
    /// To the referrer: what they can do and when to refer again.
    public var adviceToReferrer = ""
    /// What the family can do now, a sentence each.
    public var familySteps: [String] = []
    /// The family's own bydel and the services there.
    public var bydel = ""
    public var services: [LetterService] = []
    public var nextHolder: NextHolder?
    public var decidedUnder: ComplaintRule = .specialistHealth
    public var complaint: ComplaintRight?

    public init(_ base: LetterCase) { self.base = base }
}

/// A rejection that has all it must have. Letter, status and record are made from it and from nothing else.
public struct Rejection: Sendable, Hashable {
    public let base: LetterCase
    public let receivedOn: LetterDay
    public let contact: LetterPerson
    public let ground: RejectionGround
    public let reason: String
    public let considered: [String]
    public let assessors: [LetterPerson]
    public let assessedOn: LetterDay
    public let adviceToReferrer: String
    public let familySteps: [String]
    public let bydel: String
    public let services: [LetterService]
    public let nextHolder: NextHolder
    public let complaint: ComplaintRight

    /// - Throws: everything that is missing, at once.
    public init(_ draft: RejectionDraft) throws(LetterRefusal) {
        base = draft.base.cleaned
        (reason, adviceToReferrer) = (draft.reason.cleanedText, draft.adviceToReferrer.cleanedText)
        (considered, familySteps) = (draft.considered.cleanedLines, draft.familySteps.cleanedLines)
        assessors = draft.assessors.map(\.cleaned)
        (bydel, services) = (draft.bydel.cleanedLine, draft.services.map(\.cleaned).filter { !$0.name.isEmpty })
        let lacks = Self.lacks(draft, base)
        guard let receivedOn = base.receivedOn, let contact = base.contact, let ground = draft.ground,
            let assessedOn = draft.assessedOn, let nextHolder = draft.nextHolder?.cleaned, let complaint = draft.complaint,
            lacks.isEmpty
        else { throw LetterRefusal(lacks) }
        (self.receivedOn, self.contact, self.ground, self.assessedOn) = (receivedOn, contact, ground, assessedOn)
        (self.nextHolder, self.complaint) = (nextHolder, complaint)
    }

    private static func lacks(_ draft: RejectionDraft, _ base: LetterCase) -> [LetterLack] {
        var lacks = base.lacks
        switch draft.ground {
        case nil: lacks.append(.ground)
        case .wrongAddressee: lacks.append(.wrongAddressee)
        case .tooLittleInformation: lacks.append(.tooLittleInformation)
        default: break
        }
        let reason = draft.reason.cleanedText
        if reason.isEmpty {
            lacks.append(.reason)
        } else if reason.filter({ $0.isLetter || $0.isNumber }).count < LetterLack.shortestReason {
            lacks.append(.reasonTooShort)
        }
        if draft.considered.cleanedLines.isEmpty { lacks.append(.considered) }
        if draft.assessors.isEmpty || draft.assessors.contains(where: { $0.cleaned.name.isEmpty || $0.cleaned.role.isEmpty }) {
            lacks.append(.assessor)
        }
        if base.isUnusable(draft.assessedOn) { lacks.append(.assessedOn) }
        if draft.adviceToReferrer.cleanedText.isEmpty { lacks.append(.adviceToReferrer) }
        if draft.familySteps.cleanedLines.isEmpty, draft.services.allSatisfy({ $0.name.cleanedLine.isEmpty }) {
            lacks.append(.familySteps)
        }
        let next = draft.nextHolder?.cleaned
        if next?.name.isEmpty ?? true || next?.does.isEmpty ?? true { lacks.append(.nextHolder) }
        return lacks + complaintLacks(draft)
    }

    private static func complaintLacks(_ draft: RejectionDraft) -> [LetterLack] {
        guard let complaint = draft.complaint else { return [.complaintRight] }
        var lacks: [LetterLack] = []
        if complaint.rule != draft.decidedUnder { lacks.append(.wrongComplaintRule) }
        if let assessed = draft.assessedOn, complaint.madeKnown < assessed { lacks.append(.deadlineBeforeDecision) }
        return lacks
    }
}
