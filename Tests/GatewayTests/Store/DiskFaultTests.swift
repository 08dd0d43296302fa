import Dispatch
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("A disk that fails")
struct DiskFaultTests {
    private static func store() throws -> (GatewayStore, ScratchFolder) {
        let scratch = try ScratchFolder()
        let key = try StoreKey(file: try scratch.write(StoreKey.newFile(), to: "store.key"))
        return (try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: key), scratch)
    }

    static let faults: [ResultCode] = [
        .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_WRITE, .SQLITE_IOERR_READ, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_CORRUPT, .SQLITE_NOTADB,
    ]
    static let shortages: [ResultCode] = [
        .SQLITE_FULL, .SQLITE_NOMEM, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_CONSTRAINT, .SQLITE_IOERR_NOMEM,
        .SQLITE_IOERR_SHMSIZE,
    ]

    @Test("is not asked again: the commit that failed is not repeated, and none is begun after it", arguments: faults)
    func takesNothingMore(code: ResultCode) async throws {
        let (store, scratch) = try Self.store()
        defer { withExtendedLifetime(scratch) {} }
        let tries = Mutex(0)
        let error = await #expect(throws: StoreError.self) {
            try await store.commit { _ in
                tries.withLock { $0 += 1 }
                throw DatabaseError(resultCode: code)
            }
        }
        #expect(error?.code == .diskFailed)
        #expect(tries.withLock(\.self) == 1)
        let later = await #expect(throws: StoreError.self) {
            try await store.commit { _ in tries.withLock { $0 += 1 } }
        }
        #expect(later?.code == .diskFailed)
        #expect(tries.withLock(\.self) == 1)
    }

    @Test("fails everybody whose work was in the same commit, once each")
    func wholeBatch() async throws {
        let (store, scratch) = try Self.store()
        defer { withExtendedLifetime(scratch) {} }
        let tries = Mutex(0)
        let (answers, report) = AsyncStream<StoreError.Code?>.makeStream()
        // While the first piece of work waits, the others gather behind it.
        let gathered = DispatchSemaphore(value: 0)
        store.writer.begin({ _ in gathered.wait() }, answer: { (_: Result<Void, any Error>) in })
        for number in 1...5 {
            store.writer.begin(
                { _ in
                    tries.withLock { $0 += 1 }
                    if number == 3 { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
                },
                answer: { (result: Result<Void, any Error>) in
                    guard case .failure(let error) = result else { return _ = report.yield(nil) }
                    report.yield((error as? StoreError)?.code)
                })
        }
        gathered.signal()
        #expect(await answers.prefix(5).reduce(into: []) { $0.append($1) } == Array(repeating: .diskFailed, count: 5))
        #expect(tries.withLock(\.self) == 3)
    }

    @Test("is not a disk that is full, nor a lack of memory or files: the next commit may work", arguments: shortages)
    func shortage(code: ResultCode) async throws {
        let (store, scratch) = try Self.store()
        defer { withExtendedLifetime(scratch) {} }
        await #expect(throws: DatabaseError.self) { try await store.commit { _ in throw DatabaseError(resultCode: code) } }
        #expect(store.disk.error == nil)
        #expect(try await store.commit { _ in true })
    }

    @Test("that lets nothing be written is noticed by who asks how the node fares, though an empty commit succeeds")
    func proof() async throws {
        let (store, scratch) = try Self.store()
        defer { withExtendedLifetime(scratch) {} }
        let now = TestPKI.now
        try await store.proveThatItCommits(at: now)
        try await store.commit {
            try $0.execute(sql: "CREATE TEMP TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        #expect(try await store.commit { _ in true })
        // Shown a moment ago: not asked again.
        try await store.proveThatItCommits(at: now + 9)
        await #expect(throws: (any Error).self) { try await store.proveThatItCommits(at: now + 10) }
    }

    @Test("ends the daemon, which says so")
    func endsTheDaemon() async throws {
        let disk = DiskFault()
        disk.note(DatabaseError(resultCode: .SQLITE_IOERR_FSYNC))
        let error = await #expect(throws: StoreError.self) { try await disk.run() }
        #expect(error?.code == .diskFailed)
        #expect(error?.reason.contains("look at the disk") == true)
    }
}
