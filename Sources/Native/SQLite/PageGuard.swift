import CPageGuard

/// Check values on the pages of SQLite databases, and how far their logs are on the disk. See `Sources/CPageGuard`.
package enum PageGuard {
    /// Whether every database that this process opens from now on has its pages checked, and new ones are made with room for
    /// the values. False where the system's SQLite does not let a program add a layer.
    package static func install() -> Bool { isInstalled }

    private static let isInstalled = msggw_pageguard_install() == 0

    /// The page, or the frame of a log, that was refused last in this process: `page 12 of FILE`.
    package static var refused: String? {
        let bytes = [CChar](unsafeUninitializedCapacity: 600) { buffer, count in
            count = Int(msggw_pageguard_refused(buffer.baseAddress, Int32(buffer.count)))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A connection that SQLite made, for what only its files know.
package struct GuardedConnection {
    /// Bytes that a page takes in the log, with its head.
    package static let frame = 24 + 4096

    private let connection: OpaquePointer

    /// - Parameter connection: a `sqlite3 *` that is open.
    package init(_ connection: OpaquePointer) { self.connection = connection }

    /// How many bytes the log had when this connection committed last.
    package var logLength: Int { Int(msggw_log_length(connection)) }

    /// Waits until what was put into the database's file is on the disk.
    ///
    /// - Returns: a result code of SQLite, 0 when it is.
    package func synchronise() -> Int32 { msggw_database_sync(connection) }
}

/// How far the log (WAL) of a database was on the disk when it was synchronised last.
package struct LogMark: Sendable {
    /// The salts of the log that it speaks of.
    package let salts: [UInt8]
    /// The end of the last transaction, in bytes from the log's beginning.
    package let end: Int
    /// The sums of the transaction's last frame.
    package let sums: LogSum

    /// The mark beside a database; nil when there is none, or none that can be read.
    package init?(database: String) {
        var mark = msggw_log_mark()
        guard msggw_log_mark_read(database, &mark) != 0 else { return nil }
        salts = withUnsafeBytes(of: mark.salts) { Array($0) }
        end = Int(clamping: mark.end)
        sums = withUnsafeBytes(of: mark.sums) { LogSum(stated: Array($0)[...]) }
    }
}

/// The two sums that run through a log.
package struct LogSum: Sendable, Equatable {
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    package init() {}

    /// The sums as they stand in a log: eight bytes.
    package init(stated bytes: ArraySlice<UInt8>) {
        (first, second) = (Self.number(bytes.prefix(4)), Self.number(bytes.dropFirst(4).prefix(4)))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Goes on over bytes of a log, a multiple of eight.
    package mutating func add(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
        var sums = [first, second]
        bytes.withUnsafeBufferPointer { msggw_log_sum(&sums, $0.baseAddress, $0.count, isBigEndian ? 1 : 0) }
        (first, second) = (sums[0], sums[1])
    }
}
