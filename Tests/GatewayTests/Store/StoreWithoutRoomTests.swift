import Foundation
import GRDB
import Native
import TestSupport
import Testing

@testable import Gateway

@Suite("A store of a version without check values")
struct StoreWithoutRoomTests {
    private let changed: ChangedStore

    init() throws {
        changed = try ChangedStore()
        try FileManager.default.createDirectory(atPath: changed.folder(), withIntermediateDirectories: false)
        let pool = try DatabaseQueue(path: "file:\(changed.file())?vfs=unix")
        try pool.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        try StoreSchema.migrator.migrate(pool, upTo: "11 deadlines of what was under way")
        try pool.write { try ChangedStore.fill($0, 1...80) }
        try pool.close()
    }

    @Test("gets them when it is opened first, on every page, and its rows are as they were")
    func opening() throws {
        #expect(try StoreFile.isWithoutRoom(changed.file()))
        let rows = try ChangedStore.foreign(changed.file()).read { try ChangedStore.rows($0) }
        do {
            let store = try changed.open()
            #expect(try store.read { try ChangedStore.rows($0) } == rows)
            #expect(try store.read { try StoreFile.isGuarded($0) && StoreSchema.migrator.hasCompletedMigrations($0) })
            #expect(try store.check().isGood)
        }
        #expect(try !StoreFile.isWithoutRoom(changed.file()))
        #expect(try ChangedStore.unguarded(changed.file()) == [])
        #expect(try ChangedStore.foreign(changed.file()).read { try ChangedStore.rows($0) } == rows)
        try ChangedStore.flip(changed.file(), at: 20 * 4096 + 9)
        #expect(ChangedStore.answer(changed.file()) == nil)
    }

    @Test("gets them from where a kill left it: the rows written anew in the log, and not in the database yet")
    func killed() throws {
        let queue = try DatabaseQueue(path: changed.file(), configuration: StoreFile.configuration())
        try StoreSchema.migrator.migrate(queue)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
            _ = try database.checkpoint(.truncate)
            try database.execute(sql: "VACUUM")
            try changed.copy(to: "killed")
        }
        #expect(try StoreFile.isWithoutRoom(changed.file("killed")))
        do {
            let store = try changed.open("killed")
            #expect(try store.read { try ChangedStore.rows($0).count } == 80)
            #expect(try store.check().isGood)
        }
        #expect(try ChangedStore.unguarded(changed.file("killed")) == [])
    }

    @Test("is not written anew while somebody serves it")
    func served() throws {
        try withExtendedLifetime(StoreLock(folder: changed.folder())) {
            let error = #expect(throws: StoreError.self) { try changed.open() }
            #expect(error?.code == .inUse)
        }
        #expect(try StoreFile.isWithoutRoom(changed.file()))
        #expect(try changed.open().read { try ChangedStore.rows($0).count } == 80)
    }
}
