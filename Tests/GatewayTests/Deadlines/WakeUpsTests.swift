import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("A worker that looks of its own accord")
struct WakeUpsTests {
    private let now = TestPKI.now

    @Test("is told of what is due before its next look, and of nothing that comes after it")
    func next() {
        let wakeUps = WakeUps()
        wakeUps.looksAgain(at: now + 60)
        #expect(wakeUps.poke(for: now + 59))
        #expect(!wakeUps.poke(for: now + 60))
        #expect(!wakeUps.poke(for: now + 6000))
        #expect(!wakeUps.poke(for: nil))
    }

    @Test("is told of everything while it looks, and when it waits for nothing but being told")
    func looking() {
        let wakeUps = WakeUps()
        #expect(wakeUps.poke(for: now + 6000))
        wakeUps.looksAgain(at: now + 60)
        wakeUps.isLooking()
        #expect(wakeUps.poke(for: now + 6000))
        wakeUps.looksAgain(at: nil)
        #expect(wakeUps.poke(for: now + 6000))
    }
}
