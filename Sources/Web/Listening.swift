import Synchronization

/// Tells those who wait which port was bound, once it is, or why it never will be.
final class Listening: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int, any Error>])
        case started(Int)
        case failed(any Error)
    }

    private let state = Mutex(State.waiting([]))

    var isStarted: Bool {
        state.withLock { if case .started = $0 { true } else { false } }
    }

    func port() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let known: Result<Int, any Error>? = state.withLock { state in
                switch state {
                case .waiting(let others):
                    state = .waiting(others + [continuation])
                    return nil
                case .started(let port): return .success(port)
                case .failed(let error): return .failure(error)
                }
            }
            if let known { continuation.resume(with: known) }
        }
    }

    func started(port: Int) { settle(.started(port), .success(port)) }

    /// Without effect once the port is known.
    func failed(_ error: any Error) { settle(.failed(error), .failure(error)) }

    private func settle(_ new: State, _ result: Result<Int, any Error>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            guard case .waiting(let continuations) = state else { return [] }
            state = new
            return continuations
        }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
