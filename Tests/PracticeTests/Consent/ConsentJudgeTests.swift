import Foundation
import Testing

@testable import Practice

@Suite("May it be shared")
struct ConsentJudgeTests {
    private let judge = ConsentJudge()

    private func decide(
        _ question: SharingQuestion, _ records: [ConsentRecord] = [], withdrawn: [ConsentWithdrawal] = []
    ) throws -> ConsentDecision {
        judge.decide(question, consents: try records.map(Example.verified), withdrawals: withdrawn)
    }

    private func needs(_ decision: ConsentDecision) -> [ConsentDecision.Need.Kind] {
        if case .needs(let needs) = decision { return needs.map(\.kind) }
        return []
    }

    private func refusal(_ decision: ConsentDecision) -> ConsentDecision.Refusal.Kind? {
        if case .refused(let refusal) = decision { return refusal.kind }
        return nil
    }

    private func toPPT(_ change: (inout ConsentRecord) -> Void = { _ in }) -> ConsentRecord {
        var record = Example.record(information: [.dialogue], to: [Example.ppt])
        change(&record)
        return record
    }

    @Test("every rule that comes along can be read, names its law, and does not invent paragraphs")
    func standardRules() {
        // The paragraphs the project's standards name. A new one needs a source, and is then added here.
        let named: Set<String> = ["§ 21", "§ 45a", "§ 2-2", "§ 13", "§§ 4-3 og 4-4"]
        for rule in SharingRules.standard.rules {
            #expect(!rule.basis.law.isEmpty && rule.reason.hasSuffix(".") && rule.action.hasSuffix("."), "\(rule.id)")
            if let paragraph = rule.basis.paragraph { #expect(named.contains(paragraph), "\(rule.id)") }
        }
        #expect(
            SharingRules.standard.uncertain.map(\.id) == [
                "bekymringsmelding", "epikrise-barnevern", "barnevern", "videresending", "dialog-helsepersonell",
            ])
    }

