import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("Putting the log away while commits go on") struct LogCheckpointsTests {
    private let changed: ChangedStore

    init() throws { changed = try ChangedStore() }

    private func log(of store: GatewayStore) throws -> Int { try ChangedStore.size(store.folder + "/gateway.sqlite-wal") }

    private func isWhole(_ database: any DatabaseReader) throws -> Bool {
        try database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"]
    }

    @Test("has most of a long log in the database before the one who commits would do it, and loses nothing of it")
    func beside() async throws {
        let store = try changed.open()
        try ChangedStore.putLogAway(store.database)
        let checkpoints = try #require(store.checkpoints)
        var last = 0
        while try log(of: store) < 3 * LogCheckpoints.step {
            let rows = last + 1...last + 100
            try await store.commit { try ChangedStore.fill($0, rows) }
            last += 100
        }
        // Waits for the one that is under way.
        checkpoints.close()
        // Without the log there is what was put away, and every page of it fits.
        try changed.copy(to: "database", without: "-wal")
        let rows = try ChangedStore.rows(of: DatabaseQueue(path: changed.file("database"))).count
        #expect(rows > 0 && rows < last)
        // With it there is everything.
        try changed.copy(to: "killed")
        let killed = try DatabaseQueue(path: changed.file("killed"))
        #expect(try ChangedStore.rows(of: killed) == ChangedStore.rows(of: store.database))
        #expect(try isWhole(killed))
    }

    @Test("begins with what has gathered since, also when the log was begun anew")
    func anew() async throws {
        let store = try changed.open()
        let checkpoints = try #require(store.checkpoints)
        for round in 0..<2 {
            try ChangedStore.putLogAway(store.database)
            for part in 0..<12 {
                let first = round * 10_000 + part * 100
                try await store.commit { try ChangedStore.fill($0, (first + 1)...(first + 100)) }
            }
        }
        checkpoints.close()
        #expect(try ChangedStore.rows(of: store.database).count == 2400)
        #expect(try isWhole(store.database))
    }

    @Test("ends the store's work when the disk fails it, and begins nothing after that")
    func fault() async throws {
        let store = try changed.open()
        let disk = DiskFault()
        // A page that the disk changed is not copied; nor is anything else from then on.
        let damaged = LogCheckpoints(path: changed.file("other"), writer: store.database, disk: disk)
        try ChangedStore.putLogAway(store.database)
        try await store.commit { try ChangedStore.fill($0, 1...100) }
        try changed.copy(to: "other")
        // Who has it open knows its frames, so that nobody takes the log for shorter.
        let open = try DatabaseQueue(path: changed.file("other"))
        #expect(try ChangedStore.rows(of: open).count == 100)
        try ChangedStore.flip(changed.file("other") + "-wal", at: ChangedStore.page * 20 + 300, bit: 2)
        damaged.logIs(LogCheckpoints.step)
        damaged.close()
        withExtendedLifetime(open) {}
        #expect(disk.error?.code == .damaged)
        #expect(disk.error?.reason.contains("frame") == true)
    }
}
