import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("Alerts reach people", .timeLimit(.minutes(10)))
struct AlertSenderTests {
    private static let operators = ["drift@example.org"]

    @Test("a cause that is raised again and again is told once, and once more when it is over")
    func once() async throws {
        let watched = try Watched()
        let sender = try watched.sender()
        for _ in 0..<5 {
            try await watched.store.raise(.diskNearlyFull, about: .thing("store", figure: 8), at: watched.clock.now)
            _ = await sender.look()
        }
        #expect(watched.sink.sent == ["log diskNearlyFull 0"])
        try await watched.store.raise(.diskNearlyFull, about: .thing("store", figure: 2), stage: 1, at: watched.clock.now)
        _ = await sender.look()
        _ = await sender.look()
        #expect(try watched.open() == ["critical diskNearlyFull"])
        try await watched.store.resolve(.diskNearlyFull, about: "store", at: watched.clock.now)
        try await watched.store.resolve(.diskNearlyFull, about: "store", at: watched.clock.now)
        _ = await sender.look()
        _ = await sender.look()
        #expect(watched.sink.sent == ["log diskNearlyFull 0", "log diskNearlyFull 1", "log diskNearlyFull over"])
        // The same cause later is a new one.
        try await watched.store.raise(.diskNearlyFull, about: .thing("store", figure: 8), at: watched.clock.now)
        _ = await sender.look()
        #expect(watched.sink.sent.last == "log diskNearlyFull 0" && watched.sink.sent.count == 4)
    }

    @Test("what was on the disk and not told yet is told by the next process")
    func restart() async throws {
        let watched = try Watched()
        try await watched.store.raise(.loopStopped, about: .thing("filing"), at: watched.clock.now)
        watched.sink.refuse("log")
        _ = await (try watched.sender()).look()
        #expect(watched.sink.sent.isEmpty)
        watched.sink.accept("log")
        // A new sender knows nothing but the store.
        _ = await (try watched.sender()).look()
        #expect(watched.sink.sent == ["log loopStopped 0"])
        _ = await (try watched.sender()).look()
        #expect(watched.sink.sent.count == 1)
    }

