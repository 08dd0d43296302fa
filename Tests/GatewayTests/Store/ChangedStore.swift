import Foundation
import GRDB
import Native
import TestSupport
import Testing

@testable import Gateway

/// A store with rows on pages of every kind, and copies of it in which bytes are changed.
struct ChangedStore {
    static let page = 4096

    let scratch: ScratchFolder
    let key: StoreKey

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(StoreKey.newFile(), to: "store.key")
        key = try StoreKey(file: scratch.path + "/store.key")
    }

    func folder(_ name: String = "store") -> String { scratch.path + "/" + name }
    func file(_ name: String = "store") -> String { folder(name) + "/gateway.sqlite" }

    func open(_ name: String = "store") throws -> GatewayStore {
        try GatewayStore(folder: URL(filePath: folder(name)), key: key)
    }

    /// Rows that fill leaves, pages between, overflow and an index.
    static func fill(_ database: Database, _ rows: ClosedRange<Int>) throws {
        try database.execute(sql: "CREATE TABLE IF NOT EXISTS filling (id INTEGER PRIMARY KEY, text TEXT, body BLOB)")
        try database.execute(sql: "CREATE INDEX IF NOT EXISTS fillingText ON filling (text)")
        for row in rows {
            try database.execute(
                sql: "INSERT INTO filling VALUES (?, ?, ?)",
                arguments: [
                    row, "row-\(row)-" + String(repeating: "x", count: row % 90),
                    Data(repeating: UInt8(row & 255), count: row * 37 % 9000),
                ])
        }
    }

    static func rows(_ database: Database) throws -> [Row] {
        try Row.fetchAll(database, sql: "SELECT * FROM filling ORDER BY id")
    }

    static func rows(of reader: any DatabaseReader) throws -> [Row] { try reader.read { try rows($0) } }

    static func putLogAway(_ writer: any DatabaseWriter) throws {
        try writer.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    }

    /// A store that nobody has open, its log put away.
    func makeClosed(rows: Int = 60) throws {
        try open().database.writeWithoutTransaction { try Self.fill($0, 1...rows) }
    }

    /// Database, log and mark as a kill leaves them, while the store is open: nobody holds a lock on the copy.
    func copy(from: String = "store", to name: String, without: String? = nil) throws {
        try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
        for ending in ["", "-wal", "-mark"] where ending != without && FileManager.default.fileExists(atPath: file(from) + ending)
        {
            try FileManager.default.copyItem(atPath: file(from) + ending, toPath: file(name) + ending)
        }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder(name)) }

    static func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    static func bytes(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        try handle.seek(toOffset: UInt64(offset))
        return Array(try handle.read(upToCount: count) ?? Data())
    }

    static func write(_ bytes: [UInt8], to path: String, at offset: Int) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: path))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    static func flip(_ path: String, at offset: Int, bit: Int = 0) throws {
        try write([bytes(path, at: offset, count: 1)[0] ^ (1 << UInt8(bit))], to: path, at: offset)
    }

    /// Pages of a database file that have no check value.
    static func unguarded(_ path: String) throws -> [Int] {
        try (0..<size(path) / page).filter { try bytes(path, at: ($0 + 1) * page - 8, count: 8).allSatisfy { $0 == 0 } }.map {
            $0 + 1
        }
    }

    /// A connection as another program has one: without the guard.
    static func foreign(_ path: String) throws -> DatabaseQueue { try DatabaseQueue(path: "file:\(path)?vfs=unix") }

    /// What a connection of ours answers; nil when it does not.
    static func answer(_ path: String) -> [Row]? {
        guard let queue = try? DatabaseQueue(path: path, configuration: StoreFile.configuration(readonly: true)) else {
            return nil
        }
        return try? queue.read { database in
            guard try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"] else { return nil }
            return try rows(database)
        }
    }
}

/// Suites that look at what was refused last in this process: one after the other.
@Suite("A store whose bytes were changed", .serialized) enum Changed {}
