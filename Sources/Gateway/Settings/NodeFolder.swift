import Foundation
import Native

/// Why no node folder was made. Nothing is left behind.
public struct NodeFolderError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// There is something already.
        case notEmpty
        case notAFolder
        /// The system refused.
        case notWritable
        /// One of the values asked for is no valid setting.
        case settings
    }

    public let code: Code
    public let folder: String
    public let reason: String
    public let remedy: String

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String { "\(folder) \(reason); \(remedy)" }
}

/// Makes the folder that a node lives in.
public enum NodeFolder {
    /// What was made.
    public struct Created: Sendable, Hashable {
        /// Absolute.
        public let folder: String
        /// Paths below the folder; folders end in a slash.
        public let made: [String]
        /// What to do next, one line each.
        public let next: [String]
    }

    static let folders = ["keys", "trust", "trust/roots", "trust/intermediates", "trust/crl", "store", "filed"]

    /// Makes a node folder with commented settings, a new store key and the folders that the settings name.
    ///
    /// It is made beside its place and moved there whole, so that nothing half-made is ever found. A folder that is there is kept, for
    /// it may be all that its owner may write; what belongs in it is made inside and moved, the settings last. Folders have mode
    /// 0700, files 0600.
    ///
    /// - Parameters:
    ///   - path: a folder that is not there yet, or is empty; the one above it must be there.
    ///   - settings: values to write in force, as YAML by the setting's name: `["http.port": "9001"]`.
    public static func create(at path: String, settings: [String: String] = [:]) throws(NodeFolderError) -> Created {
        let folder = URL(filePath: path).standardizedFileURL.path
        let yaml = try template(settings, folder: folder)
        let isThere = try checkPlace(folder)
        let making = "\(folder)\(isThere ? "/" : "").making-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try fill(making, yaml: yaml)
            if isThere { try empty(making, into: folder) } else { try move(making, to: folder) }
        } catch {
            try? FileManager.default.removeItem(atPath: making)
            throw refusal(error, folder)
        }
        return Created(
            folder: folder, made: [NodeSettings.fileName, "keys/store.key"] + folders.map { "\($0)/" }, next: next(folder))
    }

    /// The text of the settings file, read back so that a wrong value is found before anything is made.
    private static func template(_ settings: [String: String], folder: String) throws(NodeFolderError) -> String {
        for name in settings.keys.sorted() where SettingKey.byName[name] == nil {
            let error = SettingsError.unknown(name, place: "new settings", among: SettingKey.all.map(\.name))
            throw NodeFolderError(code: .settings, folder: folder, reason: "was not made: \(error)", remedy: "correct the value")
        }
        let yaml = SettingKey.template(settings)
        do {
            _ = try NodeSettings(yaml: Array(yaml.utf8), folder: folder)
        } catch {
            throw NodeFolderError(code: .settings, folder: folder, reason: "was not made: \(error)", remedy: "correct the value")
        }
        return yaml
    }

    /// Whether there is an empty folder.
    private static func checkPlace(_ folder: String) throws(NodeFolderError) -> Bool {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: folder, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue else {
            throw NodeFolderError(code: .notAFolder, folder: folder, reason: "is a file", remedy: "name another folder")
        }
        guard let names = try? manager.contentsOfDirectory(atPath: folder) else {
            throw NodeFolderError(
                code: .notWritable, folder: folder, reason: "cannot be read", remedy: "name a folder of your own")
        }
        guard names.isEmpty else {
            throw NodeFolderError(
                code: .notEmpty, folder: folder, reason: "is not empty; nothing in it was changed",
                remedy: "name a new folder, or an empty one")
        }
        return true
    }

    private static func fill(_ folder: String, yaml: String) throws {
        let manager = FileManager.default
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: false, attributes: mode)
        for name in folders {
            try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false, attributes: mode)
        }
        try write(yaml, to: "\(folder)/\(NodeSettings.fileName)")
        try write(StoreKey.newFile(), to: "\(folder)/keys/store.key")
    }

    private static func empty(_ making: String, into folder: String) throws {
        guard chmod(folder, 0o700) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let names = folders.filter { !$0.contains("/") } + [NodeSettings.fileName]
        do {
            for name in names { try move("\(making)/\(name)", to: "\(folder)/\(name)") }
            try FileManager.default.removeItem(atPath: making)
        } catch {
            for name in names { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
            throw error
        }
    }

    private static func move(_ path: String, to place: String) throws {
        guard rename(path, place) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Writes a new file that is private from its first moment, and waits until it is on disk.
    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Array(text.utf8))
        try file.synchronize()
        try file.close()
    }

    private static func refusal(_ error: any Error, _ folder: String) -> NodeFolderError {
        let reason = (error as? POSIXError).map { String(cString: strerror($0.code.rawValue)) } ?? error.localizedDescription
        return NodeFolderError(
            code: .notWritable, folder: folder, reason: "was not made: \(reason)",
            remedy:
                "check that the folder above it is there and may be written, or make the folder and give it to the user that runs msggw"
        )
    }

    private static func next(_ folder: String) -> [String] {
        [
            "Copy \(folder)/keys/store.key to a safe place apart from backups of the store: without it nothing stored can be read.",
            "Put root certificates into \(folder)/trust/roots, issuing ones into trust/intermediates, revocation lists into trust/crl.",
            "Put each organisation's keys into \(folder)/keys/<organisation number>/: signing.key, signing.crt, encryption.key, encryption.crt (keys with mode 0600).",
            "Put the address registry at \(folder)/registry.json, or set registry.file.",
            "Set parties.hosted in \(folder)/\(NodeSettings.fileName) to the HER-ids of this node, then run: msggw serve --node \(folder)",
        ]
    }
}
