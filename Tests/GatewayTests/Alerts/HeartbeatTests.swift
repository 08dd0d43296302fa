import Foundation
import NodeTestSupport
import Testing

@testable import Gateway

@Suite("A loop that stops is seen", .timeLimit(.minutes(10)))
struct HeartbeatTests {
    @Test("a loop is silent after its limit, and alive again with its next beat")
    func limit() {
        let clock = TestClock()
        let beats = Heartbeats(clock: clock.clock)
        let loop = beats.begin("delivery", limit: .seconds(60))
        clock.advance(by: 59)
        #expect(beats.silent().isEmpty)
        clock.advance(by: 1)
        #expect(beats.silent() == ["delivery"])
        loop.beat()
        #expect(beats.silent().isEmpty)
        loop.end()
        clock.advance(by: 1000)
        #expect(beats.silent().isEmpty)
    }

    @Test("waiting for an event may take any time; waiting for a time may not take longer")
    func waiting() {
        let clock = TestClock()
        let beats = Heartbeats(clock: clock.clock)
        let (event, time) = (beats.begin("event", limit: .seconds(10)), beats.begin("time", limit: .seconds(10)))
        event.waiting(until: nil)
        time.waiting(until: clock.now + 100)
        clock.advance(by: 109)
        #expect(beats.silent().isEmpty)
        clock.advance(by: 1)
        #expect(beats.silent() == ["time"])
        time.waiting(until: .distantPast)
        #expect(beats.silent().isEmpty)
        clock.advance(by: 10)
        #expect(beats.silent() == ["time"])
    }

    @Test("a loop that began again under its name does not live on the old one's beats")
    func replaced() {
        let clock = TestClock()
        let beats = Heartbeats(clock: clock.clock)
        let old = beats.begin("filing", limit: .seconds(10))
        _ = beats.begin("filing", limit: .seconds(10))
        clock.advance(by: 10)
        old.beat()
        old.end()
        #expect(beats.silent() == ["filing"])
    }

    @Test("setting the clock makes no loop silent and wakes none from the dead")
    func clockJumps() {
        let clock = TestClock()
        let beats = Heartbeats(clock: NodeClock(now: { clock.now }, sleep: { _ in }, uptime: { .seconds(5) }))
        let loop = beats.begin("delivery", limit: .seconds(10))
        clock.advance(by: 1_000_000)
        #expect(beats.silent().isEmpty)
        loop.waiting(until: clock.now - 2_000_000)
        clock.advance(by: -3_000_000)
        #expect(beats.silent().isEmpty)
    }

    @Test("the watchdog pins up a loop that has stopped, and takes it down when it goes on or another process began")
    func watchdog() async throws {
        let watched = try Watched()
        let loop = watched.heartbeats.begin("filing", limit: .seconds(60))
        try await watched.store.raise(.loopStopped, about: .thing("of an earlier process"), at: watched.clock.now)
        let watchdog = Watchdog(
            store: watched.store, heartbeats: watched.heartbeats, clock: watched.clock.clock, logger: watched.logs.logger)
        let running = Task { try await watchdog.run() }
        try await watched.until { try $0.store.listAlerts().isEmpty }
        watched.clock.advance(by: 61)
        try await watched.until { try $0.store.listAlerts().map(\.subject.thing) == ["filing"] }
        loop.waiting(until: nil)
        watched.clock.advance(by: 61)
        try await watched.until { try $0.store.listAlerts().isEmpty }
        #expect(watched.logs.all.contains { $0.contains("A loop has stopped") && $0.contains("filing") })
        running.cancel()
        _ = try? await running.value
    }
}

extension Watched {
    /// Lets others work until something holds; the suite's time limit ends it.
    func until(_ holds: (Watched) throws -> Bool) async throws {
        while try !holds(self) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
