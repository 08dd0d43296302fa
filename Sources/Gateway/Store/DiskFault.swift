import GRDB
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The first time that the store's disk did not do what it was told. From then on the store takes nothing.
///
/// After a failed synchronisation the system may forget what it could not write and say at the next one that all is well, so
/// none is repeated: the daemon ends, and the next start reads from the disk what is really there. A full disk is no fault,
/// nor is a lack of memory or of open files: SQLite undoes the commit, and the next one may work.
final class DiskFault: Sendable {
    private struct State: Sendable {
        var error: StoreError?
        var isKept = false
    }

    private let state = Mutex(State())
    private let (faults, report) = AsyncStream<StoreError>.makeStream(bufferingPolicy: .bufferingOldest(1))

    /// What happened; nil as long as the disk can be trusted.
    var error: StoreError? { state.withLock { $0.error } }

    /// Looks at an error that the store met. Once one was the disk's, it stays so.
    func note(_ error: any Error) {
        guard let fault = Self.fault(error) else { return }
        let isFirst = state.withLock { state in
            defer { state.error = state.error ?? fault }
            return state.error == nil
        }
        if isFirst { report.yield(fault) }
    }

    /// Keeps a database open until the process ends: closing it would synchronise once more, and believe the answer.
    func keepOpen(_ database: any DatabaseWriter) {
        let isKept = state.withLock { state in
            defer { state.isKept = true }
            return state.isKept
        }
        if !isKept { _ = Unmanaged.passRetained(database as AnyObject) }
    }

    private static func fault(_ error: any Error) -> StoreError? {
        if let error = error as? StoreError { return error.code == .diskFailed ? error : nil }
        guard let error = error as? DatabaseError, isFault(error.extendedResultCode) else { return nil }
        return StoreFile.damage(error)
            ?? StoreError(
                .diskFailed,
                reason:
                    "the disk of the store failed (\(error.message ?? "SQLite error"), code \(error.extendedResultCode.rawValue)); look at the disk, then start the node again"
            )
    }

    private static func isFault(_ code: ResultCode) -> Bool {
        switch code {
        // No memory for the index of the WAL, no room for it, or a lock that the system refused: nothing was written.
        case .SQLITE_IOERR_NOMEM, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_LOCK, .SQLITE_IOERR_RDLOCK,
            .SQLITE_IOERR_BLOCKED:
            false
        default: [.SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB].contains(code.primaryResultCode)
        }
    }

    /// Whether a call on a file failed because of the disk, not for want of room or open files.
    static func isFault(errno code: Int32) -> Bool { [EIO, EROFS, ENXIO, ENODEV].contains(code) }
}

/// Ends the daemon when the store's disk has failed.
extension DiskFault: Service {
    func run() async throws {
        for await fault in faults.cancelOnGracefulShutdown() { throw fault }
    }
}

extension DiskFault: CustomStringConvertible {
    var description: String { "DiskFault" }
}
