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
    /// Which loop of the node.
    static let loop = "node.loop"
    /// What someone is told of, and how bad it is.
    static let alert = "alert.kind"
    static let severity = "alert.severity"
    static let subject = "alert.subject"
    static let action = "alert.action"
    /// How people are told.
    static let sink = "alert.sink"
}
