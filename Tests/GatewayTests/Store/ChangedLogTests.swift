import Foundation
import GRDB
import Native
import TestSupport
import Testing

@testable import Gateway

extension Changed {
    @Suite("in the log") struct Logs {
        static let (head, frameHead, frame) = (32, 24, 4120)
        private let changed: ChangedStore

        init() throws { changed = try ChangedStore() }

        /// A store with three commits in its log, the last of one small row; nobody puts the log away while it is open.
        private func threeCommits() async throws -> GatewayStore {
            let store = try changed.open()
            try ChangedStore.putLogAway(store.database)
            for rows in [1...20, 21...40, 41...41] { try await store.commit { try ChangedStore.fill($0, rows) } }
            return store
        }

        private func verdict(_ name: String) throws -> LogCheck.Verdict { try LogCheck.judge(database: changed.file(name)) }

        enum Place: CaseIterable {
            case magic, headSums, salts, frameHead, frameSalts, sums, page, lastHead, lastPage, lastByte

            func offset(_ length: Int) -> Int {
                switch self {
                case .magic: 1
                case .salts: 17
                case .headSums: 30
                case .frameHead: head + 4120 + 3
                case .frameSalts: head + 4120 + 9
                case .sums: head + 4120 + 20
                case .page: head + 4120 + 2000
                case .lastHead: length - 4120 + 5
                case .lastPage: length - 2000
                case .lastByte: length - 1
                }
            }
        }

        @Test("refuses a killed node's store, wherever the bit is, and changes nothing", arguments: Place.allCases)
        func refused(place: Place) async throws {
            let store = try await threeCommits()
            defer { withExtendedLifetime(store) {} }
            try changed.copy(to: "whole")
            #expect(try verdict("whole") == .whole)
            #expect(try changed.open("whole").read { try ChangedStore.rows($0).count } == 41)
            try changed.copy(to: "killed")
            let log = changed.file("killed") + "-wal"
            try ChangedStore.flip(log, at: place.offset(ChangedStore.size(log)), bit: 3)
            let before = try Data(contentsOf: URL(filePath: log))
            let error = #expect(throws: StoreError.self) { try changed.open("killed") }
            #expect(error?.code == .damaged)
            #expect(error?.reason.contains("gateway.sqlite-wal is not as it was written") == true)
            #expect(error?.reason.contains("msggw restore") == true)
            #expect(try Data(contentsOf: URL(filePath: log)) == before)
        }

        @Test("is found or harmless, whichever it is of 150 bits")
        func anywhere() async throws {
            let store = try await threeCommits()
            let rows = try store.read { try ChangedStore.rows($0) }
            var random = SeededGenerator(state: 9)
            for _ in 0..<150 {
                try changed.copy(to: "killed")
                let log = changed.file("killed") + "-wal"
                let at = try Int.random(in: 0..<ChangedStore.size(log), using: &random)
                try ChangedStore.flip(log, at: at, bit: Int.random(in: 0..<8, using: &random))
                let isDamaged: Bool
                do { isDamaged = try LogCheck.refuseDamaged(database: changed.file("killed")) } catch { isDamaged = true }
                #expect(isDamaged || ChangedStore.answer(changed.file("killed")) == rows, "byte \(at)")
                try changed.remove("killed")
            }
        }

        @Test("that is cut shorter than it was when it was synchronised is refused")
        func cutShort() async throws {
            let store = try await threeCommits()
            defer { withExtendedLifetime(store) {} }
            try changed.copy(to: "killed")
            let log = changed.file("killed") + "-wal"
            let handle = try FileHandle(forUpdating: URL(filePath: log))
            try handle.truncate(atOffset: UInt64(ChangedStore.size(log) - Self.frame))
            try handle.close()
            guard case .damaged = try verdict("killed") else {
                Issue.record("not found")
                return
            }
        }

        // MARK: - After a power cut

        @Test("is taken for a power cut when nobody was answered for it: what was before is there, and nothing of it is left")
        func powerCut() async throws {
            let store = try await threeCommits()
            let mark = try Data(contentsOf: URL(filePath: changed.file() + "-mark"))
            try await store.commit { try ChangedStore.fill($0, 42...50) }
            for withMark in [true, false] {
                try changed.copy(to: "cut", without: "-mark")
                if withMark { try mark.write(to: URL(filePath: changed.file("cut") + "-mark")) }
                let log = changed.file("cut") + "-wal"
                try ChangedStore.write(
                    [UInt8](repeating: 0, count: 512), to: log, at: ChangedStore.size(log) - 3 * Self.frame + 1024)
                #expect(try verdict("cut") == .lastCommitCut)
                let opened = try changed.open("cut")
                #expect(try opened.read { try ChangedStore.rows($0).count } == 41)
                // A second power cut would else find two transactions behind the first bad frame.
                #expect(try ChangedStore.size(log) == 0)
                try await opened.commit { try ChangedStore.fill($0, 42...43) }
                try withExtendedLifetime(opened) { try changed.remove("cut") }
            }
        }

        @Test("is found without a mark too when more than one transaction is behind it")
        func withoutMark() async throws {
            let store = try await threeCommits()
            defer { withExtendedLifetime(store) {} }
            try changed.copy(to: "killed", without: "-mark")
            try ChangedStore.flip(changed.file("killed") + "-wal", at: Self.head + 100)
            #expect(try verdict("killed") == .damaged(frame: 1))
        }

