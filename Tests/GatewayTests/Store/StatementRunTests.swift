import GRDB
import Testing

@testable import Gateway

@Suite("Statements that every message passes")
struct StatementRunTests {
    private func inTable<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let queue = try DatabaseQueue()
        return try queue.write { database in
            try database.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB, number INTEGER UNIQUE)")
            return try body(database)
        }
    }

    @Test("every value comes back as it was given, also what is empty, holds NUL or is nothing")
    func values() throws {
        try inTable { database in
            let insert = try database.cachedStatement(sql: "INSERT INTO t (text, bytes, number) VALUES (?, ?, ?)")
            let long = String(repeating: "blåbær ", count: 5_000)
            let bytes = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try insert.run(.string(""), .blob([]), .number(.min))
            try insert.run(.string("a\0b"), .blob([0]), .integer(-1))
            try insert.run(.string(long), .blob(bytes), .number(.max))
            try insert.run(.text(nil), .bytes(nil), .integer(nil))
            let select = try database.cachedStatement(sql: "SELECT text, bytes, number FROM t ORDER BY id")
            let rows = try select.all { row in
                (
                    try row.optionalText(0), row.isNull(1) ? nil : try row.bytes(1), try row.optionalInteger(2)
                )
            }
            #expect(rows.map(\.0) == ["", "a\0b", long, nil])
            #expect(rows.map(\.1) == [[], [0], bytes, nil])
            #expect(rows.map(\.2) == [.min, -1, .max, nil])
            // As the library reads them.
            #expect(
                try String.fetchAll(database, sql: "SELECT typeof(text) || typeof(bytes) || typeof(number) FROM t ORDER BY id")
                    == Array(repeating: "textblobinteger", count: 3) + ["nullnullnull"])
        }
    }

    @Test("a value too many or too few is refused, and nothing is run")
    func count() throws {
        try inTable { database in
            let insert = try database.cachedStatement(sql: "INSERT INTO t (text, number) VALUES (?, ?)")
            #expect(throws: DatabaseError.self) { try insert.run(.string("a")) }
            #expect(throws: DatabaseError.self) { try insert.run(.string("a"), .number(1), .number(2)) }
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM t") == 0)
        }
    }

    @Test("what SQLite refuses is thrown with its code and without the values, and the statement can be run again")
    func refusal() throws {
        try inTable { database in
            let insert = try database.cachedStatement(sql: "INSERT INTO t (text, number) VALUES (?, ?)")
            try insert.run(.string("Vennlig Blåklokke"), .number(1))
            let error = #expect(throws: DatabaseError.self) { try insert.run(.string("Vennlig Blåklokke"), .number(1)) }
            #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
            #expect(error.map { "\($0)".contains("Blåklokke") } == false)
            try insert.run(.string("b"), .number(2))
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM t") == 2)
        }
    }

    @Test("nothing is written where no transaction is open: it would be one of its own")
    func outsideOfTransaction() throws {
        let queue = try DatabaseQueue()
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "CREATE TABLE t (number INTEGER)")
            let insert = try database.cachedStatement(sql: "INSERT INTO t (number) VALUES (?)")
            let error = #expect(throws: DatabaseError.self) { try insert.run(.number(1)) }
            #expect(error?.resultCode == .SQLITE_ABORT)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM t") == 0)
        }
    }

    @Test("a column that is missing or of another kind is damage, not a value")
    func columns() throws {
        try inTable { database in
            try database.execute(sql: "INSERT INTO t (text, bytes, number) VALUES ('7', NULL, 'seven')")
            let select = try database.cachedStatement(sql: "SELECT text, bytes, number FROM t")
            #expect(throws: StoreError.self) { try select.first { row in try row.integer(0) } }
            #expect(throws: StoreError.self) { try select.first { row in try row.bytes(1) } }
            #expect(throws: StoreError.self) { try select.first { row in try row.integer(2) } }
            #expect(throws: StoreError.self) { try select.first { row in try row.bytes(0) } }
            #expect(try select.first { row in try row.text(0) } == "7")
        }
    }

    @Test("the first row alone is read, and the statement begins anew the next time")
    func first() throws {
        try inTable { database in
            let insert = try database.cachedStatement(sql: "INSERT INTO t (number) VALUES (?)")
            for number in 1...3 { try insert.run(.integer(number)) }
            let select = try database.cachedStatement(sql: "SELECT number FROM t WHERE number >= ? ORDER BY number")
            #expect(try select.first(.number(2)) { row in try row.integer(0) } == 2)
            #expect(try select.first(.number(1)) { row in try row.integer(0) } == 1)
            #expect(try select.all(.number(2)) { row in try row.integer(0) } == [2, 3])
            #expect(try select.first(.number(9)) { row in try row.integer(0) } == nil)
        }
    }
}
