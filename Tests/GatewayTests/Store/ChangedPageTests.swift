import Foundation
import GRDB
import Native
import TestSupport
import Testing

@testable import Gateway

extension Changed {
    @Suite("in the database") struct Pages {
        private let changed: ChangedStore

        init() throws { changed = try ChangedStore() }

        @Test("is found on whatever page a bit is: in its head, its middle, its end and its check value")
        func everyPage() throws {
            try changed.makeClosed()
            let path = changed.file()
            #expect(try ChangedStore.unguarded(path) == [])
            let rows = try #require(ChangedStore.answer(path))
            #expect(rows.count == 60)
            var random = SeededGenerator(state: 5)
            for page in 0..<(try ChangedStore.size(path) / ChangedStore.page) {
                for range in [0..<8, 8..<4088, 4088..<4096] {
                    let (at, bit) = (page * 4096 + Int.random(in: range, using: &random), Int.random(in: 0..<8, using: &random))
                    try ChangedStore.flip(path, at: at, bit: bit)
                    #expect(ChangedStore.answer(path) == nil, "bit \(bit) of byte \(at)")
                    try ChangedStore.flip(path, at: at, bit: bit)
                }
            }
            #expect(ChangedStore.answer(path) == rows)
        }

        @Test("is found in the header, which says how every page is read: each byte, changed in eight ways")
        func header() throws {
            try changed.makeClosed(rows: 3)
            let path = changed.file()
            for at in 0..<100 {
                for change in 0..<8 {
                    let old = try ChangedStore.bytes(path, at: at, count: 1)
                    // For the size of pages every other power of two among them.
                    let new =
                        change < 4
                        ? old[0] ^ (1 << UInt8(change)) : UInt8(1 << (change + (at & 3)) & 255) ^ (change > 6 ? 0 : old[0])
                    if new == old[0] { continue }
                    try ChangedStore.write([new], to: path, at: at)
                    #expect(ChangedStore.answer(path) == nil, "byte \(at) is \(new), was \(old[0])")
                    try ChangedStore.write(old, to: path, at: at)
                }
            }
            #expect(ChangedStore.answer(path)?.count == 3)
        }

