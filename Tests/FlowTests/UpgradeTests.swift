import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A node whose store an earlier version left")
    struct UpgradeTests {
        /// Document ids by what had become of them.
        private enum Sent: String, CaseIterable {
            case accepted = "b01", unacknowledged = "a02", waiting = "a03", taken = "a04", held = "a05", failed = "a06"

            var id: String { Referral.documentID.dropLast(3) + rawValue }
        }

        /// What a store says of each message.
        private struct Facts: Equatable {
            var states: [Int64: MessageState] = [:]
            var receipts: [Int64: Receipts] = [:]

            init(_ store: GatewayStore) throws {
                let ids = try store.read { try Int64.fetchAll($0, sql: "SELECT id FROM message ORDER BY id") }
                for id in ids {
                    guard let message = try store.status(of: String(id)).messages.first else { continue }
                    states[id] = message.state
                    receipts[id] = message.receipts
                }
            }

            /// What that version could know: nobody set a message aside before version 4, and when an AppRec had been handed in
            /// was not written down.
            func known(to version: Int) -> Facts {
                var facts = self
                if version < 4 {
                    facts.states = states.mapValues { $0 == .held ? .failed : $0 }
                    let incoming = receipts.filter { $0.value.taken == nil && $0.value.delivered != nil }.keys
                    for id in incoming where states[id] == .filed { facts.receipts[id]?.accepted = nil }
                }
                return facts
            }
        }

        private func submit(_ node: Node, _ sent: Sent) async throws {
            _ = try await node.intake.submit(
                Submission(
                    document: Referral.document(replacing: [Referral.documentID: sent.id]),
                    attachments: Referral.attachments.map { SubmittedAttachment(path: $0) }))
        }

        private func event(_ site: Site, _ what: String, _ sent: Sent, since time: Date) async throws {
            try await site.steps.first {
                $0.step.what == what && $0.node == "gp" && $0.message.documentID == sent.id && $0.step.at >= time
            }
        }

        private func setDue(_ sent: Sent, at time: Date, _ node: Node) async throws {
            try await node.store.commit { database in
                try database.execute(
                    sql: "UPDATE message SET due = ? WHERE documentID = ?", arguments: [time.microseconds, sent.id])
            }
        }

        /// A task that ends may hold a stopped node's store a moment longer. The last connection to close deletes the log: until then
        /// its files change, and nothing may take their place.
        private func closed(_ site: Site, _ name: Site.Name) async {
            while FileManager.default.fileExists(atPath: site.store(name) + "/gateway.sqlite-wal") { await Task.yield() }
        }

        /// Both nodes stopped, with a message in every state that a stop can leave.
        private func makeMessages(_ site: Site, _ letter: Letter) async throws {
            let silent = Peer([Replies.unavailable])
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) {
                        try await submit(gp, .accepted)
                        try await site.steps.first("accepted", "gp")
                    }
                }
            }
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: silent]) {
                    try await submit(gp, .unacknowledged)
                    try await event(site, "postponed", .unacknowledged, since: .distantPast)
                }
            }
            // The receiver has it, and its Acknowledgment was lost: this node goes back to the time before it.
            let (folder, kept) = (site.folder(.gp), site.folder(.gp) + ".kept")
            await closed(site, .gp)
            // A pipe cannot be copied: whoever reads it waits.
            try? FileManager.default.removeItem(atPath: site.store(.gp) + "/wake")
            try FileManager.default.copyItem(atPath: folder, toPath: kept)
            site.clock.advance(by: 3600)
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) { try await event(site, "accepted", .unacknowledged, since: .distantPast) }
                }
            }
            await closed(site, .gp)
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: kept, toPath: folder)
            try await site.with(.gp) { gp in
                // A destination that failed is tried with what was due first.
                try await setDue(.unacknowledged, at: site.clock.now + 3600, gp)
                try await site.serving([gp], stubs: [.bup: silent]) {
                    try await submit(gp, .waiting)
                    try await event(site, "postponed", .waiting, since: .distantPast)
                }
            }
            try await site.with(.gp) { gp in
                try await setDue(.unacknowledged, at: site.clock.now, gp)
                for sent in [Sent.taken, .held, .failed] { try await submit(gp, sent) }
                for (sent, event) in [(Sent.held, MessageEvent.held(reason: "a test")), (.failed, .failed(reason: "a test"))] {
                    let id = try #require(try gp.store.status(of: sent.id).messages.first?.number)
                    try await gp.store.commit { _ = try Ledger.apply(event, to: id, at: site.clock.now, by: .node, in: $0) }
                }
            }
            let answer = try await site.with(.bup) { bup in try await letter.post(to: bup) }
            #expect(answer.isAcknowledgment)
        }

        private func takeBack(_ site: Site, _ name: Site.Name, to version: Int) throws {
            try OldStore.takeBack(
                site.store(name), to: version, key: StoreKey(file: site.folder(name) + "/keys/store.key"))
        }

        @Test(
            "has every message in its state and with its receipts; what waited is delivered once, what was delivered is not sent again",
            arguments: OldStore.versions)
        func upgraded(version: Int) async throws {
            let site = try Site()
            let letter = try LetterWriter.referral().write()
            try await makeMessages(site, letter)
            var before: [Site.Name: Facts] = [:]
            for name in [Site.Name.gp, .bup] {
                try await site.with(name) { before[name] = try Facts($0.store) }
                try takeBack(site, name, to: version)
            }
            site.clock.advance(by: 7200)
            let upgraded = site.clock.now
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    for (name, node) in [(Site.Name.gp, gp), (.bup, bup)] {
                        #expect(try Facts(node.store) == before[name]?.known(to: version))
                        let check = try node.store.check()
                        #expect(check.findings == [])
                        let trail = try AuditVerifier(site.settings(name)).verify(node.store)
                        #expect(trail.isSound, "\(trail.faults)")
                        #expect(try unwatched(node.store) == [])
                    }
                    try await site.serving([gp, bup]) {
                        try await event(site, "delivered", .unacknowledged, since: upgraded)
                        for sent in [Sent.waiting, .taken] { try await event(site, "accepted", sent, since: upgraded) }
                        try await site.steps.first { $0.node == "bup" && $0.step.what == "filed" && $0.step.at >= upgraded }
                    }
                    try expectOnce(gp, bup, version, since: upgraded)
                }
                #expect(try gp.store.read { try Int.fetchOne($0, sql: Self.underWay) } == 0)
            }
        }

        private static let underWay = "SELECT count(*) FROM message WHERE direction = 'out' AND state IN ('taken', 'sealed')"

        /// Messages under way that nobody would be told of.
        private func unwatched(_ store: GatewayStore) throws -> [Int64] {
            try store.read {
                try Int64.fetchAll(
                    $0, sql: "SELECT id FROM message WHERE state IN ('taken', 'sealed', 'held', 'opened') AND warnAt IS NULL")
            }
        }

        private func expectOnce(_ gp: Node, _ bup: Node, _ version: Int, since upgraded: Date) throws {
            for sent in Sent.allCases {
                let there = try bup.inbox.list().filter { $0.documentID == sent.id }
                #expect(there.count == (sent == .held || sent == .failed ? 0 : 1), "\(sent)")
                let message = try #require(try gp.store.status(of: sent.id).messages.first)
                switch sent {
                case .accepted:
                    #expect(message.state == .accepted && message.steps.allSatisfy { $0.at < upgraded })
                // Its AppRec went the way of its Acknowledgment, and is not given twice.
                case .unacknowledged: #expect(message.state == .delivered)
                case .waiting, .taken: #expect(message.state == .accepted)
                case .held: #expect(message.state == (version < 4 ? .failed : .held))
                case .failed: #expect(message.state == .failed)
                }
            }
            let filed = try FileManager.default.subpathsOfDirectory(atPath: bup.settings.folder + "/filed")
            #expect(filed.filter { $0.hasSuffix(Referral.kind) }.count == 5)
            // What an AppRec or a receipt answers was answered once.
            for node in [gp, bup] {
                let twice = try node.store.read {
                    try Int.fetchOne(
                        $0,
                        sql: """
                            SELECT count(*) FROM (SELECT 1 FROM message WHERE kind = 'APPREC' AND answers IS NOT NULL
                              GROUP BY direction, answers HAVING count(*) > 1)
                            """)
                }
                #expect(twice == 0)
            }
        }

        @Test("is refused when it was a later one, and not a byte of it is changed")
        func newer() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in try await submit(gp, .taken) }
            let database = try DatabaseQueue(path: site.store(.gp) + "/gateway.sqlite")
            try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of a later version')") }
            try database.close()
            let before = try Data(contentsOf: URL(filePath: site.store(.gp) + "/gateway.sqlite"))
            let key = try StoreKey(file: site.folder(.gp) + "/keys/store.key")
            let error = try #require(throws: StoreError.self) {
                try GatewayStore(folder: URL(filePath: site.store(.gp)), key: key)
            }
            #expect(error.code == .newer && !error.reason.contains("\n") && error.reason.contains("99 of a later version"))
            #expect(try Data(contentsOf: URL(filePath: site.store(.gp) + "/gateway.sqlite")) == before)
        }

        @Test("is not changed while that version still serves it: the command is refused, and works when it has stopped")
        func served() throws {
            let scratch = try ScratchFolder()
            try scratch.write(StoreKey.newFile(), to: "store.key")
            let key = try StoreKey(file: scratch.path + "/store.key")
            let folder = URL(filePath: scratch.path + "/store")
            _ = try GatewayStore(folder: folder, key: key)
            try OldStore.takeBack(folder.path, to: 9, key: key)
            do {
                let serving = try StoreLock(folder: folder.path)
                let error = try #require(throws: StoreError.self) { try GatewayStore(folder: folder, key: key) }
                #expect(error.code == .inUse)
                withExtendedLifetime(serving) {}
            }
            let left = try DatabaseQueue(path: folder.path + "/gateway.sqlite")
            #expect(try left.read { try StoreSchema.migrator.appliedMigrations($0).count } == 9)
            try left.close()
            let store = try GatewayStore(folder: folder, key: key)
            #expect(try store.read { try StoreSchema.migrator.hasCompletedMigrations($0) })
        }

        @Test("is, taken back, of just the shape that its version's migrations make", arguments: OldStore.versions)
        func shape(version: Int) throws {
            let scratch = try ScratchFolder()
            try scratch.write(StoreKey.newFile(), to: "store.key")
            let key = try StoreKey(file: scratch.path + "/store.key")
            _ = try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: key)
            try OldStore.takeBack(scratch.path + "/store", to: version, key: key)
            let made = try DatabaseQueue()
            try StoreSchema.migrator.migrate(made, upTo: StoreSchema.migrator.migrations[version - 1])
            let old = try DatabaseQueue(path: scratch.path + "/store/gateway.sqlite")
            #expect(try old.read { try OldStore.shape($0) } == made.read { try OldStore.shape($0) })
            #expect(try old.read { try StoreSchema.migrator.appliedMigrations($0).count } == version)
        }
    }
}
