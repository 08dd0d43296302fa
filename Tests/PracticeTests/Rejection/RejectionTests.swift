import Testing

@testable import Practice

@Suite("A rejection that lacks what the law or the family needs cannot be made")
struct RejectionTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let lack: LetterLack
        let make: @Sendable (inout RejectionDraft) -> Void
        var testDescription: String { lack.rawValue }
    }

    static let faults: [Fault] = [
        Fault(lack: .reason) { $0.reason = " \n\u{200B} " },
        Fault(lack: .reasonTooShort) { $0.reason = "Ikke rett. ...................................................." },
        Fault(lack: .complaintRight) { $0.complaint = nil },
        Fault(lack: .contact) { $0.base.contact = nil },
        Fault(lack: .contact) { $0.base.contact?.name = " " },
        Fault(lack: .contactNumber) { $0.base.contact?.phone = nil },
        Fault(lack: .contactNumber) { $0.base.contact?.phone = PhoneNumber("02800") },
        Fault(lack: .contactNumber) { $0.base.contact?.phone = PhoneNumber("815 22 040") },
        Fault(lack: .ground) { $0.ground = nil },
        Fault(lack: .wrongAddressee) { $0.ground = .wrongAddressee },
        Fault(lack: .tooLittleInformation) { $0.ground = .tooLittleInformation },
        Fault(lack: .considered) { $0.considered = ["", " "] },
        Fault(lack: .assessor) { $0.assessors = [] },
        Fault(lack: .assessor) { $0.assessors[0].role = "" },
        Fault(lack: .assessedOn) { $0.assessedOn = nil },
        Fault(lack: .assessedOn) { $0.assessedOn = LetterDay(2026, 11, 8) },
        Fault(lack: .receivedOn) { $0.base.receivedOn = nil },
        Fault(lack: .adviceToReferrer) { $0.adviceToReferrer = "" },
        Fault(lack: .familySteps) { ($0.familySteps, $0.services) = ([], []) },
        Fault(lack: .nextHolder) { $0.nextHolder = nil },
        Fault(lack: .nextHolder) { $0.nextHolder?.does = "" },
        Fault(lack: .unit) { $0.base.unit.name = "" },
        Fault(lack: .child) { $0.base.child = "" },
        Fault(lack: .referral) { $0.base.referral = "" },
        Fault(lack: .wrongComplaintRule) { $0.decidedUnder = .education },
        Fault(lack: .deadlineBeforeDecision) { $0.assessedOn = LetterDay(2026, 11, 27) },
    ]

    @Test("each thing that is missing is named alone, with what to do", arguments: faults)
    func missing(fault: Fault) throws {
        var draft = try LetterFixture.draft()
        fault.make(&draft)
        let refusal = #expect(throws: LetterRefusal.self) { try Rejection(draft) }
        #expect(refusal?.lacks == [fault.lack])
        #expect(!fault.lack.what.isEmpty && !fault.lack.remedy.isEmpty)
        #expect(refusal?.description.contains("Ola") == false)
    }

    @Test("an empty draft names everything at once")
    func empty() {
        let base = LetterCase(unit: LetterUnit(""), child: "", referrer: "", receivedOn: nil, referral: "", contact: nil)
        let refusal = #expect(throws: LetterRefusal.self) { try Rejection(RejectionDraft(base)) }
        #expect(
            refusal?.lacks == [
                .unit, .child, .referral, .receivedOn, .contact, .ground, .reason, .considered, .assessor, .assessedOn,
                .adviceToReferrer, .familySteps, .nextHolder, .complaintRight,
            ])
    }

    @Test("any set of faults is named whole, and nothing else", arguments: 1..<64)
    func sets(seed: Int) throws {
        let alone: [LetterLack] = [
            .reason, .complaintRight, .contact, .ground, .considered, .assessor, .adviceToReferrer, .familySteps, .nextHolder,
            .unit,
            .child, .referral,
        ]
        var draft = try LetterFixture.draft()
        var expected: Set<LetterLack> = []
        // Bits of a multiple of a prime: each seed another set, among them single ones and large ones.
        for (index, lack) in alone.enumerated() where (seed &* 2_654_435_761) >> (index + 3) & 1 == 1 {
            Self.faults.first { $0.lack == lack }?.make(&draft)
            expected.insert(lack)
        }
        if expected.isEmpty {
            #expect(throws: Never.self) { try Rejection(draft) }
        } else {
            let refusal = #expect(throws: LetterRefusal.self) { try Rejection(draft) }
            #expect(Set(refusal?.lacks ?? []) == expected)
            #expect(refusal?.lacks.count == expected.count)
        }
    }

    @Test("a whole draft is accepted")
    func whole() throws { #expect(try Rejection(LetterFixture.draft()).ground == .helpWhereYouLive) }

    @Test("every lack says what and what to do, each in words of its own")
    func lacks() {
        for lack in LetterLack.allCases {
            #expect(!lack.what.isEmpty && !lack.remedy.isEmpty)
        }
        #expect(Set(LetterLack.allCases.map(\.what)).count == LetterLack.allCases.count)
    }

    @Test("an acceptance without a responsible clinician, a direct number or a course cannot be made")
    func acceptance() throws {
        let whole = try LetterFixture.acceptance()
        func lacks(_ change: (inout AcceptanceDraft) -> Void) -> [LetterLack]? {
            var draft = whole
            change(&draft)
            return #expect(throws: LetterRefusal.self) { try Acceptance(draft) }?.lacks
        }
        #expect(lacks { $0.responsible = nil } == [.responsible])
        #expect(lacks { $0.responsible?.phone = PhoneNumber("116117") } == [.responsibleNumber])
        #expect(lacks { $0.course = nil } == [.expectedCourse])
        #expect(lacks { $0.course?.weeks = 0...3 } == [.expectedCourse])
        #expect(lacks { $0.first = nil } == [.firstTime])
        #expect(lacks { $0.first = LetterFixture.known.map { .appointment($0, clock: "25.00", place: "her") } } == [.firstTime])
        #expect(lacks { $0.first = LetterFixture.known.map { .appointment($0, clock: "9.30", place: " ") } } == [.firstTime])
        #expect(lacks { $0.assessedOn = nil } == [.assessedOn])
        #expect(try Acceptance(whole).status.status == .calledIn)
    }

    @Test("a hand-over without a receiver, a number or a reason cannot be made")
    func forwarding() {
        let refusal = #expect(throws: LetterRefusal.self) {
            try Forwarding(LetterFixture.base, to: nil, phone: nil, on: nil, reason: "")
        }
        #expect(refusal?.lacks == [.receiver, .forwardingReason, .assessedOn])
    }
}

