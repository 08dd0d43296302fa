import Foundation
import Practice
import Testing

@Suite("A consent is taken back")
struct WithdrawalTests {
    private func consent(born: String = "2015-03-01", givers: [ConsentRecord.Giver] = [Example.mother, Example.father]) throws
        -> VerifiedConsent
    {
        try Example.verified(Example.record(born: born, givers: givers, information: [.dialogue], to: [Example.ppt]))
    }

    private func withdrawal(
        _ consent: VerifiedConsent, by giver: ConsentRecord.Giver = Example.mother, at: Date = Example.now,
        receivers: [ConsentParty] = []
    ) throws(ConsentError) -> ConsentWithdrawal {
        try ConsentWithdrawal(
            id: "w1", of: consent, by: giver, at: at, howGiven: "ringte",
            recordedBy: ConsentParty(.gp, identity: Example.recorder),
            receivers: receivers)
    }

    private func holding(
        _ id: String, _ consent: VerifiedConsent, _ state: WithdrawalPlan.Holding.State, to: ConsentParty = Example.ppt
    ) -> WithdrawalPlan.Holding {
        WithdrawalPlan.Holding(messageID: id, holder: to, state: state, consents: [consent.digest])
    }

    @Test("withdrawn between submission and sending: allowed the first time, refused the second")
    func race() throws {
        let consent = try consent()
        let judge = ConsentJudge()
        var question = Example.question()
        #expect(judge.decide(question, consents: [consent], withdrawals: []).isAllowed)
        let taken = try withdrawal(consent, at: Example.now.addingTimeInterval(10))
        // Not yet withdrawn at that instant, although the withdrawal is known.
        #expect(judge.decide(question, consents: [consent], withdrawals: [taken]).isAllowed)
        question.checkpoint = .sending
        question.at = Example.now.addingTimeInterval(10)
        guard case .refused(let refusal) = judge.decide(question, consents: [consent], withdrawals: [taken]) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.kind == .withdrawn)
    }

    @Test("a withdrawal for one receiver leaves the others")
    func oneReceiver() throws {
        let consent = try consent()
        let taken = try withdrawal(consent, receivers: [ConsentParty(.school)])
        #expect(ConsentJudge().decide(Example.question(), consents: [consent], withdrawals: [taken]).isAllowed)
    }

    @Test("one of two guardians is enough; a step parent is not; from 16 the young person alone")
    func whoMay() throws {
        let consent = try consent(born: "2010-11-22")
        let before = Example.at("2026-11-21T22:59:59Z")
        let after = Example.at("2026-11-21T23:00:00Z")
        _ = try withdrawal(consent, by: Example.father, at: before)
        #expect(throws: ConsentError.self) { try withdrawal(consent, by: ConsentRecord.Giver(.caretaker), at: before) }
        #expect(throws: ConsentError.self) { try withdrawal(consent, by: ConsentRecord.Giver(.youngPerson), at: before) }
        #expect(throws: ConsentError.self) { try withdrawal(consent, by: Example.father, at: after) }
        _ = try withdrawal(consent, by: ConsentRecord.Giver(.youngPerson), at: after)
        #expect(throws: ConsentError.self) { try withdrawal(consent, at: Example.at("2026-01-01T00:00:00Z")) }
    }

    @Test("an objection is taken back too, and then it is no longer in the way")
    func objectionTakenBack() throws {
        var record = Example.record(information: [.epikrise], from: [ConsentParty(.bup)], to: [ConsentParty(.gp)])
        record.stance = .deny
        let objection = try Example.verified(record)
        var question = Example.question(.epikrise, from: Example.bup, to: Example.gp, information: [.epikrise])
        question.relations = [.childsGP]
        #expect(!ConsentJudge().decide(question, consents: [objection], withdrawals: []).isAllowed)
        #expect(ConsentJudge().decide(question, consents: [objection], withdrawals: [try withdrawal(objection)]).isAllowed)
    }

    @Test("what waits is stopped, what is under way is stopped and told, what has arrived is told, what rests on law goes on")
    func plan() throws {
        let consent = try consent()
        let other = try Example.verified(Example.record(id: "00000000-0000-4000-8000-000000000009"))
        var lawful = holding("m5", consent, .delivered)
        lawful.consents = []
        lawful.ruleID = "epikrise-fastlege-henviser"
        let holdings = [
            holding("m1", consent, .queued), holding("m2", consent, .held), holding("m3", consent, .underWay),
            holding("m4", consent, .delivered), lawful, holding("m6", other, .queued), holding("m7", consent, .stopped),
        ]
        let plan = WithdrawalPlan(try withdrawal(consent), holdings: holdings)
        #expect(
            plan.items.map(\.step) == [
                .stop, .stop, .stopAndTell, .tell, .goesOn(ruleID: "epikrise-fastlege-henviser"), .nothing, .nothing,
            ])
    }

    @Test(
        "made anew when a message turns out to have arrived, the plan asks that holder and nobody twice; every holder answers once"
    )
    func replanned() throws {
        let consent = try consent()
        let taken = try withdrawal(consent)
        var holdings = [holding("m1", consent, .queued), holding("m2", consent, .delivered)]
        let stopped = try WithdrawalAnswer(to: taken, messageID: "m1", holder: Example.ppt, outcome: .stopped, at: Example.now)
        #expect(WithdrawalPlan(taken, holdings: holdings, answers: [stopped]).items.map(\.step) == [.nothing, .tell])
        holdings.append(holding("m3", consent, .delivered, to: Example.bup))
        let basis = SharingRules.LegalBasis(law: "pasientjournalloven", paragraph: nil, certainty: .uncertain)
        let kept = try WithdrawalAnswer(
            to: taken, messageID: "m2", holder: Example.ppt, outcome: .keptByLaw(basis, reason: "Det er en del av journalen."),
            at: Example.now)
        let plan = WithdrawalPlan(taken, holdings: holdings, answers: [stopped, kept])
        let progress = WithdrawalProgress(plan, answers: [stopped, kept])
        #expect(progress.waitingFor.map(\.messageID) == ["m3"] && !progress.isComplete)
        // Another holder's answer about the same message is not this holder's.
        let foreign = try WithdrawalAnswer(to: taken, messageID: "m3", holder: Example.ppt, outcome: .deleted, at: Example.now)
        #expect(WithdrawalProgress(plan, answers: [foreign]).waitingFor.contains { $0.messageID == "m3" })
    }

    @Test(
        "withdrawal and answers survive the wire; a withdrawal that names receivers we do not know is refused, not widened or narrowed"
    )
    func wire() throws {
        let consent = try consent()
        for receivers in [[], [Example.ppt, ConsentParty(.school)]] {
            let taken = try withdrawal(consent, receivers: receivers)
            let read = try ConsentWithdrawal(parsing: taken.bytes)
            #expect(read.bytes == taken.bytes && read.receivers == taken.receivers)
            try read.check(against: consent)
        }
        let text = String(decoding: try withdrawal(consent, receivers: [Example.ppt]).bytes, as: UTF8.self)
        #expect(throws: ConsentError.self) {
            try ConsentWithdrawal(parsing: Array(text.replacingOccurrences(of: "\"ppt\"", with: "\"pppt\"").utf8))
        }
        #expect(throws: ConsentError.self) { try ConsentWithdrawal(parsing: Array("{}".utf8)) }
        let taken = try withdrawal(consent)
        #expect(throws: ConsentError.self) {
            try WithdrawalAnswer(
                to: taken, messageID: "m", holder: Example.ppt,
                outcome: .keptByLaw(SharingRules.LegalBasis(law: "", paragraph: nil, certainty: .uncertain), reason: "fordi"),
                at: Example.now)
        }
        for outcome in [WithdrawalAnswer.Outcome.stopped, .deleted] {
            let answer = try WithdrawalAnswer(to: taken, messageID: "m", holder: Example.ppt, outcome: outcome, at: Example.now)
            #expect(try WithdrawalAnswer(parsing: answer.bytes) == answer && answer.text.hasSuffix("."))
        }
    }

    @Test("a withdrawal of another consent, or by somebody without a say, changes nothing at the holder")
    func checkedAtHolder() throws {
        let consent = try consent()
        let other = try Example.verified(Example.record(id: "00000000-0000-4000-8000-000000000009"))
        #expect(throws: ConsentError.self) { try withdrawal(other).check(against: consent) }
        let text = String(decoding: try withdrawal(consent).bytes, as: UTF8.self)
        let forged = try ConsentWithdrawal(
            parsing: Array(text.replacingOccurrences(of: "foreldreansvar", with: "omsorgsperson").utf8))
        #expect(throws: ConsentError.self) { try forged.check(against: consent) }
    }
}
