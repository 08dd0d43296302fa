public import Logging

/// What msggw logs with: one line for each event, written whole.
public struct LogWriter: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: LogFormat
    private let clock: NodeClock
    private let write: @Sendable (Logger.Level, String) -> Void

    /// - Parameter write: takes a line with its line feed; lines of different tasks must not mix.
    public init(
        label: String, settings: LogSettings, clock: NodeClock = .system,
        write: @escaping @Sendable (Logger.Level, String) -> Void
    ) {
        (self.label, self.format, self.clock, self.write) = (label, settings.format, clock, write)
        logLevel = settings.level
    }

    /// To standard error.
    public static func standardError(label: String, settings: LogSettings) -> LogWriter {
        let output = LogOutput.standardError
        return LogWriter(label: label, settings: settings) { output.write($1, level: $0) }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata
        if let own = event.metadata, !own.isEmpty { fields.merge(own) { $1 } }
        if let error = event.error { fields[LogKey.reason] = "\(error)" }
        let line = LogLine(
            time: clock.now(), level: event.level, label: label, source: event.source, message: event.message.description,
            metadata: fields)
        write(event.level, line.written(as: format))
    }
}
