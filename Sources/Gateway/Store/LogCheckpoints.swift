import Dispatch
import GRDB
import Native
import Synchronization

/// Puts the log into the database while commits go on, by a connection and a thread of its own.
///
/// A log is begun anew only when all of it is in the database, and so the writer still does the last of it. But of fifty megabytes that
/// leaves it a few, and nobody's commit waits for the rest.
final class LogCheckpoints: Sendable {
    private struct State: Sendable {
        var isRunning = false
        var isClosed = false
        /// How much of the log is in the database, in bytes, as far as this connection did it.
        var done = 0
        var connection: DatabaseQueue?
    }

    /// How much log is worth putting away, in bytes: pages that are written again and again go into the database once for all of it.
    static let step = 8 << 20

    private let path: String
    private let disk: DiskFault
    /// Whoever commits: after a fault it must not be closed.
    private let writer: any DatabaseWriter
    private let queue = DispatchQueue(label: "msggw.store.checkpoints")
    private let state = Mutex(State())

    init(path: String, writer: any DatabaseWriter, disk: DiskFault) {
        (self.path, self.writer, self.disk) = (path, writer, disk)
    }

    /// Begins, when enough has gathered and nothing of it is under way; never waits.
    ///
    /// - Parameter length: of the log, in bytes.
    func logIs(_ length: Int) {
        let mustStart = state.withLock { state in
            // Shorter than what was done: the log was begun anew.
            if length < state.done { state.done = 0 }
            guard length - state.done >= Self.step, !state.isRunning, !state.isClosed, disk.error == nil else { return false }
            state.isRunning = true
            return true
        }
        if mustStart { queue.async { self.run() } }
    }

    /// Waits for what is under way, and begins nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        queue.sync {
            let connection = state.withLock { state in
                defer { state.connection = nil }
                return state.connection
            }
            guard let connection else { return }
            if disk.error == nil { try? connection.close() } else { _ = Unmanaged.passRetained(connection) }
        }
    }

    private func run() {
        do {
            let connection = try opened()
            let done = try connection.writeWithoutTransaction { database in
                let (_, frames) = try database.checkpoint(.passive)
                let result = database.sqliteConnection.map { GuardedConnection($0).synchronise() } ?? 0
                guard result == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: result)) }
                return frames * GuardedConnection.frame
            }
            state.withLock { $0.done = done }
        } catch {
            // A disk that is full, or a lock that somebody else has, is no fault: the next commits ask again.
            disk.note(error)
            if disk.error != nil { disk.keepOpen(writer) }
        }
        state.withLock { $0.isRunning = false }
    }

    private func opened() throws -> DatabaseQueue {
        if let known = state.withLock({ $0.connection }) { return known }
        var configuration = StoreFile.configuration()
        configuration.label = "msggw.checkpoints"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0") }
        let made = try DatabaseQueue(path: path, configuration: configuration)
        state.withLock { $0.connection = made }
        return made
    }
}
