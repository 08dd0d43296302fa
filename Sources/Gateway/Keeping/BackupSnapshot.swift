import Foundation
import GRDB

/// The database of a backup while it is made: everything of one moment, without the keys of the payloads.
struct BackupSnapshot {
    struct Facts {
        let schema: [String]
        let storeKey: String
        let lastMessage: Int64
        let messages: Int
        let payloads: Int
        let audit: AuditTrail.Head
    }

    /// The folder that the backup is made in.
    let folder: String

    private var path: String { folder + "/" + BackupManifest.database }

    /// Writes the rows of this moment, without what was freed and not yet used again. Nobody waits for it: it reads at one
    /// commit, and those that follow go into the log meanwhile.
    func take(of store: GatewayStore, at now: Date) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw StoreError(.cannotOpen, reason: "cannot make \(path)")
        }
        try store.keepingConnection().writeWithoutTransaction { database in
            try database.execute(sql: "VACUUM INTO ?", arguments: [path])
        }
        try open().write { try Fact.set($0, .isBackup, now) }
    }

    /// Moves the keys of the payloads into a database of their own.
    func partKeys(into file: String) throws -> Facts {
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw StoreError(.cannotOpen, reason: "cannot make \(file)")
        }
        let queue = try open()
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "ATTACH ? AS kept", arguments: [file])
            try database.execute(
                sql: """
                    CREATE TABLE kept.about (made INTEGER NOT NULL);
                    CREATE TABLE kept.contentKey (name BLOB PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL) WITHOUT ROWID;
                    INSERT INTO kept.contentKey SELECT payload.name, contentKey.wrapped FROM main.contentKey
                      JOIN payload ON payload.id = contentKey.payload ORDER BY payload.name;
                    DELETE FROM main.contentKey;
                    """)
            try database.execute(
                sql: "INSERT INTO kept.about SELECT CAST(value AS INTEGER) FROM main.fact WHERE name = ?",
                arguments: [Fact.isBackup.rawValue])
            try database.execute(sql: "DETACH kept")
        }
        let facts = try queue.read { database in
            Facts(
                schema: try StoreSchema.migrator.appliedMigrations(database),
                storeKey: try Fact.text(database, .storeKey) ?? "",
                lastMessage: try Int64.fetchOne(database, sql: "SELECT max(id) FROM message") ?? 0,
                messages: try Int.fetchOne(database, sql: "SELECT count(*) FROM message") ?? 0,
                payloads: try Int.fetchOne(database, sql: "SELECT count(*) FROM payload") ?? 0,
                audit: try AuditTrail.head(database))
        }
        try queue.close()
        for file in [path, file] {
            let handle = try FileHandle(forUpdating: URL(filePath: file))
            try handle.synchronize()
            try handle.close()
        }
        return facts
    }

    /// Files that the rows name: payloads, and what still has to be sent.
    func files() throws -> (payloads: [String], spooled: [String]) {
        let queue = try open()
        return try queue.read { database in
            (
                try String.fetchAll(database, sql: "SELECT file FROM payload WHERE file IS NOT NULL ORDER BY id"),
                try WireMessage.spooledFilesNeeded(database).map(\.file)
            )
        }
    }

    /// Nobody else knows of the file yet, so that nothing has to be durable before all of it is.
    private func open() throws -> DatabaseQueue {
        let configuration = StoreFile.configuration(checksReferences: false)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON")
        }
        return queue
    }
}
