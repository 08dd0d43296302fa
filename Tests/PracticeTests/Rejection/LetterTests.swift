import Foundation
import Testing

@testable import Practice

@Suite("The letters: what they say, to whom, and that a family can read them")
struct LetterTests {
    private static let pairs = WrittenLanguage.allCases.flatMap { language in LetterReader.allCases.map { (language, $0) } }

    @Test(
        "every phrase is there for every reader in both languages, with places that are filled",
        arguments: WrittenLanguage.allCases)
    func phrases(language: WrittenLanguage) {
        let book = LetterWords.book(language)
        #expect(book.names == Set(LetterPhrase.allCases.map(\.rawValue)))
        let known: Set<String> = [
            "child", "unit", "unitFirst", "referrer", "received", "contact", "assessors", "assessed", "holder", "holderPhone",
            "place",
            "appealBody", "sendTo", "weeks", "lastDay", "madeKnown", "ombud", "latest", "responsible", "rhythm", "deadline",
            "receiver",
            "receiverFirst", "receiverPhone", "forwarded",
        ]
        for phrase in LetterPhrase.allCases {
            for reader in LetterReader.allCases {
                #expect(!book.phrase(phrase.rawValue, reader.variants).isEmpty, "\(phrase) \(reader)")
            }
            for (variant, text) in book.variants(of: phrase.rawValue) {
                #expect(["all", "young", "teen", "alone", "guardians", "invited"].contains(variant))
                #expect(Set(PhraseBook.places(in: text)).isSubset(of: known), "\(phrase)")
                let faults = PlainLanguage(language, .part).check(text).findings.filter { $0.grade != .hint }
                #expect(faults.allSatisfy { $0.kind == .lawAsReason }, "\(phrase): \(text)")
            }
        }
    }

    @Test("both languages name the same values in the same phrases")
    func samePlaces() {
        for phrase in LetterPhrase.allCases {
            for reader in LetterReader.allCases {
                let places = WrittenLanguage.allCases.map { language in
                    Set(PhraseBook.places(in: LetterWords.book(language).phrase(phrase.rawValue, reader.variants)))
                }
                #expect(places[0] == places[1], "\(phrase) \(reader)")
            }
        }
    }

    @Test("every letter has a LIX below 35 and nothing that must be put right", arguments: pairs)
    func readable(language: WrittenLanguage, reader: LetterReader) throws {
        for answer in try LetterFixture.answers(language) {
            let report = answer.letter(language, to: reader).reading()
            #expect(report.lixTenths < 350, "\(type(of: answer)) \(report.lixTenths)")
            #expect(report.musts.isEmpty, "\(report.musts.map(\.what))")
            #expect(report.score >= 80, "\(report.score) \(report.findings.map(\.what))")
        }
    }

    @Test("every ground makes a letter that can be read", arguments: pairs)
    func grounds(language: WrittenLanguage, reader: LetterReader) throws {
        for ground in RejectionGround.allCases where ground.isRejection {
            var draft = try LetterFixture.draft(language)
            draft.ground = ground
            let report = try Rejection(draft).letter(language, to: reader).reading()
            #expect(report.lixTenths < 350 && report.musts.isEmpty, "\(ground)")
        }
    }

    @Test("a rejection says why, what was looked at, what now, who, how to complain by when, and whom to call", arguments: pairs)
    func content(language: WrittenLanguage, reader: LetterReader) throws {
        let rejection = try Rejection(LetterFixture.draft(language))
        let letter = rejection.letter(language, to: reader)
        let texts = [letter.plainText, letter.html.replacing("\u{A0}", with: " ")]
        let date = language == .bokmal ? "torsdag 24. desember 2026" : "torsdag 24. desember 2026"
        for text in texts {
            for part in [
                rejection.reason, "rapporten fra skolen", "Familieteamet", "Fastlegen", "fastlege Per Prøve", "Statsforvalteren",
                "Bjørkeveien 1", date, "fire", "23 13 90 20", "Kari Prøve", "22 12 34 56", "116 117", "113", "9. november 2026",
                "§ 7-2", "§ 2-3",
            ] {
                #expect(text.contains(part), "\(part)")
            }
            #expect(!text.contains("1234567"), "the number in the register is not for letters")
        }
        #expect(!letter.plainText.contains("{") && !letter.plainText.contains("}") && !letter.plainText.contains("\u{A0}"))
        #expect(letter.html.contains("23\u{A0}13\u{A0}90\u{A0}20") && letter.html.contains("§\u{A0}7-2"))
    }

    @Test("the letter speaks to the one who reads it")
    func speaks() throws {
        let rejection = try Rejection(LetterFixture.draft())
        let adult = rejection.letter(.bokmal, to: .adult).plainText
        let teen = rejection.letter(.bokmal, to: .youngWithGuardians).plainText
        let alone = rejection.letter(.bokmal, to: .youngAlone).plainText
        let guardians = rejection.letter(.bokmal, to: .guardians).plainText
        #expect(adult.contains("kan du klage") && !adult.contains("foreldreansvaret") && !adult.contains("dere "))
        #expect(teen.contains("De som har foreldreansvaret, kan klage for deg"))
        #expect(!alone.contains("foreldreansvaret") && alone.contains("hjelper vi deg med å klage"))
        let invited = rejection.letter(.bokmal, to: .invitedGuardians).plainText
        #expect(invited.contains("Fra 16 år kan Ola klage selv") && !invited.contains("kan dere klage på"))
        #expect(guardians.contains("Ola får ikke time") && guardians.contains("kan dere klage") && !guardians.contains(" du "))
    }

