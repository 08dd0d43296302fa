public import Foundation
import GRDB

/// Which messages of the queue are meant.
public struct QueueFilter: Sendable, Hashable {
    /// States in which a message waits for delivery, or for a person.
    public static let states: [MessageState] = [.taken, .sealed, .held, .failed]

    /// Scheme, host and port; nil means all.
    public var destination: String?
    public var states: [MessageState]
    /// Taken before this time; nil means whenever.
    public var takenBefore: Date?
    public var limit: Int

    public init(
        destination: String? = nil, states: [MessageState] = [.taken, .sealed, .held], takenBefore: Date? = nil, limit: Int = 100
    ) {
        (self.destination, self.states, self.takenBefore, self.limit) = (destination, states, takenBefore, limit)
    }

    /// The destination that an address belongs to; nil when it is none.
    public static func destination(of address: String) -> String? {
        let name = Destination.of(endpoint: address)
        return name == Destination.unknown ? nil : name
    }
}

/// One message that waits for delivery, or for a person.
public struct QueueEntry: Sendable, Hashable, Codable {
    public let number: Int64
    public let state: MessageState
    public let kind: String
    public let isUrgent: Bool
    public let messageID: String
    public let sender: String
    public let receiver: String
    /// Scheme, host and port of the node it goes to; empty when the registry has none.
    public let destination: String
    /// Where an operator sends it, in place of the registry's endpoint.
    public let endpoint: String?
    public let taken: Date
    public let attempts: Int
    public let failure: String?
    /// Not before its destination is tried.
    public let nextAttempt: Date?
    public let isUnderWay: Bool
    /// What happens when the attempt under way ends: hold or cancel.
    public let wish: String?

    init(_ message: MessageRecord, destinationOpens: Date?) {
        (number, state, kind, isUrgent) = (message.id, message.state, message.kind, message.priority == 0)
        (messageID, sender, receiver) = (message.messageID, message.sender, message.receiver)
        (destination, endpoint, taken) = (message.destination, message.endpoint, message.created)
        (attempts, failure) = (message.attempts, message.failure)
        nextAttempt = message.due.map { max($0, destinationOpens ?? $0) }
        isUnderWay = message.leasedBy != nil
        wish = message.wish.flatMap { MessageWish($0) }?.kind.rawValue
    }
}

/// How many wait for whom, and for how long: destinations by age.
public struct QueueShape: Sendable, Hashable, Codable {
    public struct Line: Sendable, Hashable, Codable {
        public let destination: String
        /// Waiting, by age: as many as ``QueueShape/ages``, and one more for what is older.
        public var waiting: [Int]
        public var held: Int
        public var failed: Int
        /// The destination does not answer, and is tried again then.
        public var triedAt: Date?
        public var failingSince: Date?
        public var reason: String?
    }

    /// Upper bounds of the columns in seconds: five minutes, an hour, four hours, a day, four days.
    public static let ages = [300, 3600, 14_400, 86_400, 345_600]
    public let lines: [Line]
}

extension GatewayStore {
    /// Messages that wait, oldest first.
    public func queue(_ filter: QueueFilter) throws -> [QueueEntry] {
        try read { database in
            let messages = try QueueSelection(filter).fetch(database)
            let opens = try DestinationRecord.opening(database)
            return messages.map { QueueEntry($0, destinationOpens: opens[$0.destination]) }
        }
    }

    /// One message of the queue, by any of its names; all of them when a document went to several.
    ///
    /// - Throws: ``StoreError`` `.notFound`.
    public func queued(_ name: String) throws -> [QueueEntry] {
        try read { database in
            let opens = try DestinationRecord.opening(database)
            return try QueueSelection.outgoing(named: name, database).map {
                QueueEntry($0, destinationOpens: opens[$0.destination])
            }
        }
    }

