import Foundation
import GRDB

/// What retention looks at in a message.
struct KeptMessage: Sendable, Hashable {
    var id: Int64
    var direction: MessageRecord.Direction
    var state: MessageState
    var kind: String
    var messageID = ""
    var created: Date
    var updated: Date
    /// Somebody's turn, or somebody is at it.
    var isDue = false
    var isLeased = false
    /// A person asked for something that has not been done yet.
    var isWished = false
    /// The last of the deadlines by which somebody else is to do something.
    var awaitedUntil: Date?
    /// Somebody has to be told something about it.
    var isWatched = false
    /// When its content was destroyed.
    var purged: Date?
}

/// What is finished, and what has been finished for long enough. A value, so that a table can test it.
struct RetentionPolicy: Sendable {
    let settings: RetentionSettings

    /// Why a message is not finished.
    enum Unfinished: String, Sendable, CaseIterable, Codable {
        /// It is on its way, or waits for a person.
        case state
        /// Its next step is due or under way.
        case due
        /// Somebody has to be told something about it: a deadline runs, or an alert is open.
        case watched
    }

    /// Nothing of an unfinished message ever goes.
    func unfinished(_ message: KeptMessage, at now: Date) -> Unfinished? {
        switch message.state {
        case .taken, .sealed, .held, .opened: return .state
        case .delivered, .accepted, .rejected, .failed, .cancelled, .sent, .filed: break
        }
        if message.isDue || message.isLeased || message.isWished { return .due }
        if message.isWatched { return .watched }
        if let awaited = message.awaitedUntil, awaited > now { return .watched }
        return nil
    }

    /// The kind whose time counts for a message's content; nil for receipts, which are kept as long as the record they prove.
    func contentKind(_ message: KeptMessage) -> RecordKind? {
        if message.kind == "APPREC" || message.isSignal { return nil }
        switch message.state {
        case .failed, .rejected, .cancelled: return .failed
        case .taken, .sealed, .held, .delivered, .accepted, .sent, .opened, .filed:
            return message.direction == .out ? .sent : .received
        }
    }

    /// Whether the content has been kept long enough.
    func contentGoes(_ message: KeptMessage, at now: Date) -> RecordKind? {
        guard unfinished(message, at: now) == nil, let kind = contentKind(message), let limit = limit(kind, at: now),
            message.restingSince < limit
        else { return nil }
        return kind
    }

    /// Whether everything else has, too. Content goes first: what is left of it is never destroyed with the record alone.
    func recordGoes(_ message: KeptMessage, hasContent: Bool, at now: Date) -> Bool {
        guard unfinished(message, at: now) == nil, !hasContent || contentKind(message) == nil,
            let limit = limit(.record, at: now)
        else { return false }
        return message.restingSince < limit
    }

    /// What came to rest before this time has been kept long enough; nil when nothing ever has.
    func limit(_ kind: RecordKind, at now: Date) -> Date? {
        settings.days(kind).map { now - TimeInterval($0) * 86_400 }
    }
}

extension KeptMessage {
    /// An Acknowledgment or MessageError of its own: goes with the message that it answers.
    var isSignal: Bool { kind == "Acknowledgment" || kind == "MessageError" }

    /// When the last thing happened, or was to happen.
    var restingSince: Date { max(updated, awaitedUntil ?? updated) }
}

extension KeptMessage: FetchableRecord {
    static let columns = """
        message.id, message.direction, message.state, message.kind, message.messageID, message.created, message.updated, message.due, message.leasedBy,
        message.wish, message.acceptBy, message.answerBy, message.warnAt, message.purged,
        message.id IN (SELECT message FROM alert WHERE resolvedAt IS NULL AND message IS NOT NULL) AS alerted
        """

    init(row: Row) throws {
        func date(_ column: String) -> Date? { (row[column] as Int64?).map { Date(microseconds: $0) } }
        let (direction, state): (String, String) = (row["direction"], row["state"])
        guard let direction = MessageRecord.Direction(rawValue: direction), let state = MessageState(rawValue: state) else {
            throw StoreError(
                .damaged, reason: "message #\(row["id"] as Int64) has a state that nobody knows; it may come from a newer msggw")
        }
        self.init(
            id: row["id"], direction: direction, state: state, kind: row["kind"], messageID: row["messageID"],
            created: Date(microseconds: row["created"]),
            updated: Date(microseconds: row["updated"]), isDue: row["due"] != nil as Int64?,
            isLeased: row["leasedBy"] != nil as Int64?,
            isWished: row["wish"] != nil as String?,
            awaitedUntil: [date("acceptBy"), date("answerBy")].compactMap { $0 }.max(),
            isWatched: row["warnAt"] != nil as Int64? || row["alerted"], purged: date("purged"))
    }
}
