import Synchronization

/// Tells the ``DeliveryWorker`` where to look. Saying the same twice before it looks is the same as once.
final class DeliveryBell: Sendable {
    struct Rings: Sendable {
        /// In the order in which they were rung, each once.
        var destinations: [String] = []
        /// Somebody put something into the store, or changed something there, and did not say where.
        var everywhere = false
        /// Partners that have just shown themselves alive.
        var alive: [String] = []
    }

    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let rings = Mutex(Rings())
    /// Destinations that are waited for; only for them it matters who is alive.
    private let waitedFor = Mutex<Set<String>>([])

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Something is due for that destination.
    func ring(_ destination: String) {
        rings.withLock { if !$0.destinations.contains(destination) { $0.destinations.append(destination) } }
        continuation.yield()
    }

    func ringEverywhere() {
        rings.withLock { $0.everywhere = true }
        continuation.yield()
    }

    func isAlive(_ destination: String) {
        guard waitedFor.withLock({ $0.contains(destination) }) else { return }
        rings.withLock { if !$0.alive.contains(destination) { $0.alive.append(destination) } }
        continuation.yield()
    }

    func isWaitedFor(_ destination: String, _ isWaitedFor: Bool) {
        waitedFor.withLock { set in
            if isWaitedFor { set.insert(destination) } else { set.remove(destination) }
        }
    }

    /// Nothing new, but there may be room.
    func poke() { continuation.yield() }

    /// The look that followed could not be finished: the next one looks everywhere.
    func missed() { rings.withLock { $0.everywhere = true } }

    func take() -> Rings {
        rings.withLock { rings in
            defer { rings = Rings() }
            return rings
        }
    }
}