        @Test("answers nobody with it: the read fails, says page, file and remedy, and the store takes nothing more")
        func reading() async throws {
            try changed.makeClosed()
            let body = Data(repeating: 44, count: 44 * 37)
            let at = try #require(try Data(contentsOf: URL(filePath: changed.file())).firstRange(of: body)).lowerBound
            try ChangedStore.flip(changed.file(), at: at + 5)
            let store = try changed.open()
            let text = "SELECT sum(length(hex(body))) FROM filling"
            for isLook in [false, true] {
                let error = #expect(throws: StoreError.self) {
                    try isLook ? store.look { try Int.fetchOne($0, sql: text) } : store.read { try Int.fetchOne($0, sql: text) }
                }
                #expect(error?.code == .damaged)
                let said = try #require(error?.reason)
                #expect(said.contains("page \(at / 4096 + 1) of ") && said.contains("gateway.sqlite is not as it was written"))
                #expect(said.contains("msggw restore") && !said.contains("row-") && !said.contains("\n"), "\(said)")
            }
            #expect(store.disk.error?.code == .damaged)
            let error = await #expect(throws: StoreError.self) {
                try await store.commit { try $0.execute(sql: "DELETE FROM filling WHERE id = 1") }
            }
            #expect(error?.code == .damaged)
        }

        @Test("ends the daemon that meets it")
        func daemon() async throws {
            let store = try changed.open()
            store.disk.note(DatabaseError(resultCode: .SQLITE_IOERR_DATA))
            let error = await #expect(throws: StoreError.self) { try await store.disk.run() }
            #expect(error?.code == .damaged)
        }

        @Test("is what the check of the store names, by page and file")
        func check() throws {
            try changed.makeClosed()
            let page = try ChangedStore.size(changed.file()) / 4096
            try ChangedStore.flip(changed.file(), at: page * 4096 - 100)
            let check = try changed.open().check()
            #expect(!check.isGood)
            #expect(check.findings.contains { $0.kind == .database && $0.what.contains("page \(page) of ") }, "\(check.findings)")
        }

        @Test("refuses to open when it is where the tables are named, and changes nothing")
        func opening() throws {
            try changed.makeClosed(rows: 3)
            try ChangedStore.flip(changed.file(), at: 4000)
            let before = try Data(contentsOf: URL(filePath: changed.file()))
            let error = #expect(throws: StoreError.self) { try changed.open() }
            #expect(error?.code == .damaged && error?.reason.contains("page 1 of ") == true, "\(error.debugDescription)")
            #expect(try Data(contentsOf: URL(filePath: changed.file())) == before)
        }

        @Test("is kept out of backups: a copy by SQLite has check values on every page, and none is made of a damaged page")
        func copies() throws {
            let copy = changed.scratch.path + "/copy.sqlite"
            let store = try changed.open()
            // More than SQLite keeps in memory before it writes.
            try store.database.writeWithoutTransaction { database in
                try ChangedStore.fill(database, 1...1500)
                try database.execute(sql: "VACUUM INTO ?", arguments: [copy])
            }
            #expect(try ChangedStore.size(copy) > 4_000_000)
            #expect(try ChangedStore.unguarded(copy) == [])
            #expect(ChangedStore.answer(copy)?.count == 1500)
            try ChangedStore.flip(copy, at: 100 * 4096 + 50)
            let queue = try DatabaseQueue(path: copy, configuration: StoreFile.configuration())
            #expect(throws: DatabaseError.self) {
                try queue.writeWithoutTransaction {
                    try $0.execute(sql: "VACUUM INTO ?", arguments: [changed.scratch.path + "/again.sqlite"])
                }
            }
        }

        // MARK: - Other programs

        @Test("is read by other programs too, which cannot write into it")
        func foreign() throws {
            try changed.makeClosed()
            let ours = try #require(ChangedStore.answer(changed.file()))
            let other = try ChangedStore.foreign(changed.file())
            #expect(try other.read { try ChangedStore.rows($0) } == ours)
            let error = #expect(throws: DatabaseError.self) {
                try other.write { try $0.execute(sql: "UPDATE filling SET text = 'other' WHERE id = 7") }
            }
            #expect(error?.resultCode == .SQLITE_READONLY)
            try other.close()
            #expect(ChangedStore.answer(changed.file()) == ours)
        }

        @Test("of a killed node is whole when another program read it first and put its log away")
        func foreignCheckpoint() async throws {
            let store = try changed.open()
            try await store.commit { try ChangedStore.fill($0, 1...60) }
            try changed.copy(to: "killed")
            let other = try ChangedStore.foreign(changed.file("killed"))
            #expect(try ChangedStore.rows(of: other).count == 60)
            try other.close()
            #expect(!FileManager.default.fileExists(atPath: changed.file("killed") + "-wal"))
            let opened = try changed.open("killed")
            #expect(try opened.check().isGood)
            // What is written gets a check value.
            let without = try ChangedStore.unguarded(changed.file("killed")).count
            #expect(without > 10)
            try await opened.commit { try $0.execute(sql: "UPDATE filling SET text = text || '.'") }
            try ChangedStore.putLogAway(opened.database)
            #expect(try ChangedStore.unguarded(changed.file("killed")).count < without)
            #expect(ChangedStore.answer(changed.file("killed"))?.count == 60)
        }

        @Test("that another program wrote into all the same is refused as damage")
        func foreignWriter() throws {
            try changed.makeClosed()
            // As the first page is when it came out of a log.
            try ChangedStore.write([2], to: changed.file(), at: 18)
            try ChangedStore.write([UInt8](repeating: 0, count: 8), to: changed.file(), at: 4088)
            let other = try ChangedStore.foreign(changed.file())
            try other.write { try $0.execute(sql: "UPDATE filling SET text = 'other' WHERE id = 7") }
            try other.close()
            #expect(ChangedStore.answer(changed.file()) == nil)
            #expect(try !changed.open().check().isGood)
        }
    }
}
