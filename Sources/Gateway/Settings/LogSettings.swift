public import Logging

/// What is logged, and how a line looks. Keys, types and defaults: ``keys``.
public struct LogSettings: Sendable, Hashable {
    public let format: LogFormat
    public let level: Logger.Level

    public init(format: LogFormat = .text, level: Logger.Level = .info) { (self.format, self.level) = (format, level) }

    static let formatKey = SettingKey(
        "log.format", .choice(LogFormat.allCases.map(\.rawValue)), default: .text("text"),
        "How serve writes its log: a line of text for people, or one JSON object on each line.")
    static let levelKey = SettingKey(
        "log.level", .choice(Logger.Level.allCases.map(\.rawValue)), default: .text("info"),
        "The least that is logged; every change of a message's state is a notice.")
    static let keys = [formatKey, levelKey]

    init(_ reader: SettingsReader) {
        format = reader.text(Self.formatKey).flatMap(LogFormat.init) ?? .text
        level = reader.text(Self.levelKey).flatMap { Logger.Level(rawValue: $0) } ?? .info
    }
}
