/// Metadata keys of log lines. Never content, never an identity number, never a person's name.
enum LogKey {
    /// `eb:MessageId`.
    static let message = "message.id"
    /// This node's own number of the message.
    static let own = "message.own"
    static let kind = "message.kind"
    static let state = "message.state"
    static let step = "message.step"
    static let sender = "party.from"
    static let receiver = "party.to"
    static let code = "error.code"
    static let reason = "error.reason"
    static let remote = "remote.address"
    static let deviation = "deviation"
}
