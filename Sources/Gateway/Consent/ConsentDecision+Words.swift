import Practice

extension ConsentDecision {
    /// In one line, for errors and for the message's history. Bokmål; no names.
    public var line: String {
        switch self {
        case .allowed(let allowance): "Kan deles. \(allowance.reason)"
        case .needs(let needs): "Kan ikke deles ennå. " + needs.map { "\($0.reason) \($0.action)" }.joined(separator: " ")
        case .refused(let refusal): "Kan ikke deles. \(refusal.reason) \(refusal.action)"
        }
    }

    /// The decision with what it rests on and what the sender must see to. Bokmål.
    public var words: String {
        switch self {
        case .allowed(let allowance):
            let by =
                switch allowance.by {
                case .law: "Grunnlag: \(allowance.basis.name)."
                case .consent(let digests): "Grunnlag: samtykke (\(digests.count)), \(allowance.basis.name)."
                case .emergency: "Grunnlag: det haster, \(allowance.basis.name)."
                }
            return (["Kan deles.", allowance.reason, by] + allowance.duties.map { "- \($0.text)" }).joined(separator: "\n")
        case .needs(let needs):
            return (["Kan ikke deles ennå."] + needs.map { "- \($0.reason) \($0.action)" }).joined(separator: "\n")
        case .refused(let refusal): return "Kan ikke deles.\n- \(refusal.reason) \(refusal.action)"
        }
    }

    /// What a sender is told when the message is taken: why it should not have been, and what else to see to.
    var remarks: [String] {
        if case .allowed(let allowance) = self { return allowance.duties.map(\.text) }
        return [line]
    }
}
