import Envelope
import Foundation
import Gateway
import NodeTestSupport
import Practice
import TestSupport
import Testing

extension Flows {
    @Suite("Flow 3: a report from PPT to BUP and GP")
    struct FlowThreeTests {
        private static func report(in site: Site) throws -> String {
            let folder = site.scratch.path + "/report"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in ["rapport.json", "pedagogisk-rapport.pdf"] {
                try FileManager.default.copyItem(
                    at: Repository.root.appending(path: "samples/flow3/\(name)"), to: URL(filePath: "\(folder)/\(name)"))
            }
            return folder
        }

        @Test("the sample reaches both with its file byte for byte, each with its own receipts, and is sent once")
        func whole() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let (gp, bup, oslo) = (try site.open(.gp), try site.open(.bup), try site.open(.oslo))
            let folder = try Self.report(in: site)
            let taken = try await site.serving([gp, bup, oslo]) {
                let taken = try await oslo.intake.submit(oslo.submission(of: ReportFolder(at: folder)))
                for receiver in taken { try await site.steps.first("accepted", "oslo", receiver: receiver.receiver.value) }
                await #expect(throws: SubmissionError(.duplicate, "")) {
                    try await oslo.intake.submit(oslo.submission(of: ReportFolder(at: folder)))
                }
                return taken
            }
            #expect(taken.map(\.receiver.value) == ["80000401", "80000601"])
            for message in taken { #expect(try oslo.store.status(of: message.messageID).messages[0].state == .accepted) }
            let sent = try Data(contentsOf: URL(filePath: folder + "/pedagogisk-rapport.pdf"))
            for (name, node, party) in [(Site.Name.bup, bup, "80000401"), (.gp, gp, "80000601")] {
                let entry = try #require(try node.inbox.list().first)
                let filed = "\(site.folder(name))/filed/\(party)/\(entry.id)-DIALOG_HELSEFAGLIG"
                let files = try FileManager.default.contentsOfDirectory(atPath: filed).filter { $0.hasSuffix(".pdf") }
                #expect(files.count == 1)
                #expect(FileManager.default.contents(atPath: "\(filed)/\(files.first ?? "")") == sent, "\(name)")
            }
        }

        @Test(
            "where consent is required, a report without one is refused in words that name nobody, and nothing of it stays; with one it goes"
        )
        func consentRequired() async throws {
            let site = try Site([.gp, .bup, .oslo], settings: ["consent.check": "require"])
            try await site.with(.oslo) { oslo in
                let submission = try oslo.submission(of: ReportFolder(at: Self.report(in: site)))
                let error = await #expect(throws: SubmissionError.self) { try await oslo.intake.submit(submission) }
                #expect(error?.code == .notShareable && error?.reason.contains("Kan ikke deles ennå") == true)
                for name in ["Blåklokke", "178314"] { #expect(error?.reason.contains(name) == false) }
                #expect(try oslo.store.queue(QueueFilter()).isEmpty)
                let ppt = ConsentParty(.ppt, identity: PartyIdentity(.her, "80000110"))
                let consent = Consented.record {
                    ($0.from, $0.to, $0.information) = ([ppt], [Consented.bup, Consented.gp], [.pptReport])
                    $0.recordedBy = ppt
                }
                _ = try await oslo.consents.record(consent.bytes())
                #expect(try await oslo.intake.submit(submission).map(\.receiver.value) == ["80000401", "80000601"])
            }
        }

        @Test("a receiver who is away holds up nobody else")
        func receiverAway() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let (gp, oslo) = (try site.open(.gp), try site.open(.oslo))
            let folder = try Self.report(in: site)
            let taken = try await site.serving([gp, oslo]) {
                let taken = try await oslo.intake.submit(oslo.submission(of: ReportFolder(at: folder)))
                try await site.steps.first("accepted", "oslo")
                return taken
            }
            #expect(try oslo.store.status(of: taken[1].messageID).messages[0].state == .accepted)
            #expect([MessageState.taken, .sealed].contains(try oslo.store.status(of: taken[0].messageID).messages[0].state))
        }
    }
}