    @Test(
        "a rule file with a fault in it is refused",
        arguments: [
            (#""requirement": "consent""#, #""requirement": "samtykke""#),
            (#""messages": ["epikrise"]"#, #""message": ["epikrise"]"#),
            (#""to": ["barnevern"]"#, #""to": []"#), (#""certainty": "sourced""#, #""certainty": "sure""#),
            (#""version": "2026-1","#, ""), (#""id": "barnevern""#, #""id": "henvisning""#),
        ])
    func refusesRules(change: (String, String)) throws {
        let text = try #require(standardText.range(of: change.0).map { standardText.replacingCharacters(in: $0, with: change.1) })
        #expect(throws: SharingRules.ReadingError.self) { try SharingRules(parsing: Array(text.utf8)) }
    }

    @Test("an epikrise goes to GP and referrer without a consent, and not once somebody has objected")
    func epikrise() throws {
        var question = Example.question(.epikrise, from: Example.bup, to: Example.gp, information: [.epikrise])
        question.relations = [.childsGP]
        #expect(try decide(question).isAllowed)
        var objection = Example.record(
            givers: [Example.mother], information: [.epikrise], from: [ConsentParty(.bup)], to: [ConsentParty(.gp)])
        objection.stance = .deny
        #expect(refusal(try decide(question, [objection])) == .objected)
        // Somebody without a say cannot object.
        objection.givers = [ConsentRecord.Giver(.caretaker)]
        #expect(try decide(question, [objection]).isAllowed)
        // A doctor who is nothing to this child needs a consent.
        question.relations = []
        #expect(needs(try decide(question)) == [.consentToShare])
    }

    @Test(
        "an epikrise to PPT, school or kindergarten needs a consent even when they referred",
        arguments: [CareService.ppt, .school, .kindergarten, .childWelfare])
    func epikriseOutsideHealth(service: CareService) throws {
        var question = Example.question(.epikrise, from: Example.bup, to: ConsentParty(service), information: [.epikrise])
        question.relations = [.referrer, .followsUp]
        #expect(needs(try decide(question)) == [.consentToShare])
    }

    @Test("what no rule knows needs a consent")
    func closedByDefault() throws {
        let question = Example.question(.letter, to: ConsentParty(.other))
        #expect(needs(try decide(question)) == [.consentToShare])
    }

    @Test("the answer to a referral goes to who referred, without a consent")
    func answerToReferrer() throws {
        var question = Example.question(.referralAnswer, from: Example.bup, to: Example.gp, information: [.decision])
        question.relations = [.referrer]
        #expect(try decide(question).isAllowed)
    }

    @Test("consent to treatment and consent to share are two things: a referral needs both, and neither is the other")
    func twoConsents() throws {
        let question = Example.question(.referral, to: Example.bup, information: [.referral])
        let share = Example.record()
        var treatment = Example.record(id: "00000000-0000-4000-8000-000000000002")
        treatment.scope = .treatment
        #expect(needs(try decide(question, [share])) == [.consentToTreatment])
        #expect(needs(try decide(question, [treatment])) == [.consentToShare])
        #expect(needs(try decide(question)) == [.consentToShare, .consentToTreatment])
        let decision = try decide(question, [share, treatment])
        guard case .allowed(let allowance) = decision, case .consent(let digests) = allowance.by else {
            Issue.record("\(decision)")
            return
        }
        #expect(digests.count == 2)
    }

    @Test("one parent alone is not enough, unless there is no other, or the other has agreed")
    func oneParent() throws {
        let question = Example.question()
        let cases: [(ConsentRecord.OtherGuardian?, SharingQuestion.Situation.Responsibility, Bool)] = [
            (nil, .unknown, false), (.notAsked, .unknown, false), (.notReached, .both, false), (.noOther, .unknown, true),
            (.noOther, .both, false), (.agrees, .both, true), (nil, .one, true),
        ]
        for (other, responsibility, isEnough) in cases {
            var question = question
            question.situation.responsibility = responsibility
            let record = toPPT {
                $0.givers = [Example.mother]
                $0.otherGuardian = other
            }
            let decision = try decide(question, [record])
            #expect(decision.isAllowed == isEnough, "\(String(describing: other)) \(responsibility)")
            if !isEnough { #expect(needs(decision) == [.otherGuardian]) }
        }
    }

    @Test("parents who disagree stop it, also when a newer consent of one of them is there")
    func parentsDisagree() throws {
        let disagreed = toPPT {
            $0.givers = [Example.mother]
            $0.otherGuardian = .disagrees
        }
        #expect(refusal(try decide(Example.question(), [disagreed])) == .guardiansDisagree)
        #expect(
            refusal(try decide(Example.question(), [toPPT { $0.id = "00000000-0000-4000-8000-000000000002" }, disagreed]))
                == .guardiansDisagree)
        var objection = toPPT { $0.givers = [Example.father] }
        objection.stance = .deny
        objection.id = "00000000-0000-4000-8000-000000000003"
        #expect(refusal(try decide(Example.question(), [toPPT(), objection])) == .objected)
    }

    @Test("a step parent or the child of ten cannot consent")
    func noSay() throws {
        for role in [ConsentRecord.GiverRole.caretaker, .youngPerson, .childWelfare] {
            #expect(needs(try decide(Example.question(), [toPPT { $0.givers = [ConsentRecord.Giver(role)] }])) == [.guardian])
        }
    }

    @Test("where child welfare has taken over care, its consent counts and the parents' does not")
    func childUnderProtection() throws {
        var question = Example.question()
        question.situation.responsibility = .childWelfareHasCare
        #expect(needs(try decide(question, [toPPT()])) == [.childWelfareService])
        #expect(try decide(question, [toPPT { $0.givers = [ConsentRecord.Giver(.childWelfare)] }]).isAllowed)
    }

    @Test("the parents' consent ends at midnight when the child becomes 16, and the young person's own begins")
    func sixteenth() throws {
        let born = "2010-11-22"
        let parents = toPPT { $0.child = Example.child(born: born) }
        var question = Example.question(born: born, at: Example.at("2026-11-21T22:59:59Z"))
        #expect(try decide(question, [parents]).isAllowed)
        question.at = Example.at("2026-11-21T23:00:00Z")
        question.checkpoint = .sending
        #expect(needs(try decide(question, [parents])) == [.youngPerson])
        let tooEarly = toPPT {
            $0.child = Example.child(born: born)
            $0.givers = [ConsentRecord.Giver(.youngPerson), Example.mother]
        }
        #expect(needs(try decide(question, [tooEarly])) == [.youngPerson])
        var own = tooEarly
        own.givers = [ConsentRecord.Giver(.youngPerson)]
        own.givenAt = question.at
        own.validFrom = Example.day(born.replacingOccurrences(of: "2010", with: "2026"))
        #expect(try decide(question, [own]).isAllowed)
    }

    @Test("from 12 the child is to be heard, and its disagreement is shown")
    func heardFromTwelve() throws {
        func duties(_ born: String, _ view: ConsentRecord.ChildsView) throws -> [ConsentDecision.Duty] {
            let record = toPPT {
                $0.child = Example.child(born: born)
                $0.childsView = view
            }
            guard case .allowed(let allowance) = try decide(Example.question(born: born), [record]) else { return [] }
            return allowance.duties
        }
        #expect(try duties("2014-11-23", .notHeard) == [])
        #expect(try duties("2014-11-22", .notHeard) == [.hearTheChild])
        #expect(try duties("2014-11-22", .disagrees) == [.childDisagrees])
        #expect(try duties("2014-11-22", .agrees) == [])
    }

    @Test("a consent reaches no further than it says: receiver, kind, purpose, first and last day, child, date of birth")
    func reach() throws {
        let cases: [((inout ConsentRecord) -> Void, ConsentDecision.Need.Kind)] = [
            ({ $0.to = [Example.bup] }, .wideReceiver),
            ({ $0.to = [ConsentParty(.ppt, identity: Example.recorder)] }, .wideReceiver),
            ({ $0.from = [ConsentParty(.bup)] }, .wideReceiver), ({ $0.information = [.epikrise] }, .wideInformation),
            ({ $0.purposes = [.schooling] }, .widePurpose), ({ $0.validUntil = Example.day("2026-11-21") }, .renewal),
            ({ $0.validFrom = Example.day("2026-11-23") }, .renewal),
            ({ $0.child.birthDate = Example.day("2015-03-02") }, .sameBirthDate),
            ({ $0.child.identity = PartyIdentity(.fodselsnummer, "02831599999") }, .consentToShare),
        ]
        for (position, (change, expected)) in cases.enumerated() {
            #expect(needs(try decide(Example.question(), [toPPT(change)])) == [expected], "case \(position)")
        }
        #expect(try decide(Example.question(), [toPPT { $0.validUntil = Example.day("2026-11-22") }]).isAllowed)
        for status in ConsentRecord.Status.allCases where status != .active {
            #expect(!(try decide(Example.question(), [toPPT { $0.status = status }]).isAllowed), "\(status)")
        }
    }

    @Test("a mutual consent goes both ways, another one way")
    func mutual() throws {
        let back = Example.question(from: Example.ppt, to: Example.gp)
        #expect(needs(try decide(back, [toPPT()])) == [.wideReceiver])
        #expect(try decide(back, [toPPT { $0.isMutual = true }]).isAllowed)
    }

    @Test("all that is in the message must be covered, not only the first of it")
    func strictest() throws {
        let question = Example.question(information: [.dialogue, .assessment])
        #expect(needs(try decide(question, [toPPT()])) == [.wideInformation])
        #expect(try decide(question, [toPPT { $0.information = [.dialogue, .assessment] }]).isAllowed)
    }

    @Test("a protected address: the place stays out, and a guardian's word is checked by a person first")
    func protectedAddress() throws {
        var question = Example.question()
        question.situation.hasProtectedAddress = true
        #expect(needs(try decide(question, [toPPT()])) == [.checkOfRepresentation])
        question.situation.representationChecked = true
        guard case .allowed(let allowance) = try decide(question, [toPPT()]) else {
            Issue.record("not allowed")
            return
        }
        #expect(allowance.duties.contains(.leaveOutAddressAndPhone))
        var letter = Example.question(.letter, from: Example.bup, to: ConsentParty(.guardian))
        letter.situation.hasProtectedAddress = true
        #expect(needs(try decide(letter)) == [.checkOfRepresentation])
    }

    @Test(
        "a letter to the guardians: until 16, not what a child of 12 keeps from them, after 16 only what the young person shares")
    func lettersHome() throws {
        func letter(_ born: String) -> SharingQuestion {
            Example.question(.letter, from: Example.bup, to: ConsentParty(.guardian), information: [.decision], born: born)
        }
        #expect(try decide(letter("2020-01-01")).isAllowed)
        var kept = letter("2014-11-22")
        kept.situation.keptFromGuardians = true
        #expect(refusal(try decide(kept)) == .keptFromGuardians)
        // Under 12 the wish is no ground.
        kept.child.birthDate = Example.day("2014-11-23")
        #expect(try decide(kept).isAllowed)
        var grown = letter("2010-11-22")
        #expect(refusal(try decide(grown)) == .youngPersonDecides)
        grown.situation.guardiansHavePowerOfAttorney = true
        #expect(try decide(grown).isAllowed)
        var own = letter("2014-11-23")
        own.receiver = ConsentParty(.youngPerson)
        #expect(refusal(try decide(own)) == .tooYoungForOwnMail)
        own.child.birthDate = Example.day("2014-11-22")
        #expect(try decide(own).isAllowed)
    }

    @Test("without a consent only what names nobody may go")
    func anonymous() throws {
        var question = Example.question(.anonymousDiscussion, to: Example.ppt, information: [])
        #expect(refusal(try decide(question)) == .notAnonymous)
        // An emergency does not make it anonymous.
        question.emergency = "Akutt fare for liv og helse"
        question.receiver = ConsentParty(.bup)
        #expect(refusal(try decide(question)) == .notAnonymous)
        question.isClearedAsAnonymous = true
        #expect(try decide(question).isAllowed)
    }

    @Test("an emergency goes without consent to those who help, with a reason, and is looked at afterwards; not to PPT")
    func emergency() throws {
        var question = Example.question(.referral, to: Example.bup, information: [.referral])
        question.emergency = "haster"
        #expect(!(try decide(question).isAllowed))
        question.emergency = "Alvorlig fare for selvmord i dag"
        guard case .allowed(let allowance) = try decide(question) else {
            Issue.record("not allowed")
            return
        }
        #expect(
            allowance.by == .emergency && allowance.duties.contains(.reviewEmergency) && allowance.basis.certainty == .uncertain)
        question.receiver = Example.ppt
        #expect(!(try decide(question).isAllowed))
    }

    @Test("every need, refusal and duty has words that end with a full stop")
    func words() throws {
        for duty in ConsentDecision.Duty.allCases { #expect(duty.text.hasSuffix(".")) }
        let decisions = [try decide(Example.question()), try decide(Example.question(.anonymousDiscussion))]
        for decision in decisions {
            switch decision {
            case .needs(let needs): #expect(needs.allSatisfy { $0.reason.hasSuffix(".") && $0.action.hasSuffix(".") })
            case .refused(let refusal): #expect(refusal.reason.hasSuffix(".") && refusal.action.hasSuffix("."))
            case .allowed: Issue.record("allowed")
            }
        }
    }

    @Test(
        "only the newest version of a consent counts; two that differ and say to be the same count as none, an objection counts")
    func versions() throws {
        let old = toPPT()
        let ended = toPPT {
            $0.version = 2
            $0.status = .inactive
        }
        #expect(try decide(Example.question(), [old]).isAllowed)
        #expect(!(try decide(Example.question(), [old, ended]).isAllowed))
        #expect(!(try decide(Example.question(), [ended, old]).isAllowed))
        let twin = toPPT { $0.howGiven = .paper(reference: "arkiv 1") }
        #expect(needs(try decide(Example.question(), [old, twin])) == [.consentToShare])
        #expect(try decide(Example.question(), [old, old]).isAllowed)
        var objection = twin
        objection.stance = .deny
        #expect(refusal(try decide(Example.question(), [old, objection])) == .objected)
    }

    @Test("an objection is not taken back by one who has no say, or by a withdrawal of another version")
    func objectionStands() throws {
        var record = toPPT()
        record.stance = .deny
        let objection = try Example.verified(record)
        record.version = 2
        let newer = try Example.verified(record)
        let taken = try ConsentWithdrawal(
            id: "w", of: objection, by: Example.mother, at: Example.now, howGiven: "ringte", recordedBy: Example.gp)
        #expect(refusal(judge.decide(Example.question(), consents: [newer], withdrawals: [taken])) == .objected)
        let text = String(decoding: taken.bytes, as: UTF8.self).replacingOccurrences(of: "foreldreansvar", with: "omsorgsperson")
        let forged = try ConsentWithdrawal(parsing: Array(text.utf8))
        #expect(refusal(judge.decide(Example.question(), consents: [objection], withdrawals: [forged])) == .objected)
    }

    @Test("a verdict is kept as codes: no name, no number of a person, and the code for the head of the message")
    func verdict() throws {
        let question = Example.question()
        let decisions = [
            try decide(question, [toPPT()]), try decide(question), try decide(Example.question(.anonymousDiscussion)),
        ]
        #expect(decisions.map(\.headCode) == ["1", "4", "4"])
        for decision in decisions {
            let bytes = ConsentVerdict(messageID: "m1", question: question, rules: .standard, decision: decision).bytes
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(try CanonicalJSON(parsing: bytes)["rules"]?.text == "2026-1")
            #expect(!text.contains("Prøve") && !text.contains("01831599999"))
        }
        var epikrise = Example.question(.epikrise, from: Example.bup, to: Example.gp, information: [.epikrise])
        epikrise.relations = [.referrer]
        #expect(try decide(epikrise).headCode == "2")
    }

    @Test("a consent in words: who, in which role, how, between whom and until when")
    func inWords() {
        #expect(toPPT().givenByText == "begge med foreldreansvar, muntlig, notert 1. oktober 2026")
        let one = toPPT {
            $0.givers = [Example.mother]
            $0.otherGuardian = .notReached
            $0.howGiven = .paper(reference: "x")
        }
        #expect(one.givenByText == "én med foreldreansvar (den andre er ikke nådd), på papir 1. oktober 2026")
        #expect(
            Example.record().summary
                == "Fastlegen kan dele rapporten fra PPT og henvisningen med BUP Nord. Det gjelder til og med 30. september 2027. "
                + "Gitt av begge med foreldreansvar, muntlig, notert 1. oktober 2026.")
    }

    private var standardText: String { SharingRules.standardText }
}
