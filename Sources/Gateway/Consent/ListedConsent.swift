import Foundation
import Practice

/// A consent as a list shows it: who may share what with whom until when, without the name of a person.
public struct ListedConsent: Sendable, Codable, Hashable {
    public enum State: String, Sendable, Codable {
        case active, expired, withdrawn
        case notYet = "not yet"
        /// A later version says something else.
        case replaced
        /// The record itself says that it does not count.
        case inactive
    }

    public let id: String
    public let version: Int
    public let state: State
    /// `permit` or `deny`: a consent or an objection.
    public let stance: String
    /// `patient-privacy` to share, `treatment` for treatment.
    public let scope: String
    public let information: [String]
    public let from: [String]
    public let to: [String]
    public let givenBy: [String]
    public let givenAt: Date
    public let validFrom: String
    public let validUntil: String
    public let digest: String

    init(_ consent: VerifiedConsent, isNewest: Bool, withdrawals: [ConsentWithdrawal], at now: Date) {
        let record = consent.record
        let today = OsloDay(at: now)
        let isWithdrawn = withdrawals.contains { $0.receivers.isEmpty && $0.at <= now }
        state =
            if isWithdrawn {
                .withdrawn
            } else if !isNewest {
                .replaced
            } else if record.status != .active {
                .inactive
            } else if today > record.validUntil {
                .expired
            } else if today < record.validFrom {
                .notYet
            } else {
                .active
            }
        (id, version, stance, scope) = (record.id, record.version, record.stance.rawValue, record.scope.rawValue)
        information = record.information.map(\.rawValue)
        (from, to) = (record.from.map(Self.shown), record.to.map(Self.shown))
        givenBy = record.givers.map(\.role.rawValue)
        (givenAt, validFrom, validUntil) = (record.givenAt, record.validFrom.description, record.validUntil.description)
        digest = consent.digest.description
    }

    private static func shown(_ party: ConsentParty) -> String {
        party.identity.map { "\(party.service.rawValue) \($0.value)" } ?? party.service.rawValue
    }
}

/// What recording a consent came to.
public struct RecordedConsent: Sendable, Codable, Hashable {
    public let consent: ListedConsent
    /// What in the file was passed over: elements that cannot change the meaning.
    public let deviations: [String]
}

/// One version of a consent with the record itself.
public struct ShownConsent: Sendable, Codable, Hashable {
    public let consent: ListedConsent
    /// In a sentence or two, bokmål.
    public let summary: String
    /// The bytes that are signed.
    public let fhir: String
    /// What was taken back of this version, and what each holder says of it.
    public let withdrawals: [ShownWithdrawal]
}

/// What became of messages when a consent was taken back.
public struct WithdrawnConsent: Sendable, Codable, Hashable {
    public struct Message: Sendable, Codable, Hashable {
        public enum Step: String, Sendable, Codable {
            /// Taken out of the queue; nobody got it.
            case stopped
            /// Nobody tries any more; it may have arrived, so the receiver must be told.
            case stoppedTell
            /// Delivered: the receiver must be told.
            case tell
            /// Rests on the law, not on this consent.
            case goesOn
        }

        public let number: Int64
        public let messageID: String
        public let receiver: String
        public let step: Step
        /// The rule that it rests on, when it goes on.
        public let rule: String?
        /// This node's number of the message that tells the receiver.
        public var told: Int64?

        /// Whether its receiver has it, or may have it.
        var isToBeTold: Bool { step == .tell || step == .stoppedTell }
    }

    public let withdrawal: String
    public let consent: String
    public var messages: [Message]
    /// Whom a person has to tell, and why msggw could not.
    public var remarks: [String] = []
}
