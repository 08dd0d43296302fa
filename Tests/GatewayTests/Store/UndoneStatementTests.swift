import Foundation
import GRDB
import Synchronization
import Testing

@testable import Gateway

/// A statement that changes many rows keeps what the pages were, in case that it must be undone. SQLite would put that into a nameless
/// file of the system's temporary folder as soon as it is large: on another disk, which may be full, and unlike the store not the node's.
@Suite("Statements that are undone")
struct UndoneStatementTests {
    private static let rows = 400

    @Test("what a large statement would be undone with is in no file outside of the store, and undoes it")
    func undone() throws {
        let changed = try ChangedStore()
        let store = try changed.open()
        // What no other test that runs beside this one has in its files.
        let mark = "before-\(UUID().uuidString)-"
        let found = Mutex<[String]>([])
        // Asked for each row; looks around at the last one, and there refuses to give a value.
        let change = DatabaseFunction("changed", argumentCount: 1) { values in
            let row = Int.fromDatabaseValue(values[0])
            guard row == Self.rows else { return "after" }
            found.withLock { $0 = Self.openFiles(with: mark).filter { !$0.hasPrefix(changed.folder()) } }
            return nil
        }
        try store.database.writeWithoutTransaction { database in
            try database.execute(sql: "CREATE TABLE undone (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            for row in 1...Self.rows {
                try database.execute(
                    sql: "INSERT INTO undone VALUES (?, ?)", arguments: [row, mark + String(repeating: "x", count: 3000)])
            }
            database.add(function: change)
            try database.inTransaction {
                try database.execute(sql: "INSERT INTO undone VALUES (?, 'beside it')", arguments: [Self.rows + 1])
                #expect(throws: DatabaseError.self) {
                    try database.execute(
                        sql: "UPDATE undone SET text = changed(id) WHERE id <= ?", arguments: [Self.rows])
                }
                return .commit
            }
            let texts = try String.fetchAll(database, sql: "SELECT substr(text, 1, 43) FROM undone ORDER BY id")
            #expect(texts.dropLast() == Array(repeating: String(mark.prefix(43)), count: Self.rows)[...])
            #expect(texts.last == "beside it")
        }
        #expect(found.withLock { $0 } == [])
    }

    /// The look itself must be able to find such a file.
    @Test("a nameless file with the mark is found")
    func look() throws {
        let mark = "nameless-\(UUID().uuidString)"
        let file = try #require(tmpfile())
        defer { fclose(file) }
        fputs("beside it \(mark)", file)
        fflush(file)
        #expect(Self.openFiles(with: mark).count == 1)
    }

    /// Ordinary files that this process has open and that hold the mark. They are read where they are open: to open and close one
    /// once more would take away the locks that this process holds on it.
    private static func openFiles(with mark: String) -> [String] {
        let folder = "/proc/self/fd"
        let descriptors = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { Int32($0) }
        return descriptors.compactMap { descriptor in
            var about = stat()
            guard fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG, about.st_size < 64 << 20 else { return nil }
            var bytes = Data(count: Int(about.st_size))
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0, bytes.prefix(count).range(of: Data(mark.utf8)) != nil else { return nil }
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)")) ?? "a file"
        }
    }
}
