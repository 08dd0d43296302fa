import Dispatch
import Foundation
import Synchronization

/// Threads for calls that wait for others, one for each call that is under way at once. The thread that was used last is used
/// next, so that few calls keep few threads warm, and a thread is not made before all others are busy.
final class WaitingThreads: Sendable {
    /// Runs with true, or with false when it will not be run after all.
    fileprivate typealias Call = @Sendable (_ mayRun: Bool) -> Void

    fileprivate final class Worker: Sendable {
        let call = Mutex<Call?>(nil)
        let wake = DispatchSemaphore(value: 0)
    }

    fileprivate struct State {
        var waiting: [Call] = []
        /// Used last, last.
        var idle: [Worker] = []
        var threads = 0
        var isEnding = false
        /// Whoever waits for the last thread to end.
        var ended: [CheckedContinuation<Void, Never>] = []
    }

    private enum Order {
        case wake(Worker)
        case make
        case refuse
        case wait
    }

    private let most: Int
    private let state = Mutex(State())

    init(most: Int) { self.most = max(1, most) }

    /// Threads that there are, those of them that have nothing to do, and calls that wait for one.
    var count: (all: Int, idle: Int, waiting: Int) { state.withLock { ($0.threads, $0.idle.count, $0.waiting.count) } }

    /// - Throws: what `body` throws; `CancellationError` when the threads end before its turn.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            begin { mayRun in
                if mayRun {
                    continuation.resume(with: Swift.Result(catching: body))
                } else {
                    continuation.resume(throwing: CancellationError())
                }
            }
        }
    }

    private func begin(_ call: @escaping Call) {
        let order: Order = state.withLock { state in
            if state.isEnding { return .refuse }
            if let worker = state.idle.popLast() {
                worker.call.withLock { $0 = call }
                return .wake(worker)
            }
            if state.threads < most {
                state.threads += 1
                return .make
            }
            state.waiting.append(call)
            return .wait
        }
        switch order {
        case .wake(let worker): worker.wake.signal()
        case .make: make(beginningWith: call)
        case .refuse: call(false)
        case .wait: break
        }
    }

    private func make(beginningWith call: @escaping Call) {
        let thread = Thread { [self] in
            let worker = Worker()
            var next: Call? = call
            while let call = next {
                call(true)
                next = self.next(for: worker)
            }
        }
        thread.name = "waiting"
        thread.start()
    }

    /// The call that has waited longest, or one that comes; nil when the thread is to end.
    private func next(for worker: Worker) -> Call? {
        let (next, ended): (Call?, [CheckedContinuation<Void, Never>]?) = state.withLock { state in
            if !state.waiting.isEmpty { return (state.waiting.removeFirst(), nil) }
            if state.isEnding { return (nil, state.lastEnds()) }
            state.idle.append(worker)
            return (nil, nil)
        }
        if let next { return next }
        if let ended {
            for continuation in ended { continuation.resume() }
            return nil
        }
        worker.wake.wait()
        if let call = worker.call.withLock({ $0.take() }) { return call }
        // Woken without a call: they end.
        for continuation in state.withLock({ $0.lastEnds() }) { continuation.resume() }
        return nil
    }

    /// Refuses what waits and what comes, and returns when what runs has come to its end.
    func shutDown() async {
        let (refused, idle): ([Call], [Worker]) = state.withLock { state in
            state.isEnding = true
            defer { (state.waiting, state.idle) = ([], []) }
            return (state.waiting, state.idle)
        }
        for call in refused { call(false) }
        for worker in idle { worker.wake.signal() }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.threads > 0 { state.ended.append(continuation) }
                return state.threads == 0
            }
            if isOver { continuation.resume() }
        }
    }
}

extension WaitingThreads.State {
    /// One thread fewer.
    ///
    /// - Returns: whom to tell that it was the last.
    fileprivate mutating func lastEnds() -> [CheckedContinuation<Void, Never>] {
        threads -= 1
        guard threads == 0 else { return [] }
        defer { ended = [] }
        return ended
    }
}
