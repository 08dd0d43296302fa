import Envelope
import Foundation

/// Why there is nothing to judge.
public enum SampleError: Error, Sendable, Equatable, CustomStringConvertible {
    case folderMissing(String)
    case noCases(String)

    public var description: String {
        switch self {
        case .folderMissing(let folder): "there is no folder \(folder)"
        case .noCases(let folder): "the folder \(folder) holds no samples"
        }
    }
}

/// A folder of samples, looked through to any depth. Everything in it is a case but files ending in `.md` and hidden ones.
public struct SampleFolder: Sendable {
    /// A larger file is refused without being read.
    public static let longest = 64 << 20

    /// Paths below the folder, sorted.
    public let files: [String]
    private let folder: URL

    /// - Throws: ``SampleError`` when there is no such folder, or no case in it.
    public init(_ path: String) throws(SampleError) {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw .folderMissing(path)
        }
        files = Self.cases(below: folder.path)
        if files.isEmpty { throw .noCases(path) }
    }

    /// Judges one of ``files``. Never throws and never stops at a bad one.
    public func judge(_ file: String) -> JudgedSample {
        let name = "\(folder.lastPathComponent)/\(file)"
        let bytes: [UInt8]
        do {
            bytes = try read(file)
        } catch {
            return JudgedSample(
                name: name, verdict: .refused, reason: "the file cannot be read, or is larger than \(Self.longest) bytes")
        }
        var inspection = Inspection(of: bytes)
        // A SOAP part that was stored apart from its payload: the payload is looked for beside it.
        if inspection.root?.name == "Envelope", let manifest = inspection.ebXML?.manifest, inspection.parts == nil,
            let parts = payloads(beside: file, for: manifest.map(\.contentID))
        {
            inspection = Inspection(of: bytes, options: InspectionOptions(parts: parts))
        }
        return JudgedSample(name: name, inspection)
    }

    private static func cases(below folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return found.filter { path in
            let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
            var isFolder: ObjCBool = false
            guard !isHidden, !path.lowercased().hasSuffix(".md"),
                FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
            else { return false }
            return !isFolder.boolValue
        }.sorted()
    }

    /// How stored payloads are called.
    private static let payloadEndings = [".p7m", ".p7", ".cms", ".bin", ".dat"]

    /// Payloads in the same folder, one for each Content-ID in the order of their names; nil when the numbers differ.
    private func payloads(beside file: String, for contentIDs: [String]) -> [String: [UInt8]]? {
        let parent = file.split(separator: "/").dropLast().joined(separator: "/")
        let prefix = parent.isEmpty ? "" : "\(parent)/"
        let beside = files.filter { path in
            path.hasPrefix(prefix) && !path.dropFirst(prefix.count).contains("/")
                && Self.payloadEndings.contains { path.lowercased().hasSuffix($0) }
        }
        guard !beside.isEmpty, beside.count == contentIDs.count else { return nil }
        var parts: [String: [UInt8]] = [:]
        for (contentID, payload) in zip(contentIDs, beside) { parts[contentID] = try? read(payload) }
        return parts
    }

    private func read(_ file: String) throws -> [UInt8] {
        let url = folder.appending(path: file)
        let size = try url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize ?? .max
        guard size <= Self.longest else { throw CocoaError(.fileReadTooLarge) }
        return [UInt8](try Data(contentsOf: url))
    }
}
