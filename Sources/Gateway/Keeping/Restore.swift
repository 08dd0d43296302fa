import Foundation
import GRDB
import Native

/// Makes a node folder of a backup. What is unsure is held: nothing goes out again that may have arrived since, and nothing is
/// handed to the receiving system again that it may have.
public struct Restore {
    let backup: String
    let folder: String
    let storeKeyFile: String
    let keys: String?
    let actor: AuditActor

    /// - Parameters:
    ///   - backup: the folder of the backup.
    ///   - folder: the node folder to make; nothing or an empty folder may be there.
    ///   - storeKeyFile: the store key, which no backup holds. It is copied into the node folder.
    ///   - keys: the payloads' keys, when they lie apart from the backup.
    public init(_ backup: String, into folder: String, storeKeyFile: String, keys: String?, by actor: AuditActor) {
        self.backup = URL(filePath: backup).standardizedFileURL.path
        self.folder = URL(filePath: folder).standardizedFileURL.path
        (self.storeKeyFile, self.keys, self.actor) = (storeKeyFile, keys, actor)
    }

    /// - Parameter evenDamaged: whether to put back what there is of a backup that is not whole.
    /// - Throws: ``StoreError``; nothing is left in `folder` then.
    public func run(at now: Date, evenDamaged: Bool) throws -> RestoreReport {
        try checkPlace()
        let key = try StoreKey(file: storeKeyFile)
        let check = try BackupCheck.run(backup, key: key, keys: keys)
        if let first = check.problems.first, !evenDamaged {
            throw StoreError(
                .damaged,
                reason:
                    "the backup is not whole (\(check.problems.count) problems, the first: \(first)); take another one, or add --even-damaged to put back what there is"
            )
        }
        let manifest = try BackupManifest.read(backup).manifest
        let making = "\(folder).making-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try copy(manifest, into: making)
            try putBack(manifest, key, in: making, at: now)
            try place(making)
        } catch {
            try? FileManager.default.removeItem(atPath: making)
            if error is StoreError { throw error }
            throw StoreError(.cannotOpen, reason: "nothing was restored into \(folder): \(error.localizedDescription)")
        }
        let store = try GatewayStore(folder: URL(filePath: folder + "/store"), key: key)
        var report = try store.restoreReport(at: now, node: folder)
        report.problems = check.problems
        report.toPutBack = try missingKeys()
        report.remarks = remarks(manifest)
        report.destroyed = try destroyAgain(store, at: now)
        return report
    }

    private func checkPlace() throws(StoreError) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            if !FileManager.default.fileExists(atPath: folder) { return }
            throw StoreError(.cannotOpen, reason: "\(folder) is no folder that can be read; name a new one")
        }
        guard names.isEmpty else {
            throw StoreError(
                .cannotOpen, reason: "\(folder) is not empty, and nothing is restored over something; name a new folder")
        }
    }

    private func place(_ making: String) throws {
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        guard rename(making, folder) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try DurableFile.synchroniseFolder(of: folder)
    }

    // MARK: - Files

    private func copy(_ manifest: BackupManifest, into making: String) throws {
        for name in ["", "/keys", "/store", "/store/payloads", "/store/spool"] {
            try FileManager.default.createDirectory(
                atPath: making + name, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        for file in manifest.files where file.path != BackupManifest.keys {
            let isOfNode = file.path.hasPrefix(BackupManifest.node + "/")
            let name = isOfNode ? String(file.path.dropFirst(BackupManifest.node.count + 1)) : file.path
            guard FileManager.default.fileExists(atPath: backup + "/" + file.path) else { continue }
            _ = try DigestedCopy.copy(backup + "/" + file.path, to: name, below: making)
        }
        try DigestedCopy.write(PrivateFile.read(storeKeyFile, limit: 1024), to: making + "/keys/store.key")
    }

    // MARK: - Rows

    private func putBack(_ manifest: BackupManifest, _ key: StoreKey, in making: String, at now: Date) throws {
        let keysFile = manifest.keysApart ? keys ?? "" : backup + "/" + BackupManifest.keys
        let configuration = StoreFile.configuration(checksReferences: false)
        let queue = try DatabaseQueue(path: making + "/store/gateway.sqlite", configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "ATTACH ? AS kept", arguments: [keysFile])
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO main.contentKey (payload, wrapped)
                      SELECT payload.id, kept.contentKey.wrapped FROM payload JOIN kept.contentKey ON kept.contentKey.name = payload.name
                    """)
            try database.execute(sql: "DETACH kept")
        }
        try StoreSchema.migrator.migrate(queue)
        let vault = PayloadVault(folder: making + "/store/payloads", key: key.aead)
        try queue.write { database in
            try RestoredStore(database: database, vault: vault, actor: actor, now: now, made: manifest.made).settle()
        }
        try queue.close()
    }

    /// What was destroyed since the backup was made comes back with it, and goes again at once.
    private func destroyAgain(_ store: GatewayStore, at now: Date) throws -> RetentionReport? {
        guard let settings = try? NodeSettings(folder: folder, environment: [:]).retention, settings.mode == .daily else {
            return nil
        }
        return try RetentionRun(store, settings, by: actor, at: now).run()
    }

    // MARK: - What is left to do

    private func missingKeys() throws -> [String] {
        guard let settings = try? NodeSettings(folder: folder, environment: [:]) else { return [] }
        let certificates = ((try? DigestedCopy.files(below: settings.parties.keys)) ?? []).filter { $0.hasSuffix(".crt") }
        let wanted =
            certificates.map { settings.parties.keys + "/" + $0.dropLast(4) + ".key" }
            + [settings.http.tls?.certificate, settings.http.tls?.key].compactMap { $0 }
        return Set(wanted).filter { !FileManager.default.fileExists(atPath: $0) }.sorted()
    }

    private func remarks(_ manifest: BackupManifest) -> [String] {
        var remarks = manifest.files.filter { $0.path.hasPrefix("outside/") }.map {
            "\($0.path.dropFirst("outside".count)) lay outside the node's folder; its copy is \(folder)/\($0.path)"
        }
        do {
            let settings = try NodeSettings(folder: folder, environment: [:])
            if settings.store.folder != folder + "/store" {
                remarks.append(
                    "msggw.yaml names the store \(settings.store.folder); the restored one is \(folder)/store: correct store.folder"
                )
            }
            if settings.store.keyFile != folder + "/keys/store.key" {
                remarks.append(
                    "msggw.yaml names the store key \(settings.store.keyFile); a copy of the one that was used is \(folder)/keys/store.key"
                )
            }
            if settings.retention.mode == .manual {
                remarks.append(
                    "retention is manual: run 'msggw retention run' to destroy again what had been destroyed since the backup")
            }
        } catch { remarks.append("the settings cannot be read: \(error)") }
        return remarks
    }
}

/// Makes rows of a backup rows to work with.
struct RestoredStore {
    let database: Database
    let vault: PayloadVault
    let actor: AuditActor
    let now: Date
    let made: Date

    /// Own numbers given after the backup are out in the world: in folders of receiving systems, in people's notes. New ones begin
    /// far beyond them.
    static let numberLeap: Int64 = 1_000_000
    /// Begins the reason of what is held.
    static let reason = "restored from a backup"

    func settle() throws {
        try Fact.set(database, .isBackup, nil as String?)
        try Fact.set(database, .restored, now)
        try Fact.set(database, .restoredFrom, made)
        try Fact.set(database, .restoredLast, try Int64.fetchOne(database, sql: "SELECT max(id) FROM message") ?? 0)
        try database.execute(
            sql: "UPDATE message SET leasedBy = NULL, leasedUntil = NULL WHERE leasedBy IS NOT NULL; DELETE FROM destination")
        try leapNumbers()
        try AuditTrail.append(
            AuditRecord(at: now, by: actor, action: "restored", detail: "from a backup of \(made.formatted(.iso8601))"),
            in: database)
        try markDestroyed()
        try holdOutgoing()
        try holdIncoming()
    }

    private func leapNumbers() throws {
        let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM message") ?? 0
        let known = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'message'")
        let next = max(last, known ?? 0) + Self.numberLeap
        try database.execute(
            sql: known == nil
                ? "INSERT INTO sqlite_sequence (seq, name) VALUES (?, 'message')"
                : "UPDATE sqlite_sequence SET seq = ? WHERE name = 'message'",
            arguments: [next])
    }

    /// The same bytes with the same MessageId are harmless while the receiver knows repeats; but whether they are wanted any more
    /// somebody has to say. An Acknowledgment of our own says what is true, and goes out.
    private func holdOutgoing() throws {
        let ids = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM message WHERE direction = 'out' AND state IN ('taken', 'sealed')
                  AND kind NOT IN ('Acknowledgment', 'MessageError') ORDER BY id
                """)
        for id in ids {
            try Ledger.apply(
                .held(reason: "\(Self.reason) of \(made.formatted(.iso8601)): it may have been delivered since"), to: id, at: now,
                by: actor,
                in: database)
        }
    }

    /// What was to be filed may have been filed since: no worker files it again.
    private func holdIncoming() throws {
        let ids = try Int64.fetchAll(
            database, sql: "SELECT id FROM message WHERE direction = 'in' AND state = 'opened' AND due IS NOT NULL ORDER BY id")
        for id in ids { try Ledger.apply(.settled, to: id, at: now, by: actor, in: database) }
    }

    /// Payloads whose keys were destroyed since the backup was made are gone, and their rows say so.
    private func markDestroyed() throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT part.message, payload.file, substr(payload.sealed, 1, 8) AS magic FROM part
                JOIN payload ON payload.id = part.payload LEFT JOIN contentKey ON contentKey.payload = payload.id
                WHERE contentKey.wrapped IS NULL
                """)
        var messages: Set<Int64> = []
        for row in rows {
            let file: String? = row["file"]
            let magic: Data? = file.map { try? Data(FileReader(vault.path($0)).read(8)) } ?? row["magic"]
            if magic == Data(PayloadSeal.magic) { messages.insert(row["message"]) }
        }
        for id in messages.sorted() {
            let content = try DestroyedContent.destroy(database, message: id, at: now)
            try database.execute(sql: "UPDATE message SET purged = ? WHERE id = ?", arguments: [now.microseconds, id])
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "content destroyed", message: id,
                    detail: "its key was destroyed after the backup was made"),
                in: database)
            for name in content.files { try? FileManager.default.removeItem(atPath: vault.path(name)) }
        }
    }
}
