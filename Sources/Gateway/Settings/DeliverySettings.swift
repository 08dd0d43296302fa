/// How messages are sent. Keys, types and defaults: ``keys``.
public struct DeliverySettings: Sendable, Hashable {
    public let connectTime: Duration
    /// For one attempt from start to answer.
    public let attemptTime: Duration
    /// Without a single byte in either direction.
    public let stallTime: Duration
    /// Attempts at the same time.
    public let parallel: Int
    /// From the first failed attempt to the next; each later wait is twice as long.
    public let firstRetryTime: Duration
    /// No wait is longer.
    public let longestRetryTime: Duration
    /// How long is tried.
    public let giveUpDays: Int
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
        "delivery.parallel", .integer(1...1024), default: .integer(64), unit: "attempts",
        "Attempts at the same time; to one node at most a quarter of them.")
    static let firstRetryKey = SettingKey(
        "delivery.firstRetrySeconds", .integer(1...3600), default: .integer(15), unit: "seconds",
        "Time from the first failed attempt to the next; it doubles with each attempt.")
    static let longestRetryKey = SettingKey(
        "delivery.longestRetrySeconds", .integer(1...86_400), default: .integer(3600), unit: "seconds",
        "No attempt waits longer for the next. A node that does not answer is asked four times as often.")
    static let giveUpKey = SettingKey(
        "delivery.giveUpDays", .integer(1...60), default: .integer(4), unit: "days",
        "How long delivery is tried; longer when there are not two whole working days among them.")
    static let caFileKey = SettingKey(
        "delivery.caFile", .path, default: nil,
        "The issuers (PEM) that partners' TLS certificates must lead to. Without it trust.roots count.")
    static let keys = [connectKey, attemptKey, stallKey, parallelKey, firstRetryKey, longestRetryKey, giveUpKey, caFileKey]

    init(_ reader: SettingsReader) {
        self.connectTime = reader.seconds(Self.connectKey)
        self.attemptTime = reader.seconds(Self.attemptKey)
        self.stallTime = reader.seconds(Self.stallKey)
        self.parallel = reader.integer(Self.parallelKey)
        self.firstRetryTime = reader.seconds(Self.firstRetryKey)
        self.longestRetryTime = reader.seconds(Self.longestRetryKey)
        self.giveUpDays = reader.integer(Self.giveUpKey)
        self.caFile = reader.path(Self.caFileKey)
        self.stopTime = ServeSettings(reader).stopTimeOfAttempts
    }

    var schedule: RetrySchedule {
        RetrySchedule(first: firstRetryTime, longest: max(firstRetryTime, longestRetryTime), days: giveUpDays)
    }
}
