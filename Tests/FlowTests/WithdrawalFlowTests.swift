import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    /// A withdrawal is a message: from whoever sent what relied on the consent to whoever has it, and an answer back.
    @Suite("A withdrawal that travels")
    struct WithdrawalFlowTests {
        private static let kind = "DIALOG_HELSEFAGLIG"

        /// The GP's referral is at BUP, and its consent is taken back.
        private static func delivered(
            _ body: (Site, Node, Node, WithdrawnConsent) async throws -> Void
        ) async throws {
            let site = try Site(filesItself: false, settings: ["consent.check": "require"])
            let nodes = [try site.open(.gp), try site.open(.bup)]
            let (gp, bup) = (nodes[0], nodes[1])
            try await site.serving(nodes) {
                try await Consented.record(on: gp)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp", kind: Referral.kind)
                let withdrawn = try await withdraw(gp)
                try await site.steps.first("delivered", "gp", kind: kind)
                try await body(site, gp, bup, withdrawn)
            }
        }

        @discardableResult
        private static func withdraw(_ node: Node) async throws -> WithdrawnConsent {
            try await node.consents.withdraw(Consented.share, by: .guardian, how: "muntlig, notert av lege 1")
        }

        private static func holders(_ node: Node) async throws -> [ShownWithdrawal.Holder] {
            try await node.consents.show(Consented.share, for: Reading(by: .node, purpose: nil, at: TestPKI.now))
                .flatMap(\.withdrawals).flatMap(\.holders)
        }

        private static func actions(_ node: Node, _ action: String) throws -> Int {
            try node.store.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM audit WHERE action = ?", arguments: [action]) ?? -1
            }
        }

        /// The last document of a kind that a node received.
        private static func received(_ node: Node) async throws -> MsgHead {
            try Answers.dialog(try await Answers.received(kind, at: node))
        }

        // MARK: - It goes all the way

        @Test("reaches the holder as a national message about the referral, and waits for a person")
        func told() async throws {
            try await Self.delivered { site, gp, bup, withdrawn in
                #expect(withdrawn.messages.map(\.step) == [.tell] && withdrawn.remarks.isEmpty)
                let bytes = try await Answers.received(Self.kind, at: bup)
                if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
                let head = try Answers.dialog(bytes)
                #expect(
                    head.conversation == ConversationReference(parent: Referral.documentID, conversation: Referral.documentID))
                #expect(head.patient?.name.given == "Vennlig")
                let text = try #require(head.dialogmelding?.notater.first?.tekst?.plain)
                for words in ["trukket tilbake", Referral.documentID, "Familien ber dere slette", "senest 8. juni 2026"] {
                    #expect(text.contains(words), "\(words)")
                }
                let waiting = try WithdrawalDesk(bup).list()
                #expect(waiting.count == 1 && waiting[0].answer == nil && waiting[0].message == 1 && waiting[0].asksDeletion)
                #expect(waiting[0].until == gp.store.deadlines.calendar.end(ofWorkingDay: 5, after: site.clock.now))
                let holders = try await Self.holders(gp)
                #expect(holders.count == 1 && holders[0].answer == nil && holders[0].told == withdrawn.messages[0].told)
                #expect(try Self.actions(bup, "consent withdrawn") == 1)
            }
        }

        @Test("the holder's answer is joined at the node that withdrew, and ends the waiting on both sides")
        func kept() async throws {
            try await Self.delivered { site, gp, bup, _ in
                let notice = try #require(try WithdrawalDesk(bup).list().first).notice
                let answered = try await WithdrawalDesk(bup).answer(
                    "#\(notice)", .keptByLaw("pasientjournalloven", paragraph: nil, reason: "Den er en del av journalen."))
                #expect(answered.sent != nil)
                try await site.steps.first("opened", "gp", kind: Self.kind)
                let holder = try #require(try await Self.holders(gp).first)
                #expect(holder.answer == "kept by law" && holder.heard != nil && holder.until == nil)
                #expect(holder.text == "Beholdt: BUP må beholde dette etter pasientjournalloven. Den er en del av journalen.")
                #expect(try WithdrawalDesk(bup).list().map(\.until) == [nil])
                // It is said once; what was kept can still be deleted.
                await #expect(throws: ConsentDeskError(.known, "")) {
                    try await WithdrawalDesk(bup).answer(
                        "#\(notice)", .keptByLaw("pasientjournalloven", paragraph: nil, reason: "Den er en del av journalen."))
                }
            }
        }

        @Test("deleted: what the gateway has is destroyed in the commit of the answer, and only when a person says so")
        func deleted() async throws {
            try await Self.delivered { site, gp, bup, _ in
                let notice = try #require(try WithdrawalDesk(bup).list().first).notice
                await #expect(throws: ConsentDeskError(.contradicts, "")) {
                    try await WithdrawalDesk(bup).answer("#\(notice)", .stopped)
                }
                let parts = { try bup.store.read { try PartRecord.fetch($0, message: 1).count } }
                #expect(try parts() == 1)
                await #expect(throws: SubmissionError(.tryLater, "")) {
                    try await WithdrawalDesk(bup).answer("#\(notice)", .deleted)
                }
                _ = try await bup.inbox.save("#1", to: site.scratch.path + "/filed")
                _ = try await WithdrawalDesk(bup).answer("#\(notice)", .deleted)
                #expect(try parts() == 0)
                try await site.steps.first("opened", "gp", kind: Self.kind)
                #expect(try await Self.holders(gp).map(\.answer) == ["deleted"])
                #expect(try Self.actions(bup, "content destroyed") == 1)
                #expect(try bup.store.check().isGood)
            }
        }

        @Test("the same withdrawal ordered again changes nothing and tells nobody twice")
        func again() async throws {
            try await Self.delivered { site, gp, _, first in
                let second = try await Self.withdraw(gp)
                #expect(second.withdrawal == first.withdrawal && second.messages.map(\.told) == first.messages.map(\.told))
                let rows = try gp.store.read { database in
                    try ["SELECT count(*) FROM withdrawal", "SELECT count(*) FROM message WHERE kind = '\(Self.kind)'"].map {
                        try Int.fetchOne(database, sql: $0)
                    }
                }
                #expect(rows == [1, 1])
            }
        }

        // MARK: - Who does not answer, and who is away

        @Test("nobody answers: the one who waits and the one who owes it are both told when the days are over")
        func silent() async throws {
            try await Self.delivered { site, gp, bup, _ in
                site.clock.advance(by: 9 * 86_400)
                for node in [gp, bup] {
                    let watch = DeadlineWatch(
                        store: node.store, table: node.store.deadlines, clock: site.clock.clock, heartbeats: node.heartbeats,
                        wakeUps: WakeUps(), logger: site.logs.logger)
                    _ = try await watch.tellDue(at: site.clock.now)
                    let late = try node.store.read { database in
                        try Int.fetchOne(
                            database,
                            sql: """
                                SELECT count(*) FROM alert JOIN message ON message.id = alert.message
                                WHERE alert.kind = 'answerLate' AND resolvedAt IS NULL AND message.kind = ?
                                """, arguments: [Self.kind])
                    }
                    #expect(late == 1)
                }
            }
        }

        /// BUP is away when the referral is tried and its consent taken back, and both serve again an hour later.
        private static func backAgain(
            meanwhile: (Node) async throws -> Void = { _ in }, _ body: (Site, Node, Node, Int) async throws -> Void
        ) async throws {
            let site = try Site(filesItself: false, settings: ["consent.check": "require"])
            let gp = try site.open(.gp)
            try await site.serving([gp], stubs: [.bup: Peer([Replies.unavailable])]) {
                try await Consented.record(on: gp)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("postponed", "gp", kind: Referral.kind)
                // Less than anybody waits before the next attempt.
                site.clock.advance(by: 10)
                let withdrawn = try await withdraw(gp)
                #expect(withdrawn.messages.map(\.step) == [.stoppedTell] && withdrawn.messages[0].told != nil)
            }
            site.clock.advance(by: 3600)
            let (nodes, before) = ([try site.open(.gp), try site.open(.bup)], site.steps.events.count)
            try await meanwhile(nodes[1])
            try await site.serving(nodes) { try await body(site, nodes[0], nodes[1], before) }
        }

        @Test("a holder who is away is told when they are back; what waits was stopped at once")
        func away() async throws {
            try await Self.backAgain { site, gp, bup, before in
                try await site.steps.first("opened", "gp", kind: Self.kind, after: before)
                // It never came: nobody has to decide, and nobody learned whom it was about.
                #expect(try await Self.holders(gp).map(\.answer) == ["stopped"])
                #expect(try await Self.received(bup).patient == nil)
                #expect(try WithdrawalDesk(bup).list().map(\.answer) == ["stopped"])
                #expect(try Self.actions(bup, "withdrawal refused") == 0)
            }
        }

        @Test("what is older than the holder remembers is not said to have never come: a person answers")
        func forgotten() async throws {
            try await Self.backAgain(
                meanwhile: { bup in try await bup.store.commit { try Fact.set($0, .forgotten, TestPKI.now + 5) } },
                { site, _, bup, before in
                    try await site.steps.first("delivered", "gp", kind: Self.kind, after: before)
                    let waiting = try #require(try WithdrawalDesk(bup).list().first)
                    #expect(waiting.answer == nil && waiting.message == nil && waiting.until != nil)
                    #expect(try await WithdrawalDesk(bup).answer("#\(waiting.notice)", .deleted).answer == "deleted")
                })
        }

        @Test("a message that comes after its withdrawal was answered is marked, and a person is asked after all")
        func lateArrival() async throws {
            try await Self.backAgain { site, _, bup, before in
                try await site.steps.first("opened", "gp", kind: Self.kind, after: before)
                #expect(try WithdrawalDesk(bup).list().map(\.answer) == ["stopped"])
                var late = try LetterWriter.referral()
                late.timestamp = site.clock.now
                #expect(try await late.write().post(to: bup).isAcknowledgment)
                let waiting = try #require(try WithdrawalDesk(bup).list().first)
                #expect(waiting.answer == nil && waiting.message != nil && waiting.until != nil)
            }
        }

        // MARK: - Who may not

        @Test("a withdrawal of what another party sent changes nothing, whoever signs it, and a person reads it")
        func forged() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: ["consent.check": "require"])
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            let (gp, bup, oslo) = (nodes[0], nodes[1], nodes[2])
            try await site.serving(nodes) {
                try await Consented.record(on: gp)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp", kind: Referral.kind)
                let sent = try #require(try gp.store.read { try MessageRecord.fetch($0, id: 1) })
                // PPT has a consent of its own, takes it back, and says that the GP's referral relied on it.
                let ppt = ConsentParty(.ppt, identity: PartyIdentity(.her, "80000110"))
                _ = try await oslo.consents.record(
                    Consented.record { ($0.from, $0.recordedBy) = ([ppt], ppt) }.bytes())
                let consent = try #require(try oslo.consents.versions(of: Consented.share).consents.first)
                let withdrawal = try ConsentWithdrawal(
                    id: "0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3eff", of: consent, by: consent.record.givers[0], at: site.clock.now,
                    howGiven: "muntlig", recordedBy: ppt)
                let signed = SignedBytes(
                    withdrawal.bytes, try oslo.consents.book.signing.sign(withdrawal.bytes, as: ppt.identity))
                var about = sent
                about.sender = "80000110"
                let forged = try WithdrawalWriter(intake: oslo.intake, now: site.clock.now).notice(
                    withdrawal, signed, about: about, isThere: true, child: consent.record.child, until: site.clock.now)
                _ = try await oslo.intake.submit(forged)
                try await site.steps.first("delivered", "oslo", kind: Self.kind)
                #expect(try WithdrawalDesk(bup).list().isEmpty)
                #expect(try Self.actions(bup, "withdrawal refused") == 1 && Self.actions(bup, "consent withdrawn") == 0)
                #expect(
                    !site.steps.events.contains {
                        $0.node == "bup" && $0.message.direction == .out && $0.message.kind == Self.kind
                    })
            }
        }

        @Test("a withdrawal whose inner signature does not hold changes nothing")
        func altered() async throws {
            try await Self.delivered { site, gp, bup, _ in
                let consent = try #require(try gp.consents.versions(of: Consented.share).consents.first)
                let sent = try #require(try gp.store.read { try MessageRecord.fetch($0, id: 1) })
                let withdrawal = try ConsentWithdrawal(
                    id: "0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3efe", of: consent, by: consent.record.givers[0], at: site.clock.now,
                    howGiven: "muntlig", recordedBy: Consented.gp)
                let signed = try gp.consents.book.signing.sign(withdrawal.bytes, as: Consented.gp.identity)
                let altered = SignedBytes(
                    Array(String(decoding: withdrawal.bytes, as: UTF8.self).replacing("muntlig", with: "skriftlig").utf8), signed)
                let forged = try WithdrawalWriter(intake: gp.intake, now: site.clock.now).notice(
                    withdrawal, altered, about: sent, isThere: true, child: consent.record.child, until: site.clock.now)
                let count = site.steps.events.count
                _ = try await gp.intake.submit(forged)
                try await site.steps.first("delivered", "gp", kind: Self.kind, after: count)
                #expect(try WithdrawalDesk(bup).list().count == 1)
                #expect(try Self.actions(bup, "withdrawal refused") == 1)
            }
        }

        @Test("an answer that nobody asked for is believed of nothing")
        func unasked() async throws {
            try await Self.delivered { site, gp, bup, _ in
                let told = try await Self.received(bup)
                let answer = try WithdrawalAnswer(
                    to: "another", messageID: "another", holder: Consented.bup, outcome: .deleted, at: site.clock.now)
                _ = try await bup.intake.submit(
                    WithdrawalWriter(intake: bup.intake, now: site.clock.now).answer(answer, to: told.summary))
                try await site.steps.first("opened", "gp", kind: Self.kind)
                #expect(try await Self.holders(gp).map(\.answer) == [nil])
                #expect(try Self.actions(gp, "answer to a withdrawal refused") == 1)
            }
        }

        @Test("what a holder says by telephone is written down, once")
        func spoken() async throws {
            try await Self.delivered { _, gp, _, withdrawn in
                let letter = "#\(try #require(withdrawn.messages[0].told))"
                let noted = try await WithdrawalDesk(gp).answer(letter, .deleted)
                #expect(noted.sent == nil)
                let holder = try #require(try await Self.holders(gp).first)
                #expect(holder.answer == "deleted" && holder.until == nil)
                await #expect(throws: ConsentDeskError(.known, "")) { try await WithdrawalDesk(gp).answer(letter, .deleted) }
                await #expect(throws: ConsentDeskError(.notFound, "")) { try await WithdrawalDesk(gp).answer("#1", .deleted) }
            }
        }

        @Test("what was handed on and has not left is stopped by the withdrawal that comes")
        func handedOn() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            let nodes = [try site.open(.gp), try site.open(.bup)]
            let (gp, bup) = (nodes[0], nodes[1])
            try await site.serving(nodes) {
                try await Consented.record(on: gp)
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp", kind: Referral.kind)
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(
                    Answers.forwarding(to: "80000303"), to: Referral.documentID)
                let forwarded = try #require(given.messages.last).messageID
                let withdrawn = try await Self.withdraw(gp)
                #expect(withdrawn.messages.map(\.step) == [.tell])
                try await site.steps.first { $0.message.messageID == forwarded && $0.step.what == "cancelled" }
                #expect(try bup.store.status(of: forwarded).messages.map(\.state) == [.cancelled])
            }
        }
    }
}
