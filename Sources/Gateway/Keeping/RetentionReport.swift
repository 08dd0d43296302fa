import Foundation

/// What a run of retention destroyed, or would destroy: counts and ages, nothing else.
public struct RetentionReport: Sendable, Hashable, Codable {
    public struct Line: Sendable, Hashable, Codable {
        public let kind: RecordKind
        /// How long it is kept; absent when for ever.
        public let days: Int?
        public internal(set) var messages = 0
        /// Of content before it was sealed.
        public internal(set) var bytes = 0
        /// Since when the oldest of them has been at rest.
        public internal(set) var oldest: Date?
    }

    /// What would have gone by its age and stays because it is not finished.
    public struct Unfinished: Sendable, Hashable, Codable {
        public internal(set) var messages = 0
        public internal(set) var oldest: Date?
    }

    public let at: Date
    /// Whether something was destroyed, or only counted.
    public let isDone: Bool
    public internal(set) var lines: [Line]
    public internal(set) var unfinished = Unfinished()
    /// Whether the log of the database was emptied too, so that the bytes are gone from the disk as far as the system lets a
    /// program see to it. Absent when nothing was destroyed.
    public internal(set) var isLogEmpty: Bool?

    init(at now: Date, isDone: Bool, settings: RetentionSettings) {
        (at, self.isDone) = (now, isDone)
        lines = RecordKind.allCases.map { Line(kind: $0, days: settings.days($0)) }
    }

    mutating func count(_ kind: RecordKind, since: Date, bytes: Int = 0, messages: Int = 1) {
        guard let index = lines.firstIndex(where: { $0.kind == kind }) else { return }
        lines[index].messages += messages
        lines[index].bytes += bytes
        lines[index].oldest = min(lines[index].oldest ?? since, since)
    }

    mutating func countUnfinished(since: Date) {
        unfinished.messages += 1
        unfinished.oldest = min(unfinished.oldest ?? since, since)
    }

    public subscript(kind: RecordKind) -> Line? { lines.first { $0.kind == kind } }
}
