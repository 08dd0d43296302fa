import Envelope
import Foundation
import Gateway
import NodeTestSupport
import Practice
import TestSupport
import Testing

extension Flows {
    @Suite("Flow 2: answers to a referral")
    struct AnswerFlowTests {
        private let status = "DIALOG_STATUS_HENVISNING"
        private let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

        @Test("a rejection reaches the referrer with the letters, the family's mailbox with one each, and meets the deadline")
        func rejection() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            let (gp, bup, oslo) = (nodes[0], nodes[1], nodes[2])
            let given = try await site.serving(nodes) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
                #expect(try Answers.deadline(gp, .out) != nil && Answers.deadline(bup, .in) != nil)
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(
                    Answers.rejection(), to: Referral.documentID)
                for message in given.messages {
                    try await site.steps.first { $0.step.what == "opened" && $0.message.messageID == message.messageID }
                }
                return given
            }
            #expect(given.status == "4" && given.remarks.isEmpty)
            // A child of twelve: one letter to her, one to those who have parental responsibility.
            #expect(given.letters.map(\.reader) == ["ungdom-12-15", "foresatte"])
            #expect(given.letters.allSatisfy { $0.isPDF && $0.isSent && $0.score > 80 })
            #expect(given.messages.map(\.receiver) == ["80000601", "80000120", "80000120"])
            #expect(try Answers.deadline(gp, .out) == nil && Answers.deadline(bup, .in) == nil)
            try await checkStatus(given, gp)
            try await checkLetters(oslo)
            // A clinical rejection is no technical one.
            #expect(try gp.store.status(of: Referral.documentID).messages[0].state != .rejected)
            #expect(
                !site.steps.events.contains { $0.message.kind == "APPREC" && $0.node == "bup" && $0.message.direction == .out })
            let answer = try #require(try await bup.store.answers(to: Referral.documentID, for: reading).first)
            #expect(answer.isIntact == true && answer.digest == given.digest && answer.lastDay == given.lastDay)
        }

        private func checkStatus(_ given: GivenAnswer, _ gp: Node) async throws {
            let bytes = try await Answers.received(status, at: gp)
            if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
            let head = try Answers.dialog(bytes)
            #expect(head.conversation == ConversationReference(parent: Referral.documentID, conversation: Referral.documentID))
            #expect(head.patient?.name.given == "Vennlig" && head.patient?.identifiers.first?.value == "17831490128")
            let note = try #require(head.dialogmelding?.notater.first)
            #expect(HenvisningStatus(note.temaKodet) == .rejected)
            let text = try #require(note.tekst?.plain)
            for word in ["avvist", "Statsforvalteren", "Råd til deg som henviser", "22 00 04 11"] { #expect(text.contains(word)) }
            #expect(!text.contains("Blåklokke"))
            #expect(note.roller.first?.roleToPatient?.code == "21")
            let entry = try await gp.store.received(
                "#\(try #require(gp.inbox.list().first { $0.kind == status }).id)", for: reading)
            #expect(entry.attachments.map(\.mediaType) == ["application/pdf", "application/pdf"])
            #expect(entry.attachments.map(\.title) == ["pasienten", "foresatte"].map { "Brev til pasient og foresatte: \($0)" })
            // One conversation, from the referral to its answer.
            #expect(Set(try gp.store.trace(of: Referral.documentID).messages.map(\.kind)).contains(status))
        }

        private func checkLetters(_ oslo: Node) async throws {
            var texts: [String] = []
            for number in 0...1 {
                let bytes = try await Answers.received("DIALOG_HELSEFAGLIG", at: oslo, number: number)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                texts.append(try #require(try Answers.dialog(bytes).dialogmelding?.notater.first?.tekst?.plain))
            }
            let guardians = texts.filter { $0.contains("Dere kan klage") }
            #expect(guardians.count == 1 && texts.count == 2)
        }

        @Test(
            "a hand-over takes the referral to the right door with its attachments, and the clock runs on for everybody who waits"
        )
        func handover() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            let (gp, bup, oslo) = (nodes[0], nodes[1], nodes[2])
            let forwarded = try await site.serving(nodes) {
                _ = try await gp.intake.submit(
                    Submission(
                        document: Referral.document(), attachments: Referral.attachments.map { SubmittedAttachment(path: $0) }))
                try await site.steps.first("delivered", "gp")
                let waits = try #require(try Answers.deadline(bup, .in))
                site.clock.advance(by: 3 * 86_400)
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(
                    Answers.forwarding(to: "80000303"), to: Referral.documentID)
                #expect(given.status == "3" && given.messages.map(\.what) == [.status, .letter, .letter, .referral])
                try await site.steps.first("opened", "gp", kind: status)
                try await site.steps.first("opened", "oslo", kind: Referral.kind)
                // Whoever handed it over has answered; it is the same ten days for the new door, for the referrer and for us.
                #expect(try Answers.deadline(bup, .in) == nil)
                let forwarded = try #require(given.messages.last).messageID
                #expect(try Answers.deadline(bup, .out) == waits && Answers.deadline(oslo, .in, of: forwarded) == waits)
                #expect(try Answers.deadline(gp, .out) == waits)
                try await checkHandover(oslo)
                try await answer(oslo, bup, gp, site)
                return forwarded
            }
            #expect(try Answers.deadline(oslo, .in, of: forwarded) == nil)
            #expect(try Answers.deadline(bup, .out) == nil && Answers.deadline(gp, .out) == nil)
        }

        private func checkHandover(_ oslo: Node) async throws {
            let bytes = try await Answers.received(Referral.kind, at: oslo)
            if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
            let original = try Henvisning(parsing: Referral.document())
            let referral = try Henvisning(parsing: bytes)
            #expect(referral.servReq.id == original.servReq.id && referral.msgID != original.msgID)
            #expect(referral.servReq.patient == original.servReq.patient)
            #expect(referral.servReq.reasonAsText == original.servReq.reasonAsText)
            #expect(referral.handover?.original == Referral.documentID && referral.handover?.referrer == Referral.sender)
            #expect(referral.handover?.firstReceived.date == TestPKI.now)
            let number = try #require(oslo.inbox.list().first { $0.kind == Referral.kind }).id
            let scratch = try ScratchFolder()
            let filed = try await oslo.inbox.save("#\(number)", to: scratch.path)
            #expect(filed.files == ["document.xml", "pedagogisk-rapport.pdf", "spoerreskjema.jpg"])
            for (name, path) in zip(filed.files.dropFirst(), Referral.attachments) {
                #expect(
                    FileManager.default.contents(atPath: "\(filed.folder)/\(name)") == FileManager.default.contents(atPath: path))
            }
        }

        /// The new door answers: to whoever handed it over, with a copy to the referrer.
        private func answer(_ oslo: Node, _ bup: Node, _ gp: Node, _ site: Site) async throws {
            let number = try #require(oslo.inbox.list().first { $0.kind == Referral.kind }).id
            let seen = site.steps.events.count
            let given = try await AnswerDesk(oslo, converter: Answers.converter).give(Answers.acceptance(), to: "#\(number)")
            #expect(given.status == "1")
            #expect(given.messages.filter { $0.what == .status }.map(\.receiver) == ["80000401", "80000601"])
            try await site.steps.first("opened", "bup", kind: status, after: seen)
            try await site.steps.first("opened", "gp", kind: status, after: seen)
            let head = try Answers.dialog(try await Answers.received(status, at: gp))
            #expect(head.conversation?.conversation == Referral.documentID)
            #expect(HenvisningStatus(try #require(head.dialogmelding?.notater.first).temaKodet) == .called)
            // Handed on, it is no longer theirs to answer.
            await #expect(throws: AnswerError.self) {
                try await AnswerDesk(bup, converter: Answers.converter).give(Answers.rejection(), to: Referral.documentID)
            }
        }

        @Test(
            "without a converter the family gets the page, the status says in text what the letter says, and the sender is told")
        func withoutConverter() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            try await site.with(.bup) { bup in
                #expect(try await LetterWriter.referral().write().post(to: bup).isAcknowledgment)
                let none = LetterConverter { _ throws(LetterConverter.Failure) in
                    throw LetterConverter.Failure("the converter is not installed")
                }
                let given = try await AnswerDesk(bup, converter: none).give(Answers.rejection(), to: Referral.documentID)
                #expect(given.letters.allSatisfy { !$0.isPDF && $0.isSent })
                #expect(given.remarks.count == 2, "\(given.remarks)")
                #expect(given.remarks.contains { $0.contains("not made into PDF") })
                #expect(given.remarks.contains { $0.contains("not attached to the status") })
            }
        }

        @Test("without a mailbox the letters lie in the record, and come out of it as files")
        func withoutMailbox() async throws {
            let site = try Site(filesItself: false)
            try await site.with(.bup) { bup in
                #expect(try await LetterWriter.referral().write().post(to: bup).isAcknowledgment)
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(
                    Answers.rejection(), to: Referral.documentID)
                #expect(given.messages.map(\.what) == [.status] && given.letters.allSatisfy { !$0.isSent })
                #expect(given.remarks.contains { $0.contains("letters.mailbox") })
                let folder = site.scratch.path + "/letters"
                let filed = try await bup.store.writeLetters(to: Referral.documentID, into: folder, for: reading)
                #expect(
                    filed.files
                        == ["foresatte", "ungdom-12-15"].flatMap { name in
                            ["html", "txt", "pdf"].map { "brev-\(name).\($0)" }
                        })
                let text = try String(contentsOfFile: folder + "/brev-foresatte.txt", encoding: .utf8)
                #expect(text.contains("Dere kan klage") && text.contains("Vennlig"))
                let record = try await bup.store.answerRecord(to: Referral.documentID, for: reading)
                #expect(record.starts(with: Data("{\"answer\":".utf8)))
                // That it was read, and that it was answered, is in the trail; the child's name is not.
                let steps = try bup.store.status(of: Referral.documentID).messages[0].steps
                #expect(steps.contains { $0.what == "answer given" && $0.detail?.contains("9148 = 4") == true })
                #expect(steps.count { $0.what == "read" } == 3)
                #expect(try bup.store.check().isGood)
            }
        }
    }
}
