import Foundation
import Testing

@testable import Practice

@Suite("An answer is read from a file; what is wrong is said by its place, what is missing all at once")
struct AnswerFileTests {
    private static let rejection = """
        {"kind": "rejection", "unit": {"name": "BUP Bjørka", "explanation": "barne- og ungdomspsykiatrisk poliklinikk"}, "child": "Ola",
        "referrer": "fastlege Per Prøve", "referral": "4d1f7c1e-0000-4000-8000-000000000001", "receivedOn": "2026-11-09",
        "contact": {"name": "Kari Prøve", "role": "psykologspesialist", "phone": "22 12 34 56", "hours": "hverdager fra 9 til 15"},
        "ground": "hjelp-i-kommunen", "assessedOn": "2026-11-20", "adviceToReferrer": "Følg opp om fire uker.",
        "reason": "Plagene kom da skolen startet i høst. Da virker det best å øve litt hver dag hjemme.",
        "considered": ["henvisningen fra fastlegen"], "assessors": [{"name": "Kari Prøve", "role": "psykologspesialist"}],
        "familySteps": ["Ring familieteamet og be om en samtale."], "bydel": "Bydel Bjørka",
        "services": [{"name": "Familieteamet", "what": "samtaler", "phone": "21 80 21 80"}],
        "nextHolder": {"name": "Fastlegen", "does": "Legen ringer hjem."}, "unknown": [1],
        "complaint": {"rule": "spesialisthelsetjeneste", "madeKnown": "2026-11-26", "sendTo": ["BUP Bjørka", "0001 Oslo"],
        "appealBody": "Statsforvalteren", "ombud": "23 13 90 20"}}
        """

    private func read(_ text: String) throws -> any ReferralAnswer {
        try AnswerFile(parsing: Data(text.utf8)).answer(LetterFixture.calendar)
    }

    @Test("a whole rejection is read and makes letters")
    func whole() throws {
        let answer = try #require(try read(Self.rejection) as? Rejection)
        #expect(answer.complaint.lastDay.iso == "2026-12-24")
        #expect(try AnswerBundle(answer, to: [(.guardians, .bokmal)], sha256: LetterFixture.mark).pages.count == 1)
    }

    @Test("an acceptance and a hand-over are read")
    func others() throws {
        let start = Self.rejection.prefix(while: { $0 != "{" }) + "{"
        let head = Self.rejection.split(separator: "\"ground\"")[0].replacing("{\"kind\": \"rejection\",", with: "")
        let acceptance = try read(
            start + "\"kind\": \"acceptance\"," + head + """
                "assessedOn": "2026-11-20", "responsible": {"name": "Eli Prøve", "role": "lege", "phone": "912 34 567"},
                "course": {"weeksFrom": 8, "weeksTo": 8, "rhythm": "én time i uka", "what": "Vi snakker sammen."},
                "first": {"latest": "2027-01-12"}}
                """)
        #expect(acceptance.status.status == .rightToCare)
        #expect(acceptance.status.text.contains("8 uker"))
        let forwarding = try read(
            start + "\"kind\": \"forwarding\"," + head + """
                "receiver": {"name": "BUP Furua"}, "receiverPhone": "22 00 00 01", "forwardedOn": "2026-11-10", "reason": "De har ansvaret."}
                """)
        #expect(forwarding.status.status == .forwarded)
    }

    @Test(
        "an empty answer of each kind is refused with what is missing, not by the reader",
        arguments: ["rejection", "acceptance", "forwarding"])
    func empty(kind: String) {
        let refusal = #expect(throws: LetterRefusal.self) { try read("{\"kind\": \"\(kind)\"}") }
        #expect((refusal?.lacks.count ?? 0) >= 7)
    }

    @Test(
        "what cannot be read is said by its place and never repeated",
        arguments: [
            ("2026-11-09", "2026-02-30", "receivedOn"), ("22 12 34 56", "hemmelig", "contact.phone"),
            ("21 80 21 80", "99", "services.0.phone"),
            ("\"hjelp-i-kommunen\"", "\"hemmelig\"", "ground"), ("\"spesialisthelsetjeneste\"", "\"hemmelig\"", "complaint.rule"),
            ("\"child\": \"Ola\"", "\"child\": 7", "child"), ("\"kind\": \"rejection\",", "", "kind"),
        ])
    func unreadable(old: String, new: String, place: String) {
        let error = #expect(throws: AnswerFileError.self) { try read(Self.rejection.replacing(old, with: new)) }
        #expect(error?.place == place)
        #expect(error?.description.contains("hemmelig") == false)
    }

    @Test("no JSON, and far too much of it", arguments: ["", "[]", "{", "null", "{\"kind\": \"rejection\"", "\u{FEFF}"])
    func noFile(text: String) {
        #expect(throws: AnswerFileError.self) { try read(text) }
        let huge = "{\"kind\": \"rejection\", \"reason\": \"" + String(repeating: "a", count: AnswerFile.largest) + "\"}"
        let error = #expect(throws: AnswerFileError.self) { try read(huge) }
        #expect(error?.place == "")
    }

    @Test("what the right to complain lacks is named with the rest")
    func complaint() {
        let text = Self.rejection.replacing("\"0001 Oslo\"", with: "\"\"").replacing("\"BUP Bjørka\", \"\"", with: "\"\"")
            .replacing("\"child\": \"Ola\",", with: "")
        let refusal = #expect(throws: LetterRefusal.self) { try read(text) }
        #expect(refusal?.lacks == [.child, .complaintAddress])
    }

    @Test("weeks the wrong way round are a missing course, not a crash")
    func weeks() {
        let text =
            "{\"kind\": \"acceptance\", \"course\": {\"weeksFrom\": 9, \"weeksTo\": 3, \"rhythm\": \"x\", \"what\": \"y\"}}"
        let refusal = #expect(throws: LetterRefusal.self) { try read(text) }
        #expect(refusal?.lacks.contains(.expectedCourse) == true)
    }
}
