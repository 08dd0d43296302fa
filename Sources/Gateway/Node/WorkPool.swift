import NIOPosix

/// A bounded pool of threads for calls that block: keys, XML, files, sockets. The cooperative pool never waits for them,
/// so a burst of signatures does not stall a socket.
public final class WorkPool: Sendable {
    private enum Workers: Sendable {
        case threads(NIOThreadPool)
        /// Each call mostly waits for somebody else.
        case waiting(WaitingThreads)
        /// Nobody: the work is done by whoever asks for it, when it is its turn.
        case turns(any Turns)
    }

    private let workers: Workers
    private let observed: Observation.Work?

    /// - Parameter observed: what counts the work, when somebody looks.
    public init(threads count: Int, observed: Observation.Work? = nil) {
        self.observed = observed
        let pool = NIOThreadPool(numberOfThreads: max(1, count))
        pool.start()
        workers = .threads(pool)
    }

    /// For calls that mostly wait, of which there may be many at once.
    init(waiting most: Int) { (workers, observed) = (.waiting(WaitingThreads(most: most)), nil) }

    init(turns: any Turns) { (workers, observed) = (.turns(turns), nil) }

    /// Runs `body` on one of the threads. One hop for a whole piece of work, not one for each call in it.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        switch workers {
        case .threads(let pool):
            guard let observed else { return try await pool.runIfActive(body) }
            let asked = observed.asked()
            return try await pool.runIfActive { try observed.done(asked: asked, body) }
        case .waiting(let threads): return try await threads.run(body)
        case .turns(let turns):
            try await turns.turn()
            return try body()
        }
    }

    public func shutDown() async {
        switch workers {
        case .threads(let pool): try? await pool.shutdownGracefully()
        case .waiting(let threads): await threads.shutDown()
        case .turns: break
        }
    }
}
