import Foundation
import Logging
import UnixSignals

/// What SIGTERM and Ctrl-C do: the first asks the node to stop, the second ends the process at once, and so does the time
/// that stopping may take. Ending at once loses nothing: what is under way is done after the next start.
struct StopSignals: Sendable {
    let limit: Duration
    let logger: Logger

    /// Runs `work` to its end.
    ///
    /// - Parameter stop: called at the first signal; must make `work` end.
    func watch(_ work: @escaping @Sendable () async throws -> Void, stop: @escaping @Sendable () async -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let (stopping, begin) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                try await work()
                return true
            }
            tasks.addTask {
                var isStopping = false
                for await signal in signals {
                    if isStopping { endNow("Asked twice to stop: ends at once", 128 + signal.rawValue) }
                    isStopping = true
                    logger.notice("Node stops", metadata: ["signal": "\(signal)"])
                    begin.yield()
                    await stop()
                }
                return false
            }
            tasks.addTask {
                for await _ in stopping {
                    try? await Task.sleep(for: limit)
                    if !Task.isCancelled { endNow("Did not stop within serve.stopSeconds: ends at once", EXIT_FAILURE) }
                }
                return false
            }
            while let isDone = try await tasks.next(), !isDone {}
            tasks.cancelAll()
        }
    }

    private func endNow(_ words: Logger.Message, _ status: Int32) -> Never {
        logger.error(words)
        // Nothing is flushed and nobody is asked: that is what was wanted.
        _exit(status)
    }
}
