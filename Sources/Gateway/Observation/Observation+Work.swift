import CoreMetrics

extension Observation {
    /// Work given to a pool of threads: how much waits, for how long, and how long it then takes.
    public struct Work: Sendable {
        let waiting: Meter
        let waitTime, time: CoreMetrics.Timer

        /// Work was given to the pool.
        func asked() -> ContinuousClock.Instant {
            waiting.increment()
            return .now
        }

        /// Runs the work on the thread that took it.
        func done<Result>(asked: ContinuousClock.Instant, _ body: () throws -> Result) rethrows -> Result {
            let start = ContinuousClock.now
            waiting.decrement()
            waitTime.recordNanoseconds((start - asked).nanoseconds)
            defer { time.recordNanoseconds((.now - start).nanoseconds) }
            return try body()
        }
    }
}
