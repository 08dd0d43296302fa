import Dispatch
import GRDB
import Native
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The one writer. It commits whatever has gathered while the last commit was on its way to the disk; there is no timer,
/// the fsync is the batch.
///
/// On a disk so fast that little gathers, the processor is what there is too little of. Before it commits, the writer lets
/// whoever is ready to run go first, for as long as they bring work: it is in the same commit, which costs little more for it.
/// When nobody is ready, that takes no time.
///
/// Each caller is answered after the commit that holds its work. One whose work throws loses only its own: the batch is
/// then done again piece by piece. A commit that the disk failed is not done again, and none is done after it (``DiskFault``).
final class GroupCommit: Sendable {
    private struct Work: Sendable {
        /// Does the work and keeps its result for ``answer``.
        let perform: @Sendable (Database) throws -> Void
        /// Resumes the caller, with the error if there was one.
        let answer: @Sendable ((any Error)?) -> Void
    }

    private struct State: Sendable {
        var waiting: [Work] = []
        var isRunning = false
    }

    private let database: any DatabaseWriter
    private let disk: DiskFault
    private let checkpoints: LogCheckpoints?
    private let observation: Observation?
    private let state = Mutex(State())
    /// Who runs ``drain()``: a thread of the writer's own, or a simulation.
    private let start: @Sendable (@escaping @Sendable () -> Void) -> Void

    init(
        _ database: any DatabaseWriter, disk: DiskFault, checkpoints: LogCheckpoints? = nil, turns: (any Turns)? = nil,
        observation: Observation? = nil
    ) {
        (self.database, self.disk, self.checkpoints, self.observation) = (database, disk, checkpoints, observation)
        if let turns {
            start = { turns.store($0) }
        } else {
            let queue = DispatchQueue(label: "msggw.store.writer")
            start = { queue.async(execute: $0) }
        }
    }

    /// Runs `body` inside a transaction and returns its result when that transaction is on the disk.
    func commit<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            begin(body) { continuation.resume(with: $0) }
        }
    }

    /// The same for a caller that does not wait; `answer` is called after the commit.
    func begin<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result,
        answer: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        let result = Outcome<Result>()
        let work = Work(
            perform: { database in
                let value = try body(database)
                result.value.withLock { $0 = value }
            },
            answer: { error in
                if let error {
                    answer(.failure(error))
                } else if let value = result.value.withLock({ $0 }) {
                    answer(.success(value))
                } else {
                    answer(.failure(StoreError(.damaged, reason: "the store committed without doing the work")))
                }
            })
        let mustStart = state.withLock { state in
            state.waiting.append(work)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { start { self.drain() } }
    }

    /// Gives the processor to whoever is ready to run, for as long as more work comes of it, and not for ever.
    private func letOthersFinish() {
        var gathered = state.withLock { $0.waiting.count }
        for _ in 0..<16 where gathered > 0 {
            sched_yield()
            let now = state.withLock { $0.waiting.count }
            if now == gathered { return }
            gathered = now
        }
    }

    private func drain() {
        while true {
            letOthersFinish()
            let batch: [Work] = state.withLock { state in
                if state.waiting.isEmpty { state.isRunning = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            if batch.isEmpty { return }
            do {
                try write(batch)
                for work in batch { work.answer(nil) }
            } catch {
                // Work that throws for reasons of its own is no fault of the store.
                if let error = error as? DatabaseError, error.resultCode != .SQLITE_CONSTRAINT { observation?.commitFailed() }
                if let fault = disk.error {
                    for work in batch { work.answer(fault) }
                } else if batch.count == 1 {
                    batch[0].answer(error)
                } else {
                    oneByOne(batch)
                }
            }
        }
    }

    private func write(_ batch: [Work]) throws {
        if let fault = disk.error { throw fault }
        let start = ContinuousClock.now
        var worked = start
        do {
            try database.write { database in
                // As it is before this commit, which is soon enough.
                if let checkpoints, let connection = database.sqliteConnection {
                    checkpoints.logIs(GuardedConnection(connection).logLength)
                }
                for work in batch { try work.perform(database) }
                worked = .now
            }
        } catch {
            disk.note(error)
            if disk.error != nil { disk.keepOpen(database) }
            throw error
        }
        let end = ContinuousClock.now
        observation?.commit(pieces: batch.count, time: end - start, sync: end - worked)
    }

    private func oneByOne(_ batch: [Work]) {
        for work in batch {
            do {
                try write([work])
                work.answer(nil)
            } catch {
                work.answer(error)
            }
        }
    }

    /// Where a transaction leaves its result until the commit is on the disk.
    private final class Outcome<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
