/// What the node takes in from its own systems. Keys, types and defaults: ``keys``.
public struct IntakeSettings: Sendable, Hashable {
    /// The largest document without its attachments.
    public let documentBytes: Int
    /// The largest single attachment.
    public let attachmentBytes: Int
    /// Attachments of one document.
    public let attachments: Int

    static let documentKey = SettingKey(
        "intake.documentBytes", .integer(1024...104_857_600), default: .integer(10_485_760), unit: "bytes",
        "The largest document, without its attachments.")
    static let attachmentKey = SettingKey(
        "intake.attachmentBytes", .integer(1024...34_359_738_368), default: .integer(1_342_177_280), unit: "bytes",
        "The largest single attachment.")
    static let attachmentsKey = SettingKey(
        "intake.attachments", .integer(0...1000), default: .integer(100), unit: "attachments",
        "The most attachments of one document.")
    static let keys = [documentKey, attachmentKey, attachmentsKey]

    init(_ reader: SettingsReader) {
        self.documentBytes = reader.integer(Self.documentKey)
        self.attachmentBytes = reader.integer(Self.attachmentKey)
        self.attachments = reader.integer(Self.attachmentsKey)
    }
}
