import Foundation

/// Kinds of message, as rules about sharing tell them apart.
public enum SharingMessage: String, Sendable, Hashable, CaseIterable {
    case referral = "henvisning"
    /// Answer to a referral: acceptance, status, rejection.
    case referralAnswer = "svar-paa-henvisning"
    case epikrise
    case pptReport = "ppt-rapport"
    case dialogue = "dialog"
    case followUp = "oppfolging"
    /// A report of concern, or an answer to an order, to the child welfare service.
    case concernReport = "bekymringsmelding"
    case familySubmission = "fra-familien"
    /// To the family's own mailbox.
    case letter = "brev"
    /// A referral that came to the wrong door, on its way to the right one.
    case handover = "videresending"
    case anonymousDiscussion = "anonym-droefting"
}

/// May this be shared, now? Asked at submission and again at sending: the same question with another `at`.
public struct SharingQuestion: Sendable, Hashable {
    public enum Checkpoint: String, Sendable, Hashable, CaseIterable { case submission, sending, opening }

    /// What the receiver is to this child, beside what it is.
    public enum Relation: String, Sendable, Hashable, CaseIterable {
        case referrer = "henviser"
        case childsGP = "fastlege"
        case followsUp = "oppfolging"
    }

    /// What is known about the child's situation. Decided by people and registers, never guessed here.
    public struct Situation: Sendable, Hashable {
        public enum Responsibility: String, Sendable, Hashable { case both, one, childWelfareHasCare, unknown }
        public var responsibility = Responsibility.unknown
        /// Kode 6 or 7 in the population register.
        public var hasProtectedAddress = false
        /// Somebody has checked by hand that those who act for a child at a protected address may do so.
        public var representationChecked = false
        /// The child, 12 or older, has asked with good reason that this be kept from its parents.
        public var keptFromGuardians = false
        /// The young person has given the guardians a power of attorney (fullmakt).
        public var guardiansHavePowerOfAttorney = false

        public init() {}
    }

    public var checkpoint: Checkpoint
    public var message: SharingMessage
    public var sender: ConsentParty
    public var receiver: ConsentParty
    public var relations: Set<Relation> = []
    public var information: Set<InformationKind>
    public var purpose: SharingPurpose
    public var child: ConsentRecord.Child
    public var situation = Situation()
    /// Why this cannot wait for a consent, in the sender's words. Nil: no emergency.
    public var emergency: String?
    /// An anonymous discussion: the check of text and attachments found nothing that stands in the way.
    public var isClearedAsAnonymous = false
    public var at: Date

    public init(
        checkpoint: Checkpoint = .submission, message: SharingMessage, sender: ConsentParty, receiver: ConsentParty,
        information: Set<InformationKind>, purpose: SharingPurpose = .treatment, child: ConsentRecord.Child, at: Date
    ) {
        (self.checkpoint, self.message, self.sender, self.receiver) = (checkpoint, message, sender, receiver)
        (self.information, self.purpose, self.child, self.at) = (information, purpose, child, at)
    }
}
