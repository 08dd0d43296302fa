/// What a person asked for while a message was under way, and who. It takes effect when the attempt ends, unless that delivered
/// it. Column `message.wish`.
struct MessageWish: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable {
        case hold, cancel
        /// The consent that it relies on was withdrawn.
        case withdraw
    }

    let kind: Kind
    let actor: AuditActor

    init(_ kind: Kind, by actor: AuditActor) { (self.kind, self.actor) = (kind, actor) }

    /// As it is stored: `cancel command:anna`.
    init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let kind = words.first.flatMap(Kind.init(rawValue:)) else { return nil }
        (self.kind, actor) = (kind, words.count > 1 ? AuditActor(text: words[1]) : .node)
    }

    var text: String { "\(kind.rawValue) \(actor.text)" }

    var event: MessageEvent {
        switch kind {
        case .hold: .held(reason: "an operator holds it")
        case .cancel: .cancelled(reason: "an operator cancelled it")
        case .withdraw: .cancelled(reason: WithdrawalStop.reason)
        }
    }
}
