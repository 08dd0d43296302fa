/// How long what is finished is kept. Keys, types and defaults: ``keys``; docs/KEEPING.md says why they are what they are.
public struct RetentionSettings: Sendable, Hashable {
    public enum Mode: String, Sendable, Hashable {
        /// The node does it itself, once a day.
        case daily
        /// Only `msggw retention run` does it.
        case manual
    }

    public let mode: Mode
    /// Of the day in Norway, when the node does it.
    public let hour: Int
    /// Days; 0 keeps for ever.
    public let sent: Int
    public let received: Int
    public let failed: Int
    public let record: Int
    /// Days; never for ever, since a mark that is forgotten is made up for by the message's timestamp.
    public let duplicate: Int

    static let modeKey = SettingKey(
        "retention.mode", .choice(["daily", "manual"]), default: .text("daily"),
        "Whether the node itself destroys each day what has been kept long enough, or only 'msggw retention run' does.")
    static let hourKey = SettingKey(
        "retention.hour", .integer(0...23), default: .integer(3), unit: "hours",
        "The hour of the day, Norwegian time, at which the node does it.")
    static let sentKey = SettingKey(
        "retention.sentDays", .integer(0...36_500), default: .integer(30), unit: "days",
        "How long the content of a sent message is kept after it was accepted, or delivered where no answer is awaited; 0 keeps it for ever."
    )
    static let receivedKey = SettingKey(
        "retention.receivedDays", .integer(0...36_500), default: .integer(30), unit: "days",
        "How long the content of a received message is kept after the receiving side has it (filed); 0 keeps it for ever.")
    static let failedKey = SettingKey(
        "retention.failedDays", .integer(0...36_500), default: .integer(365), unit: "days",
        "How long the content of a message that failed, was rejected or cancelled is kept; 0 keeps it for ever.")
    static let recordKey = SettingKey(
        "retention.recordDays", .integer(0...36_500), default: .integer(3650), unit: "days",
        "How long it can be shown who sent what kind of message to whom and when, with the receipts; 0 keeps it for ever.")
    static let duplicateKey = SettingKey(
        "retention.duplicateDays", .integer(30...36_500), default: .integer(365), unit: "days",
        "How long a repeated message is known. A message that nobody knows and whose timestamp is older is refused.")
    static let keys = [modeKey, hourKey, sentKey, receivedKey, failedKey, recordKey, duplicateKey]

    init(_ reader: SettingsReader) {
        self.mode = reader.text(Self.modeKey).flatMap { Mode(rawValue: $0) } ?? .daily
        self.hour = reader.integer(Self.hourKey)
        self.sent = reader.integer(Self.sentKey)
        self.received = reader.integer(Self.receivedKey)
        self.failed = reader.integer(Self.failedKey)
        self.record = reader.integer(Self.recordKey)
        self.duplicate = reader.integer(Self.duplicateKey)
    }
}
