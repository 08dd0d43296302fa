public import Practice

/// Why a referral was not answered. Nothing of the answer is kept.
public struct AnswerError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The message is no referral, is only a copy of one, takes one back, or cannot be read as one.
        case noReferral
        /// The file is about something else than the referral that was named.
        case otherReferral
        /// The file is another kind of answer than the command gives.
        case otherKind
        case alreadyAnswered
        /// Who gets a letter follows from the child's age, and the referral does not say it.
        case ageUnknown
        /// The referral says that the address is protected, and the answer would tell where the child lives.
        case protectedPlace
        case area, services
        /// The referral cannot go to that door.
        case door
        /// A day that lies ahead.
        case day
        /// The letter or the status lacks something; ``lacks`` has all of it.
        case lacks
    }

    public let code: Code
    /// What was wrong and what to do; no content.
    public let reason: String
    public let lacks: [LetterLack]

    init(_ code: Code, _ reason: String) { (self.code, self.reason, lacks) = (code, reason, []) }

    init(_ refusal: LetterRefusal) { (code, reason, lacks) = (.lacks, refusal.description, refusal.lacks) }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.lacks == right.lacks }
    public var description: String { reason }
}
