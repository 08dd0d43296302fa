import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What retention may touch")
struct RetentionPolicyTests {
    private let now = TestPKI.now
    private static let ages: [Double] = [0, 29.9, 30.1, 364, 366, 3649, 3651, 100_000]

    private func message(_ state: MessageState, age days: Double, kind: String = "HENVISNING") -> KeptMessage {
        let at = now - days * 86_400
        return KeptMessage(
            id: 1, direction: state == .opened || state == .filed ? .in : .out, state: state, kind: kind, created: at, updated: at
        )
    }

    private func policy(_ changes: [String: String] = [:]) throws -> RetentionPolicy {
        RetentionPolicy(settings: try KeptStore.settings(changes))
    }

    @Test(
        "what is on its way or waits for a person never goes, however old",
        arguments: [MessageState.taken, .sealed, .held, .opened])
    func unfinished(state: MessageState) throws {
        for age in Self.ages {
            #expect(try policy().unfinished(message(state, age: age), at: now) == .state)
            #expect(try policy().contentGoes(message(state, age: age), at: now) == nil)
            #expect(try !policy().recordGoes(message(state, age: age), hasContent: false, at: now))
        }
    }

    @Test(
        "in no state does anything go whose step is due, under way or asked for, or about which somebody must be told",
        arguments: MessageState.allCases)
    func busy(state: MessageState) throws {
        let changes: [(inout KeptMessage) -> Void] = [
            { $0.isDue = true }, { $0.isLeased = true }, { $0.isWished = true }, { $0.isWatched = true },
            { $0.awaitedUntil = TestPKI.now + 1 },
        ]
        for change in changes {
            var message = message(state, age: 100_000)
            change(&message)
            #expect(try policy().contentGoes(message, at: now) == nil)
            #expect(try !policy().recordGoes(message, hasContent: false, at: now))
        }
    }

    @Test(
        "each kind has its own time",
        arguments: [
            (MessageState.delivered, RecordKind.sent, 30.0), (.accepted, .sent, 30), (.filed, .received, 30),
            (.failed, .failed, 365),
            (.rejected, .failed, 365), (.cancelled, .failed, 365),
        ])
    func times(state: MessageState, kind: RecordKind, days: Double) throws {
        #expect(try policy().contentGoes(message(state, age: days - 0.01), at: now) == nil)
        #expect(try policy().contentGoes(message(state, age: days + 0.01), at: now) == kind)
        #expect(try policy([kind.setting: "1000"]).contentGoes(message(state, age: days + 0.01), at: now) == nil)
        #expect(try policy([kind.setting: "0"]).contentGoes(message(state, age: 100_000), at: now) == nil)
    }

    @Test("the time begins when an awaited answer should have come at the latest")
    func awaited() throws {
        var message = message(.delivered, age: 100)
        message.awaitedUntil = now - 10 * 86_400
        #expect(try policy().contentGoes(message, at: now) == nil)
        message.awaitedUntil = now - 31 * 86_400
        #expect(try policy().contentGoes(message, at: now) == .sent)
    }

    @Test("receipts are kept as long as the record that they prove", arguments: ["APPREC", "Acknowledgment", "MessageError"])
    func receipts(kind: String) throws {
        let state: MessageState = kind == "APPREC" ? .accepted : .sent
        #expect(try policy().contentGoes(message(state, age: 3649, kind: kind), at: now) == nil)
        #expect(try !policy().recordGoes(message(state, age: 3649, kind: kind), hasContent: true, at: now))
        #expect(try policy().recordGoes(message(state, age: 3651, kind: kind), hasContent: true, at: now))
    }

    @Test("a record never goes before its content, nor before its mark against duplicates")
    func record() throws {
        #expect(try !policy().recordGoes(message(.accepted, age: 3651), hasContent: true, at: now))
        #expect(try policy().recordGoes(message(.accepted, age: 3651), hasContent: false, at: now))
        #expect(
            try !policy(["retention.recordDays": "0"]).recordGoes(message(.accepted, age: 100_000), hasContent: false, at: now))
        let short = try policy(["retention.recordDays": "1", "retention.duplicateDays": "60"])
        #expect(!short.recordGoes(message(.filed, age: 59), hasContent: false, at: now))
        #expect(short.recordGoes(message(.filed, age: 61), hasContent: false, at: now))
    }

    @Test("repeats are known for thirty days at least")
    func duplicates() throws {
        #expect(throws: SettingsError.self) { try KeptStore.settings(["retention.duplicateDays": "29"]) }
    }
}
