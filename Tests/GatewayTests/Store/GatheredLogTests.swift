import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

/// What is written to the log in pieces goes to the file in one: everybody must see what they saw before.
@Suite("A log written in one piece") struct GatheredLogTests {
    private let changed: ChangedStore

    init() throws { changed = try ChangedStore() }

    /// A connection of its own, with a memory so small that pages go to the log before the transaction is over.
    private func connection(_ pragmas: String...) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { database in for pragma in pragmas { try database.execute(sql: "PRAGMA \(pragma)") } }
        return try DatabaseQueue(path: changed.file(), configuration: configuration)
    }

    @Test("is whole in the file when its commit is answered, whatever is synchronised", arguments: ["OFF", "NORMAL", "FULL"])
    func answered(synchronous: String) throws {
        try changed.makeClosed(rows: 5)
        let writer = try connection("synchronous = \(synchronous)", "wal_autocheckpoint = 0")
        for rows in [6...6, 7...60, 61...61] {
            try writer.write { try ChangedStore.fill($0, rows) }
            // What a kill leaves at this moment, read by a process that never saw the writer.
            try changed.copy(to: "killed")
            #expect(try ChangedStore.rows(of: DatabaseQueue(path: changed.file("killed"))).count == rows.upperBound)
            try changed.remove("killed")
        }
    }

    @Test("holds a transaction larger than the memory for it, with pages that were written twice")
    func spilled() throws {
        try changed.makeClosed(rows: 5)
        let writer = try connection("synchronous = FULL", "cache_size = 10", "cache_spill = 10", "wal_autocheckpoint = 0")
        let reader = try connection("query_only = 1")
        try writer.write { database in
            try ChangedStore.fill(database, 6...200)
            #expect(try ChangedStore.rows(of: reader).count == 5)
            try database.execute(sql: "UPDATE filling SET text = text || '-again' WHERE id % 3 = 0")
            #expect(try ChangedStore.rows(database).count == 200)
            try database.execute(sql: "UPDATE filling SET body = zeroblob(5000) WHERE id % 7 = 0")
        }
        let expected = try ChangedStore.rows(of: writer)
        #expect(try ChangedStore.rows(of: reader) == expected)
        try changed.copy(to: "killed")
        let killed = try DatabaseQueue(path: changed.file("killed"))
        #expect(try ChangedStore.rows(of: killed) == expected)
        #expect(try killed.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
    }

    @Test("has nothing of a transaction that was given up, and the next one in its place")
    func rolledBack() throws {
        try changed.makeClosed(rows: 5)
        let writer = try connection("synchronous = FULL", "cache_size = 10", "cache_spill = 10", "wal_autocheckpoint = 0")
        for round in 0..<3 {
            try writer.writeWithoutTransaction { database in
                try database.inTransaction {
                    try ChangedStore.fill(database, 1000...1100)
                    return .rollback
                }
                try database.inTransaction {
                    try database.inSavepoint {
                        try ChangedStore.fill(database, 2000...2080)
                        return .rollback
                    }
                    try ChangedStore.fill(database, (6 + round)...(6 + round))
                    return .commit
                }
            }
            try changed.copy(to: "killed")
            let killed = try DatabaseQueue(path: changed.file("killed"))
            #expect(try killed.read { try Int.fetchAll($0, sql: "SELECT id FROM filling ORDER BY id") } == Array(1...(6 + round)))
            #expect(try killed.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
            try changed.remove("killed")
        }
    }

    @Test("finds a database that is long enough, and whole at a kill before its pages are there")
    func lengthened() throws {
        try changed.makeClosed(rows: 5)
        let writer = try connection("synchronous = FULL", "wal_autocheckpoint = 0")
        let reader = try connection("query_only = 1")
        func length() throws -> Int { try ChangedStore.size(changed.file()) }
        func needed() throws -> Int {
            ChangedStore.page * (try writer.read { try Int.fetchOne($0, sql: "PRAGMA page_count") } ?? 0)
        }
        let before = try length()
        try writer.write { try ChangedStore.fill($0, 6...6) }
        try reader.read { database in
            // As long as somebody reads the database as it was, nothing newer goes into it.
            #expect(try ChangedStore.rows(database).count == 6)
            try writer.write { try ChangedStore.fill($0, 7...200) }
            try writer.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
            #expect(try length() == needed() && before < length())
            try changed.copy(to: "killed")
            #expect(try ChangedStore.rows(database).count == 6)
        }
        let killed = try DatabaseQueue(path: changed.file("killed"))
        #expect(try ChangedStore.rows(of: killed).count == 200)
        #expect(try killed.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        try ChangedStore.putLogAway(writer)
        #expect(try ChangedStore.rows(of: reader).count == 200)
        try writer.write { try $0.execute(sql: "DELETE FROM filling WHERE id > 20") }
        try writer.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
        try ChangedStore.putLogAway(writer)
        #expect(try length() == needed())
        #expect(try ChangedStore.rows(of: reader).count == 20)
    }
}
