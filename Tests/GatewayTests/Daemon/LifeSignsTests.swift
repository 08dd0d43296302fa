import Foundation
import Logging
import NodeTestSupport
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("What systemd is told", .timeLimit(.minutes(10)))
struct LifeSignsTests {
    @Test(
        "without a socket, or with a name that is none, nobody is told",
        arguments: [nil, "", "relative", "@", "/" + String(repeating: "a", count: 200)])
    func nobody(socket: String?) {
        var environment = ["WATCHDOG_USEC": "1000"]
        environment["NOTIFY_SOCKET"] = socket
        #expect(ServiceManager(environment: environment) == nil)
    }

    @Test("a watchdog counts only when it is meant for this process")
    func watchdog() {
        let socket = ["NOTIFY_SOCKET": "/run/notify"]
        #expect(ServiceManager(environment: socket)?.patience == nil)
        func patience(_ more: [String: String]) -> Duration? {
            ServiceManager(environment: socket.merging(more) { $1 }, process: 77)?.patience
        }
        #expect(patience(["WATCHDOG_USEC": "60000000"]) == .seconds(60))
        #expect(patience(["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "77"]) == .seconds(60))
        #expect(patience(["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "78"]) == nil)
        for wrong in ["0", "-1", "", "soon"] { #expect(patience(["WATCHDOG_USEC": wrong]) == nil) }
    }

    @Test("words arrive in one datagram, also at a name that no file has", arguments: [false, true])
    func words(isAbstract: Bool) async throws {
        let listener = try DatagramListener(isAbstract: isAbstract)
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": listener.address]))
        manager.say(.ready, .status("one\nREADY=0"), .needsTime(.seconds(2)))
        #expect(try await listener.line("READY=1") == "READY=1\nSTATUS=one READY=0\nEXTEND_TIMEOUT_USEC=2000000")
    }

    @Test("when nobody listens any more, saying something changes nothing")
    func gone() throws {
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": "/nowhere/notify"]))
        manager.say(.alive)
    }

    /// Runs the signs with a clock of the test's and a health that it sets.
    private static func signs(
        ready: @escaping @Sendable () async throws -> Void = {},
        _ body: (DatagramListener, TestClock, Health, ServiceGroup) async throws -> Void
    ) async throws {
        let listener = try DatagramListener()
        let manager = try #require(
            ServiceManager(environment: ["NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "30000000"]))
        let (clock, health) = (TestClock(), Health())
        let signs = LifeSigns(manager, clock: clock.clock, ready: ready, health: { health.report })
        let group = ServiceGroup(configuration: .init(services: [.init(service: signs)], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(listener, clock, health, group)) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    private final class Health: Sendable {
        let status = Mutex(HealthReport.Status.green)
        var report: HealthReport { HealthReport(status: status.withLock(\.self), details: ["store": "does not take a commit"]) }
    }

    @Test("ready is said once the node can be used, alive while it is well, stopping when it stops")
    func life() async throws {
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        try await Self.signs(ready: { for await _ in opened { return } }) { listener, clock, _, group in
            #expect(listener.datagrams.isEmpty)
            open.yield()
            try await listener.line("READY=1")
            try await listener.line("WATCHDOG=1")
            let count = listener.datagrams.count
            while listener.datagrams.count == count {
                clock.advance(by: 10)
                await Task.yield()
            }
            #expect(listener.datagrams.last == "WATCHDOG=1")
            await group.triggerGracefulShutdown()
            try await listener.line("STOPPING=1")
        }
    }

    @Test("a node that is not well is not alive: nothing but its status is said, until it is well again")
    func unwell() async throws {
        try await Self.signs { listener, clock, health, _ in
            try await listener.line("WATCHDOG=1")
            health.status.withLock { $0 = .red }
            let seen = listener.datagrams.count
            try await advancing(clock) { try await listener.line("STATUS=Not well: store: does not take a commit", from: seen) }
            let later = listener.datagrams.count
            clock.advance(by: 600)
            health.status.withLock { $0 = .green }
            try await advancing(clock) { try await listener.line("STATUS=Receives and delivers", from: later) }
            #expect(listener.datagrams.dropFirst(later).first == "WATCHDOG=1")
        }
    }

    /// Lets time pass until what is waited for has come.
    private func advancing(_ clock: TestClock, _ wait: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await wait() }
            tasks.addTask {
                while !Task.isCancelled {
                    clock.advance(by: 10)
                    await Task.yield()
                }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    @Test("a node that never can be used never says that it is ready")
    func neverReady() async throws {
        try await Self.signs(ready: { throw StoreError(.inUse, reason: "") }) { listener, _, _, group in
            await group.triggerGracefulShutdown()
            try await listener.line("STOPPING=1")
            #expect(listener.datagrams.count == 1)
        }
    }
}
