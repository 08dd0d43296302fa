import Foundation
import GRDB
import Native

/// A copy of a node to be put back one day: a snapshot of the database, the sealed files that it names, and the settings,
/// certificates and registry. Made while the node runs.
///
/// Private keys and the store key are never in it. The keys of the payloads lie in a file of their own, in the backup or in a
/// place where each backup replaces the one before: then nobody can read in an old backup what has been destroyed since.
public struct Backup {
    public struct Report: Sendable, Codable {
        public let folder: String
        public let made: Date
        public let messages: Int
        public let payloads: Int
        public let files: Int
        public let bytes: Int
        /// Where the keys of the payloads are, when that is not the backup itself.
        public let keys: String?
        /// What was found wrong with the copy when it was read again; empty when it is good.
        public let problems: [String]
        /// Files that were left out on purpose: they hold private keys.
        public let withoutKeys: [String]
    }

    let store: GatewayStore
    let settings: NodeSettings
    let actor: AuditActor

    public init(_ store: GatewayStore, _ settings: NodeSettings, by actor: AuditActor) {
        (self.store, self.settings, self.actor) = (store, settings, actor)
    }

    /// Makes a backup in a new folder. It has its name only when all of it is on the disk and has been read again.
    ///
    /// - Parameter keys: a file for the payloads' keys, which is replaced; nil puts them into the backup.
    /// - Throws: ``StoreError`` `.cannotOpen` when the folder is there already or cannot be written, `.inUse` while another
    ///   backup or retention is under way.
    public func make(at path: String, keys: String?, now: Date) throws -> Report {
        let folder = URL(filePath: path).standardizedFileURL.path
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw StoreError(.cannotOpen, reason: "\(folder) is there already; a backup is never written over: name a new folder")
        }
        let lock = try KeepingLock(store: store.folder, for: "a backup")
        defer { withExtendedLifetime(lock) {} }
        let making = "\(folder).making-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            let report = try make(in: making, as: folder, keys: keys, now: now)
            guard rename(making, folder) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            try DurableFile.synchroniseFolder(of: folder)
            try remember(report, now)
            return report
        } catch {
            try? FileManager.default.removeItem(atPath: making)
            if error is StoreError { throw error }
            throw StoreError(.cannotOpen, reason: "no backup was made in \(folder): \(error.localizedDescription)")
        }
    }

    private func make(in making: String, as folder: String, keys: String?, now: Date) throws -> Report {
        for name in ["", "/" + BackupManifest.payloads, "/" + BackupManifest.spool] {
            try FileManager.default.createDirectory(
                atPath: making + name, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let snapshot = BackupSnapshot(folder: making)
        try snapshot.take(of: store, at: now)
        let keysFile = making + "/" + BackupManifest.keys
        let facts = try snapshot.partKeys(into: keysFile)
        var files = try copyNamed(by: snapshot, into: making)
        let (node, withoutKeys) = try copyNode(into: making)
        files += node
        if let keys {
            try replace(keys, with: keysFile)
        } else {
            files.append(try DigestedCopy.describe(BackupManifest.keys, below: making))
        }
        files.append(try DigestedCopy.describe(BackupManifest.database, below: making))
        let manifest = BackupManifest(
            format: BackupManifest.format, made: now, program: MSGGW.version, node: settings.node.name, schema: facts.schema,
            storeKey: facts.storeKey, lastMessage: facts.lastMessage, messages: facts.messages, payloads: facts.payloads,
            auditSequence: facts.audit.sequence, auditHash: DigestedCopy.hexadecimal(facts.audit.hash), keysApart: keys != nil,
            files: files.sorted { $0.path < $1.path })
        let bytes = try manifest.encoded()
        try DigestedCopy.write(bytes, to: making + "/" + BackupManifest.name)
        try DigestedCopy.write(
            BackupManifest.seal(bytes, under: store.vault.key), to: making + "/" + BackupManifest.sealName)
        let verdict = try BackupCheck.run(making, key: store.vault.key, keys: keys)
        return Report(
            folder: folder, made: now, messages: facts.messages, payloads: facts.payloads, files: files.count,
            bytes: files.reduce(0) { $0 + $1.bytes }, keys: keys, problems: verdict.problems, withoutKeys: withoutKeys)
    }

    /// Sealed payloads and spooled parts. What is missing or damaged is found when the copy is checked, and is no reason to keep
    /// no copy of the rest.
    private func copyNamed(by snapshot: BackupSnapshot, into folder: String) throws -> [BackupManifest.File] {
        let (payloads, spooled) = try snapshot.files()
        let named =
            payloads.map { (store.vault.path($0), BackupManifest.payloads + "/" + $0) }
            + spooled.map { (store.spool.path($0), BackupManifest.spool + "/" + $0) }
        return try named.compactMap { source, name in
            guard FileManager.default.fileExists(atPath: source) else { return nil }
            return try DigestedCopy.copy(source, to: name, below: folder)
        }
    }

    /// The keys as they are now take the place of those of the backup before.
    private func replace(_ path: String, with file: String) throws {
        let target = URL(filePath: path).standardizedFileURL
        _ = try DigestedCopy.copy(file, to: target.lastPathComponent, below: target.deletingLastPathComponent().path)
        try FileManager.default.removeItem(atPath: file)
    }

    private func remember(_ report: Report, _ now: Date) throws {
        let connection = try store.keepingConnection()
        try connection.write { database in
            try Fact.set(database, .backedUp, now)
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "backup made",
                    detail: "\(report.messages) messages, \(report.payloads) payloads, \(report.problems.count) problems"),
                in: database)
        }
    }

    // MARK: - The node's own files

    private func copyNode(into folder: String) throws -> (copied: [BackupManifest.File], withoutKeys: [String]) {
        var copied: [BackupManifest.File] = []
        var left: [String] = []
        for path in NodeFiles.paths(of: settings) {
            let bytes = try FileReader(path, followsLinks: true).read(64 << 20)
            if Data(bytes).range(of: Data("PRIVATE KEY".utf8)) != nil {
                left.append(path)
                continue
            }
            copied.append(try DigestedCopy.copy(path, to: NodeFiles.name(path, settings), below: folder))
        }
        return (copied, left)
    }
}

/// Files that make a node what it is, without its keys.
enum NodeFiles {
    static func paths(of settings: NodeSettings) -> [String] {
        var named = [settings.folder + "/" + NodeSettings.fileName, settings.registry.file]
        named += settings.trust.roots + settings.trust.intermediates + settings.trust.revocationLists
        named += [settings.http.tls?.certificate, settings.delivery.caFile].compactMap { $0 }
        var files: [String] = []
        for path in named { files += regularFiles(path) }
        files += regularFiles(settings.parties.keys).filter { $0.hasSuffix(".crt") }
        var seen: Set<String> = []
        return files.filter { seen.insert($0).inserted }
    }

    /// Where a file lies in a backup. What is outside the node's folder keeps its whole path.
    static func name(_ path: String, _ settings: NodeSettings) -> String {
        let path = URL(filePath: path).standardizedFileURL.path
        return path.hasPrefix(settings.folder + "/")
            ? BackupManifest.node + path.dropFirst(settings.folder.count)
            : "outside" + path
    }

    private static func regularFiles(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        if !isFolder.boolValue { return [path] }
        return ((try? DigestedCopy.files(below: path)) ?? []).map { path + "/" + $0 }
    }
}
