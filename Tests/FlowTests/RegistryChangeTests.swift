import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A running node takes a new version of the registry")
    struct RegistryChangeTests {
        /// The registry of the site with parties changed; nil takes one out.
        private static func registry(_ site: Site, _ changes: [String: ([String: Any]) -> [String: Any]?]) throws -> String {
            let data = try Data(contentsOf: URL(filePath: site.scratch.path + "/nodes/registry.json"))
            var top = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let parties = try #require(top["parties"] as? [[String: Any]])
            top["parties"] = parties.compactMap { party in
                guard let id = party["herId"] as? String, let change = changes[id] else { return party }
                return change(party)
            }
            return try site.scratch.write(
                String(decoding: JSONSerialization.data(withJSONObject: top, options: .sortedKeys), as: UTF8.self),
                to: "registry-new.json")
        }

        private static func desk(_ node: Node) -> RegistryDesk {
            RegistryDesk(
                store: node.store, settings: node.settings.registry, actor: AuditActor(text: "command:kari"), clock: node.clock)
        }

        private static func alerts(_ node: Node) throws -> [AlertKind] { try node.store.listAlerts().map(\.kind) }

        private static func signing(_ name: String) throws -> (([String: Any]) -> [String: Any]?) {
            let path = try TestPKI.shared.folder().path + "/" + name
            return { party in
                var party = party
                var certificates = party["certificates"] as? [String: Any] ?? [:]
                certificates["signing"] = [path]
                party["certificates"] = certificates
                return party
            }
        }

        @Test("a key that is rolled over counts once it is approved, and what waited for it goes at once")
        func key() async throws {
            let site = try Site()
            // BUP signs with a key that the registry does not have yet.
            let peer = Peer([{ try Replies.signal(Replies.acknowledge($0, by: "314000013/signing").soap) }])
            try await site.with(.gp) { gp in
                let before = gp.intake
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                    let file = try Self.registry(site, ["80000400": Self.signing("314000013/signing.crt")])
                    let report = try await Self.desk(gp).take([file])
                    #expect(report.lines.map(\.verdict) == [.held])
                    #expect(try Self.alerts(gp).contains(.registryHeld))
                    try await Self.desk(gp).approve(["80000400"])
                    #expect(try !Self.alerts(gp).contains(.registryHeld))
                    gp.lookAgain()
                    // The clock stands still: only the exchange makes the message due.
                    try await site.steps.first("delivered", "gp")
                }
                let (old, new) = (before.registry, gp.registry)
                let bup = try #require(HERID("80000400"))
                #expect(try old.certificates(for: bup, use: .signing) != new.certificates(for: bup, use: .signing))
                #expect(new.name == "version 2 of the registry in the store")
            }
        }

        @Test("a party that has ended gets nothing new, and what waits for it is not lost")
        func ended() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                let taken = try await gp.intake.submit(Submission(document: Referral.document()))
                let file = try Self.registry(
                    site, ["80000401": { $0.merging(["validTo": "2026-05-16", "validFrom": "2025-01-01"]) { $1 } }])
                try await Self.desk(gp).take([file])
                try await Self.desk(gp).approve(["80000401"])
                let begun = gp.intake
                await gp.registryWatch.look()
                await #expect(throws: SubmissionError(.receiverCannotReceive, "")) {
                    try await gp.intake.submit(
                        Submission(document: Referral.document(replacing: [Referral.documentID: "another"])))
                }
                // What had begun goes by what it began with.
                _ = try await begun.submit(Submission(document: Referral.document(replacing: [Referral.documentID: "begun"])))
                #expect(try gp.store.status(of: taken[0].messageID).messages.map(\.state) == [.taken])
            }
        }

        @Test(
            "a version that the node could not start with is refused and told; the node goes on, and takes the next that is right"
        )
        func bad() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                try await Self.desk(gp).take([try Self.registry(site, ["80000602": { _ in nil }])])
                try await Self.desk(gp).approve(["80000602"])
                let watch = gp.registryWatch
                await watch.look()
                #expect(gp.current.view.version == nil && gp.registry.name.hasSuffix("registry.json"))
                #expect(try Self.alerts(gp).contains(.registryRefused))
                #expect(site.logs.all.contains { $0.contains("cannot work by the newest version") })
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                // Refused once, not at every look.
                let count = site.logs.all.count
                await watch.look()
                #expect(site.logs.all.count == count)

                try await Self.desk(gp).take([try Self.registry(site, [:])])
                let held = try gp.store.heldRegistryChanges().map(\.subject)
                if !held.isEmpty { try await Self.desk(gp).approve(held) }
                await watch.look()
                #expect(gp.current.view.version == (try gp.store.registryVersion()))
                #expect(try !Self.alerts(gp).contains(.registryRefused))
            }
        }

        @Test("messages that wait follow a party that has moved to another node")
        func moved() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                let taken = try await gp.intake.submit(Submission(document: Referral.document()))
                let file = try Self.registry(
                    site, ["80000400": { $0.merging(["endpoint": "https://bup.example:4443/ebxml"]) { $1 } }])
                try await Self.desk(gp).take([file])
                try await Self.desk(gp).approve(["80000400"])
                await gp.registryWatch.look()
                let message = try #require(try gp.store.status(of: taken[0].messageID).messages.first)
                let destination = try gp.store.read { try MessageRecord.fetch($0, id: message.number)?.destination }
                #expect(destination == gp.registry.destination(of: "80000401"))
                #expect(destination?.contains("bup.example") == true)
            }
        }
    }
}
