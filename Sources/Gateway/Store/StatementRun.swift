import GRDB
import GRDBSQLite

/// What a `?` of a statement stands for.
enum StatementValue: Sendable {
    case null
    case number(Int64)
    case string(String)
    case blob([UInt8])

    static func integer(_ value: Int64?) -> Self { value.map(Self.number) ?? .null }
    static func integer(_ value: Int) -> Self { .number(Int64(value)) }
    static func text(_ value: String?) -> Self { value.map(Self.string) ?? .null }
    static func bytes(_ value: [UInt8]?) -> Self { value.map(Self.blob) ?? .null }

    fileprivate var length: Int {
        switch self {
        case .null, .number: 0
        case .string(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        }
    }
}

/// Statements that every message passes are run here, straight on SQLite: GRDB boxes each value, copies each text and looks after
/// observers that this store does not have, which costs half as much as SQLite itself. They are prepared and kept
/// by GRDB, and they fail with its errors.
extension Statement {
    /// Runs a statement that changes something, in the transaction that is open.
    ///
    /// - Parameter values: one for each `?`, in order; those with a number by their number.
    func run(_ values: StatementValue...) throws {
        try bound(values) { statement in
            // SQLite ends a transaction by itself on some errors. What runs after that would be a transaction of its own.
            guard sqlite3_get_autocommit(sqlite3_db_handle(statement)) == 0 else {
                throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction is over", sql: sql)
            }
            while try step(statement) {}
        }
    }

    /// The first row, as `read` takes it; nil when there is none.
    func first<Value>(_ values: StatementValue..., read: (StatementRow) throws -> Value) throws -> Value? {
        try bound(values) { statement in try step(statement) ? read(StatementRow(statement)) : nil }
    }

    func all<Value>(_ values: StatementValue..., read: (StatementRow) throws -> Value) throws -> [Value] {
        try bound(values) { statement in
            var rows: [Value] = []
            while try step(statement) { rows.append(try read(StatementRow(statement))) }
            return rows
        }
    }

    private func bound<Result>(_ values: [StatementValue], _ body: (OpaquePointer) throws -> Result) throws -> Result {
        let statement = sqliteStatement
        guard sqlite3_bind_parameter_count(statement) == values.count else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "\(values.count) values", sql: sql)
        }
        // One byte more: SQLite takes no text at all from nowhere.
        let length = values.reduce(1) { $0 + $1.length }
        return try withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { room in
            sqlite3_reset(statement)
            defer {
                sqlite3_reset(statement)
                // What is bound lies in `room`.
                sqlite3_clear_bindings(statement)
            }
            var rest = room[...]
            for (index, value) in values.enumerated() {
                guard Self.bind(value, Int32(index + 1), statement, &rest) == SQLITE_OK else { throw failure(statement) }
            }
            return try body(statement)
        }
    }

    /// - Parameter rest: where texts and bytes are put, for as long as the statement runs.
    private static func bind(
        _ value: StatementValue, _ index: Int32, _ statement: OpaquePointer, _ rest: inout Slice<UnsafeMutableRawBufferPointer>
    ) -> Int32 {
        let place = UnsafeMutableRawBufferPointer(rebasing: rest)
        rest = rest.dropFirst(value.length)
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .number(let number): return sqlite3_bind_int64(statement, index, number)
        case .string(var text):
            let count = text.withUTF8 { utf8 in
                place.copyMemory(from: UnsafeRawBufferPointer(utf8))
                return utf8.count
            }
            return sqlite3_bind_text(statement, index, place.assumingMemoryBound(to: CChar.self).baseAddress, Int32(count), nil)
        case .blob(let bytes):
            bytes.withUnsafeBytes { place.copyMemory(from: $0) }
            return sqlite3_bind_blob(statement, index, place.baseAddress, Int32(bytes.count), nil)
        }
    }

    /// - Returns: whether there is a row.
    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure(statement)
        }
    }

    /// Without the values: they are none of a log's business.
    private func failure(_ statement: OpaquePointer) -> DatabaseError {
        let connection = sqlite3_db_handle(statement)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) }, sql: sql)
    }
}

/// A row while its statement stands on it. Columns are numbered from 0.
///
/// What is missing or of another type than asked for is a ``StoreError`` `.damaged`.
struct StatementRow {
    private let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func integer(_ column: Int32) throws -> Int64 {
        try expect(SQLITE_INTEGER, column)
        return sqlite3_column_int64(statement, column)
    }

    func text(_ column: Int32) throws -> String {
        try expect(SQLITE_TEXT, column)
        // The text first: asking for it may change its length.
        let text = sqlite3_column_text(statement, column)
        return String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column))), as: UTF8.self)
    }

    func bytes(_ column: Int32) throws -> [UInt8] {
        try expect(SQLITE_BLOB, column)
        let bytes = sqlite3_column_blob(statement, column)
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func optionalInteger(_ column: Int32) throws -> Int64? { isNull(column) ? nil : try integer(column) }
    func optionalText(_ column: Int32) throws -> String? { isNull(column) ? nil : try text(column) }

    private func expect(_ type: Int32, _ column: Int32) throws {
        guard sqlite3_column_type(statement, column) == type else {
            let name = sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "column \(column)"
            throw StoreError(.damaged, reason: "the store holds a \(name) that is missing or of another kind")
        }
    }
}
