import Foundation
import GRDB

/// Destroys what is finished and has been kept long enough, in small commits between those of the daemon.
///
/// Content goes by destroying its keys, its rows and its files; SQLite overwrites what it frees, and its log is emptied in the
/// end. A crash between the commit and the files leaves files without keys, which the next ``OrphanSweep`` deletes.
struct RetentionRun {
    /// Messages for each commit: what the daemon's writer may have to wait for.
    static let batch = 50
    /// Messages that are looked at at a time.
    static let page = 500

    let store: GatewayStore
    let policy: RetentionPolicy
    let actor: AuditActor
    let now: Date

    init(_ store: GatewayStore, _ settings: RetentionSettings, by actor: AuditActor, at now: Date) {
        (self.store, self.actor, self.now) = (store, actor, now)
        policy = RetentionPolicy(settings: settings)
    }

    /// What ``run()`` would destroy now.
    func report() throws -> RetentionReport {
        var report = RetentionReport(at: now, isDone: false, settings: policy.settings)
        try eachContent { message, kind in
            let bytes = try store.read { try Self.contentBytes($0, message.id) }
            report.count(kind, since: message.restingSince, bytes: bytes)
        } unfinished: {
            report.countUnfinished(since: $0.restingSince)
        }
        let marks = try store.read { try Self.marks($0, until: floor) }
        if let oldest = marks.oldest { report.count(.duplicate, since: oldest, messages: marks.count) }
        try eachRecord { report.count(.record, since: $0.restingSince) }
        return report
    }

    /// - Throws: ``StoreError`` `.inUse` while a backup is being made. What was done before an error stays done.
    func run() throws -> RetentionReport {
        let lock = try KeepingLock(store: store.folder, for: "retention")
        defer { withExtendedLifetime(lock) {} }
        let connection = try store.keepingConnection()
        var report = RetentionReport(at: now, isDone: true, settings: policy.settings)
        try destroyContent(connection, &report)
        try forgetMarks(connection, &report)
        try destroyRecords(connection, &report)
        try connection.write { try Fact.set($0, .retentionRan, now) }
        report.isLogEmpty = try store.emptyLog(connection)
        return report
    }

    /// Messages stamped up to this time are refused when nobody knows them, and their marks are forgotten.
    private var floor: Date { policy.limit(.duplicate, at: now) ?? .distantPast }

    // MARK: - Content

    private func destroyContent(_ connection: DatabaseQueue, _ report: inout RetentionReport) throws {
        var going: [Int64] = []
        try eachContent { message, _ in
            going.append(message.id)
        } unfinished: {
            report.countUnfinished(since: $0.restingSince)
        }
        for start in stride(from: 0, to: going.count, by: Self.batch) {
            let ids = going[start..<min(start + Self.batch, going.count)]
            let destroyed = try connection.write { database in try ids.compactMap { try destroyContent($0, database) } }
            for one in destroyed { report.count(one.kind, since: one.since, bytes: one.content.bytes) }
            try store.delete(destroyed.map(\.content))
        }
    }

    /// One message's content, judged again: somebody may have moved it since it was looked at.
    private func destroyContent(_ id: Int64, _ database: Database) throws -> (
        kind: RecordKind, since: Date, content: DestroyedContent
    )? {
        guard let message = try KeptMessage.fetch(database, id), let kind = policy.contentGoes(message, at: now) else {
            return nil
        }
        let content = try DestroyedContent.destroy(database, message: id, at: now)
        try database.execute(sql: "UPDATE message SET purged = ? WHERE id = ?", arguments: [now.microseconds, id])
        try AuditTrail.append(
            AuditRecord(
                at: now, by: actor, action: "content destroyed", message: id, messageID: message.messageID, state: message.state,
                detail:
                    "kept \(policy.settings.days(kind) ?? 0) days (\(kind.setting)); \(content.payloads) payloads, \(content.bytes) bytes"
            ),
            in: database)
        return (kind, message.restingSince, content)
    }

    // MARK: - Marks against duplicates

