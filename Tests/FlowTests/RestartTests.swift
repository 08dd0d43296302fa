import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A node that stopped goes on where it was")
    struct RestartTests {
        @Test("a message that was taken goes out after the restart")
        func taken() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                _ = try await gp.intake.submit(
                    Submission(
                        document: Referral.document(), attachments: Referral.attachments.map { SubmittedAttachment(path: $0) })
                )
            }
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) { try await site.steps.first("accepted", "gp") }
                }
            }
            // The AppRec may overtake the Acknowledgment.
            #expect(
                site.steps.steps("gp", .out, Referral.kind).filter { $0 != "delivered" } == ["taken", "sealed", "accepted"])
        }

        @Test("a message that was opened is filed after the restart, and receipted once")
        func opened() async throws {
            let site = try Site()
            let letter = try LetterWriter.referral().write()
            let answer = try await site.with(.bup) { bup in try await letter.post(to: bup) }
            #expect(answer.isAcknowledgment)
            let peer = Peer([Replies.unavailable])
            try await site.with(.bup) { bup in
                try await site.serving([bup], stubs: [.gp: peer]) {
                    try await site.steps.first("filed", "bup")
                    try await site.steps.first("postponed", "bup", kind: "APPREC")
                }
                // As a crash between the AppRec and the mark leaves it: opened, with its AppRec taken.
                try await bup.store.commit { database in
                    try database.execute(
                        sql: "UPDATE message SET state = 'opened', due = 0 WHERE kind = ?", arguments: [Referral.kind])
                }
            }
            // A receipt travels as the kind that it answers, with the roles swapped.
            let header = try #require(try peer.received.first?.unverified().claimedHeader)
            #expect(header.service.name == "Henvisning")
            #expect(header.from.role == "Henvisningsmottaker" && header.to.role == "Henviser")
            let seen = site.steps.events.count
            try await site.with(.bup) { bup in
                try await site.serving([bup], stubs: [.gp: peer]) { try await site.steps.first("filed", "bup", after: seen) }
                let messages = try bup.store.status(of: letterConversation(letter)).messages
                #expect(messages.filter { $0.direction == .in }.map(\.state) == [.filed])
                #expect(
                    try bup.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE kind = 'APPREC'") } == 1)
            }
        }

        private func letterConversation(_ letter: Letter) throws -> String {
            try EbXMLMessage(parsing: letter.soap).header.conversationID
        }

        @Test("files that were not finished are not read and do not disturb")
        func leftovers() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in #expect(bup.warnings.isEmpty) }
            for folder in ["payloads", "spool"] {
                try Data([1, 2, 3]).write(to: URL(filePath: "\(site.store(.bup))/\(folder)/0123.part"))
            }
            try await site.with(.bup) { bup in
                #expect(try await Wrong.writer().write().post(to: bup).isAcknowledgment)
                let id = try #require(try bup.inbox.list().first?.id)
                let filed = try await bup.inbox.save(String(id), to: site.scratch.path + "/saved")
                #expect(filed.files == ["document.xml", "Vedlegg.pdf", "Vedlegg (2).pdf"])
            }
        }

        @Test("saving twice writes twice and answers once")
        func savedTwice() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.bup) { bup in
                _ = try await LetterWriter.referral().write().post(to: bup)
                for name in ["one", "two"] {
                    let filed = try await bup.inbox.save("1", to: site.scratch.path + "/" + name)
                    #expect(FileManager.default.fileExists(atPath: filed.folder + "/document.xml"))
                }
                #expect(site.steps.steps("bup", .out, "APPREC") == ["taken"])
                #expect(site.steps.steps("bup", .in, Referral.kind) == ["opened", "filed"])
            }
        }
    }
}
