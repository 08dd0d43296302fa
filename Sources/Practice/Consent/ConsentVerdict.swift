import Foundation

/// What was decided about a message, when, by which rules and on whose word: kept with the message, once for each checkpoint.
///
/// Holds no names and no numbers of persons: only codes, digests and the moment.
public struct ConsentVerdict: Sendable, Hashable {
    public let messageID: String
    public let checkpoint: SharingQuestion.Checkpoint
    public let at: Date
    public let rulesVersion: String
    public let decision: ConsentDecision

    public init(messageID: String, question: SharingQuestion, rules: SharingRules, decision: ConsentDecision) {
        (self.messageID, checkpoint, at) = (messageID, question.checkpoint, question.at)
        (rulesVersion, self.decision) = (rules.version, decision)
    }

    /// Codes only: the words are made anew from them.
    public var bytes: [UInt8] {
        var members: [String: CanonicalJSON] = [
            "format": .string("msggw-consent-verdict/1"), "message": .string(messageID),
            "checkpoint": .string(checkpoint.rawValue), "at": .string(UTCText.write(at)), "rules": .string(rulesVersion),
        ]
        switch decision {
        case .allowed(let allowance):
            members["decision"] = .string("allowed")
            members["basis"] = .string(allowance.basis.name)
            members["certainty"] = .string(allowance.basis.certainty.rawValue)
            members["duties"] = .strings(allowance.duties.map(\.rawValue))
            switch allowance.by {
            case .law(let ruleID): members["rule"] = .string(ruleID)
            case .consent(let digests): members["consents"] = .strings(digests.map(\.description))
            case .emergency: members["emergency"] = .bool(true)
            }
        case .needs(let needs):
            members["decision"] = .string("needs")
            members["needs"] = .strings(needs.map(\.kind.rawValue))
        case .refused(let refusal):
            members["decision"] = .string("refused")
            members["refused"] = .string(refusal.kind.rawValue)
        }
        return CanonicalJSON.object(members).bytes
    }
}

extension ConsentDecision {
    /// The value of `Document/Consent` in the head of a message (list 9064): 1 obtained, 2 not required, 4 not given.
    public var headCode: String {
        switch self {
        case .allowed(let allowance):
            switch allowance.by {
            case .consent: "1"
            case .law: "2"
            case .emergency: "4"
            }
        case .needs, .refused: "4"
        }
    }
}
