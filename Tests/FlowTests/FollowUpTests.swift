import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("Flow 4: what follows a discharge, and who takes over")
    struct FollowUpTests {
        private static let bydel = "80000203"
        private static let document = "c2f7a5b0-0f5e-4f0e-8d0c-5a1b7a9e4d04"
        private let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

        static let plan = """
            {"receivers": [
              {"receiver": "80000601", "basis": "helsepersonelloven § 45 a", "confirm": false,
               "tasks": [{"what": "Kontroll etter vinterferien.", "by": "2027-02-26"}]},
              {"receiver": "80000203", "basis": "helsepersonelloven § 45 a",
               "tasks": [{"what": "Familieveileder følger opp i tre måneder.", "by": "2027-03-04"},
                         {"what": "Familieveileder tar kontakt med foreldrene.", "by": "2026-12-04"}]},
              {"receiver": "80000303", "basis": "helsepersonelloven § 45 a", "tasks": [{"what": "Fast samtale annenhver uke.", "by": "2027-06-18"}]},
              {"receiver": "80000110", "basis": "samtykke fra begge foreldre"}]}
            """

        private static func epikrise(_ plan: String? = plan) throws -> Submission {
            var submission = Submission(
                document: Array(try Data(contentsOf: Repository.root.appending(path: "samples/flow4/epikrise.xml"))))
            submission.followUp = try plan.map { try FollowUpPlan(parsing: Array($0.utf8)) }
            return submission
        }

        private func waits(_ bup: Node) throws -> [String: Date] {
            let messages = try bup.store.read { try MessageRecord.find($0, Self.document) }
            return Dictionary(uniqueKeysWithValues: messages.compactMap { one in one.answerBy.map { (one.receiver, $0) } })
        }

        private func followUp(_ node: Node, of receiver: String = bydel) throws -> FollowUpReport? {
            try node.store.status(of: Self.document).messages.first { $0.receiver == receiver }?.followUp
        }

        /// BUP's node with the summary handed in, the others' with it received.
        private func discharged(
            _ settings: [String: String] = [:], _ body: (Site, _ bup: Node, _ oslo: Node) async throws -> Void
        ) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true, settings: settings)
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            try await site.serving(nodes) {
                var summary = try Self.epikrise()
                // That the summary itself may be shared is no question of these tests.
                summary.sharing = KnownSharing(tellsNothingNew: true)
                let taken = try await nodes[1].intake.submit(summary)
                // Not everybody opens a text.
                #expect(taken.count == 4 && taken.flatMap(\.remarks).contains { $0.contains("Planen ble ikke lagt ved") })
                for message in taken {
                    try await site.steps.first { $0.step.what == "accepted" && $0.message.messageID == message.messageID }
                }
                try await body(site, nodes[1], nodes[2])
            }
        }

        private func number(of receiver: String, at node: Node) throws -> String {
            "#\(try #require(node.inbox.list().first { $0.receiver == receiver && $0.kind == "EPIKRISE" }).id)"
        }

        private func say(_ order: TakeOverOrder, _ receiver: String, _ site: Site, _ oslo: Node) async throws {
            let said = try await TakeOverDesk(oslo).say(order, about: number(of: receiver, at: oslo))
            #expect(said.receiver.value == "80000401")
            try await site.steps.first { $0.node == "bup" && $0.step.what == "opened" && $0.message.messageID == said.messageID }
        }

        @Test(
            "each receiver has its basis; the bydel says who takes over, and the sender sees it and waits for the others",
            arguments: ["warn", "require"])
        func takenOver(consent: String) async throws {
            try await discharged(["consent.check": consent]) { site, bup, oslo in
                let due = WorkingCalendar().end(ofWorkingDay: 3, after: site.clock.now)
                #expect(try waits(bup) == [Self.bydel: due, "80000303": due])
                let before = try #require(try followUp(bup))
                #expect(before.basis == "helsepersonelloven § 45 a" && before.confirmBy == due && before.words.isEmpty)
                #expect(before.days == ["2026-12-04", "2027-03-04"])
                #expect(try followUp(bup, of: "80000110")?.basis == "samtykke fra begge foreldre")
                try await say(TakeOverOrder(by: "Rolig Bekkelund", phone: "22 00 00 31"), Self.bydel, site, oslo)
                #expect(try waits(bup) == ["80000303": due])
                let after = try #require(try followUp(bup))
                #expect(after.confirmBy == nil && after.words.map(\.said) == ["taken"])
                #expect(after.words.map(\.by) == [Self.bydel] && after.words[0].contact == "Rolig Bekkelund, +4722000031")
                let bytes = try await Answers.received("DIALOG_HELSEFAGLIG", at: bup)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                let head = try Answers.dialog(bytes)
                #expect(head.conversation?.parent == Self.document && head.patient?.name.given == "Vennlig")
                #expect(head.dialogmelding?.notater.first?.tekst?.plain.contains("tatt over") == true)
                // Whoever took over sees that they did, and cannot do it twice.
                let own = try oslo.store.status(of: number(of: Self.bydel, at: oslo)).messages[0].followUp
                #expect(own?.words.map(\.said) == ["taken"] && own?.basis == nil)
                await #expect(throws: SubmissionError(.outOfOrder, "")) {
                    try await TakeOverDesk(oslo).say(
                        TakeOverOrder(by: "Rolig Bekkelund", phone: "22 00 00 31"), about: number(of: Self.bydel, at: oslo))
                }
                // What is to be done is shown to whoever asks for it, and the trail says so.
                let plans = try await bup.store.followUp(of: Self.document, for: reading)
                #expect(plans.map(\.tasks.count) == [1, 2, 1, 0])
                #expect(try bup.store.status(of: Self.document).messages[1].steps.contains { $0.detail == "follow-up plan" })
            }
        }

        @Test("'not for us' is told at once with who says it, and is over when somebody there takes over after all")
        func refused() async throws {
            try await discharged { site, bup, oslo in
                var order = try TakeOverOrder(by: "Rolig Bekkelund", phone: "22 00 00 31")
                (order.refusal, order.rightPlace) = ("Familien har flyttet til en annen bydel.", "Kontaktpunkt Bydel Bjerke")
                try await say(order, Self.bydel, site, oslo)
                #expect(try followUp(bup)?.words.map(\.said) == ["refused"])
                #expect(try followUp(bup)?.words[0].contact == "Rolig Bekkelund, +4722000031")
                #expect(try Later.alerts(bup) == ["followUpRefused"] && waits(bup)[Self.bydel] == nil)
                let bytes = try await Answers.received("DIALOG_AVVIK", at: bup)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                let text = try #require(try Answers.dialog(bytes).dialogmelding?.notater.first?.tekst?.plain)
                #expect(text.contains("Riktig sted: Kontaktpunkt Bydel Bjerke"))
                try await say(TakeOverOrder(by: "Rolig Bekkelund", phone: "22 00 00 31"), Self.bydel, site, oslo)
                #expect(try followUp(bup)?.words.map(\.said) == ["refused", "taken"] && Later.alerts(bup).isEmpty)
            }
        }

        @Test("nobody has taken over at the end of the third working day: the sender is told, each receiver by itself")
        func nobody() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Self.epikrise())
                let due = try #require(try waits(bup)[Self.bydel])
                let watch = DeadlineWatch(
                    store: bup.store, table: bup.store.deadlines, clock: site.clock.clock,
                    heartbeats: Heartbeats(clock: site.clock.clock), wakeUps: WakeUps(), logger: site.logs.logger)
                let late = { try Later.alerts(bup).count { $0 == "answerLate" } }
                _ = try await watch.tellDue(at: due - 1)
                #expect(try late() == 0)
                _ = try await watch.tellDue(at: due)
                #expect(try late() == 2)
            }
        }

        @Test("a question about it, another's word, and a word about another document end no wait")
        func others() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            try await site.with(.bup) { bup in
                _ = try await bup.intake.submit(Self.epikrise())
                let before = try waits(bup)
                for (number, about) in [Self.document, "something-else"].enumerated() {
                    // The GP is a receiver, and takes nothing over for the bydel.
                    let word = try Self.word(.readyForDischarge, about: about, id: "word-\(number)")
                    var writer = LetterWriter(document: word)
                    writer.messageID = "word-\(number)"
                    #expect(try await writer.write().post(to: bup).isAcknowledgment)
                }
                var writer = LetterWriter(document: try Self.word(.patient, about: Self.document, id: "question"))
                writer.messageID = "question"
                #expect(try await writer.write().post(to: bup).isAcknowledgment)
                #expect(try waits(bup) == before && followUp(bup)?.words.isEmpty == true)
                #expect(try followUp(bup, of: "80000601")?.words.map(\.said) == ["taken"])
            }
        }

        private static func word(_ tema: HelsefagligTema, about document: String, id: String) throws -> [UInt8] {
            guard case .msgHead(var head) = try ClinicalDocument(parsing: Dialog.document(id: id)) else { return [] }
            head.conversation = ConversationReference(parent: document, conversation: document)
            return Array(
                String(decoding: try head.encoded(), as: UTF8.self).replacing(
                    "V=\"6\" S=\"2.16.578.1.12.4.1.1.7322\"", with: "V=\"\(tema.rawValue)\" S=\"2.16.578.1.12.4.1.1.7322\""
                ).utf8)
        }

        struct Wrong: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let old: String
            let new: String
        }

        static let wrongs = [
            Wrong(testDescription: "no JSON", old: "{\"receivers\": [", new: "receivers:"),
            Wrong(testDescription: "a misspelt name", old: "\"tasks\"", new: "\"taks\""),
            Wrong(
                testDescription: "a receiver without a basis", old: "\"basis\": \"samtykke fra begge foreldre\"",
                new: "\"basis\": \" \""),
            Wrong(
                testDescription: "a receiver left out",
                old: ",\n  {\"receiver\": \"80000110\", \"basis\": \"samtykke fra begge foreldre\"}", new: ""),
            Wrong(testDescription: "somebody who is no receiver", old: "80000110", new: "80000120"),
            Wrong(testDescription: "a receiver twice", old: "80000110", new: "80000303"),
            Wrong(testDescription: "a day that has passed", old: "2026-12-04", new: "2026-05-01"),
            Wrong(testDescription: "a day that does not exist", old: "2026-12-04", new: "2026-02-30"),
            Wrong(testDescription: "a day in words", old: "2026-12-04", new: "4. desember"),
            Wrong(testDescription: "a task without words", old: "Fast samtale annenhver uke.", new: ""),
            Wrong(
                testDescription: "to be confirmed by somebody who has nothing to do", old: "foreldre\"}",
                new: "foreldre\", \"confirm\": true}"),
        ]

        @Test("a plan that does not fit the document is refused with words, and nothing is kept", arguments: wrongs)
        func wrong(wrong: Wrong) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            try await site.with(.bup) { bup in
                try #require(Self.plan.contains(wrong.old))
                let text = Self.plan.replacing(wrong.old, with: wrong.new)
                let error = await #expect(throws: SubmissionError.self) { try await bup.intake.submit(Self.epikrise(text)) }
                #expect(error?.code == .followUp && error?.reason.contains("Vennlig") == false)
                #expect(try bup.store.queue(QueueFilter()).isEmpty && site.storedFiles(.bup).isEmpty)
            }
        }

        @Test("a plan goes with a discharge summary alone; only one of those is taken over, by name and with a direct number")
        func notThat() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            try await site.with(.gp) { gp in
                var submission = Submission(document: try Referral.document())
                submission.followUp = try FollowUpPlan(
                    parsing: Array("{\"receivers\": [{\"receiver\": \"80000401\", \"basis\": \"lov\"}]}".utf8))
                await #expect(throws: SubmissionError(.followUp, "")) { try await gp.intake.submit(submission) }
            }
            try await site.with(.bup) { bup in
                #expect(try await LetterWriter.referral().write().post(to: bup).isAcknowledgment)
                let order = try TakeOverOrder(by: "Rolig Bekkelund", phone: "22000031")
                await #expect(throws: SubmissionError(.followUp, "")) { try await TakeOverDesk(bup).say(order, about: "#1") }
            }
            for (name, phone) in [
                ("", "22000031"), ("Rolig Bekkelund", "116117"), ("Rolig Bekkelund", "80030000"), ("To\nlinjer", "22000031"),
            ] {
                #expect(throws: SubmissionError(.followUp, "")) { try TakeOverOrder(by: name, phone: phone) }
            }
        }
    }
}
