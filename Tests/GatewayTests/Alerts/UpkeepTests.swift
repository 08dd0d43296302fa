import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("What wears out is told before it ends", .timeLimit(.minutes(10)))
struct UpkeepTests {
    private static func expiry(_ kind: AlertKind = .certificateExpiring, days life: Double, left: Double, at now: Date) -> Expiry
    {
        Expiry(kind: kind, name: "x", from: now - (life - left) * 86_400, until: now + left * 86_400)
    }

    @Test(
        "a certificate is told of 90, 30, 14, 7 and 1 days before its end, and when it is over",
        arguments: [
            (91, nil), (90, 0), (31, 0), (30, 1), (14, 2), (7, 3), (1.5, 3), (1, 4), (0.5, 4), (0, 5), (-30, 5),
        ] as [(Double, Int?)])
    func certificate(left: Double, stage: Int?) {
        let now = TestPKI.now
        let expiry = Self.expiry(days: 1095, left: left, at: now)
        #expect(expiry.stage(at: now) == stage)
        #expect(stage.map { AlertKind.certificateExpiring.severity(stage: $0) } ?? .warning == (left > 7 ? .warning : .critical))
    }

    @Test(
        "a list that is made anew every week is not told of all the time, and every list before it ends",
        arguments: [
            (7, 7, nil), (7, 3.5, nil), (7, 1.7, 0), (7, 1, 4), (7, 0, 5), (1, 0.5, nil), (1, 0.25, 0), (1, 0, 5), (30, 14, 2),
            (30, 29, nil), (90, 30, 1),
        ] as [(Double, Double, Int?)])
    func list(life: Double, left: Double, stage: Int?) {
        let now = TestPKI.now
        #expect(Self.expiry(.revocationListExpiring, days: life, left: left, at: now).stage(at: now) == stage)
    }

    @Test("the node's own certificates and lists are found, and named without a person")
    func own() throws {
        let site = try Site([.gp])
        let node = try site.settings(.gp)
        let now = site.clock.now
        let keys = try KeyRing(
            folder: node.parties.keys, parties: node.parties.hosted, registry: try Registry(file: node.registry.file),
            trust: try TrustMaterial.load(node.trust), revocation: node.trust.revocation, at: now)
        let own = Expiry.own(keys)
        #expect(own.count == 2 && own.allSatisfy { $0.until > now && $0.name.contains("of organisation 314") })
        #expect(Set(own.map { $0.name.prefix { $0 != " " } }) == ["signing", "encryption"])
        let lists = try Expiry.lists(TrustMaterial.load(node.trust).revocationLists)
        #expect(Set(lists.map(\.name)).count == lists.count)
    }

    @Test("a partner's certificate is told of when its partner should have a new one, and when it is over")
    func partner() {
        let now = TestPKI.now
        let stages = [91, 60, 30, 14, 7, 0].map {
            Self.expiry(.partnerCertificateExpiring, days: 1095, left: $0, at: now).stage(at: now)
        }
        #expect(stages == [nil, nil, 1, 2, 3, 5])
    }

    @Test("of each partner the last certificate of each use is watched, each once, none of the node's own, no person named")
    func partners() throws {
        let site = try Site([.gp, .bup])
        let settings = try site.settings(.gp)
        let registry = try Registry(file: settings.registry.file)
        let found = registry.partnerCertificates(besides: settings.parties.hosted, at: site.clock.now)
        #expect(Set(found.map(\.use)) == [.signing, .encryption])
        #expect(Set(found.map(\.certificate.sha256)).count == found.count)
        let distances = found.map { abs($0.certificate.notAfter.timeIntervalSince(site.clock.now)) }
        #expect(distances == distances.sorted())
        let own = registry.parties.filter { settings.parties.hosted.contains($0.herID) }.flatMap { $0.signing + $0.encryption }
        #expect(!own.isEmpty && Set(own.map(\.sha256)).isDisjoint(with: found.map(\.certificate.sha256)))
        let persons = Set(registry.parties.filter { $0.kind == .person }.map(\.herID.value))
        #expect(!persons.isEmpty && persons.isDisjoint(with: found.map(\.party)))
        // All are ours: nobody is a partner.
        #expect(registry.partnerCertificates(besides: registry.parties.map(\.herID), at: site.clock.now).isEmpty)
        // When the first ends, it is told of; what ends later than anybody must hear of is not.
        let end = try #require(found.map(\.certificate.notAfter).min())
        let expiries = Expiry.partners(registry, besides: settings.parties.hosted, at: end)
        #expect(expiries.first?.until == end)
        #expect(expiries.allSatisfy { $0.kind == .partnerCertificateExpiring && $0.stage(at: end) != nil })
        // What ended ten years ago stands behind what ends now.
        let later = registry.partnerCertificates(besides: settings.parties.hosted, at: end + 3650 * 86_400)
        #expect(later.map(\.certificate.notAfter) == later.map(\.certificate.notAfter).sorted(by: >))
    }