        @Test("is not looked for in a log that the mark does not speak of, nor by a mark that cannot be read")
        func otherMarks() async throws {
            let store = try await threeCommits()
            let older = try Data(contentsOf: URL(filePath: changed.file() + "-mark"))
            try ChangedStore.putLogAway(store.database)
            try await store.commit { try ChangedStore.fill($0, 42...42) }
            let newer = try Data(contentsOf: URL(filePath: changed.file() + "-mark"))
            #expect(older != newer)
            var torn = newer
            torn[12] ^= 255
            for (name, mark) in [("older", older), ("torn", torn), ("short", newer.prefix(20)), ("empty", Data())] {
                try changed.copy(to: name, without: "-mark")
                try mark.write(to: URL(filePath: changed.file(name) + "-mark"))
                #expect(try verdict(name) == .whole, "\(name)")
                #expect(try changed.open(name).read { try ChangedStore.rows($0).count } == 42)
            }
        }

        @Test("is not said of a transaction that another process had on the disk when it died, and that was written over")
        func givenUpByTheDead() async throws {
            let store = try changed.open()
            try ChangedStore.putLogAway(store.database)
            try await store.commit { try ChangedStore.fill($0, 1...20) }
            let end = try ChangedStore.size(changed.file() + "-wal")
            try await store.commit { try ChangedStore.fill($0, 21...21) }
            try changed.copy(to: "died")
            let handle = try FileHandle(forUpdating: URL(filePath: changed.file("died") + "-wal"))
            try handle.truncate(atOffset: UInt64(end))
            try handle.close()
            let survivor = try DatabaseQueue(path: changed.file("died"), configuration: StoreFile.configuration())
            try survivor.inDatabase { database in
                // Pages go into the log before their transaction is over.
                try database.execute(sql: "PRAGMA cache_size = 6; BEGIN")
                try ChangedStore.fill(database, 100...160)
                try database.execute(sql: "ROLLBACK")
            }
            #expect(try verdict("died") == .whole)
            withExtendedLifetime(store) {}
        }

        @Test("leaves no mark behind when the store is closed")
        func closed() throws {
            let endings = ["-wal", "-mark"]
            func isThere(_ ending: String) -> Bool { FileManager.default.fileExists(atPath: changed.file() + ending) }
            do {
                let store = try changed.open()
                try store.database.write { try ChangedStore.fill($0, 1...2) }
                #expect(endings.allSatisfy(isThere))
            }
            #expect(!endings.contains(where: isThere))
        }

        // MARK: - While the store is open

        @Test("is not copied into the database: who reads the page while the log is open is refused, and so is the checkpoint")
        func whileOpen() async throws {
            let store = try await threeCommits()
            let log = changed.file() + "-wal"
            let at = try #require(
                try Data(contentsOf: URL(filePath: log)).range(of: Data("row-41-".utf8), options: .backwards)
            ).lowerBound
            try ChangedStore.flip(log, at: at + 5)
            let other = try DatabaseQueue(path: changed.file(), configuration: StoreFile.configuration())
            let error = #expect(throws: DatabaseError.self) { try ChangedStore.rows(of: other) }
            #expect(error?.extendedResultCode == .SQLITE_IOERR_DATA)
            #expect(error.flatMap(StoreFile.damage)?.reason.contains("frame \((at - Self.head) / Self.frame + 1) of ") == true)
            #expect(throws: DatabaseError.self) { try ChangedStore.putLogAway(other) }
            try ChangedStore.flip(log, at: at + 5)
            #expect(try ChangedStore.rows(of: other).count == 41)
            withExtendedLifetime(store) {}
        }

        @Test("is never seen where none is: three connections, transactions given up, pages written twice, the log begun anew")
        func noFalseAlarm() throws {
            let path = changed.scratch.path + "/some.sqlite"
            var random = SeededGenerator(state: 3)
            let connections = try (0..<3).map { number in
                var configuration = StoreFile.configuration()
                configuration.busyMode = .immediateError
                configuration.allowsUnsafeTransactions = true
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.writeWithoutTransaction { database in
                    _ = try Row.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                    // So little memory that pages go into the log before their transaction is over.
                    try database.execute(
                        sql:
                            "PRAGMA synchronous = FULL; PRAGMA cache_size = \(6 + 8 * number); PRAGMA wal_autocheckpoint = \(150 * number)"
                    )
                    if number == 0 {
                        try database.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, b, c); CREATE INDEX tc ON t (c)")
                    }
                }
                return queue
            }
            let steps = [
                "BEGIN", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT a", "ROLLBACK TO a", "RELEASE a",
                "INSERT INTO t (b, c) SELECT randomblob(900), 'x' || value FROM generate",
                "UPDATE t SET c = c || 'z' WHERE id % 7 = 0",
                "UPDATE t SET b = randomblob(length(b)) WHERE id % 3 = 0", "DELETE FROM t WHERE id % 5 = 0",
                "SELECT sum(length(b)) FROM t", "PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA wal_checkpoint(TRUNCATE)",
            ].map {
                $0.replacing(
                    "generate",
                    with:
                        "(WITH RECURSIVE k (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM k WHERE value < 30) SELECT value FROM k)"
                )
            }
            for _ in 0..<600 {
                let step = steps[Int.random(in: 0..<steps.count, using: &random)]
                do {
                    try connections[Int.random(in: 0..<3, using: &random)].inDatabase { try $0.execute(sql: step) }
                } catch let error as DatabaseError
                    where [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_ERROR].contains(error.resultCode)
                {}
                #expect(try LogCheck.judge(database: path) == .whole, "\(step)")
            }
            for connection in connections { try? connection.inDatabase { try $0.execute(sql: "ROLLBACK") } }
            #expect(try connections[0].read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        }
    }
}
