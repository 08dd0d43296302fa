import Foundation
import Native

/// Copies files and digests what it copies. A file is on the disk when this says so.
enum DigestedCopy {
    private static let piece = 1 << 20

    /// - Parameter below: the folder that `name` and the result's path are below.
    static func copy(_ source: String, to name: String, below folder: String) throws -> BackupManifest.File {
        let path = folder + "/" + name
        try makeFolder(of: path)
        let reader = try FileReader(source, followsLinks: true)
        let file = try DurableFile(creating: path)
        var digest = Digest(.sha256)
        var count = 0
        while true {
            let bytes = try reader.read(piece)
            if bytes.isEmpty { break }
            digest.update(bytes)
            count += bytes.count
            try file.write(bytes)
        }
        try file.finish()
        return BackupManifest.File(path: name, bytes: count, sha256: hexadecimal(digest.finish()))
    }

    /// The file as it is.
    static func describe(_ name: String, below folder: String) throws -> BackupManifest.File {
        let reader = try FileReader(folder + "/" + name)
        var digest = Digest(.sha256)
        var count = 0
        while true {
            let bytes = try reader.read(piece)
            if bytes.isEmpty { break }
            digest.update(bytes)
            count += bytes.count
        }
        return BackupManifest.File(path: name, bytes: count, sha256: hexadecimal(digest.finish()))
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try makeFolder(of: path)
        let file = try DurableFile(creating: path)
        try file.write(bytes)
        try file.finish()
    }

    static func makeFolder(of path: String) throws {
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    /// Regular files below `folder`, by their paths below it, sorted. Links are not followed and not listed.
    static func files(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return facts?[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
