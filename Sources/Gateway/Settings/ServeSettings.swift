/// How the daemon runs and stops. Keys, types and defaults: ``keys``.
public struct ServeSettings: Sendable, Hashable {
    /// From the signal to stop to the process's end.
    public let stopTime: Duration

    /// What requests under way have; the rest is for what they began. A partner waits for each of them.
    public var stopTimeOfRequests: Duration { stopTime * 6 / 10 }
    /// What attempts at delivery under way have, at the same time. They cost least to do again.
    public var stopTimeOfAttempts: Duration { stopTime * 3 / 10 }

    static let stopKey = SettingKey(
        "serve.stopSeconds", .integer(1...3600), default: .integer(20), unit: "seconds",
        "When the node is told to stop, what is under way has this long to end; what has not ended then is done after the next start."
    )
    static let keys = [stopKey]

    init(_ reader: SettingsReader) { stopTime = reader.seconds(Self.stopKey) }
}
