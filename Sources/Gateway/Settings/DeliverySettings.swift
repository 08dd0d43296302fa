/// How messages are sent. Keys, types and defaults: ``keys``.
public struct DeliverySettings: Sendable, Hashable {
    public let connectTime: Duration
    /// For one attempt from start to answer.
    public let attemptTime: Duration
    /// Without a single byte in either direction.
    public let stallTime: Duration
    /// Attempts at the same time.
    public let parallel: Int
    /// From a failed attempt to the next.
    public let retryTime: Duration
    /// PEM of the issuers that partners' TLS certificates must lead to; nil means `trust.roots`.
    public let caFile: String?
    /// What attempts under way still have when the node stops.
    public let stopTime: Duration

    static let connectKey = SettingKey(
        "delivery.connectSeconds", .integer(1...300), default: .integer(10), unit: "seconds",
        "Time to reach a partner's node, TLS included.")
    static let attemptKey = SettingKey(
        "delivery.attemptSeconds", .integer(5...86_400), default: .integer(900), unit: "seconds",
        "Time for one attempt, from start to answer.")
    static let stallKey = SettingKey(
        "delivery.stallSeconds", .integer(1...3600), default: .integer(60), unit: "seconds",
        "An attempt in which nothing moves for this long has failed.")
    static let parallelKey = SettingKey(
        "delivery.parallel", .integer(1...1024), default: .integer(32), unit: "attempts", "Attempts at the same time.")
    static let retryKey = SettingKey(
        "delivery.retrySeconds", .integer(1...86_400), default: .integer(60), unit: "seconds",
        "Time from a failed attempt to the next.")
    static let caFileKey = SettingKey(
        "delivery.caFile", .path, default: nil,
        "The issuers (PEM) that partners' TLS certificates must lead to. Without it trust.roots count.")
    static let keys = [connectKey, attemptKey, stallKey, parallelKey, retryKey, caFileKey]

    init(_ reader: SettingsReader) {
        self.connectTime = reader.seconds(Self.connectKey)
        self.attemptTime = reader.seconds(Self.attemptKey)
        self.stallTime = reader.seconds(Self.stallKey)
        self.parallel = reader.integer(Self.parallelKey)
        self.retryTime = reader.seconds(Self.retryKey)
        self.caFile = reader.path(Self.caFileKey)
        self.stopTime = ServeSettings(reader).stopTimeOfAttempts
    }
}
