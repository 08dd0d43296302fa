import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("Services that run together", .timeLimit(.minutes(1)))
struct TogetherTests {
    private struct Broken: Error {}

    /// A service that runs until it is told to stop, or cancelled, and remembers which.
    private final class Patient: Service {
        let ended = Mutex<String?>(nil)

        func run() async throws {
            do { try await gracefulShutdown() } catch {
                ended.withLock { $0 = "cancelled" }
                throw error
            }
            ended.withLock { $0 = "stopped" }
        }
    }

    private struct Other: Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    private static func group(_ services: [any Service]) -> ServiceGroup {
        ServiceGroup(configuration: .init(services: services.map { .init(service: $0) }, logger: Logger(label: "test")))
    }

    @Test("one that fails ends all of them, and the group with its error")
    func failing() async {
        let (first, last) = (Patient(), Patient())
        let group = Self.group([first, Together([last, Other { throw Broken() }])])
        await #expect(throws: Broken.self) { try await group.run() }
        #expect(first.ended.withLock { $0 } == "cancelled")
        #expect(last.ended.withLock { $0 } == "cancelled")
    }

    @Test("one that ends without being told is an error that names it")
    func ending() async {
        let other = Patient()
        await #expect {
            try await Self.group([Together([other, Other {}])]).run()
        } throws: {
            "\($0)" == "Other ended of its own accord; start the node again"
        }
        #expect(other.ended.withLock { $0 } == "cancelled")
    }

    @Test("all are told to stop at once, and what comes before them in its group only after the slowest")
    func stopping() async throws {
        let (first, others) = (Patient(), [Patient(), Patient()])
        let (slow, open) = AsyncStream.makeStream(of: Void.self)
        let stopped = Mutex<[String?]>([])
        let last = Other {
            try await gracefulShutdown()
            // The others are told although this one has not ended.
            for other in others { while other.ended.withLock({ $0 }) == nil { await Task.yield() } }
            stopped.withLock { $0.append(first.ended.withLock { $0 }) }
            for await _ in slow { break }
        }
        let group = Self.group([first, Together([last] + others)])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            open.yield()
            try await tasks.waitForAll()
        }
        #expect(stopped.withLock { $0 } == [nil])
        #expect(first.ended.withLock { $0 } == "stopped")
    }
}
