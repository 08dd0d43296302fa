import Foundation

@testable import Practice

/// Invented people, places and answers.
enum LetterFixture {
    static let received = LetterDay(2026, 11, 9)
    static let assessed = LetterDay(2026, 11, 20)
    static let known = LetterDay(2026, 11, 26)

    /// Saturdays, Sundays and the two days of Christmas are not worked.
    static let calendar = ComplaintCalendar { day in day.weekday < 5 && !(day.month == 12 && (25...26).contains(day.day)) }

    static var base: LetterCase {
        LetterCase(
            unit: LetterUnit("BUP Bjørka", explanation: "barne- og ungdomspsykiatrisk poliklinikk"), child: "Ola",
            referrer: "fastlege Per Prøve", receivedOn: received, referral: "4d1f7c1e-0000-4000-8000-000000000001",
            contact: LetterPerson(
                "Kari Prøve", role: "psykologspesialist", phone: PhoneNumber("22 12 34 56"), hours: "hverdager fra 9 til 15"))
    }

    static func complaint(_ rule: ComplaintRule = .specialistHealth, from day: LetterDay? = known) throws -> ComplaintRight {
        guard let day else { throw LetterRefusal([.complaintRight]) }
        return try ComplaintRight(
            rule: rule, madeKnown: day, calendar: calendar, sendTo: ["BUP Bjørka", "Bjørkeveien 1", "0001 Oslo"],
            appealBody: "Statsforvalteren", ombud: PhoneNumber("23 13 90 20"))
    }

    static func draft(_ language: WrittenLanguage = .bokmal) throws -> RejectionDraft {
        var draft = RejectionDraft(base)
        draft.ground = .helpWhereYouLive
        draft.reason =
            language == .bokmal
            ? "Plagene kom da skolen startet i høst. Fastlegen skriver at søvn og mat går bra. Da virker det best å øve litt hver dag hjemme."
            : "Plagene kom då skulen starta i haust. Fastlegen skriv at søvn og mat går bra. Då verkar det best å øve litt kvar dag heime."
        draft.considered = ["henvisningen fra fastlegen 6. november 2026", "rapporten fra skolen"]
        draft.assessors = [LetterPerson("Kari Prøve", role: "psykologspesialist", hpr: "1234567")]
        draft.assessedOn = assessed
        draft.adviceToReferrer = "Følg opp om fire uker. Henvis på nytt ved selvskading, spisevegring eller fravær over to uker."
        draft.familySteps =
            language == .bokmal
            ? ["Ring familieteamet og be om en samtale.", "Snakk med helsesykepleieren på skolen."]
            : ["Ring familieteamet og be om ein samtale.", "Snakk med helsesjukepleiaren på skulen."]
        draft.bydel = "Bydel Bjørka"
        draft.services = [
            LetterService("Familieteamet", what: "samtaler med barn og foreldre", phone: PhoneNumber("21 80 21 80")),
            LetterService("Helsestasjon for ungdom", what: "åpent tirsdag og torsdag", address: "Bjørkeveien 3"),
        ]
        draft.nextHolder = NextHolder(
            "Fastlegen",
            does: language == .bokmal ? "Legen ringer hjem før 1. desember 2026." : "Legen ringjer heim før 1. desember 2026.",
            phone: PhoneNumber("22 98 76 54"))
        draft.complaint = try complaint()
        return draft
    }

    static func acceptance(_ language: WrittenLanguage = .bokmal) throws -> AcceptanceDraft {
        var draft = AcceptanceDraft(base)
        draft.responsible = LetterPerson("Eli Prøve", role: "lege", phone: PhoneNumber("912 34 567"))
        draft.course = ExpectedCourse(
            weeks: 10...14, rhythm: language == .bokmal ? "én time i uka" : "éin time i veka",
            what: language == .bokmal
                ? "Først snakker vi sammen to ganger. Så lager vi en plan."
                : "Først snakkar vi saman to gonger. Så lagar vi ein plan.")
        draft.first = LetterDay(2027, 1, 12).map { .appointment($0, clock: "9.30", place: "Bjørkeveien 1, andre etasje") }
        draft.deadline = LetterDay(2027, 2, 1)
        draft.assessedOn = assessed
        return draft
    }

    static func forwarding(_ language: WrittenLanguage = .bokmal) throws -> Forwarding {
        try Forwarding(
            base, to: LetterUnit("BUP Furua", explanation: "barne- og ungdomspsykiatrisk poliklinikk"),
            phone: PhoneNumber("22 00 00 01"), on: assessed,
            reason: language == .bokmal
                ? "De har ansvaret for den bydelen der Ola bor." : "Dei har ansvaret for bydelen der Ola bur.")
    }

    /// One answer of each kind.
    static func answers(_ language: WrittenLanguage) throws -> [any ReferralAnswer] {
        var later = try acceptance(language)
        later.first = LetterDay(2027, 1, 12).map { .noLaterThan($0) }
        later.complaint = try complaint()
        return [
            try Rejection(draft(language)), try Acceptance(acceptance(language)), try Acceptance(later), try forwarding(language),
        ]
    }

    /// Not a digest, but of the right length and different for different bytes.
    static func mark(_ data: Data) -> Data {
        var state: UInt64 = 1_469_598_103_934_665_603
        for byte in data { state = (state ^ UInt64(byte)) &* 1_099_511_628_211 }
        return Data((0..<32).map { UInt8(truncatingIfNeeded: state >> (8 * UInt64($0 % 8))) })
    }
}