    @Test("an acceptance says who is responsible with a direct number, and for how long", arguments: pairs)
    func acceptance(language: WrittenLanguage, reader: LetterReader) throws {
        let text = try Acceptance(LetterFixture.acceptance(language)).letter(language, to: reader).plainText
        for part in ["Eli Prøve", "912 34 567", "10 til 14", "klokka 9.30", "Bjørkeveien 1", "12. januar 2027"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("what is written in a field is never read as a place or as markup")
    func injection() throws {
        var draft = try LetterFixture.draft()
        draft.base.child = "{ombud} <b>\"Ola\" & 'O'</b>"
        draft.base.unit = LetterUnit("</title><script>alert(1)</script>", explanation: "{child}")
        draft.reason += "\r\n\r\n- <img src=x onerror=y>\r\n- punkt \u{202E}to\u{0}\u{7}\r\n\r\nSlutt ]]> <!-- her -->"
        draft.considered = ["{lastDay}", "</li></ul><h1>To</h1>"]
        draft.services[0].name = "{sendTo}<a href=\"javascript:x\">"
        let letter = try Rejection(draft).letter(.bokmal, to: .guardians)
        #expect(letter.title == "Svar på henvisningen for {ombud} <b>\"Ola\" & 'O'</b>")
        #expect(letter.plainText.contains("{lastDay}"))
        let page = try PageCheck(letter.html)
        #expect(page.faults.isEmpty, "\(page.faults)")
        #expect(
            page.count(of: "h1") == 1 && page.count(of: "script") == 0 && page.count(of: "img") == 0 && page.count(of: "b") == 0)
        #expect(page.text.contains("<b>\"Ola\" & 'O'</b>"))
        #expect(!letter.html.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0 || $0.value == 7 })
    }

    @Test("paragraphs and lists that a clinician writes stay such")
    func authored() {
        let blocks = Letter.blocks(of: "En.\nTo.\n\n- a\n- b\nTre.\n• c")
        #expect(blocks == [.paragraph("En. To."), .list(["a", "b"]), .paragraph("Tre."), .list(["c"])])
        #expect(Letter.blocks(of: "").isEmpty)
    }
}

@Suite("The page of a letter")
struct LetterPageTests {
    @Test(
        "it is a strict page with headings in order, one first heading, a language and nothing from elsewhere",
        arguments: WrittenLanguage.allCases)
    func strict(language: WrittenLanguage) throws {
        for reader in LetterReader.allCases {
            for answer in try LetterFixture.answers(language) {
                let html = answer.letter(language, to: reader).html
                let page = try PageCheck(html)
                #expect(page.faults.isEmpty, "\(page.faults)")
                #expect(page.language == language.rawValue)
                #expect(page.count(of: "h1") == 1)
                #expect(page.count(of: "h2") >= 4)
                #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("http"))
                #expect(html.contains("@media print"))
            }
        }
    }

    @Test("the strict check finds what is wrong with a page")
    func checkIsStrict() throws {
        let page = try Rejection(LetterFixture.draft()).letter(.bokmal, to: .adult).html
        func faults(_ old: String, _ new: String) throws -> [String] { try PageCheck(page.replacing(old, with: new)).faults }
        #expect(try !faults("</ul>", "").isEmpty)
        #expect(try !faults("<h2>", "<h3>").isEmpty)
        #expect(try !faults("<ul>", "<table>").isEmpty)
        #expect(try !faults(" lang=\"nb\"", "").isEmpty)
        #expect(try !faults("<p>", "<p onclick=\"x\">").isEmpty)
        #expect(try !faults("href=\"tel:", "href=\"https:").isEmpty)
        #expect(try !faults("§", "&sect;").isEmpty)
        #expect(try !faults("<title>", "<title></title><h1>x</h1><title>").isEmpty)
    }

    @Test("xmllint reads it as HTML without a word")
    func xmllint() throws {
        for language in WrittenLanguage.allCases {
            for answer in try LetterFixture.answers(language) {
                let html = answer.letter(language, to: .guardians).html
                #expect(try PageCheck.xmllint(html) == "")
            }
        }
    }

    @Test("the colours of the text have a contrast of at least seven to one")
    func contrast() {
        func luminance(_ hex: UInt32) -> Double {
            let channels = [16, 8, 0].map { shift -> Double in
                let value = Double((hex >> UInt32(shift)) & 255) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        }
        let colours = Letter.styles.matches(of: /#([0-9a-f]{6})/).compactMap { UInt32($0.1, radix: 16) }.filter { $0 != 0xFFFFFF }
        #expect(Set(colours).count == 2)
        for colour in colours { #expect(1.05 / (luminance(colour) + 0.05) >= 7) }
    }

    @Test("a hand-over to a door of another kind explains the abbreviation of whoever signs, and needs nothing put right")
    func otherKindOfDoor() throws {
        let forwarding = try Forwarding(
            LetterFixture.base, to: LetterUnit("Familiehuset"), phone: PhoneNumber("22 00 00 01"), on: LetterFixture.assessed,
            reason: "De hjelper familier der dere bor.")
        for reader in [LetterReader.guardians, .adult] {
            let letter = forwarding.letter(.bokmal, to: reader)
            #expect(letter.plainText.hasSuffix("BUP Bjørka (barne- og ungdomspsykiatrisk poliklinikk)\n"))
            #expect(letter.reading().musts.isEmpty)
        }
    }
}
