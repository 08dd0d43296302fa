import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("Answers in a referral's course")
    struct CourseAnswerTests {
        private let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

        private func bup(_ body: (Site, Node, AnswerDesk) async throws -> Void) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false)
            try await site.with(.bup) { bup in
                try await Later.post(Referral.document(), to: bup)
                try await body(site, bup, AnswerDesk(bup, converter: Answers.converter))
            }
        }

        @Test(
            "an answer is given to the referral as it now stands, in the conversation of its first message, and ends every wait")
        func newest() async throws {
            try await bup { site, bup, desk in
                try await Later.post(
                    Later.document("M", 1, replacing: ["Blåklokke, Vennlig": "Blåklokke, Rettet"]), to: bup)
                // The child's name is that of the change.
                let error = await #expect(throws: AnswerError.self) {
                    try await desk.give(Answers.rejection(), to: "#1")
                }
                #expect(error?.code == .otherReferral)
                var order = try Answers.rejection()
                order.file.child = nil
                let given = try await desk.give(order, to: "#1")
                #expect(given.referral == 2)
                let status = try #require(given.messages.first { $0.what == .status })
                let bytes = try bup.store.read { database in
                    try MessageRecord.find(database, status.messageID).first.flatMap {
                        try PartRecord.fetch(database, message: $0.id).first
                    }
                }.map { try bup.store.vault.bytes(of: $0.payload) }
                let head = try Answers.dialog(try #require(bytes))
                #expect(
                    head.conversation
                        == ConversationReference(parent: Later.id(1), conversation: Referral.documentID))
                let course = try bup.store.course(of: "#1")
                #expect(course.steps.map(\.what) == ["N", "M", "S"] && course.status == "4" && course.answerBy == nil)
                // It is one answer, whichever document it is asked for by.
                for name in ["#1", "#2"] { #expect(try await bup.store.answers(to: name, for: reading).count == 1) }
            }
        }

        @Test("a change after a rejection is to be assessed anew, and may be rejected again; without one it may not")
        func afterRejection() async throws {
            try await bup { site, bup, desk in
                _ = try await desk.give(Answers.rejection(), to: "#1")
                #expect(try bup.store.course(of: "#1").answerBy == nil)
                let error = await #expect(throws: AnswerError.self) { try await desk.give(Answers.rejection(), to: "#1") }
                #expect(error?.code == .alreadyAnswered)
                for what in ["M", "A"] {
                    site.clock.advance(by: 86_400)
                    try await Later.post(Later.document(what, what == "M" ? 1 : 2), to: bup)
                    #expect(try bup.store.course(of: "#1").answerBy != nil)
                    _ = try await desk.give(Answers.rejection(), to: "#1")
                    #expect(try bup.store.course(of: "#1").answerBy == nil)
                }
                #expect(try Later.course(bup) == "NS4MS4AS4")
            }
        }

        @Test("a referral that was taken back cannot be answered, whichever of its documents is named; nothing stays")
        func takenBack() async throws {
            try await bup { site, bup, desk in
                try await Later.post(Later.document("C", 1), to: bup)
                for name in ["#1", "#2"] {
                    let error = await #expect(throws: AnswerError.self) { try await desk.give(Answers.rejection(), to: name) }
                    #expect(error?.code == .noReferral && error?.reason.contains("taken back") == true)
                }
                await #expect(throws: SubmissionError(.outOfOrder, "")) {
                    try await bup.intake.submit(Submission(document: Later.status("2", id: "late-status")))
                }
                #expect(try Later.course(bup) == "NC" && site.storedFiles(.bup).isEmpty)
            }
        }

        @Test("when the first message's time is over the rest of its course stays joined, and no row is left that names nothing")
        func destroyed() async throws {
            try await bup { _, bup, _ in
                try await Later.post(Later.document("M", 1), to: bup)
                _ = try await bup.intake.submit(Submission(document: Later.status("2", id: "status")))
                for message in [Int64(1), 3] {
                    _ = try await bup.store.commit { database in
                        _ = try DestroyedContent.destroy(database, message: message, at: TestPKI.now)
                        try RecordRows.delete(database, message: message)
                    }
                }
                let stray = try bup.store.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }
                #expect(stray.isEmpty)
                try await Later.post(Later.document("C", 2), to: bup)
                let course = try bup.store.course(of: "#2")
                #expect(course.steps.map(\.what) == ["M", "C"] && course.isCancelled && course.contact == nil)
            }
        }

        struct Order: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let codes: [String]
            let isAllowed: Bool

            init(_ codes: String, _ isAllowed: Bool) {
                testDescription = codes + (isAllowed ? " may be" : " may not be")
                (self.codes, self.isAllowed) = (codes.map(String.init), isAllowed)
            }
        }

        static let orders = [
            Order("21", true), Order("12", true), Order("41", true), Order("42", true), Order("14", false), Order("24", false),
            Order("44", false), Order("13", false), Order("31", false), Order("34", false), Order("33", false),
            Order("43", false),
        ]

        @Test("each code of 9148 goes out, and those that cannot follow what was answered are refused", arguments: orders)
        func order(order: Order) async throws {
            try await bup { _, bup, _ in
                _ = try await bup.intake.submit(Submission(document: Later.status(order.codes[0], id: "status-0")))
                let second = Submission(document: try Later.status(order.codes[1], id: "status-1"))
                if order.isAllowed {
                    _ = try await bup.intake.submit(second)
                } else {
                    await #expect(throws: SubmissionError(.outOfOrder, "")) { try await bup.intake.submit(second) }
                }
                let codes = try bup.store.course(of: "#1").steps.compactMap(\.code)
                #expect(codes == (order.isAllowed ? order.codes : [order.codes[0]]))
            }
        }

        @Test("a status by the way tells the referrer where it is and whom to call; what has a command of its own is refused")
        func statusOnTheWay() async throws {
            try await bup { _, bup, _ in
                let desk = StatusDesk(bup)
                let order = try StatusOrder("2", contact: "Trygg Solfjell", phone: "22 00 00 20")
                let taken = try await desk.send(order, to: "#1")
                #expect(taken.map(\.receiver.value) == [Referral.sender])
                let document = try bup.store.read { try PartRecord.fetch($0, message: 2)[0] }
                let bytes = try bup.store.vault.bytes(of: document.payload)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                let head = try Answers.dialog(bytes)
                #expect(
                    head.conversation == ConversationReference(parent: Referral.documentID, conversation: Referral.documentID))
                #expect(head.dialogmelding?.notater.first?.tekst?.plain.contains("22 00 00 20") == true)
                let course = try bup.store.course(of: "#1")
                #expect(course.status == "2" && course.contact == "Trygg Solfjell, +4722000020" && course.answerBy == nil)
                _ = try await desk.send(StatusOrder("1", contact: "Trygg Solfjell", phone: "22000020"), to: "#1")
                // Statuses by the way and answers are one order.
                let error = await #expect(throws: SubmissionError.self) {
                    try await AnswerDesk(bup, converter: Answers.converter).give(Answers.rejection(), to: "#1")
                }
                #expect(error?.code == .outOfOrder)
                #expect(try Later.course(bup) == "NS2S1")
            }
            for (code, phone) in [("3", "22000020"), ("4", "22000020"), ("5", "22000020"), ("", "22000020"), ("1", "116117")] {
                #expect(throws: AnswerError(.otherKind, "")) { try StatusOrder(code, contact: "Trygg Solfjell", phone: phone) }
            }
        }

        @Test("the referrer sees where the referral is and whom to call; a status of somebody else is not among it")
        func seen() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false)
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
                _ = try await bup.intake.submit(Submission(document: Later.status("2", id: "first-status")))
                _ = try await bup.intake.submit(Submission(document: Later.status("1", id: "second-status")))
                try await site.steps.first {
                    $0.node == "gp" && $0.step.what == "opened" && $0.message.documentID == "second-status"
                }
                try await site.steps.first {
                    $0.node == "gp" && $0.step.what == "opened" && $0.message.documentID == "first-status"
                }
            }
            let course = try gp.store.course(of: Referral.documentID)
            #expect(Set(course.steps.compactMap(\.code)) == ["1", "2"] && course.contact == "Trygg Solfjell, 22000020")
            #expect(course.answerBy == nil)
            #expect(try gp.store.status(of: Referral.documentID).messages[0].course == course)
        }

        @Test("a cancellation that crosses an answer is told to both, and both see the whole of it")
        func crossing() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false)
            let before = [try site.open(.gp), try site.open(.bup)]
            try await site.serving(before) {
                _ = try await before[0].intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
            }
            // The referrer takes it back before the answer has come.
            try await site.with(.bup) {
                _ = try await AnswerDesk($0, converter: Answers.converter).give(Answers.rejection(), to: "#1")
            }
            try await site.with(.gp) { _ = try await $0.intake.submit(Submission(document: Later.document("C", 1))) }
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                try await site.steps.first("opened", "gp", kind: "DIALOG_STATUS_HENVISNING")
                try await site.steps.first {
                    $0.node == "bup" && $0.step.what == "opened" && $0.message.documentID == Later.id(1)
                }
            }
            for node in [gp, bup] {
                #expect(try Later.alerts(node) == ["answerCrossed"])
                let course = try node.store.course(of: Later.id(1))
                #expect(course.isCancelled && course.answerBy == nil && course.status == "4")
                #expect(Set(course.steps.map(\.what)) == ["N", "C", "S"])
            }
        }
    }
}