@Suite("The right to complain and its dates")
struct ComplaintRightTests {
    @Test(
        "four weeks for health, three for school and PPT; the letter's day is never moved, the counted one is",
        arguments: [
            (ComplaintRule.specialistHealth, "2026-11-26", "2026-12-24", "2026-12-24"),
            (.specialistHealth, "2026-11-27", "2026-12-25", "2026-12-28"),
            (.municipalHealth, "2026-11-28", "2026-12-26", "2026-12-28"),
            (.education, "2026-11-27", "2026-12-18", "2026-12-18"), (.education, "2026-12-04", "2026-12-25", "2026-12-28"),
            (.specialistHealth, "2028-02-01", "2028-02-29", "2028-02-29"),
            (.specialistHealth, "2027-02-01", "2027-03-01", "2027-03-01"),
            (.specialistHealth, "2026-12-31", "2027-01-28", "2027-01-28"),
        ])
    func dates(rule: ComplaintRule, known: String, last: String, counted: String) throws {
        let right = try LetterFixture.complaint(rule, from: LetterDay(iso: known))
        #expect(right.lastDay.iso == last)
        #expect(right.countedUntil.iso == counted)
        #expect(right.lastDay.weekday == right.madeKnown.weekday)
    }

    @Test("without an address, a body or an ombud there is no right to write about; school and PPT have no ombud")
    func lacks() throws {
        let day = try #require(LetterFixture.known)
        func make(_ rule: ComplaintRule, _ sendTo: [String], _ body: String, _ ombud: PhoneNumber?) throws(LetterRefusal)
            -> ComplaintRight
        {
            try ComplaintRight(
                rule: rule, madeKnown: day, calendar: LetterFixture.calendar, sendTo: sendTo, appealBody: body, ombud: ombud)
        }
        #expect(throws: LetterRefusal([.complaintAddress])) { try make(.education, [" "], "Statsforvalteren", nil) }
        #expect(throws: LetterRefusal([.complaintAddress, .ombud])) { try make(.municipalHealth, ["her"], "", nil) }
        #expect(try make(.education, ["her"], "Statsforvalteren", PhoneNumber("23139020")).ombud == nil)
    }

