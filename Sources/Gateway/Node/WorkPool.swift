import NIOPosix

/// A bounded pool of threads for calls that block: keys, XML, files, sockets. The cooperative pool never waits for them,
/// so a burst of signatures does not stall a socket.
public final class WorkPool: Sendable {
    private let threads: NIOThreadPool?

    public init(threads count: Int) {
        let pool = NIOThreadPool(numberOfThreads: max(1, count))
        pool.start()
        threads = pool
    }

    private init() { threads = nil }

    /// No threads: the work is done by whoever asks for it, in the order in which it is asked for.
    static let inline = WorkPool()

    /// Runs `body` on one of the threads. One hop for a whole piece of work, not one for each call in it.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        guard let threads else { return try body() }
        return try await threads.runIfActive(body)
    }

    public func shutDown() async { try? await threads?.shutdownGracefully() }
}
