import Dispatch
import GRDB
import Synchronization

/// The one writer. It commits whatever has gathered while the last commit was on its way to the disk; there is no timer,
/// the fsync is the batch.
///
/// Each caller is answered after the commit that holds its work. One whose work throws loses only its own: the batch is
/// then done again piece by piece.
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

    private let database: DatabasePool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "msggw.store.writer")

    init(_ database: DatabasePool) { self.database = database }

    /// Runs `body` inside a transaction and returns its result when that transaction is on the disk.
    func commit<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let result = Outcome<Result>()
            let work = Work(
                perform: { database in
                    let value = try body(database)
                    result.value.withLock { $0 = value }
                },
                answer: { error in
                    if let error {
                        continuation.resume(throwing: error)
                    } else if let value = result.value.withLock({ $0 }) {
                        continuation.resume(returning: value)
                    } else {
                        continuation.resume(throwing: StoreError(.damaged, reason: "the store committed without doing the work"))
                    }
                })
            let mustStart = state.withLock { state in
                state.waiting.append(work)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { queue.async { self.drain() } }
        }
    }

    private func drain() {
        while true {
            let batch: [Work] = state.withLock { state in
                if state.waiting.isEmpty { state.isRunning = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            if batch.isEmpty { return }
            do {
                try database.write { database in
                    for work in batch { try work.perform(database) }
                }
                for work in batch { work.answer(nil) }
            } catch {
                if batch.count == 1 { batch[0].answer(error) } else { oneByOne(batch) }
            }
        }
    }

    private func oneByOne(_ batch: [Work]) {
        for work in batch {
            do {
                try database.write { try work.perform($0) }
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
