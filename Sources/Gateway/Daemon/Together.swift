public import ServiceLifecycle

/// Services that begin together and are told to stop at the same moment, so that stopping takes as long as the slowest of
/// them and not as long as all. When one ends with an error all end, with that error.
///
/// Only for those that need no other one to stop first: what is received is stored, whoever looks for it is gone or not, and
/// what is due is done after the next start.
public struct Together: Service {
    private let services: [any Service]

    public init(_ services: [any Service]) { self.services = services }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for service in services {
                tasks.addTask {
                    try await service.run()
                    guard Task.isShuttingDownGracefully || Task.isCancelled else { throw Ended(service: "\(type(of: service))") }
                }
            }
            // Not `waitForAll`: it waits for the others before it gives the error, and they run until they are told.
            while try await tasks.next() != nil {}
        }
    }

    /// A service that nobody told to end. Without it the node only seems to run.
    struct Ended: Error, CustomStringConvertible {
        let service: String
        var description: String { "\(service) ended of its own accord; start the node again" }
    }
}

extension Together: CustomStringConvertible {
    public var description: String { services.map { "\(type(of: $0))" }.joined(separator: ", ") }
}
