import Foundation

/// What a withdrawal makes the sending gateway do with each message that may rest on the consent.
///
/// A function of what is known now: made anew when a message that was under way turns out to have arrived, it gives the steps
/// that are then right, and asks nobody twice who has answered.
public struct WithdrawalPlan: Sendable, Hashable {
    /// A message, who holds it or is to have it, and what it rests on.
    public struct Holding: Sendable, Hashable {
        public enum State: String, Sendable, Hashable, CaseIterable {
            case held, queued
            /// Handed to the transport; whether it has arrived is not known.
            case underWay
            case delivered, stopped
        }
        public var messageID: String
        public var holder: ConsentParty
        public var state: State
        /// The consents it relies on; empty when it rests on the law alone.
        public var consents: Set<ConsentDigest>
        /// The rule it rests on besides, when there is one (``ConsentDecision/Allowance/By-swift.enum/law(ruleID:)``).
        public var ruleID: String?

        public init(
            messageID: String, holder: ConsentParty, state: State, consents: Set<ConsentDigest>, ruleID: String? = nil
        ) {
            (self.messageID, self.holder, self.state) = (messageID, holder, state)
            (self.consents, self.ruleID) = (consents, ruleID)
        }
    }

    public enum Step: Sendable, Hashable {
        /// Take it out of the queue; it is answered at once as stopped.
        case stop
        /// Stop trying, and tell the holder all the same: it may have arrived.
        case stopAndTell
        /// Send the withdrawal to the holder, who answers.
        case tell
        /// Rests on the law, not on the consent: goes on, and the family is told why.
        case goesOn(ruleID: String)
        case nothing
    }

    public struct Item: Sendable, Hashable {
        public let holding: Holding
        public let step: Step
    }

    public let withdrawal: ConsentWithdrawal
    public let items: [Item]

    public init(_ withdrawal: ConsentWithdrawal, holdings: [Holding], answers: [WithdrawalAnswer] = []) {
        self.withdrawal = withdrawal
        items = holdings.map { Item(holding: $0, step: Self.step(withdrawal, $0, answers)) }
    }

    private static func step(_ withdrawal: ConsentWithdrawal, _ holding: Holding, _ answers: [WithdrawalAnswer]) -> Step {
        guard withdrawal.reaches(holding.holder) else { return .nothing }
        guard holding.consents.contains(withdrawal.consentDigest) else {
            return holding.ruleID.map { .goesOn(ruleID: $0) } ?? .nothing
        }
        if answers.contains(where: { $0.isAbout(withdrawal, holding) }) { return .nothing }
        switch holding.state {
        case .held, .queued: return .stop
        case .underWay: return .stopAndTell
        case .delivered: return .tell
        case .stopped: return .nothing
        }
    }
}