    public func queueShape(at now: Date) throws -> QueueShape {
        try read { database in
            var lines: [String: QueueShape.Line] = [:]
            func line(_ name: String, _ change: (inout QueueShape.Line) -> Void) {
                let empty = QueueShape.Line(
                    destination: name, waiting: Array(repeating: 0, count: QueueShape.ages.count + 1), held: 0, failed: 0)
                change(&lines[name, default: empty])
            }
            for row in try Row.fetchAll(database, sql: QueueSelection.shape, arguments: [now.microseconds]) {
                line(row["destination"]) { $0.waiting[row["age"]] += row["count"] }
            }
            for row in try Row.fetchAll(database, sql: QueueSelection.aside) {
                let isHeld = row["state"] == MessageState.held.rawValue
                line(row["destination"]) { if isHeld { $0.held += row["count"] } else { $0.failed += row["count"] } }
            }
            for destination in try DestinationRecord.fetchAll(database, sql: "SELECT * FROM destination ORDER BY name") {
                line(destination.name) {
                    ($0.triedAt, $0.failingSince) = (destination.breaker.opensAgainAt, destination.breaker.failingSince)
                    $0.reason = destination.breaker.reason
                }
            }
            return QueueShape(lines: lines.values.sorted { $0.destination < $1.destination })
        }
    }
}

/// Finds the rows that a filter means.
struct QueueSelection {
    private let filter: QueueFilter

    init(_ filter: QueueFilter) { self.filter = filter }

    static let shape = """
        SELECT destination, count(*) AS count, CASE
          \(QueueShape.ages.enumerated().map { "WHEN created > ?1 - \($1 * 1_000_000) THEN \($0)" }.joined(separator: " "))
          ELSE \(QueueShape.ages.count) END AS age
        FROM message WHERE direction = 'out' AND due IS NOT NULL GROUP BY destination, age
        """

    static let aside = """
        SELECT destination, state, count(*) AS count FROM message WHERE state IN ('held', 'failed') GROUP BY destination, state
        """

    func fetch(_ database: Database) throws -> [MessageRecord] {
        let waiting = filter.states.filter(\.isUnderWay)
        let aside = filter.states.filter { !$0.isUnderWay }
        var found: [MessageRecord] = []
        if !waiting.isEmpty { found += try fetch(database, waiting, "direction = 'out' AND due IS NOT NULL") }
        if !aside.isEmpty { found += try fetch(database, aside, "state IN ('held', 'failed')") }
        return Array(found.sorted { $0.id < $1.id }.prefix(filter.limit))
    }

    private func fetch(_ database: Database, _ states: [MessageState], _ condition: String) throws -> [MessageRecord] {
        var (sql, arguments) = ("SELECT \(MessageRecord.columns) FROM message WHERE \(condition)", StatementArguments())
        sql += " AND state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
        if let destination = filter.destination {
            sql += " AND destination = ?"
            arguments += [destination]
        }
        if let before = filter.takenBefore {
            sql += " AND created < ?"
            arguments += [before.microseconds]
        }
        return try MessageRecord.fetchAll(database, sql: sql + " ORDER BY id LIMIT \(filter.limit)", arguments: arguments)
    }

    /// Outgoing messages of that name that a person may do something with. Not what is only in its conversation: whoever holds
    /// or takes back a document does not mean the answers to it. A signal is meant by its own number or MessageId alone.
    static func outgoing(named name: String, _ database: Database) throws -> [MessageRecord] {
        let found = try MessageRecord.find(database, name).filter { message in
            guard message.direction == .out else { return false }
            if message.isSignal { return [message.messageID, "#\(message.id)"].contains(name) }
            return message.conversationID != name || [message.messageID, message.documentID].contains(name)
        }
        guard !found.isEmpty else {
            throw StoreError(
                .notFound,
                reason:
                    "this node has sent no message '\(name.prefix(80))'; give a MessageId, a document's MsgId or a number from 'msggw queue list'"
            )
        }
        return found
    }
}

extension DestinationRecord {
    /// When each destination that does not answer is tried again.
    static func opening(_ database: Database) throws -> [String: Date] {
        let rows = try fetchAll(database, sql: "SELECT * FROM destination")
        return Dictionary(uniqueKeysWithValues: rows.compactMap { row in row.breaker.opensAgainAt.map { (row.name, $0) } })
    }
}
