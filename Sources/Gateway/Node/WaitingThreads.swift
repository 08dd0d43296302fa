import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Threads for calls that wait for others, one for each call that is under way at once. The thread that was used last is used
/// next, so that few calls keep few threads warm, and a thread is not made before all others are busy.
final class WaitingThreads: Sendable {
    /// Runs with nil, or with the reason why it will not be run after all.
    fileprivate typealias Call = @Sendable (_ refusal: (any Error)?) -> Void

    fileprivate final class Worker: Sendable {
        let call: Mutex<Call?>
        let wake = DispatchSemaphore(value: 0)

        init(_ call: @escaping Call) { self.call = Mutex(call) }
    }

    fileprivate struct State {
        var waiting: [Call] = []
        /// Used last, last.
        var idle: [Worker] = []
        var threads: [pthread_t] = []
        var isEnding = false
    }

    private enum Order {
        case wake(Worker)
        case refuse(any Error)
        case wait
    }

    private let most: Int
    private let state = Mutex(State())

    init(most: Int) { self.most = max(1, most) }

    /// Threads that there are, those of them that have nothing to do, and calls that wait for one.
    var count: (all: Int, idle: Int, waiting: Int) { state.withLock { ($0.threads.count, $0.idle.count, $0.waiting.count) } }

    /// - Throws: what `body` throws; `CancellationError` when the threads end before its turn; ``NoThread`` when there is no
    ///   thread for it and the system makes none.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            begin { refusal in
                if let refusal {
                    continuation.resume(throwing: refusal)
                } else {
                    continuation.resume(with: Swift.Result(catching: body))
                }
            }
        }
    }

    private func begin(_ call: @escaping Call) {
        let order: Order = state.withLock { state in
            if state.isEnding { return .refuse(CancellationError()) }
            if let worker = state.idle.popLast() {
                worker.call.withLock { $0 = call }
                return .wake(worker)
            }
            if state.threads.count < most {
                if let thread = make(Worker(call)) {
                    state.threads.append(thread)
                    return .wait
                }
                // The others have their turn later.
                if state.threads.isEmpty { return .refuse(NoThread()) }
            }
            state.waiting.append(call)
            return .wait
        }
        switch order {
        case .wake(let worker): worker.wake.signal()
        case .refuse(let reason): call(reason)
        case .wait: break
        }
    }

    /// The system makes no thread: too many, or no memory for one.
    struct NoThread: Error, CustomStringConvertible {
        var description: String { "the system makes no thread for the call; look at its limits (TasksMax, nproc) and memory" }
    }

    // MARK: - On the thread

    private final class Start: Sendable {
        let threads: WaitingThreads
        let worker: Worker

        init(_ threads: WaitingThreads, _ worker: Worker) { (self.threads, self.worker) = (threads, worker) }
    }

    /// - Returns: nil when the system makes none.
    private func make(_ worker: Worker) -> pthread_t? {
        let start = Unmanaged.passRetained(Start(self, worker))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { start in
                let start = Unmanaged<Start>.fromOpaque(start!).takeRetainedValue()
                start.threads.work(start.worker)
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            return nil
        }
        return thread
    }

    private func work(_ worker: Worker) {
        // A call that is over is held by nobody: not by a thread that waits either.
        repeat { worker.call.withLock { $0.take() }?(nil) } while prepareNext(worker)
    }

    /// Waits for a call and gives it to the worker; false when the thread is to end.
    private func prepareNext(_ worker: Worker) -> Bool {
        let mustWait: Bool? = state.withLock { state in
            if !state.waiting.isEmpty {
                worker.call.withLock { $0 = state.waiting.removeFirst() }
                return false
            }
            if state.isEnding { return nil }
            state.idle.append(worker)
            return true
        }
        guard let mustWait else { return false }
        guard mustWait else { return true }
        worker.wake.wait()
        // Woken without a call: they end.
        return worker.call.withLock { $0 != nil }
    }

    /// Refuses what waits and what comes, and returns when what runs has come to its end and no thread is left.
    func shutDown() async {
        let (refused, idle, threads): ([Call], [Worker], [pthread_t]) = state.withLock { state in
            state.isEnding = true
            defer { (state.waiting, state.idle, state.threads) = ([], [], []) }
            return (state.waiting, state.idle, state.threads)
        }
        for call in refused { call(CancellationError()) }
        for worker in idle { worker.wake.signal() }
        if threads.isEmpty { return }
        // A thread of libdispatch's may wait; one of Swift's may not.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                for thread in threads { pthread_join(thread, nil) }
                continuation.resume()
            }
        }
    }
}
