import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A node restored from a backup")
    struct RestoreTests {
        /// Makes a backup of a node as it is.
        private func backUp(_ site: Site, _ node: Node) throws -> String {
            let folder = site.scratch.path + "/backup-\(UUID().uuidString)"
            let report = try Backup(node.store, node.settings, by: .node).make(at: folder, keys: nil, now: site.clock.now)
            #expect(report.problems == [])
            return folder
        }

        /// Restores it over the node's folder, as whoever has lost a disk would.
        private func restore(_ backup: String, _ site: Site, _ name: Site.Name) throws -> RestoreReport {
            let (folder, lost) = (site.folder(name), site.folder(name) + ".lost")
            try FileManager.default.moveItem(atPath: folder, toPath: lost)
            let report = try Restore(backup, into: folder, storeKeyFile: lost + "/keys/store.key", keys: nil, by: .node)
                .run(at: site.clock.now, evenDamaged: false)
            #expect(!report.toPutBack.isEmpty && report.toPutBack.allSatisfy { $0.hasSuffix(".key") })
            for file in report.toPutBack {
                try FileManager.default.copyItem(atPath: lost + file.dropFirst(folder.count), toPath: file)
            }
            return report
        }

        private func submit(_ node: Node, replacing changes: KeyValuePairs<String, String> = [:]) async throws {
            _ = try await node.intake.submit(
                Submission(
                    document: Referral.document(replacing: changes),
                    attachments: Referral.attachments.map { SubmittedAttachment(path: $0) }))
        }

        @Test("sends nothing that may have been delivered since, until a person lets it go; then the receiver shows it once")
        func outgoing() async throws {
            let site = try Site(filesItself: false)
            let silent = Peer([Replies.unavailable])
            let backup = try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: silent]) {
                    try await submit(gp)
                    try await site.steps.first("postponed", "gp")
                    return try backUp(site, gp)
                }
            }
            // Delivered after the backup, and then the disk is lost.
            site.clock.advance(by: 120)
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) { try await site.steps.first("delivered", "gp") }
                }
            }
            site.clock.advance(by: 3600)
            let report = try restore(backup, site, .gp)
            #expect(report.held.map(\.documentID) == [Referral.documentID])
            #expect(report.partners.first { $0.party == Referral.receiver }?.held == 1)
            let asked = Peer([Replies.unavailable])
            try await site.with(.gp) { gp in
                #expect(gp.warnings.contains { $0.contains("restored from a backup") })
                try await site.serving([gp], stubs: [.bup: asked]) {
                    site.clock.advance(by: 7 * 86_400)
                    // What is handed in now goes out; what is held does not.
                    try await submit(gp, replacing: [Referral.documentID: "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a02"])
                    try await site.steps.first { $0.step.what == "postponed" && $0.message.documentID != Referral.documentID }
                }
                #expect(asked.received.count == 1)
                #expect(try gp.store.status(of: Referral.documentID).messages.first?.state == .held)
                #expect(try await gp.store.resendRestored(to: nil, at: site.clock.now, by: .node) == 1)
            }
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) {
                        try await site.steps.first {
                            $0.step.what == "delivered" && $0.message.documentID == Referral.documentID && $0.message.id < 1000
                                && $0.message.attempts > 1
                        }
                    }
                    #expect(try bup.inbox.list().filter { $0.documentID == Referral.documentID }.count == 1)
                }
                try await gp.store.settleRestoration(at: site.clock.now, by: .node)
                #expect(throws: StoreError(.notFound, reason: "")) {
                    try gp.store.restoreReport(at: site.clock.now, node: site.folder(.gp))
                }
            }
        }

        @Test("answers a repeat of what the backup holds with the stored Acknowledgment, and takes what it does not hold")
        func incoming() async throws {
            let site = try Site(filesItself: false)
            let (before, after) = (try LetterWriter.referral().write(), try LetterWriter.referral().write())
            let (backup, first) = try await site.with(.bup) { bup in
                let first = try await before.post(to: bup)
                return (try backUp(site, bup), first)
            }
            let taken = try await site.with(.bup) { bup in try await after.post(to: bup) }
            #expect(taken.isAcknowledgment)
            let report = try restore(backup, site, .bup)
            #expect(report.notFiled.count == 1)
            try await site.with(.bup) { bup in
                let again = try await before.post(to: bup)
                #expect(again.reply == first.reply)
                #expect(try bup.inbox.list().count == 1)
                // Lost with the disk: whoever sends it again is right.
                #expect(try await after.post(to: bup).isAcknowledgment)
                #expect(try bup.inbox.list().count == 2)
                // Numbers of the lost time are not given again.
                #expect(try bup.inbox.list()[0].id > RestoredStore.numberLeap)
            }
        }

        @Test("hands nothing to the receiving system that it may have, and names what it has and the store does not")
        func filing() async throws {
            let site = try Site()
            let peer = Peer([Replies.unavailable])
            let letters = try [LetterWriter.referral().write(), LetterWriter.referral().write()]
            let backup = try await site.with(.bup) { bup in
                _ = try await letters[0].post(to: bup)
                return try backUp(site, bup)
            }
            try await site.with(.bup) { bup in
                _ = try await letters[1].post(to: bup)
                try await site.serving([bup], stubs: [.gp: peer]) {
                    try await site.steps.first { $0.step.what == "filed" && $0.message.id == 1 }
                    try await site.steps.first { $0.step.what == "filed" && $0.message.id == 2 }
                }
            }
            let filed = site.folder(.bup) + "/filed"
            let report = try restore(backup, site, .bup)
            try FileManager.default.copyItem(atPath: site.folder(.bup) + ".lost/filed", toPath: filed)
            #expect(report.notFiled.count == 1)
            try await site.with(.bup) { bup in
                let seen = site.steps.events.count
                try await site.serving([bup], stubs: [.gp: peer]) {
                    // Something new is filed, under a number of its own; the old one is not.
                    _ = try await LetterWriter.referral().write().post(to: bup)
                    try await site.steps.first("filed", "bup", kind: Referral.kind, after: seen)
                }
                let known = try bup.store.restoreReport(at: site.clock.now, node: site.folder(.bup))
                #expect(known.filedSince.map { URL(filePath: $0).lastPathComponent } == ["2-\(Referral.kind)"])
                #expect(try bup.inbox.list().filter { $0.state == .opened }.map(\.id) == [1])
            }
            let names = try FileManager.default.subpathsOfDirectory(atPath: filed).filter { $0.hasSuffix(Referral.kind) }
            #expect(names.count == 3)
        }

        @Test("is not made over something, nor of a backup that is not whole unless asked for")
        func refused() async throws {
            let site = try Site(filesItself: false)
            let backup = try await site.with(.bup) { bup in
                _ = try await Wrong.writer().write().post(to: bup)
                return try backUp(site, bup)
            }
            let key = site.folder(.bup) + "/keys/store.key"
            func restore(into folder: String, evenDamaged: Bool = false) throws -> RestoreReport {
                try Restore(backup, into: folder, storeKeyFile: key, keys: nil, by: .node).run(
                    at: site.clock.now, evenDamaged: evenDamaged)
            }
            #expect(throws: StoreError(.cannotOpen, reason: "")) { try restore(into: site.folder(.bup)) }
            let payload = try #require(try DigestedCopy.files(below: backup).first { $0.hasPrefix("store/payloads/") })
            try FileManager.default.removeItem(atPath: backup + "/" + payload)
            let new = site.scratch.path + "/new"
            let error = try #require(throws: StoreError.self) { try restore(into: new) }
            #expect(error.code == .damaged && error.reason.contains("--even-damaged"))
            #expect(!FileManager.default.fileExists(atPath: new))
            #expect(try restore(into: new, evenDamaged: true).problems.count == 1)
            let store = try GatewayStore(folder: URL(filePath: new + "/store"), key: StoreKey(file: key))
            #expect(try store.check().findings.map(\.kind) == [.missing])
            #expect(try store.received().count == 1)
        }
    }

    @Suite("A message that is older than repeats are remembered")
    struct ForgottenTests {
        @Test("is refused when nobody knows it, whether it was here or not; one that is known is answered as before")
        func forgotten() async throws {
            let site = try Site(
                filesItself: false,
                settings: ["retention.duplicateDays": "30", "retention.receivedDays": "1", "retention.recordDays": "1"])
            try await site.with(.bup) { bup in
                var writer = try LetterWriter.referral()
                let old = try writer.write()
                let first = try await old.post(to: bup)
                #expect(first.isAcknowledgment)
                _ = try await bup.inbox.save("1", to: site.scratch.path + "/saved")
                try await bup.store.commit { database in
                    _ = try Ledger.apply(.settled, to: 1, at: site.clock.now, by: .node, in: database)
                    // A referral that nobody has answered is not finished; this one was.
                    try database.execute(sql: "UPDATE message SET answerBy = NULL, warnAt = NULL WHERE id = 1")
                }
                let retention = Retention(bup.store, bup.settings.retention, by: .node)
                site.clock.advance(by: 29 * 86_400)
                _ = try retention.run(at: site.clock.now, isSureOfClock: true)
                #expect(try await old.post(to: bup).reply == first.reply)
                site.clock.advance(by: 2 * 86_400)
                _ = try retention.run(at: site.clock.now, isSureOfClock: true)
                #expect(try bup.inbox.list().isEmpty)
                // The replay of what was here, and a message that was on its way for a month.
                #expect(try await old.post(to: bup).errorCodes == ["TimeToLiveExpired"])
                writer.messageID = UUID().uuidString
                #expect(try await writer.write().post(to: bup).errorCodes == ["TimeToLiveExpired"])
                writer.timestamp = site.clock.now - 28 * 86_400
                writer.messageID = UUID().uuidString
                #expect(try await writer.write().post(to: bup).isAcknowledgment)
                #expect(try bup.inbox.list().count == 1)
            }
        }
    }
}
