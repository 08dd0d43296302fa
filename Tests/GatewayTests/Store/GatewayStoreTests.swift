import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("The store")
struct GatewayStoreTests {
    private static func key(_ scratch: ScratchFolder, _ name: String = "store.key") throws -> StoreKey {
        let file = "\(scratch.path)/\(name)"
        if !FileManager.default.fileExists(atPath: file) { try scratch.write(StoreKey.newFile(), to: name) }
        return try StoreKey(file: file)
    }

    private static func open(_ scratch: ScratchFolder, key: String = "store.key") throws -> GatewayStore {
        try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: Self.key(scratch, key))
    }

    @Test("waits for the disk on the connection that writes: WAL and synchronous=FULL, also when opened again")
    func durable() throws {
        let scratch = try ScratchFolder()
        for _ in 1...2 {
            let store = try Self.open(scratch)
            let (journal, synchronous) = try store.database.writeWithoutTransaction { database in
                (
                    try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(database, sql: "PRAGMA synchronous")
                )
            }
            #expect(journal == "wal")
            #expect(synchronous == 2)
        }
    }

    @Test(
        "that cannot be opened for want of room or a turn is not called a fault of the settings",
        arguments: [
            (ResultCode.SQLITE_FULL, StoreError.Code.diskFailed), (.SQLITE_IOERR_FSYNC, .diskFailed),
            (.SQLITE_NOMEM, .diskFailed),
            (.SQLITE_BUSY, .inUse), (.SQLITE_CANTOPEN, .cannotOpen), (.SQLITE_PERM, .cannotOpen),
        ])
    func refusals(result: ResultCode, code: StoreError.Code) {
        let error = GatewayStore.refusal(to: "/var/lib/msggw/store", DatabaseError(resultCode: result))
        #expect(error.code == code)
        #expect(error.reason.contains("/var/lib/msggw/store"))
    }

    @Test("opens when whoever made it died before it had a log, with a journal left to undo")
    func diedWhileMade() throws {
        let scratch = try ScratchFolder()
        let (made, left) = (scratch.path + "/made", scratch.path + "/store")
        for folder in [made, left] { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false) }
        try DatabaseQueue(path: made + "/gateway.sqlite").inDatabase { database in
            try database.execute(sql: "CREATE TABLE first (a)")
            // More than the memory given to it holds: the journal is synchronised, and counts.
            try database.execute(
                sql: "PRAGMA cache_size = 1; BEGIN; CREATE TABLE second (a); INSERT INTO second VALUES (zeroblob(400000))")
            // As a kill leaves them: nobody holds a lock on these.
            for ending in ["", "-journal"] {
                try FileManager.default.copyItem(
                    atPath: made + "/gateway.sqlite" + ending, toPath: left + "/gateway.sqlite" + ending)
            }
            try database.execute(sql: "ROLLBACK")
        }
        let store = try Self.open(scratch)
        #expect(try store.read { try $0.tableExists("first") && !$0.tableExists("second") && $0.tableExists("message") })
    }

    @Test("that would not wait for the disk is refused", arguments: ["NORMAL", "OFF"])
    func notDurable(value: String) throws {
        let scratch = try ScratchFolder()
        let pool = try DatabasePool(path: scratch.path + "/some.sqlite")
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(value)") }
        let error = try #require(throws: StoreError.self) { try GatewayStore.assertDurable(pool) }
        #expect(error.code == .notDurable)
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try GatewayStore.assertDurable(pool)
    }

    @Test("refuses another key and says what to do, and is opened by its own afterwards")
    func wrongKey() throws {
        let scratch = try ScratchFolder()
        _ = try Self.open(scratch)
        let error = try #require(throws: StoreError.self) { try Self.open(scratch, key: "other.key") }
        #expect(error.code == .wrongKey)
        #expect(error.reason.contains("put back the key file"))
        _ = try Self.open(scratch)
    }

    @Test("that cannot be made is refused by name")
    func noFolder() throws {
        let scratch = try ScratchFolder()
        try scratch.write("a file", to: "store")
        let error = try #require(throws: StoreError.self) { try Self.open(scratch) }
        #expect(error.code == .cannotOpen)
        #expect(error.reason.contains(scratch.path))
    }

    @Test("commits of many at once are all answered, each with its own result")
    func concurrent() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.open(scratch)
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<300 {
                group.addTask {
                    try await store.commit { database in
                        try database.execute(sql: "INSERT INTO fact VALUES (?, 'x')", arguments: ["n\(number)"])
                        return number
                    }
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(results == Set(0..<300))
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM fact WHERE name LIKE 'n%'") } == 300)
    }

    @Test("one piece of work that fails fails alone, and leaves nothing of its own")
    func oneFails() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.open(scratch)
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        try await store.commit { database in
                            try database.execute(sql: "INSERT INTO fact VALUES (?, 'x')", arguments: ["n\(number)"])
                            if number % 10 == 3 { throw StoreError(.notFound, reason: "as the test wants it") }
                        }
                        return nil
                    } catch let error as StoreError {
                        return error.code == .notFound ? number : -1
                    } catch { return -1 }
                }
            }
            return await group.reduce(into: Set()) { if let number = $1 { $0.insert(number) } }
        }
        #expect(failed == Set(stride(from: 3, to: 100, by: 10)))
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM fact WHERE name LIKE 'n%'") } == 90)
    }

    @Test("what was committed is there when the store is opened again")
    func reopened() async throws {
        let scratch = try ScratchFolder()
        try await Self.open(scratch).commit { try $0.execute(sql: "INSERT INTO fact VALUES ('kept', 'x')") }
        #expect(try Self.open(scratch).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM fact WHERE name = 'kept'") } == 1)
    }
}