    private func forgetMarks(_ connection: DatabaseQueue, _ report: inout RetentionReport) throws {
        // First what is refused from now on, then what is forgotten: no message is ever neither known nor too old.
        try connection.write { database in
            if let before = try Fact.date(database, .forgotten), before >= floor { return }
            try Fact.set(database, .forgotten, floor)
        }
        while try connection.write({ try forgetMarks($0, &report) }) {}
    }

    /// - Returns: whether there may be more.
    private func forgetMarks(_ database: Database, _ report: inout RetentionReport) throws -> Bool {
        let cursor = try Fact.number(database, .forgottenTo) ?? 0
        let ids = try Row.fetchAll(
            database, sql: "SELECT id, created FROM message WHERE id > ? AND created <= ? ORDER BY id LIMIT ?",
            arguments: [cursor, floor.microseconds, Self.page])
        guard let last = ids.last, let first = ids.first else { return false }
        let (low, high): (Int64, Int64) = (first["id"], last["id"])
        try database.execute(
            sql: """
                DELETE FROM received WHERE stamped <= ? AND (messageID, sender) IN (
                  SELECT messageID, sender FROM message WHERE id BETWEEN ? AND ? AND direction = 'in' AND created <= ?)
                """, arguments: [floor.microseconds, low, high, floor.microseconds])
        if database.changesCount > 0 {
            report.count(.duplicate, since: Date(microseconds: first["created"]), messages: database.changesCount)
        }
        try Fact.set(database, .forgottenTo, high)
        return ids.count == Self.page
    }

    private static func marks(_ database: Database, until floor: Date) throws -> (count: Int, oldest: Date?) {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT count(*) AS count, min(message.created) AS oldest FROM received JOIN message ON message.id = received.message
                WHERE received.stamped <= ? AND message.created <= ?
                """, arguments: [floor.microseconds, floor.microseconds])
        return (row?["count"] ?? 0, (row?["oldest"] as Int64?).map { Date(microseconds: $0) })
    }

    // MARK: - Records

    private func destroyRecords(_ connection: DatabaseQueue, _ report: inout RetentionReport) throws {
        var going: [Int64] = []
        try eachRecord { going.append($0.id) }
        for start in stride(from: 0, to: going.count, by: Self.batch) {
            let ids = going[start..<min(start + Self.batch, going.count)]
            let destroyed = try connection.write { database in try ids.compactMap { try destroyRecord($0, database) } }
            for one in destroyed { report.count(.record, since: one.since) }
            try store.delete(destroyed.map(\.content))
        }
        if !going.isEmpty { try forgetNames(connection) }
    }

    private func destroyRecord(_ id: Int64, _ database: Database) throws -> (since: Date, content: DestroyedContent)? {
        guard let message = try KeptMessage.fetch(database, id) else { return nil }
        let hasContent = try Self.hasContent(database, id)
        guard policy.recordGoes(message, hasContent: hasContent, at: now) else { return nil }
        // The mark of a message whose sender's clock was ahead is kept longer, and its record with it.
        let stamped = try Int64.fetchOne(
            database,
            sql: """
                SELECT received.stamped FROM message
                JOIN received ON received.messageID = message.messageID AND received.sender = message.sender AND received.message = message.id
                WHERE message.id = ?
                """, arguments: [id])
        if let stamped, stamped > floor.microseconds { return nil }
        var content = try DestroyedContent.destroy(database, message: id, at: now)
        for signal in try Int64.fetchAll(
            database, sql: "SELECT id FROM message WHERE answers = ? AND kind IN ('Acknowledgment', 'MessageError')",
            arguments: [id])
        {
            content.add(try DestroyedContent.destroy(database, message: signal, at: now))
            try RecordRows.delete(database, message: signal)
        }
        try RecordRows.delete(database, message: id)
        try AuditTrail.append(
            AuditRecord(
                at: now, by: actor, action: "record destroyed", message: id, messageID: message.messageID, state: message.state,
                detail: "kept \(policy.settings.days(.record) ?? 0) days (\(RecordKind.record.setting))"),
            in: database)
        return (message.restingSince, content)
    }

    /// Names of messages that are gone. They are found from the names' side, in small pieces: an index of names by message would cost
    /// every message that comes in.
    private func forgetNames(_ connection: DatabaseQueue) throws {
        var after = ("", "", Int64(0))
        while true {
            let names = try store.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT kind, value, message, NOT EXISTS (SELECT 1 FROM message WHERE id = name.message) AS orphaned
                        FROM name WHERE (kind, value, message) > (?, ?, ?) ORDER BY kind, value, message LIMIT 2000
                        """, arguments: [after.0, after.1, after.2])
            }
            guard let last = names.last else { return }
            after = (last["kind"], last["value"], last["message"])
            let orphans = names.filter { $0["orphaned"] }
            if orphans.isEmpty { continue }
            try connection.write { database in
                for name in orphans {
                    try database.execute(
                        sql: "DELETE FROM name WHERE kind = ? AND value = ? AND message = ?",
                        arguments: [name["kind"] as String, name["value"] as String, name["message"] as Int64])
                }
            }
        }
    }
}

