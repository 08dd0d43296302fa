import Foundation
public import GRDB
import Synchronization

/// Where everything is pinned that someone must be told of. One row for each cause, however often it is raised; the row is on
/// the disk before anybody is told, and what could not be told yet is told after a restart.
///
/// Whatever makes a cause known raises it in its own transaction. The board sees the commit and wakes whoever tells people.
public final class AlertBoard: Sendable {
    /// Poked after a commit that holds something to tell.
    let wakeUps = WakeUps()
    private let hasNews = Mutex(false)

    init() {}

    /// Pins up a cause, in the transaction of whatever made it known.
    ///
    /// A cause that is pinned up already is only counted, unless its stage has grown: then it is told again. It stays until
    /// ``resolve(_:about:at:in:)``.
    ///
    /// - Parameter stage: how far it has come. Days, thresholds: what grows as it gets worse.
    /// - Returns: whether someone will be told.
    @discardableResult
    static func raise(
        _ kind: AlertKind, about subject: AlertSubject, stage: Int = 0, at now: Date, in database: Database
    ) throws -> Bool {
        let key = Alert.key(kind, subject.key)
        guard let known = try Alert.fetchOpen(database, key: key) else {
            try database.cachedStatement(
                sql: """
                    INSERT INTO alert (key, kind, severity, message, about, firstAt, lastAt, count, due)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)
                    """
            ).execute(arguments: [
                key, kind.rawValue, kind.severity(stage: stage).rawValue, subject.message,
                try Alert.About(stage: stage, subject: subject).json(), now.microseconds, now.microseconds, now.microseconds,
            ])
            return true
        }
        guard stage > known.stage else {
            try database.cachedStatement(sql: "UPDATE alert SET lastAt = ?, count = count + 1 WHERE id = ?")
                .execute(arguments: [now.microseconds, known.id])
            return false
        }
        try database.cachedStatement(
            sql: "UPDATE alert SET severity = ?, about = ?, lastAt = ?, count = count + 1 WHERE id = ?"
        ).execute(arguments: [
            kind.severity(stage: stage).rawValue, try Alert.About(stage: stage, subject: subject).json(), now.microseconds,
            known.id,
        ])
        try tell(known.id, at: now, database)
        return true
    }

    /// Takes the cause down: it is over. Whoever is told of causes is told once that this one has ended.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    static func resolve(_ kind: AlertKind, about subject: String, at now: Date, in database: Database) throws -> Bool {
        let open = try database.cachedStatement(sql: "SELECT id FROM alert WHERE key = ? AND resolvedAt IS NULL")
            .first(.string(Alert.key(kind, subject))) { row in try row.integer(0) }
        guard let open else { return false }
        try resolve(open, at: now, in: database)
        return true
    }

    static func resolve(_ id: Int64, at now: Date, in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE alert SET resolvedAt = ? WHERE id = ?").execute(arguments: [
            now.microseconds, id,
        ])
        try tell(id, at: now, database)
    }

    /// Makes it so that everyone is told of the row as it is now.
    private static func tell(_ id: Int64, at now: Date, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE alert SET due = ? WHERE id = ?").execute(arguments: [now.microseconds, id])
        try database.cachedStatement(sql: "UPDATE alertSent SET at = NULL, attempts = 0, failure = NULL WHERE alert = ?")
            .execute(arguments: [id])
    }
}

extension AlertBoard: TransactionObserver {
    public func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
        switch kind {
        case .insert("alert"): true
        case .update("alert", let columns): columns.contains("due")
        default: false
        }
    }

    public func databaseDidChange(with event: DatabaseEvent) { hasNews.withLock { $0 = true } }

    public func databaseDidCommit(_ database: Database) {
        if hasNews.withLock({ $0.take() }) { wakeUps.poke() }
    }

    public func databaseDidRollback(_ database: Database) { hasNews.withLock { $0 = false } }
}

extension Bool {
    /// The value; it is false from then on.
    fileprivate mutating func take() -> Bool {
        defer { self = false }
        return self
    }
}