    @Test("a calendar in which nothing is worked ends the search")
    func noWork() {
        let day = LetterDay(2026, 1, 1)
        #expect(day.map { ComplaintCalendar { _ in false }.worked(from: $0) } == day)
    }

    @Test("the last day that a letter can name is no trap")
    func end() {
        let refusal = #expect(throws: LetterRefusal.self) { try LetterFixture.complaint(from: LetterDay(2199, 12, 20)) }
        #expect(refusal?.lacks == [.complaintRight])
    }

    @Test("school and PPT get none of the words of the health service")
    func education() throws {
        var draft = try LetterFixture.draft()
        draft.decidedUnder = .education
        draft.complaint = try LetterFixture.complaint(.education)
        let rejection = try Rejection(draft)
        for language in WrittenLanguage.allCases {
            let text = rejection.letter(language, to: .guardians).plainText
            #expect(text.contains("tre "))
            #expect(!text.contains("fire"))
            #expect(!text.lowercased().contains("ombud"))
            #expect(!text.contains("§"))
        }
        #expect(!rejection.status.text.contains("§ 2-3"))
    }
}

@Suite("Days and telephones in letters")
struct LetterDayTests {
    @Test("days count on over months and leap years, and back again", arguments: [1, 28, 59, 365, 366, 1461, 30000, -1, -400])
    func adding(days: Int) throws {
        for start in [LetterDay(2024, 2, 28), LetterDay(2026, 12, 31), LetterDay(2000, 2, 29), LetterDay(2099, 12, 31)] {
            let start = try #require(start)
            let end = try #require(start.adding(days: days))
            #expect(end.number == start.number + days)
            #expect(end.adding(days: -days) == start)
        }
    }

    @Test("every day of some years follows the day before it")
    func consecutive() throws {
        var day = try #require(LetterDay(2023, 12, 31))
        for _ in 0..<1500 {
            let next = try #require(day.adding(days: 1))
            #expect(next.number == day.number + 1)
            #expect(next.weekday == (day.weekday + 1) % 7)
            #expect(LetterDay(iso: next.iso) == next)
            day = next
        }
        #expect(LetterDay(2026, 11, 22)?.written(in: .nynorsk, withWeekday: true) == "sundag 22. november 2026")
    }

    @Test(
        "no such day",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "1899-12-31", "2026-1-01", "20261122", "2026-11-22 ", "+026-11-22"])
    func refused(text: String) { #expect(LetterDay(iso: text) == nil) }

    @Test(
        "telephones are read, written and dialled",
        arguments: [
            ("22123456", "+4722123456", "22 12 34 56", true), ("+47 912 34 567", "+4791234567", "912 34 567", true),
            ("0047 22 12 34 56", "+4722123456", "22 12 34 56", true), ("116 117", "116117", "116 117", false),
            ("02800", "02800", "02800", false), ("800 12 345", "+4780012345", "80 01 23 45", false),
            ("+46 8 123 456 78", "+46812345678", "+46812345678", true),
        ])
    func phones(text: String, dialled: String, written: String, direct: Bool) {
        let phone = PhoneNumber(text)
        #expect(phone?.dialled == dialled)
        #expect(phone?.written == written)
        #expect(phone?.canBeDirect == direct)
    }

    @Test(
        "no telephone",
        arguments: ["", "12", "1234567", "ring meg", "22 12 34 5x", "+", "+47", "02 12 34 56", "tel:22123456", "٢٢١٢٣٤٥٦"])
    func noPhone(text: String) { #expect(PhoneNumber(text) == nil) }

    @Test(
        "who gets a letter follows from the age and from what the guardians may see",
        arguments: [
            (0, LetterReader.Guardians.byAge, [LetterReader.guardians]), (11, .byAge, [.guardians]), (11, .keptOut, []),
            (12, .byAge, [.youngWithGuardians, .guardians]), (15, .byAge, [.youngWithGuardians, .guardians]),
            (12, .keptOut, [.youngAlone]),
            (15, .keptOut, [.youngAlone]), (16, .byAge, [.adult]), (16, .invited, [.adult, .invitedGuardians]),
            (16, .keptOut, [.adult]),
            (22, .byAge, [.adult]), (-1, .byAge, []),
        ])
    func readers(age: Int, guardians: LetterReader.Guardians, expected: [LetterReader]) {
        #expect(LetterReader.readers(age: age, guardians: guardians) == expected)
    }
}
