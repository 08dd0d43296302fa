public import Foundation

/// What this node knows of who shared what about a child with whom: facts of transport, nothing of what was written.
///
/// It holds no name and no number of the child.
public struct ChildOverview: Sendable, Codable, Hashable {
    public struct Party: Sendable, Codable, Hashable {
        public let herID: String
        /// By the registry; absent when it does not know the party any more.
        public let name: String?
    }

    /// On what a message may be shared, as it was decided last.
    public struct Basis: Sendable, Codable, Hashable {
        /// `allowed`, `needs` or `refused`.
        public let decision: String
        public let law: String?
        /// The rule of law that allows it; absent where a consent or an emergency does.
        public let rule: String?
        public let consents: [Consent]
        public let emergency: Bool
        public let at: Date
    }

    public struct Consent: Sendable, Codable, Hashable {
        /// Absent when the record is not here any more.
        public let id: String?
        public let digest: String
    }

    /// A person who was shown or given the content on this node.
    public struct Opened: Sendable, Codable, Hashable {
        public let by: String
        public let at: Date
        public let purpose: String?
    }

    public enum Step: String, Sendable, Codable, Hashable {
        /// The node sends it, and tries again until it arrives.
        case deliver
        /// A person here must look at it.
        case person
        /// The other side's system has to confirm.
        case confirm
        /// Whoever got it here has to file it.
        case file
        /// It has to be answered: by the other side, or from here.
        case theirAnswer, ourAnswer
        case none
    }

    /// Whom to call.
    public struct Contact: Sendable, Codable, Hashable {
        public let name: String
        public let role: String?
        public let phone: String?
    }

    /// What this node answered to a referral.
    public struct Answered: Sendable, Codable, Hashable {
        /// `rejection`, `acceptance` or `forwarding`.
        public let kind: String
        public let decidedOn: String
    }

    public struct Message: Sendable, Codable, Hashable {
        public let number: Int64
        public let at: Date
        public let direction: MessageRecord.Direction
        public let kind: String
        /// Bokmål.
        public let title: String
        public let sender: Party
        public let receiver: Party
        public let messageID: String
        public let documentID: String
        public let state: MessageState
        public let receipts: Receipts
        /// Absent when none was decided here: what was received, and what was sent while consent.check was off.
        public let basis: Basis?
        public let opened: [Opened]
        public let answered: Answered?
        public let nextStep: Step
        /// When the next step is due.
        public let deadline: Date?
        public let contact: Contact?
        /// The message names no number; it is of somebody of the same name, born on the same day.
        public let isFoundByName: Bool
    }

    public let at: Date
    /// Oldest first.
    public let messages: [Message]
    /// Messages of which nobody can say any more whom they are about: their content was destroyed before anybody asked, or cannot
    /// be read.
    public let unknown: Int
}
