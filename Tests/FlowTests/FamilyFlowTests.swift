import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    /// From the citizens' mailbox to BUP, and back.
    @Suite("A family's own message")
    struct FamilyFlowTests {
        private static let kind = "DIALOG_HELSEFAGLIG"
        private static let settings = Answers.mailbox.merging(["consent.check": "require"]) { first, _ in first }
        private static let path = Repository.root.appending(path: "samples/family/melding.json")

        private static func sheet(replacing changes: KeyValuePairs<String, String> = [:]) throws -> FamilySheet {
            var text = try String(contentsOf: path, encoding: .utf8)
            for (old, new) in changes {
                guard text.contains(old) else {
                    throw TestPKIError(description: "the sample does not hold what the test replaces")
                }
                text = text.replacing(old, with: new)
            }
            return try FamilySheet(parsing: Array(text.utf8))
        }

        /// Written by the child of the sample, twelve years old.
        private static func own(kept: Bool = false, born: String = "2014-03-17") throws -> FamilySheet {
            var sheet = try sheet()
            (sheet.role, sheet.isKept, sheet.born) = (.youngPerson, kept, try #require(OsloDay(born)))
            sheet.writer = sheet.child
            return sheet
        }

        private static func status(_ node: Node, _ name: String, as reader: FamilyRights.Role) async throws -> FamilyStatus {
            try await FamilyDesk(node).status(name, as: reader, for: Reading(by: .node, purpose: nil, at: TestPKI.now))
        }

        /// A site where the sheet has come to BUP.
        private static func arrived(
            _ sheet: FamilySheet, _ body: (Site, Node, Node, TakenMessage) async throws -> Void
        ) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: settings)
            let nodes = [try site.open(.bup), try site.open(.oslo)]
            try await site.serving(nodes) {
                let taken = try await FamilyDesk(nodes[1]).send(sheet)
                try await site.steps.first("delivered", "oslo", kind: kind)
                try await body(site, nodes[0], nodes[1], taken)
            }
        }

        /// What BUP's system answers to the last message that came.
        private static func reply(_ bup: Node, to told: MsgHead, id: String = "5d1c9c0e-0000-4d0b-9a35-2f6b3c1e7a0f") throws
            -> [UInt8]
        {
            try MsgHead.helsefagligDialog(
                MsgHead.Heading(answering: told.summary, messageID: id, generated: DocumentTime(TestPKI.now)), tema: .patient,
                emne: "Svar", text: "Ja, det går fint."
            ).encoded()
        }

        private static func received(_ node: Node) async throws -> MsgHead {
            try Answers.dialog(try await Answers.received(kind, at: node))
        }

        @Test("reaches the service as a national message that names who wrote it, and the receipts are in plain words")
        func arrives() async throws {
            try await Self.arrived(Self.sheet()) { _, bup, oslo, taken in
                let bytes = try await Answers.received(Self.kind, at: bup)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                let head = try Answers.dialog(bytes)
                #expect(head.summary.sender.communicationHERID == "80000120")
                #expect(head.patient?.identifiers.first?.value == "17831490128")
                let note = try #require(head.dialogmelding?.notater.first)
                #expect(note.tekst?.plain.contains("Skrevet av Rolig Blåklokke, foresatt til Vennlig Blåklokke.") == true)
                guard case .person(let writer)? = note.roller.first?.who else {
                    Issue.record("nobody wrote it")
                    return
                }
                #expect(writer.name.given == "Rolig")
                let verdict = try #require(try oslo.store.status(of: taken.messageID).messages.first?.consent?.first)
                #expect(verdict.rule == "fra-familien")
                let status = try await Self.status(oslo, taken.messageID, as: .guardian)
                #expect(status.receipts.map(\.heading) == ["Vi har fått det", "Det er kommet fram"])
                #expect(
                    status.receipts[1].text == "BUP Nord fikk meldingen din 1. juni 2026. Du får vite det når noen har lest det.")
                #expect(status.answers.isEmpty)
            }
        }

        @Test("the service's answer goes to the mailbox where consent is required, and is shown to whoever wrote")
        func answered() async throws {
            try await Self.arrived(Self.sheet()) { site, bup, oslo, taken in
                let answer = try await bup.intake.submit(Submission(document: Self.reply(bup, to: Self.received(bup))))
                let verdict = try #require(try bup.store.status(of: answer[0].messageID).messages.first?.consent?.first)
                #expect(verdict.rule == "familien")
                try await site.steps.first("opened", "oslo", kind: Self.kind)
                let status = try await Self.status(oslo, taken.messageID, as: .guardian)
                #expect(status.answers.map(\.text) == ["Ja, det går fint."] && status.answers[0].sender == "BUP Nord")
                #expect(status.receipts.last?.heading == "Du har fått svar")
                // A child of twelve does not read what its guardians wrote alone.
                await #expect(throws: StoreError.self) { try await Self.status(oslo, taken.messageID, as: .youngPerson) }
            }
        }

        @Test("what a child keeps from its guardians is to them as if it were not there, and the service is told")
        func kept() async throws {
            try await Self.arrived(Self.own(kept: true)) { site, bup, oslo, taken in
                let told = try await Self.received(bup)
                #expect(told.dialogmelding?.notater.first?.tekst?.plain.contains("foresatte ikke får vite dette") == true)
                _ = try await bup.intake.submit(Submission(document: Self.reply(bup, to: told)))
                try await site.steps.first("opened", "oslo", kind: Self.kind)
                #expect(try await Self.status(oslo, taken.messageID, as: .youngPerson).answers.count == 1)
                let missing = try #require(
                    await #expect(throws: StoreError.self) { try await Self.status(oslo, "none", as: .guardian) })
                let hidden = try #require(
                    await #expect(throws: StoreError.self) { try await Self.status(oslo, taken.messageID, as: .guardian) })
                #expect(hidden.code == missing.code && hidden.code == .notFound)
                #expect(hidden.reason == missing.reason.replacing("none", with: taken.messageID))
            }
        }

        @Test("at sixteen the guardians read no more, and get no more answers where consent is required")
        func sixteen() async throws {
            var sheet = try Self.sheet()
            sheet.born = try #require(OsloDay("2010-06-02"))
            try await Self.arrived(sheet) { site, bup, oslo, taken in
                let told = try await Self.received(bup)
                #expect(try await Self.status(oslo, taken.messageID, as: .guardian).receipts.count == 2)
                site.clock.advance(by: 86_400)
                await #expect(throws: StoreError.self) { try await Self.status(oslo, taken.messageID, as: .guardian) }
                #expect(try await Self.status(oslo, taken.messageID, as: .youngPerson).receipts.count == 2)
                await #expect(throws: SubmissionError(.notShareable, "")) {
                    _ = try await bup.intake.submit(Submission(document: Self.reply(bup, to: told)))
                }
            }
        }

        @Test("an answer about another child is not shown, and neither is one from somebody else")
        func others() async throws {
            try await Self.arrived(Self.sheet()) { site, bup, oslo, taken in
                var told = try await Self.received(bup)
                told.patient?.identifiers = [Identifier("05828030045", type: PersonIDType.fnr.coded)]
                _ = try await bup.intake.submit(Submission(document: Self.reply(bup, to: told)))
                try await site.steps.first("opened", "oslo", kind: Self.kind)
                #expect(try await Self.status(oslo, taken.messageID, as: .guardian).answers.isEmpty)
            }
        }

        @Test("whoever may not write for the child is refused in words, and nothing is kept")
        func refused() async throws {
            let site = try Site([.bup, .oslo], filesItself: false, settings: Self.settings)
            try await site.with(.oslo) { oslo in
                let desk = FamilyDesk(oslo)
                var young = try Self.own()
                young.born = try #require(OsloDay("2014-06-02"))
                var grown = try Self.sheet()
                grown.born = try #require(OsloDay("2010-06-01"))
                var kept = try Self.sheet()
                kept.isKept = true
                for sheet in [young, grown, kept] {
                    await #expect(throws: FamilyRights.Refusal.self) { try await desk.send(sheet) }
                }
                var other = try Self.own()
                other.writer.identityNumber = "05828030045"
                var own = try Self.sheet()
                own.writer = own.child
                var nobody = try Self.sheet()
                nobody.receiver = HERID("99999999")
                var unnamed = try Self.sheet()
                unnamed.receiver = nil
                var number = try Self.sheet()
                number.child.identityNumber = "17831490129"
                for sheet in [other, own, nobody, unnamed, number] {
                    await #expect(throws: SubmissionError.self) { try await desk.send(sheet) }
                }
                #expect(try oslo.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message") } == 0)
                _ = try await desk.send(try Self.sheet())
                await #expect(throws: SubmissionError(.duplicate, "")) { try await desk.send(try Self.sheet()) }
            }
        }

        @Test("a node that does not host the mailbox sends nothing in a family's name")
        func notTheMailbox() async throws {
            for settings in [[:], Answers.mailbox] {
                let site = try Site(filesItself: false, settings: settings)
                try await site.with(.gp) { gp in
                    await #expect(throws: SubmissionError(.senderNotHosted, "")) { try await FamilyDesk(gp).send(Self.sheet()) }
                }
            }
        }

        @Test(
            "a sheet with a fault is refused with its place, and nothing of what stood there",
            arguments: [
                (#""role": "foresatt""#, #""role": "bestemor""#, "role"), (#""to": "80000401""#, #""to": "BUP""#, "to"),
                (#""birthDate": "2014-03-17""#, #""birthDate": "i mars""#, "child.birthDate"),
                (#""title": "Vi lurer på timen","#, "", "title"), (#""text": "#, #""tekst": "#, "text"),
                (#""to": "80000401","#, #""to": "80000401", "keptFromGuardians": "ja","#, "keptFromGuardians"),
            ])
        func faults(change: (old: String, new: String, place: String)) throws {
            let text = try String(contentsOf: Self.path, encoding: .utf8)
            #expect(text.contains(change.old))
            do {
                _ = try FamilySheet(parsing: Array(text.replacing(change.old, with: change.new).utf8))
                Issue.record("not refused")
            } catch {
                #expect(
                    error.reason.contains(change.place) && !error.reason.contains("bestemor") && !error.reason.contains("i mars"))
            }
        }
    }
}
