import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where log lines go: a descriptor, one line at a time.
final class LogOutput: Sendable {
    static let standardError = LogOutput(descriptor: 2, isJournal: isJournal(2))

    private let descriptor: Int32
    /// systemd's journal then takes the level from a prefix, and leaves that out of what it shows.
    private let isJournal: Bool
    private let lock = Mutex(())

    init(descriptor: Int32, isJournal: Bool) { (self.descriptor, self.isJournal) = (descriptor, isJournal) }

    /// When nobody reads any more, there is nobody to tell.
    func write(_ line: String, level: Logger.Level) {
        let bytes = Array((isJournal ? "<\(level.syslogPriority)>" + line : line).utf8)
        lock.withLock { _ in _ = DurableFile.writeAll(bytes, to: descriptor) }
    }

    /// systemd.exec(5), `$JOURNAL_STREAM`: device and inode of the stream that leads to the journal.
    private static func isJournal(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream = getenv("JOURNAL_STREAM"), fstat(descriptor, &status) == 0 else { return false }
        return String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
    }
}

extension Logger.Level {
    /// RFC 5424 §6.2.1.
    var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