    private static func upkeep(
        _ watched: Watched
    ) throws -> Upkeep {
        Upkeep(
            store: watched.store, expiries: { [] }, freePercent: { nil },
            settings: try NodeSettings(yaml: [], folder: "/node").alerts, sender: try watched.sender(),
            clock: watched.clock.clock,
            heartbeats: watched.heartbeats, logger: watched.logs.logger)
    }

    @Test("causes are kept as they are: what is new is pinned up, what is worse is told again, what is gone is taken down")
    func keep() async throws {
        let watched = try Watched()
        let sender = try watched.sender()
        func keep(_ causes: (String, Int)...) async throws -> [String] {
            let (now, before) = (watched.clock.now, watched.sink.sent.count)
            try await watched.store.commit { database in
                try AlertBoard.keep(.certificateExpiring, causes.map { (AlertSubject.thing($0.0), $0.1) }, at: now, in: database)
            }
            _ = await sender.look()
            return watched.sink.sent.dropFirst(before).map { String($0.split(separator: " ")[2]) }.sorted()
        }
        #expect(try await keep(("a", 0), ("b", 2)) == ["0", "2"])
        #expect(try await keep(("a", 0), ("b", 2)) == [])
        #expect(try await keep(("b", 3), ("c", 0)) == ["0", "3", "over"])
        #expect(try await keep() == ["over", "over"])
        #expect(try watched.open().isEmpty)
    }

    @Test("a partner's node that does not answer for half an hour is told of, then every day, until it answers")
    func destination() async throws {
        let watched = try Watched()
        let upkeep = try Self.upkeep(watched)
        let since = watched.clock.now
        try await watched.store.commit { database in
            try database.execute(
                sql: "INSERT INTO destination (name, failures, failingSince) VALUES ('https://bup.test:443', 3, ?)",
                arguments: [since.microseconds])
        }
        var told: [Int: [String]] = [:]
        for quarter in 1...(4 * 50) {
            watched.clock.advance(by: 900)
            let before = watched.sink.sent.count
            _ = await upkeep.look()
            _ = await upkeep.sender.look()
            let new = watched.sink.sent.dropFirst(before)
            if !new.isEmpty { told[quarter] = Array(new) }
        }
        #expect(
            told == [
                2: ["log destinationUnreachable 0"], 96: ["log destinationUnreachable 1"], 192: ["log destinationUnreachable 2"],
            ])
        try await watched.store.commit { try $0.execute(sql: "UPDATE destination SET failingSince = NULL, failures = 0") }
        _ = await upkeep.look()
        #expect(try watched.open().isEmpty)
    }

    @Test("a store that takes no commit is cried out at once, once an hour, although nothing can be pinned up")
    func storeFails() async throws {
        let watched = try Watched()
        let upkeep = try Self.upkeep(watched)
        try await watched.store.commit { try $0.execute(sql: "ALTER TABLE destination RENAME TO gone") }
        for _ in 0..<130 {
            _ = await upkeep.look()
            watched.clock.advance(by: 30)
        }
        #expect(watched.sink.sent == ["log storeFailing 0", "log storeFailing 0"])
        #expect(watched.logs.all.contains { $0.contains("The store takes no commit") })
    }

    @Test("a person closes an alert: it stands in the trail, and nobody waits for that deadline any more")
    func resolve() async throws {
        let watched = try Watched()
        let message = try await watched.put(.henvisningBUP, .in)
        watched.clock.advance(by: 20 * 86_400)
        try await watched.tell()
        let answer = try #require(try watched.store.listAlerts().first { $0.kind == .answerLate })
        let closed = try await watched.store.resolveAlert(
            answer.id, reason: "answered by letter", by: AuditActor(text: "command:kari"), at: watched.clock.now)
        #expect(closed.state == "resolved")
        watched.clock.advance(by: 30 * 86_400)
        try await watched.tell()
        #expect(try watched.open() == ["critical acceptanceLate"])
        let trail = try watched.store.read { try AuditTrail.records(of: message.id, in: $0) }
        #expect(trail.last?.action == "alert closed" && trail.last?.actor == "command:kari")
        #expect(trail.last?.purpose == "answered by letter")
        await #expect(throws: StoreError(.notFound, reason: "")) {
            try await watched.store.resolveAlert(answer.id, reason: nil, by: .node, at: watched.clock.now)
        }
    }
}