/// What became of a message after its consent was withdrawn. The holder signs it.
public struct WithdrawalAnswer: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// It was not delivered, and will not be.
        case stopped
        case deleted
        /// The holder must keep it, as a part of a patient record. With the law named and a reason the family can read.
        case keptByLaw(SharingRules.LegalBasis, reason: String)
    }

    public let withdrawalID: String
    public let messageID: String
    public let holder: ConsentParty
    public let outcome: Outcome
    public let at: Date

    /// - Throws: ``ConsentError`` `.incomplete` when something is kept and no reason is given.
    public init(
        to withdrawal: ConsentWithdrawal, messageID: String, holder: ConsentParty, outcome: Outcome, at: Date
    ) throws(ConsentError) {
        try self.init(to: withdrawal.id, messageID: messageID, holder: holder, outcome: outcome, at: at)
    }

    /// The same where only the withdrawal's id is known.
    public init(
        to withdrawal: String, messageID: String, holder: ConsentParty, outcome: Outcome, at: Date
    ) throws(ConsentError) {
        if case .keptByLaw(let basis, let reason) = outcome, basis.law.isEmpty || reason.count < 10 {
            throw ConsentError(.incomplete, at: "answer, kept by law", reason: "names no law, or gives no reason")
        }
        (withdrawalID, self.messageID, self.holder) = (withdrawal, messageID, holder)
        (self.outcome, self.at) = (outcome, at)
    }

    func isAbout(_ withdrawal: ConsentWithdrawal, _ holding: WithdrawalPlan.Holding) -> Bool {
        withdrawalID == withdrawal.id && messageID == holding.messageID && holding.holder.covers(holder)
    }

    public var bytes: [UInt8] {
        var members: [String: CanonicalJSON] = [
            "format": .string(Self.format), "withdrawal": .string(withdrawalID), "message": .string(messageID),
            "holder": ConsentWithdrawal.party(holder), "at": .string(UTCText.write(at)),
        ]
        switch outcome {
        case .stopped: members["outcome"] = .string("stopped")
        case .deleted: members["outcome"] = .string("deleted")
        case .keptByLaw(let basis, let reason):
            members["outcome"] = .string("kept-by-law")
            members["law"] = .string(basis.law)
            members["paragraph"] = basis.paragraph.map { .string($0) }
            members["certainty"] = .string(basis.certainty.rawValue)
            members["reason"] = .string(reason)
        }
        return CanonicalJSON.object(members).bytes
    }

    public init(parsing bytes: [UInt8]) throws(ConsentError) {
        guard let json = try? CanonicalJSON(parsing: bytes), json["format"]?.text == Self.format,
            let withdrawal = json["withdrawal"]?.text, let message = json["message"]?.text,
            let holder = json["holder"].flatMap(ConsentWithdrawal.party), let at = json["at"]?.text.flatMap(UTCText.read)
        else { throw ConsentError(.incomplete, at: "answer", reason: "lacks a member, or is of another format") }
        (withdrawalID, messageID, self.holder, self.at) = (withdrawal, message, holder, at)
        switch json["outcome"]?.text {
        case "stopped": outcome = .stopped
        case "deleted": outcome = .deleted
        case "kept-by-law":
            guard let law = json["law"]?.text, let reason = json["reason"]?.text, !law.isEmpty, reason.count >= 10,
                let certainty = json["certainty"]?.text.flatMap(SharingRules.LegalBasis.Certainty.init)
            else { throw ConsentError(.incomplete, at: "answer, kept by law", reason: "names no law, or gives no reason") }
            outcome = .keptByLaw(
                SharingRules.LegalBasis(law: law, paragraph: json["paragraph"]?.text, certainty: certainty), reason: reason)
        default: throw ConsentError(.notUnderstood, at: "answer, outcome", reason: "is not one we know")
        }
    }

    static let format = "msggw-withdrawal-answer/1"

    /// For the family, bokmål.
    public var text: String {
        switch outcome {
        case .stopped: "Stoppet: \(holder.service.name) har ikke fått dette, og får det ikke."
        case .deleted: "Slettet: \(holder.service.name) har slettet det de hadde fått."
        case .keptByLaw(let basis, let reason): "Beholdt: \(holder.service.name) må beholde dette etter \(basis.name). \(reason)"
        }
    }
}

/// How far a withdrawal has come: who has answered what, and who has not.
public struct WithdrawalProgress: Sendable, Hashable {
    public let answered: [WithdrawalAnswer]
    /// Told, or to be told, and without an answer.
    public let waitingFor: [WithdrawalPlan.Holding]

    public init(_ plan: WithdrawalPlan, answers: [WithdrawalAnswer]) {
        answered = answers.filter { $0.withdrawalID == plan.withdrawal.id }
        waitingFor = plan.items.filter { item in
            switch item.step {
            case .stop, .stopAndTell, .tell: !answers.contains { $0.isAbout(plan.withdrawal, item.holding) }
            case .goesOn, .nothing: false
            }
        }.map(\.holding)
    }

    public var isComplete: Bool { waitingFor.isEmpty }
}
