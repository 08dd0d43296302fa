import Foundation
import GRDB
import Practice

/// A withdrawal that another node has told this one of, about a message that it sent here.
struct HeldWithdrawal: Sendable {
    let id: Int64
    let notice: Int64
    let withdrawalID: String
    let asksDeletion: Bool
    let at: Date
    let sender: String
    let receiver: String
    let document: String
    let messageID: String
    let message: Int64?
    let answer: WithdrawalAnswer?

    init(_ row: Row) {
        (id, notice, withdrawalID, asksDeletion) = (row["id"], row["notice"], row["withdrawalID"], row["asksDeletion"])
        (at, sender, receiver) = (Date(microseconds: row["at"]), row["sender"], row["receiver"])
        (document, messageID, message) = (row["document"], row["messageID"], row["message"])
        answer = (row["answer"] as Data?).flatMap { try? WithdrawalAnswer(parsing: Array($0)) }
    }

    static func all(_ database: Database) throws -> [HeldWithdrawal] {
        try Row.fetchAll(database, sql: "SELECT * FROM heldWithdrawal ORDER BY id").map { HeldWithdrawal($0) }
    }

    static func told(by notice: Int64, _ database: Database) throws -> HeldWithdrawal? {
        try Row.fetchOne(database, sql: "SELECT * FROM heldWithdrawal WHERE notice = ?", arguments: [notice]).map {
            HeldWithdrawal($0)
        }
    }

    static func about(_ message: Int64, _ database: Database) throws -> [HeldWithdrawal] {
        try Row.fetchAll(database, sql: "SELECT * FROM heldWithdrawal WHERE message = ? ORDER BY id", arguments: [message]).map {
            HeldWithdrawal($0)
        }
    }

    static func answer(_ answer: WithdrawalAnswer, to id: Int64, by message: Int64, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE heldWithdrawal SET answer = ?, answeredBy = ? WHERE id = ?",
            arguments: [Data(answer.bytes), message, id])
    }
}

/// A withdrawal on its way into the store, in the commit that holds the message which told it.
struct ToldWithdrawal: Sendable {
    enum Outcome: Sendable, Equatable {
        /// The message is here; a person says what becomes of it.
        case here
        /// It is not here from this sender: there is nothing to decide.
        case away(row: Int64)
        case known
        /// Somebody else's message, whoever says otherwise.
        case refused
    }

    let notice: WithdrawalNotice
    let withdrawal: ConsentWithdrawal
    let sender: HERID
    let receiver: HERID
    let now: Date

    /// The message that it is about, as far as it is here from the one who says so.
    private func messages(_ database: Database) throws -> [MessageRecord] {
        try MessageRecord.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'document' AND name.value = ? AND direction = 'in' ORDER BY message.id
                    """), arguments: [notice.document])
    }

    /// Whether it never came, from nobody. Of what is so old that its record may have been destroyed, nobody knows by itself.
    func isAway(_ database: Database) throws -> Bool {
        guard try messages(database).isEmpty else { return false }
        guard let forgotten = try Fact.date(database, .forgotten) else { return true }
        guard let sent = try? Date(notice.sent, strategy: .iso8601) else { return false }
        return sent > forgotten
    }

    /// - Parameter told: this node's number of the message that told it.
    func take(told: MessageRecord, _ database: Database) throws -> (outcome: Outcome, stopped: [Transition]) {
        let named = try messages(database)
        let own = named.filter { $0.sender == sender.value && $0.receiver == receiver.value }
        if own.isEmpty, !named.isEmpty {
            try note("withdrawal refused", told, "it is about a message that another party sent", database)
            return (.refused, [])
        }
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO heldWithdrawal (notice, withdrawalID, asksDeletion, at, sender, receiver, document, messageID,
                  message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                told.id, withdrawal.id, withdrawal.asksDeletion, now.microseconds, sender.value, receiver.value, notice.document,
                notice.message, own.last?.id,
            ])
        guard database.changesCount == 1 else { return (.known, []) }
        let row = database.lastInsertedRowID
        guard let message = own.last else { return (.away(row: row), []) }
        try note("consent withdrawn", message, "told in #\(told.id)", database)
        return (.here, try stopHandedOn(message, database))
    }

    /// Waits here to be handed on to another door, and has not left: nobody else gets it.
    private func stopHandedOn(_ message: MessageRecord, _ database: Database) throws -> [Transition] {
        let forwarded = try MessageRecord.fetchAll(
            database,
            sql: """
                SELECT \(MessageRecord.columns) FROM answer JOIN message ON message.id = answer.forwarded
                WHERE answer.referral = ? ORDER BY message.id
                """, arguments: [message.id])
        return try forwarded.compactMap { try WithdrawalStop.stop($0, at: now, by: .node, in: database) }
    }

    private func note(_ action: String, _ message: MessageRecord, _ detail: String, _ database: Database) throws {
        try AuditTrail.append(
            AuditRecord(
                at: now, by: .node, action: action, message: message.id, messageID: message.messageID, state: message.state,
                detail: detail), in: database)
    }

    /// A message that comes although its sender has said that it must not be used: whoever reads it must know.
    static func meet(_ message: MessageRecord, at now: Date, by table: DeadlineTable, days: Int, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT id, notice FROM heldWithdrawal WHERE document = ? AND message IS NULL AND sender = ? AND receiver = ?")
        let waiting = try statement.all(
            .string(message.documentID), .string(message.sender), .string(message.receiver)
        ) { row in (id: try row.integer(0), notice: try row.integer(1)) }
        for held in waiting {
            try database.execute(
                sql: "UPDATE heldWithdrawal SET message = ?, answer = NULL, answeredBy = NULL WHERE id = ?",
                arguments: [message.id, held.id])
            if let told = try MessageRecord.fetch(database, id: held.notice) {
                try told.expectAnswer(within: days, at: now, by: table, in: database)
            }
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: .node, action: "consent withdrawn", message: message.id, messageID: message.messageID,
                    state: message.state, detail: "told in #\(held.notice), before the message came"), in: database)
        }
    }
}

extension MessageRecord {
    /// Makes somebody be told when nobody has answered it by then, whatever the table says of its kind.
    func expectAnswer(within days: Int, at now: Date, by table: DeadlineTable, in database: Database) throws {
        var deadlines = deadlines
        let end = table.calendar.end(ofWorkingDay: days, after: now)
        deadlines.answerBy = end
        deadlines.warnAt = min(deadlines.warnAt ?? end, end)
        try deadlines.write(database, message: id)
    }
}
