import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("The time to answer a referral that was handed over") struct HandedOverDeadlineTests {
    private let table = DeadlineTable()

    private func answerBy(_ from: Date?, taken now: Date) -> Date? {
        var subject = Deadlines.Subject("HENVISNING_BUP", .in)
        subject.answerFrom = from
        return Deadlines.at(taken: now, subject, by: table).answerBy
    }

    @Test("runs from the first receipt, for sender and receiver alike; the other deadlines run from now")
    func runs() {
        let (first, now) = (TestPKI.now, TestPKI.now + 4 * 86_400)
        #expect(answerBy(first, taken: now) == answerBy(nil, taken: first))
        #expect(answerBy(first, taken: now) != answerBy(nil, taken: now))
        var subject = Deadlines.Subject("HENVISNING_BUP", .out)
        let plain = Deadlines.at(taken: now, subject, by: table)
        subject.answerFrom = first
        let handed = Deadlines.at(taken: now, subject, by: table)
        #expect(handed.deliverBy == plain.deliverBy && handed.acceptBy == plain.acceptBy)
        #expect(handed.answerBy == answerBy(nil, taken: first))
    }

    @Test("is never longer than from now, whatever somebody writes", arguments: [0, 60, 86_400, 34_560_000])
    func never(ahead: Int) {
        #expect(answerBy(TestPKI.now + TimeInterval(ahead), taken: TestPKI.now) == answerBy(nil, taken: TestPKI.now))
    }

    @Test("that was over before it came is late at once")
    func over() throws {
        let now = TestPKI.now
        var subject = Deadlines.Subject("HENVISNING_BUP", .in)
        subject.answerFrom = now - 60 * 86_400
        let deadlines = Deadlines.at(taken: now, subject, by: table)
        #expect(try #require(deadlines.answerBy) < now)
        #expect(try #require(deadlines.warnAt) < now)
    }
}