// MARK: - Looking

extension RetentionRun {
    /// Messages whose content has been kept long enough, and those that would go by their age and are not finished.
    fileprivate func eachContent(
        _ body: (KeptMessage, RecordKind) throws -> Void, unfinished: (KeptMessage) throws -> Void
    ) throws {
        let limits = [RecordKind.sent, .received, .failed].compactMap { policy.limit($0, at: now) }
        guard let youngest = limits.max() else { return }
        var last: Int64 = 0
        while true {
            let messages = try store.read { database in
                try KeptMessage.fetchAll(
                    database,
                    sql: """
                        SELECT \(KeptMessage.columns) FROM message
                        WHERE id IN (SELECT DISTINCT message FROM part WHERE message > ? ORDER BY message LIMIT ?) ORDER BY id
                        """, arguments: [last, Self.page])
            }
            for message in messages {
                if let kind = policy.contentGoes(message, at: now) {
                    try body(message, kind)
                } else if policy.unfinished(message, at: now) != nil, let kind = policy.contentKind(message),
                    let limit = policy.limit(kind, at: now), message.created < limit
                {
                    try unfinished(message)
                }
            }
            guard let end = messages.last, end.created < youngest else { return }
            last = end.id
        }
    }

    /// Messages whose record has been kept long enough. Signals go with what they answer.
    fileprivate func eachRecord(_ body: (KeptMessage) throws -> Void) throws {
        guard let limit = policy.limit(.record, at: now) else { return }
        var last: Int64 = 0
        while true {
            let (messages, withContent) = try store.read { database in
                let messages = try KeptMessage.fetchAll(
                    database,
                    sql: """
                        SELECT \(KeptMessage.columns) FROM message
                        WHERE id > ? AND NOT (answers IS NOT NULL AND kind IN ('Acknowledgment', 'MessageError')) ORDER BY id LIMIT ?
                        """, arguments: [last, Self.page])
                return (messages, try Set(messages.map(\.id).filter { try Self.hasContent(database, $0) }))
            }
            for message in messages
            where policy.recordGoes(message, hasContent: withContent.contains(message.id), at: now) { try body(message) }
            guard let end = messages.last, end.created < limit else { return }
            last = end.id
        }
    }

    private static func hasContent(_ database: Database, _ id: Int64) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM part WHERE message = ?)"), arguments: [id]) ?? true
    }

    fileprivate static func contentBytes(_ database: Database, _ id: Int64) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT sum(payload.length) FROM part JOIN payload ON payload.id = part.payload WHERE part.message = ?"),
            arguments: [id]) ?? 0
    }
}

extension KeptMessage {
    static func fetch(_ database: Database, _ id: Int64) throws -> KeptMessage? {
        try fetchOne(
            database.cachedStatement(sql: "SELECT \(columns) FROM message WHERE id = ?"), arguments: [id])
    }
}