    @Test("a raise that is rolled back is told to nobody")
    func rollback() async throws {
        let watched = try Watched()
        struct Stop: Error {}
        let now = watched.clock.now
        await #expect(throws: Stop.self) {
            try await watched.store.commit { database in
                try AlertBoard.raise(.storeFailing, about: .thing("store"), at: now, in: database)
                throw Stop()
            }
        }
        _ = await (try watched.sender()).look()
        #expect(try watched.open().isEmpty && watched.sink.sent.isEmpty)
    }

    @Test("a route that does not work is tried again later and later, and the others are told of it, once")
    func failingRoute() async throws {
        let watched = try Watched()
        let sender = try watched.sender([.log, .webhook, .smtp], operators: Self.operators)
        watched.sink.refuse("smtp:operators")
        try await watched.store.raise(.loopStopped, about: .thing("filing"), at: watched.clock.now)
        var tries = 0
        for _ in 0..<240 {
            let before = watched.logs.all.count { $0.contains("could not be sent") }
            _ = await sender.look()
            tries += watched.logs.all.count { $0.contains("could not be sent") } - before
            watched.clock.advance(by: 60)
        }
        // 30 seconds, doubled up to an hour, in four hours.
        #expect(tries == 10)
        #expect(
            watched.sink.sent.sorted() == [
                "log loopStopped 0", "log sinkFailing 0", "webhook loopStopped 0", "webhook sinkFailing 0",
            ])
        watched.sink.accept("smtp:operators")
        watched.clock.advance(by: 3600)
        _ = await sender.look()
        _ = await sender.look()
        #expect(
            watched.sink.sent.suffix(3).sorted() == [
                "log sinkFailing over", "smtp:operators loopStopped 0", "webhook sinkFailing over",
            ])
    }

    @Test("what gathers within a minute goes in one mail")
    func digest() async throws {
        let watched = try Watched()
        let sender = try watched.sender([.log, .smtp], operators: Self.operators)
        try await watched.store.raise(.loopStopped, about: .thing("a"), at: watched.clock.now)
        _ = await sender.look()
        for name in ["b", "c", "d"] {
            try await watched.store.raise(.loopStopped, about: .thing(name), at: watched.clock.now)
            _ = await sender.look()
        }
        #expect(watched.sink.sent.count { $0.hasPrefix("smtp") } == 1)
        #expect(watched.sink.sent.count { $0.hasPrefix("log") } == 4)
        let next = await sender.look()
        #expect(next == watched.clock.now + 60)
        watched.clock.advance(by: 61)
        _ = await sender.look()
        #expect(watched.sink.sent.count { $0.hasPrefix("smtp") } == 4)
    }

    @Test("an alert that changes while it is being sent is sent again as it is then")
    func changed() async throws {
        let watched = try Watched()
        try await watched.store.raise(.diskNearlyFull, about: .thing("store", figure: 8), at: watched.clock.now)
        let racing = RacingSink(store: watched.store, now: watched.clock.now)
        let sender = AlertSender(
            store: watched.store, router: AlertRouter(sinks: [.log], operators: [], contacts: [:], parent: { _ in nil }),
            sinks: [.log: racing], clock: watched.clock.clock, heartbeats: watched.heartbeats,
            pool: watched.pool, logger: watched.logs.logger)
        _ = await sender.look()
        _ = await sender.look()
        _ = await sender.look()
        #expect(racing.kept.sent == ["log diskNearlyFull 0", "log diskNearlyFull 1"])
    }

    @Test(
        "who is told follows from the kind: the party's named person, the operators, or both",
        arguments: [
            (AlertKind.documentRejected, ["smtp:80000601"]), (.answerLate, ["smtp:80000601"]),
            (.messageFailed, ["smtp:80000601", "smtp:operators"]), (.deliveryLate, ["smtp:80000601", "smtp:operators"]),
            (.destinationUnreachable, ["smtp:operators"]), (.loopStopped, ["smtp:operators"]),
        ] as [(AlertKind, [String])])
    func audience(kind: AlertKind, routes: [String]) async throws {
        let watched = try Watched()
        let message = try await watched.put()
        let now = watched.clock.now
        try await watched.store.raise(kind, about: .message(message), at: now)
        _ = await (try watched.sender([.log, .smtp], operators: Self.operators, contacts: ["80000601": "lege@example.org"]))
            .look()
        let mails = watched.sink.sent.filter { $0.hasPrefix("smtp") }.map { String($0.prefix { $0 != " " }) }
        #expect(mails.sorted() == routes)
    }

    @Test("without a named person the operators are told, and a named person of the organisation counts for its services")
    func fallback() throws {
        let service = try #require(HERID("80000601")), organisation = try #require(HERID("80000600"))
        let address = try #require(MailAddress("lege@example.org"))
        var subject = AlertSubject("#1")
        (subject.direction, subject.sender, subject.receiver) = (.out, "80000601", "80000401")
        let alert = Alert.example(.documentRejected, subject)
        let none = AlertRouter(sinks: [.smtp], operators: [address], contacts: [:], parent: { _ in nil })
        #expect(none.routes(for: alert).map(\.name) == ["log", "smtp:operators"])
        let above = AlertRouter(
            sinks: [.smtp], operators: [address], contacts: [organisation: [address]],
            parent: { $0 == service ? organisation : nil })
        #expect(above.routes(for: alert).map(\.name) == ["log", "smtp:80000600"])
        let circle = AlertRouter(sinks: [.smtp], operators: [address], contacts: [:], parent: { _ in service })
        #expect(circle.routes(for: alert).map(\.name) == ["log", "smtp:operators"])
    }

    @Test("every kind says what to do; what clinicians get is in bokmål and names no person", arguments: AlertKind.allCases)
    func texts(kind: AlertKind) {
        for stage in [0, 1, 5] {
            for direction in [MessageRecord.Direction.out, .in] {
                var subject = AlertSubject("#7")
                (subject.message, subject.messageID, subject.documentKind) = (7, "m-1", "HENVISNING_BUP")
                (subject.direction, subject.sender, subject.receiver) = (direction, "1111", "2222")
                let alert = Alert.example(kind, subject, stage: stage)
                let names = AlertNames { $0 == "1111" ? "80000600" : $0 }
                let english = alert.english(names)
                #expect(!english.title.isEmpty && english.action.count > 20)
                #expect(!english.facts.contains { $0.value.contains("1111") })
                guard let bokmal = alert.bokmal(names) else {
                    #expect(kind.audience == .operators)
                    continue
                }
                #expect(kind.audience != .operators)
                #expect(bokmal.action.count > 20 && !bokmal.facts.contains { $0.value.contains("1111") })
                #expect(bokmal.title.contains("Henvisning BUP"))
            }
        }
    }

    @Test(
        "an address that could end a header or a command is none",
        arguments: [
            "", "a", "a@", "@b", "a@b@c", "a b@c.no", "a@b c", "a@b.no\r\nBcc: x@y.no", "a@b.no\n", "<a@b.no>", "a,b@c.no",
            "a@-b.no", "a@b..no", ".a@b.no", "a.@b.no", "\"a b\"@c.no", "a@[127.0.0.1]", "æ@b.no", "a;@b.no", "a\u{0}@b.no",
        ])
    func badAddress(text: String) { #expect(MailAddress(text) == nil) }

    @Test("ordinary addresses are read", arguments: ["a@b", "kari.nordmann+bup@ous-hf.no", "x_y@sub.example.org"])
    func goodAddress(text: String) { #expect(MailAddress(text)?.text == text) }
}

/// Raises the same cause one stage further while it is being told.
final class RacingSink: AlertSink {
    let kept = KeepingSink()
    private let store: GatewayStore
    private let now: Date

    init(store: GatewayStore, now: Date) { (self.store, self.now) = (store, now) }

    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String] {
        try await store.raise(.diskNearlyFull, about: .thing("store", figure: 2), stage: 1, at: now)
        return try await kept.send(alerts, more: more, to: route)
    }
}

extension Alert {
    static func example(_ kind: AlertKind, _ subject: AlertSubject, stage: Int = 0) -> Alert {
        let time = Date(timeIntervalSince1970: 1_764_000_000)
        return Alert(
            id: 12, key: Alert.key(kind, subject.key), kind: kind, severity: kind.severity(stage: stage), subject: subject,
            stage: stage, firstAt: time, lastAt: time, count: 1, resolvedAt: nil)
    }
}
