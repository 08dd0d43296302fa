import Foundation
import GRDB
import Native

/// Whether a backup could be put back: every file as it was written, nothing added, and with the keys every payload readable.
public struct BackupCheck: Sendable, Hashable, Codable {
    public let made: Date
    public let node: String
    public let program: String
    public let messages: Int
    public let payloads: Int
    public let files: Int
    /// Payloads whose keys have been destroyed since the backup was made.
    public let destroyed: Int
    /// Whether the store key was there to try the manifest's seal and every payload's.
    public let isComplete: Bool
    public let problems: [String]

    /// - Parameters:
    ///   - key: the store key; without it only digests and the database's structure are looked at.
    ///   - keys: the payloads' keys, when they lie apart.
    /// - Throws: ``StoreError`` when there is no backup, or it is of another store key.
    public static func run(_ folder: String, key: StoreKey?, keys: String?) throws -> BackupCheck {
        let folder = URL(filePath: folder).standardizedFileURL.path
        let manifest = try BackupManifest.read(folder).manifest
        if let key, key.fingerprint != manifest.storeKey {
            throw StoreError(
                .wrongKey, reason: "the backup \(folder) was made with another store key; name the key file that belongs to it")
        }
        return try run(folder, key: key?.aead, keys: keys)
    }

    static func run(_ folder: String, key: AEADKey?, keys: String?) throws -> BackupCheck {
        let (manifest, bytes) = try BackupManifest.read(folder)
        var problems: [String] = []
        if let key {
            let seal = try FileReader(folder + "/" + BackupManifest.sealName).read(256)
            if !BackupManifest.isSealed(bytes, by: seal, under: key) {
                problems.append("\(BackupManifest.name) does not carry the seal of the store key: it was changed, or is damaged")
            }
        }
        problems += try digests(manifest, folder)
        let keysFile = manifest.keysApart ? keys : folder + "/" + BackupManifest.keys
        if manifest.keysApart, keys == nil {
            problems.append("the keys of the payloads lie apart from this backup; name their file with --keys")
        }
        let inspects = problems.isEmpty && key != nil
        var destroyed = 0
        if inspects, let key, let keysFile {
            let check = try inspect(folder, key, keysFile, made: manifest.made)
            destroyed = check.destroyed
            problems += check.findings.map { "\($0.kind.rawValue): \($0.what)" }
            if check.count > check.findings.count { problems.append("and \(check.count - check.findings.count) more") }
        }
        return BackupCheck(
            made: manifest.made, node: manifest.node, program: manifest.program, messages: manifest.messages,
            payloads: manifest.payloads, files: manifest.files.count, destroyed: destroyed, isComplete: inspects,
            problems: problems)
    }

    private static func digests(_ manifest: BackupManifest, _ folder: String) throws -> [String] {
        var problems: [String] = []
        let own: Set = [BackupManifest.name, BackupManifest.sealName]
        var unknown = Set(try DigestedCopy.files(below: folder)).subtracting(own)
        for file in manifest.files {
            guard unknown.remove(file.path) != nil else {
                problems.append("\(file.path) is not there")
                continue
            }
            if try DigestedCopy.describe(file.path, below: folder) != file {
                problems.append("\(file.path) is not what was written")
            }
        }
        return problems + unknown.sorted().map { "\($0) does not belong to the backup" }
    }

    /// The store in the backup, with its keys beside it.
    private static func inspect(_ folder: String, _ key: AEADKey, _ keysFile: String, made: Date) throws -> StoreCheck {
        let database = try DatabaseQueue(
            path: folder + "/" + BackupManifest.database, configuration: StoreFile.configuration(readonly: true))
        guard FileManager.default.fileExists(atPath: keysFile) else {
            throw StoreError(.cannotOpen, reason: "the payloads' keys \(keysFile) are not there; name their file with --keys")
        }
        let keysMade = try database.inDatabase { database in
            try database.execute(sql: "ATTACH ? AS kept", arguments: [keysFile])
            return try Int64.fetchOne(database, sql: "SELECT made FROM kept.about").map { Date(microseconds: $0) }
        }
        // Keys older than the backup would make everything new in it look destroyed. The manifest counts whole seconds.
        guard let keysMade, keysMade >= made - 1 else {
            throw StoreError(
                .cannotOpen, reason: "the payloads' keys in \(keysFile) are older than the backup; name the newest there are")
        }
        var inspection = StoreInspection(
            database: database, vault: PayloadVault(folder: folder + "/" + BackupManifest.payloads, key: key),
            spool: Spool(folder: folder + "/" + BackupManifest.spool, store: folder), keys: .apart)
        inspection.orphanAge = nil
        return try inspection.run()
    }
}
