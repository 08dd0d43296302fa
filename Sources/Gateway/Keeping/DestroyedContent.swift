import Foundation
import GRDB

/// The content of a message whose rows are gone, with the files that are still to be deleted.
struct DestroyedContent: Sendable {
    private(set) var payloads = 0
    private(set) var bytes = 0
    /// In the vault.
    private(set) var files: [String] = []
    private(set) var spooled: [String] = []

    mutating func add(_ other: DestroyedContent) {
        payloads += other.payloads
        bytes += other.bytes
        files += other.files
        spooled += other.spooled
    }

    /// Deletes payloads, their keys, and the bytes that went over the wire. The signed header stays as a receipt: with it the
    /// Acknowledgment can be checked, and it says nothing of the content but its digests.
    static func destroy(_ database: Database, message id: Int64, at now: Date) throws -> DestroyedContent {
        var destroyed = DestroyedContent()
        let sent = try Row.fetchOne(
            database, sql: "SELECT layout, \(WireMessage.soapColumn) FROM wire WHERE message = ?", arguments: [id])
        if let sent {
            let (layout, soap): (String, Data) = (sent[0], sent[1])
            if !layout.isEmpty { destroyed.spooled = try WireMessage.spooledFiles(ofLayout: layout) }
            try ReceiptRecord(kind: .header, direction: .out, at: now, bytes: Array(soap)).insert(database, message: id)
            try database.execute(sql: "DELETE FROM wire WHERE message = ?", arguments: [id])
        }
        let payloads = try Int64.fetchAll(
            database, sql: "SELECT DISTINCT payload FROM part WHERE message = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM part WHERE message = ?", arguments: [id])
        try ConsentSchema.forgetContent(of: id, in: database)
        try CourseSchema.forgetContent(of: id, in: database)
        for payload in try payloads + AnswerRows.release(database, message: id) {
            try destroyed.delete(database, payload: payload)
        }
        return destroyed
    }

    /// One payload, unless another recipient's message still has it.
    private mutating func delete(_ database: Database, payload: Int64) throws {
        let isShared = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM part WHERE payload = ?)", arguments: [payload])
        guard isShared == false,
            let row = try Row.fetchOne(database, sql: "SELECT length, file FROM payload WHERE id = ?", arguments: [payload])
        else { return }
        payloads += 1
        bytes += row["length"] as Int
        if let file: String = row["file"] { files.append(file) }
        try database.execute(sql: "DELETE FROM contentKey WHERE payload = ?", arguments: [payload])
        try database.execute(sql: "DELETE FROM payload WHERE id = ?", arguments: [payload])
    }
}

/// The rows of a message without content.
enum RecordRows {
    /// Everything but names of kinds that others add: see `RetentionRun.forgetNames`.
    static func delete(_ database: Database, message id: Int64) throws {
        guard let message = try MessageRecord.fetch(database, id: id) else { return }
        for (kind, value) in [
            ("message", message.messageID), ("document", message.documentID), ("conversation", message.conversationID),
        ] {
            try database.execute(
                sql: "DELETE FROM name WHERE kind = ? AND value = ? AND message = ?", arguments: [kind, value, id])
        }
        try database.execute(
            sql: "DELETE FROM received WHERE messageID = ? AND sender = ? AND message = ?",
            arguments: [message.messageID, message.sender, id])
        try database.execute(sql: "UPDATE message SET answers = NULL WHERE answers = ?", arguments: [id])
        try database.execute(
            sql: "DELETE FROM alertSent WHERE alert IN (SELECT id FROM alert WHERE message = ?)", arguments: [id])
        for table in ["alert", "receipt"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE message = ?", arguments: [id])
        }
        try ConsentSchema.forgetRecord(of: id, in: database)
        try AnswerRows.delete(database, message: id)
        try WithdrawalSchema.forgetRecord(of: id, in: database)
        try CourseSchema.forgetRecord(of: id, in: database)
        try OverviewSchema.forgetRecord(of: id, in: database)
        try HolderSchema.delete(database, message: id)
        try database.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [id])
    }
}

extension GatewayStore {
    /// Deletes the files of content whose rows are gone, and waits until the folders say so on the disk.
    func delete(_ contents: [DestroyedContent]) throws {
        let sealed = contents.flatMap(\.files).map { vault.path($0) }
        let spooled = contents.flatMap(\.spooled).map { spool.path($0) }
        for path in sealed + spooled where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
        for some in [sealed, spooled] {
            if let path = some.first { try DurableFile.synchroniseFolder(of: path) }
        }
    }

    /// A connection of its own for what is done beside the daemon, in this process or in another. References between rows are not
    /// looked up: each look-up by message would read a whole table, so whoever deletes deletes in order.
    func keepingConnection() throws -> DatabaseQueue {
        var configuration = StoreFile.configuration(checksReferences: false)
        configuration.label = "msggw.keeping"
        let connection = try DatabaseQueue(path: folder + "/gateway.sqlite", configuration: configuration)
        try connection.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // What is freed is overwritten with zeros.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Nobody's commit has to wait for a checkpoint that this connection begins.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        return connection
    }

    /// Copies the log into the database and cuts it off, so that what was overwritten there is nowhere any more.
    ///
    /// - Returns: false when somebody was reading all the time; the next run tries again.
    func emptyLog(_ connection: DatabaseQueue) throws -> Bool {
        try connection.writeWithoutTransaction { database in
            // Most of it without stopping anybody; then what is left, for which the writer is held up a moment.
            _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")
            try database.execute(sql: "PRAGMA busy_timeout = 250")
            for _ in 0..<8 {
                let result = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                if result?["busy"] == 0 { return true }
            }
            return false
        }
    }
}
