import GRDB

/// What becomes of commits. The rows lie in memory: that a commit waits for a real disk is shown by crashes of the real program.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Disk: TransactionObserver, @unchecked Sendable {
    /// Commits that fail as on a disk that is full.
    var isFull = false
    /// This many commits fail as on a disk that cannot be written.
    var errors = 0
    /// Longest time from asking for a commit to its being on the disk.
    var latency: Duration = .milliseconds(15)
    /// Called inside each commit before it counts; throwing undoes it.
    var beforeCommit: (() throws -> Void)?
    private(set) var commits = 0
    private var random: Randomness

    init(_ database: DatabaseQueue, seed: UInt64, name: String) {
        random = Randomness(seed: seed, stream: "disk \(name)")
        database.add(transactionObserver: self, extent: .databaseLifetime)
    }

    func delay() -> Duration { random.spread(.microseconds(100), latency) }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}

    func databaseWillCommit() throws {
        if isFull { throw DatabaseError(resultCode: .SQLITE_FULL, message: "database or disk is full") }
        if errors > 0 {
            errors -= 1
            throw DatabaseError(resultCode: .SQLITE_IOERR, message: "disk I/O error")
        }
        try beforeCommit?()
        commits += 1
    }

    func databaseDidCommit(_ database: Database) {}
    func databaseDidRollback(_ database: Database) {}
}
