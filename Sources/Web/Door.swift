public import ServiceLifecycle

/// A server of this room, as whoever starts it sees it.
public protocol Door: Service {
    /// The port that is listened on, as soon as it is. Throws what `run()` throws when it never is.
    func port() async throws -> Int
}
