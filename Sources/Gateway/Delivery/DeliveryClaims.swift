import Envelope
import Foundation
import GRDB

/// A message that was claimed, with what its attempt needs: no read of its own.
struct ClaimedMessage: Sendable {
    enum Contents: Sendable {
        case unsealed([PartRecord])
        case sealed(WireMessage)
        /// Nothing that can be sent.
        case none
    }

    let message: MessageRecord
    let contents: Contents
    /// What the commit that took its lease found settled about sharing it.
    var settled: SettledSharing?
}

/// Who works on messages: this start of the daemon.
struct Lease: Sendable, Hashable {
    /// Grows by one with every start.
    let incarnation: Int64
    let until: Date
}

/// Takes messages from the store for an attempt, and gives them back.
enum DeliveryClaims {
    struct Found: Sendable {
        var messages: [ClaimedMessage] = []
        /// When the next one of that destination is due; nil when there is none.
        var nextDue: Date?
    }

    /// One piece of the look-up: the first due ones of one priority. `crashes = 0`: suspects go alone.
    private static func due(_ priority: Int) -> String {
        """
        SELECT id FROM (SELECT id FROM message WHERE destination = ?1 AND direction = 'out' AND priority = \(priority) AND due <= ?2
          AND leasedBy IS NULL AND crashes = 0 ORDER BY due, id LIMIT ?3)
        """
    }

    static let claiming = """
        UPDATE message SET leasedBy = ?4, leasedUntil = ?5
        WHERE id IN (\(due(0)) UNION ALL \(due(1)) LIMIT ?3) RETURNING \(MessageRecord.columns)
        """

    static let following = """
        SELECT due FROM message WHERE destination = ?1 AND direction = 'out' AND priority = ?2 AND due > ?3
          AND leasedBy IS NULL AND crashes = 0 ORDER BY due LIMIT 1
        """

    private static let suspecting = """
        UPDATE message SET leasedBy = ?4, leasedUntil = ?5 WHERE id = ?1 AND due <= ?2 AND leasedBy IS NULL AND ?3 > 0 RETURNING \(MessageRecord.columns)
        """

    /// Takes what is due, most urgent first, in the one commit that finds it.
    static func claim(
        _ database: Database, _ claim: DeliveryQueue.Claim, for lease: Lease, at now: Date
    ) throws -> Found {
        var found = Found()
        let statement = try database.cachedStatement(sql: claim.suspect == nil ? claiming : suspecting)
        let target: any DatabaseValueConvertible = claim.suspect ?? claim.destination
        let messages = try MessageRecord.fetchAll(
            statement,
            arguments: [target, now.microseconds, claim.limit, lease.incarnation, lease.until.microseconds])
        for message in messages.sorted(by: MessageRecord.isBefore) {
            found.messages.append(ClaimedMessage(message: message, contents: try contents(database, of: message)))
        }
        if let suspect = claim.suspect {
            if messages.isEmpty { found.nextDue = try MessageRecord.fetch(database, id: suspect)?.due }
        } else if messages.count < claim.limit {
            found.nextDue = try nextDue(database, claim.destination, after: now)
        }
        return found
    }

    private static func contents(_ database: Database, of message: MessageRecord) throws -> ClaimedMessage.Contents {
        switch message.state {
        case .taken: return .unsealed(try PartRecord.fetch(database, message: message.id))
        case .sealed, .sent: return try WireMessage.fetch(database, message: message.id).map { .sealed($0) } ?? .none
        default: return .none
        }
    }

    private static func nextDue(_ database: Database, _ destination: String, after now: Date) throws -> Date? {
        try MessagePriority.allCases.compactMap { priority in
            try Int64.fetchOne(
                database.cachedStatement(sql: following), arguments: [destination, priority.rawValue, now.microseconds])
        }.min().map { Date(microseconds: $0) }
    }

    private static func first(_ priority: Int) -> String {
        """
        (SELECT due FROM message WHERE destination = there.name AND direction = 'out' AND priority = \(priority) AND due IS NOT NULL
          AND leasedBy IS NULL AND crashes = 0 ORDER BY due LIMIT 1)
        """
    }

    static let waiting = """
        WITH RECURSIVE there (name) AS (
          SELECT min(destination) FROM message WHERE direction = 'out' AND due IS NOT NULL
          UNION ALL
          SELECT (SELECT min(destination) FROM message
            WHERE direction = 'out' AND due IS NOT NULL AND destination > there.name) FROM there WHERE there.name IS NOT NULL)
        SELECT name, \(first(0)) AS urgent, \(first(1)) AS ordinary FROM there WHERE name IS NOT NULL
        """

    /// Every destination that something waits for, with the first due time. One step in the index for each destination,
    /// however many messages wait.
    static func waitingDestinations(_ database: Database) throws -> [(name: String, due: Date)] {
        try Row.fetchAll(database.cachedStatement(sql: waiting)).compactMap { row in
            let due = [row["urgent"] as Int64?, row["ordinary"] as Int64?].compactMap(\.self).min()
            return due.map { (row["name"], Date(microseconds: $0)) }
        }
    }
}

/// Which of two messages to one destination goes first.
enum MessagePriority: Int, Sendable, CaseIterable {
    /// Urgent referrals, and what others wait for: receipts.
    case urgent = 0
    case ordinary = 1

    init(_ summary: DocumentSummary) {
        self = summary.isUrgent || summary.type.code == MessageType.appRec.rawValue ? .urgent : .ordinary
    }
}

extension MessageRecord {
    static func isBefore(_ one: MessageRecord, _ other: MessageRecord) -> Bool {
        (one.priority, one.due ?? .distantPast, one.id) < (other.priority, other.due ?? .distantPast, other.id)
    }
}
