import Envelope
import Testing

/// Makes numbers with right check digits out of nine digits, so that no real person's number stands in a test.
private func number(_ nine: String, firstCheck shift: Int = 0) -> String? {
    var digits = nine.compactMap(\.wholeNumberValue)
    let sum = zip(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]).reduce(0) { $0 + $1.0 * $1.1 }
    let first = ((11 - sum % 11) % 11 + shift) % 11
    guard digits.count == 9, first < 10 else { return nil }
    digits.append(first)
    let second = (11 - zip(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 } % 11) % 11
    return second < 10 ? digits.map(String.init).joined() + String(second) : nil
}

/// The first number of that date with check digits.
private func example(_ date: String, firstCheck shift: Int = 0) throws -> String {
    try #require((100..<999).lazy.compactMap { number(date + String($0), firstCheck: shift) }.first)
}

struct FormCase: CustomTestStringConvertible, Sendable {
    let date: String
    let kind: IdentityNumber.Kind
    let mark: IdentityNumber.SyntheticMark?
    var testDescription: String { "\(date) is \(kind.rawValue)" }
}

@Suite("Identity numbers")
struct IdentityNumberTests {
    @Test(
        "kind and synthetic mark are told by the date's form",
        arguments: [
            FormCase(date: "090415", kind: .fodselsnummer, mark: nil),
            FormCase(date: "490415", kind: .dNumber, mark: nil),
            FormCase(date: "098415", kind: .fodselsnummer, mark: .month80),
            FormCase(date: "498415", kind: .dNumber, mark: .month80),
            FormCase(date: "096915", kind: .fodselsnummer, mark: .month65),
            FormCase(date: "097715", kind: .fodselsnummer, mark: .month65),
            FormCase(date: "094415", kind: .hNumber, mark: .month40),
            FormCase(date: "494415", kind: .dNumber, mark: .month40),
            FormCase(date: "290200", kind: .fodselsnummer, mark: nil),
            FormCase(date: "811234", kind: .commonHelpNumber, mark: nil),
            FormCase(date: "999999", kind: .commonHelpNumber, mark: nil),
        ])
    func form(form: FormCase) throws {
        let read = try IdentityNumber(example(form.date))
        #expect(read.kind == form.kind)
        #expect(read.syntheticMark == form.mark)
        #expect(read.isSynthetic == (form.mark == .month80 || form.mark == .month65))
        #expect(read.identifier.type.code == form.kind.rawValue)
        #expect(read.identifier.type.listNumber == 8116)
    }

    @Test("known synthetic numbers are valid", arguments: ["15720255178", "21905297101"])
    func known(text: String) throws { #expect(try IdentityNumber(text).isSynthetic) }

    @Test(
        "days that no calendar has are refused",
        arguments: ["320115", "000115", "310415", "300215", "091315", "090015", "095315", "097815", "099315", "720115"])
    func noDay(date: String) throws {
        let text = try example(date)
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try IdentityNumber(text) }
    }

    @Test(
        "what is not eleven ASCII digits is refused",
        arguments: ["", "2190529710", "219052971011", "21905 97101", "2190529710x", "２1905297101", "+1905297101"])
    func shape(text: String) {
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try IdentityNumber(text) }
    }

    @Test("each single wrong digit is refused", arguments: 0..<11)
    func wrongDigit(position: Int) throws {
        let right = try example("098415")
        for digit in 0...9 where Character(String(digit)) != Array(right)[position] {
            var text = Array(right)
            text[position] = Character(String(digit))
            #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try IdentityNumber(String(text)) }
        }
    }

    @Test("the looser first check digit counts only behind its switch", arguments: 1...3)
    func from2032(shift: Int) throws {
        let text = try example("098415", firstCheck: shift)
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try IdentityNumber(text) }
        #expect(try IdentityNumber(text, rule: .from2032).value == text)
    }

    @Test("behind the switch a first check digit further off is refused still", arguments: 4...10)
    func stillRefused(shift: Int) throws {
        let text = try example("098415", firstCheck: shift)
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try IdentityNumber(text, rule: .from2032) }
    }

    @Test("production refuses synthetic numbers", arguments: ["098415", "096915", "498415"])
    func production(date: String) throws {
        let read = try IdentityNumber(example(date))
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try read.check(allowedIn: .production) }
        try read.check(allowedIn: .test)
    }

    @Test("a test refuses numbers that may be real", arguments: ["090415", "490415", "811234"])
    func test(date: String) throws {
        let read = try IdentityNumber(example(date))
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try read.check(allowedIn: .test) }
        try read.check(allowedIn: .production)
    }

    @Test("a number is not printed, whole or in an error")
    func silence() throws {
        let text = try example("098415")
        #expect(!"\(try IdentityNumber(text))".contains(where: \.isNumber))
        do {
            _ = try IdentityNumber(String(text.reversed()))
            Issue.record("a number read backwards passed")
        } catch {
            #expect(!error.reason.contains(text.prefix(6)))
        }
    }

    @Test(
        "organisation numbers: check digit and test range",
        arguments: [("314000005", true), ("314000013", true), ("974760673", false)])
    func organisation(text: String, synthetic: Bool) throws {
        #expect(try OrganisationNumber(text).isSynthetic == synthetic)
    }

    @Test(
        "wrong organisation numbers are refused",
        arguments: ["314000006", "31400000", "3140000055", "31400000A", "", "974760674"])
    func wrongOrganisation(text: String) {
        #expect(throws: EnvelopeError.code(.identityNumberInvalid)) { try OrganisationNumber(text) }
    }
}
