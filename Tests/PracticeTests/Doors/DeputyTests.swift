import Foundation
import Practice
import Testing

/// Monday to Friday from 8 to 16, UTC; enough to count in.
private struct PlainHours: DoorHours {
    func day(of time: Date) -> DoorDay { DoorDay(number: Int32((time.timeIntervalSince1970 / 86_400).rounded(.down))) }

    func time(after workingSeconds: TimeInterval, from time: Date) -> Date {
        var (left, at) = (workingSeconds, time)
        while true {
            let midnight = Date(timeIntervalSince1970: TimeInterval(day(of: at).number) * 86_400)
            let (opens, closes) = (midnight + 8 * 3600, midnight + 16 * 3600)
            // 1 January 1970 was a Thursday.
            let weekday = (Int(day(of: at).number) + 3) % 7
            if weekday < 5, at < closes {
                let start = max(at, opens)
                if left <= closes.timeIntervalSince(start) { return start + left }
                left -= closes.timeIntervalSince(start)
            }
            at = midnight + 86_400
        }
    }
}

@Suite("Deputies and hours")
struct DeputyTests {
    let registry: DoorRegistry
    let line = DeputyLine(door: id(80_000_203), next: [id(80_000_303), id(80_000_202)], workingHours: 8)
    /// Friday 20 November 2026 at 12:00.
    let friday = Date(timeIntervalSince1970: 1_795_176_000)

    init() throws { registry = try Oslo.registry() }

    private func state(_ line: DeputyLine? = nil, after hours: Double, canReceive: (DoorID) -> Bool = { _ in true })
        -> DeputyLine.State
    {
        (line ?? self.line).state(
            arrived: friday, now: friday + hours * 3600, hours: PlainHours(), registry: registry, canReceive: canReceive)
    }

    @Test("a weekend is not waiting: Friday noon and eight hours end on Monday noon")
    func weekend() {
        #expect(state(after: 0).holder == id(80_000_203))
        #expect(state(after: 71.99).holder == id(80_000_203))
        #expect(state(after: 72).holder == id(80_000_303))
        #expect(state(after: 72).turns.map(\.from) == [friday, friday + 72 * 3600])
    }

    @Test("the line goes on, and after the last the sender is told")
    func exhausted() {
        #expect(state(after: 96).holder == id(80_000_202))
        let end = state(after: 120)
        #expect(end.holder == nil && end.isExhausted && end.turns.count == 3)
        #expect(
            end.bokmaal(in: registry, hours: PlainHours()).last
                == "Ingen har åpnet meldingen, og det er ingen flere å sende den til. Ring mottakeren.")
    }

    @Test("who is closed, has no consent or is not registered is passed over at once, and that is said")
    func passed() {
        var line = line
        line.closures = [
            DeputyLine.Closure(door: id(80_000_203), period: DoorPeriod(from: DoorDay("2026-11-16"), to: DoorDay("2026-11-20")))
        ]
        let closed = state(line, after: 0)
        #expect(closed.holder == id(80_000_303) && closed.passed.map(\.cause) == [.closed])
        let refused = state(after: 72) { $0 != id(80_000_303) }
        #expect(
            refused.holder == id(80_000_202) && refused.passed.map(\.door) == [id(80_000_303)]
                && refused.passed.map(\.cause) == [.cannotReceive])
        line.next = [id(5), id(80_000_603)]
        let nobody = state(line, after: 0)
        #expect(nobody.isExhausted && nobody.passed.map(\.cause) == [.closed, .notRegistered, .notValid])
    }

    @Test("a closure is judged on the day that the turn comes, not when the message arrived")
    func closureLater() {
        var line = line
        line.closures = [
            DeputyLine.Closure(door: id(80_000_303), period: DoorPeriod(from: DoorDay("2026-11-23"), to: DoorDay("2026-11-23")))
        ]
        #expect(state(line, after: 1).passed.isEmpty)
        #expect(state(line, after: 72).holder == id(80_000_202))
    }

    @Test("time that goes backwards gives nobody else the message")
    func backwards() {
        #expect(state(after: -5).holder == id(80_000_203))
        #expect(state(after: -5).turns.count == 1)
    }

    @Test("the sample line of every contact point leads to its school health service")
    func samples() {
        #expect(registry.book.deputies.count == 16)
        for line in registry.book.deputies where line.workingHours == 8 {
            #expect(registry[line.next[0]]?.serviceType == DoorCode("KF01", list: "8663"))
        }
    }
}
