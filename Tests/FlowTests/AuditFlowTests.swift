import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("The audit trail of nodes that exchange messages")
    struct AuditFlowTests {
        /// A referral from the GP to BUP, accepted; both nodes stop.
        private func exchanged() async throws -> Site {
            let site = try Site()
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("accepted", "gp")
                try await site.steps.first("delivered", "bup", kind: "APPREC")
            }
            return site
        }

        private func verified(_ name: Site.Name, of site: Site, against files: [String] = []) async throws -> AuditReport {
            try await site.with(name) { node in
                try AuditVerifier(site.settings(name)).verify(node.store, against: files)
            }
        }

        /// The Acknowledgment that the GP's node got for its message of that kind, as a file.
        private func acknowledgment(for kind: String, at site: Site) async throws -> String {
            let bytes = try await site.with(.gp) { gp in
                try gp.store.read { database in
                    try Data.fetchOne(
                        database,
                        sql: """
                            SELECT receipt.bytes FROM receipt JOIN message ON message.id = receipt.message
                            WHERE receipt.kind = 'acknowledgment' AND receipt.direction = 'in' AND message.kind = ?
                            ORDER BY receipt.id DESC
                            """, arguments: [kind])
                }
            }
            return try site.scratch.write([UInt8](try #require(bytes)), to: "acknowledgment-\(kind).xml")
        }

        @Test("is sound on both nodes, and signed to its end when they have stopped")
        func sound() async throws {
            let site = try await exchanged()
            for name in [Site.Name.gp, .bup] {
                let report = try await verified(name, of: site)
                #expect(report.isSound, "\(name): \(report.faults)")
                #expect(report.signedThrough == report.sequence && report.sequence >= 5)
            }
        }

        @Test("is signed an hour after the first record that is not, at once after a thousand, and not without news")
        func checkpoints() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                let start = site.clock.now
                let checkpointer = AuditCheckpointer(
                    store: gp.store, keys: gp.keys, node: "gp", clock: site.clock.clock,
                    heartbeats: Heartbeats(clock: site.clock.clock), logger: site.logs.logger)
                func signed() throws -> Int64? { try gp.store.read { try AuditCheckpoint.last($0)?.sequence } }
                #expect(await checkpointer.signIfDue(since: start) == nil)
                #expect(try signed() == nil)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                #expect(await checkpointer.signIfDue(since: start) == start + 3600)
                #expect(try signed() == nil)
                site.clock.advance(by: 3600)
                #expect(await checkpointer.signIfDue(since: start) == nil)
                #expect(try signed() == 1)
                // Another hour without news signs nothing again.
                site.clock.advance(by: 3600)
                #expect(await checkpointer.signIfDue(since: start) == nil)
                #expect(try gp.store.read { try AuditCheckpoint.all($0).count } == 1)
                site.clock.advance(by: -3600)
                try await gp.store.commit { database in
                    for _ in 0..<1000 {
                        try AuditTrail.append(AuditRecord(at: start, by: .node, action: "read"), in: database)
                    }
                }
                #expect(await checkpointer.signIfDue(since: start) == nil)
                #expect(try signed() == 1001)
            }
        }

        @Test("leaves its head with the partner: an Acknowledgment finds out a store that was put back to an older one")
        func headsLeave() async throws {
            let site = try await exchanged()
            let older = site.scratch.path + "/older"
            try FileManager.default.createDirectory(atPath: older, withIntermediateDirectories: true)
            try await site.with(.bup) { bup in
                try bup.store.database.writeWithoutTransaction { database in
                    try database.execute(sql: "VACUUM INTO ?", arguments: [older + "/gateway.sqlite"])
                }
            }
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                // An Acknowledgment tells of what was before it, so the second one tells of the first message.
                for id in ["5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a01", "5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a02"] {
                    _ = try await gp.intake.submit(Submission(document: Dialog.document(id: id)))
                    try await site.steps.first {
                        $0.node == "gp" && $0.step.what == "delivered" && $0.message.documentID == id
                    }
                }
            }
            let acknowledgment = try await acknowledgment(for: Dialog.kind, at: site)
            #expect(try await verified(.bup, of: site, against: [acknowledgment]).compared.map(\.agreed) == [1])
            // It was signed for BUP, so it says nothing about the GP's trail.
            await #expect(throws: StoreError(.damaged, reason: "")) {
                try await verified(.gp, of: site, against: [acknowledgment])
            }

            let settings = try site.settings(.bup)
            let store = try GatewayStore(folder: URL(filePath: older), key: StoreKey(file: settings.store.keyFile))
            #expect(try AuditVerifier(settings).verify(store).isSound)
            let report = try AuditVerifier(settings).verify(store, against: [acknowledgment])
            #expect(report.firstBad?.reason.contains("the trail ends here") == true, "\(report.faults)")
        }
    }
}
