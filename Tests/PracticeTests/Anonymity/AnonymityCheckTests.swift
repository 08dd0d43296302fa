import Foundation
import Practice
import Testing

@Suite("What tells who the child is")
struct AnonymityCheckTests {
    private let check = AnonymityCheck(today: OsloDay("2026-11-22") ?? OsloDay(daysSince1970: 0))

    private func kinds(_ text: String) -> [IdentifyingFinding.Kind] { check.findings(in: text).map(\.kind) }

    @Test("every kind of identity number is found, however it is broken up", arguments: MadeNumber.all.keys.sorted())
    func numberForms(name: String) throws {
        let number = try #require(MadeNumber.all[name])
        #expect(number.count == 11)
        let forms = [
            "6 5", "6-5", "6  5", "6\n5", "6 \n 5", "2 2 2 5", "2.2.2 5", "2.2.2.5", "3 3 3 2", "4\n7", "1 1 1 1 1 1 1 1 1 1 1",
            "6–5", "6\u{A0}5", "6\u{200B}5", "6/5",
        ]
        for form in forms {
            let broken = MadeNumber.broken(number, form)
            for text in [broken, "Nr: \(broken).", "æøå 👧🏽 (\(broken))", "a\(broken)b"] {
                let found = check.findings(in: text).filter { $0.kind == .identityNumber }
                #expect(found.count == 1, "\(name) \(form)")
                #expect(found.first?.words(in: text) == broken, "\(name) \(form)")
                #expect(found.first?.sureness == (name == "fnr2032" ? .likely : .certain), "\(name) \(form)")
            }
        }
    }

    @Test("from 2032 the first control digit may leave 1, 2 or 3, and no more", arguments: 1...10)
    func looseFirstDigit(remainder: Int) {
        let number = MadeNumber.make("150432", first: remainder...remainder)
        let found = check.findings(in: "nummer \(number) her").filter { $0.kind == .identityNumber }
        #expect(found.map(\.sureness) == (remainder <= 3 ? [.likely] : [.possible]))
    }

    @Test("digits of other scripts and full-width digits are digits")
    func otherDigits() throws {
        let number = try #require(MadeNumber.all["fnr"])
        for zero: UInt32 in [0xFF10, 0x0660, 0x0966] {
            let text = String(
                String.UnicodeScalarView(number.unicodeScalars.compactMap { Unicode.Scalar($0.value - 0x30 + zero) }))
            #expect(kinds("nummer \(text) her") == [.identityNumber])
        }
    }

    @Test("the year in four digits, and the five last digits alone beside their word")
    func longYear() throws {
        let number = try #require(MadeNumber.all["fnr"])
        #expect(kinds("15.04.2012 \(number.dropFirst(6))").contains(.identityNumber))
        #expect(kinds("personnummer 12345") == [.identityNumber])
        #expect(kinds("side 12345") == [])
    }

    @Test("a number with a misprint is still shown, as possible; other long numbers are not taken for one")
    func misprints() throws {
        let number = try #require(MadeNumber.all["fnr"])
        var digits = number.map { $0 }
        digits[10] = digits[10] == "0" ? "1" : "0"
        let found = check.findings(in: "fnr \(String(digits))")
        #expect(found.map(\.kind) == [.identityNumber] && found.first?.sureness == .possible)
        // An organisation number of nine digits, a serial, an impossible date.
        for text in ["org.nr. 974 760 673", "serienummer 99999912345678", "00000000000", "32139912345", "12345678901234567890"] {
            #expect(!kinds(text).contains(.identityNumber), "\(text)")
        }
    }

    @Test("of numbers that are no one's, hardly any is sure: one in a hundred by the control digits alone")
    func randomNumbers() {
        var seed: UInt64 = 5
        var certain = 0
        for _ in 0..<1500 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let text = String(String(100_000_000_000 + seed >> 24 % 900_000_000_000).suffix(11))
            certain += check.findings(in: text).contains { $0.kind == .identityNumber && $0.sureness == .certain } ? 1 : 0
        }
        #expect(certain < 25)
    }

    @Test(
        "dates of birth in every common way of writing",
        arguments: [
            "15.04.2012", "15.4.2012", "15.4.12", "15/4-12", "15/4 2012", "15-04-2012", "15 04 2012", "2012-04-15", "2012.04.15",
            "15. april 2012",
            "15 april 2012", "15.apr.2012", "15. apr. 12", "15.APRIL 2012", "150412", "15042012", "20120415", "15. 4. 2012",
        ])
    func dates(date: String) {
        let text = "Gutten er født \(date), og bor hjemme"
        let found = check.findings(in: text)
        #expect(found.map(\.kind) == [.birthDate] && found.first?.sureness == .certain)
        #expect(found.first?.words(in: text) == date)
        #expect(found.first?.suggestion.contains("14 år gammel gutt") == true)
    }

    @Test(
        "dates of what happened lately are no dates of birth; one that does not exist is none",
        arguments: [
            "Time 12.11.2026.", "Utskrevet 1. oktober 2026", "31.02.2012", "se 2.3.1", "kl. 10.15", "12.11.2031", "pkt. 4.12.1",
        ])
    func otherDates(text: String) { #expect(kinds(text) == []) }

    @Test(
        "contact details",
        arguments: [
            ("tlf 22 33 44 55", IdentifyingFinding.Kind.phone), ("912 34 567", .phone), ("+47 912 34 567", .phone),
            ("0047 91234567", .phone), ("91234567", .phone),
            ("+46 70 123 45 67", .phone), ("a.b@c.no", .email), ("ola (at) online.no", .email), ("Storgata 12", .streetAddress),
            ("storgata 12", .streetAddress),
            ("0467 Oslo", .postalCode), ("N-0467 OSLO", .postalCode), ("Professor Dahls gate 3B", .streetAddress),
        ])
    func contacts(text: String, kind: IdentifyingFinding.Kind) {
        #expect(kinds(text) == [kind])
        #expect(kinds("Vi skriver: \(text)") == [kind])
    }

    @Test(
        "åpne ord er ikke navn: words that are names too say nothing where a sentence begins",
        arguments: [
            "Even hvis han vil.", "Hans mor er syk.", "Liv og lyst.", "Per dags dato er det uendret.", "Dina bok.",
            "Mai var fin. Stein på stein. Dag for dag.",
        ])
    func ordinaryWords(text: String) { #expect(kinds(text) == []) }

    @Test("an å of two parts and a hidden hyphen hide no name")
    func composed() {
        #expect(kinds("Pa\u{30A}l Hansen") == [.name])
        #expect(kinds("snakket med Mo\u{AD}hamm\u{200B}ed i dag") == [.name])
        #expect(kinds("＋４７ ９１２３４５６７") == [.phone])
    }

    @Test("ranges are the words' place in the text as it was written")
    func ranges() {
        let text = "👨‍👩‍👧 Ærlig talt: så sier Fatima at hun gruer seg, og å ringe 91234567 hjelper.\r\nOla sa det."
        #expect(check.findings(in: text).map { $0.words(in: text) } == ["Fatima", "91234567", "Ola"])
    }

    @Test(
        "file names and properties tell too",
        arguments: [
            "Ola_Nordmann.pdf", "epikrise-nordmann-ola.docx", "RapportOlaNordmann.pdf", "henvisning Fatima.pdf",
            "ola.nordmann.pdf", "skann_150412.pdf", "Sagene skole.pdf",
        ])
    func fileNames(name: String) { #expect(!check.findings(inName: name).isEmpty) }

    @Test(
        "ordinary file names tell nothing",
        arguments: [
            "henvisning.pdf", "PPT-rapport 2026.pdf", "IMG_0042.HEIC", "scan001.tiff", "vedlegg 1.docx", "Epikrise_BUP.pdf",
        ])
    func plainFileNames(name: String) { #expect(check.findings(inName: name).isEmpty) }

    @Test("a report of text and attachments: what cannot be read stops it, and nobody's word helps")
    func clearance() {
        let clean = check.report(text: "En jente på 11 år vil ikke på skolen.", attachments: [])
        #expect(clean.clearance() == .cleared)
        let picture = check.report(text: "", attachments: [AnonymityCheck.Attachment(fileName: "IMG_1.jpg", text: nil)])
        #expect(picture.clearance(dismissed: Set(picture.items)) == .stopped(picture.items))
        let author = check.report(
            text: "",
            attachments: [
                AnonymityCheck.Attachment(
                    fileName: "a.pdf", text: "Tekst", properties: ["Author": "qwert asdfg", "Producer": "LibreOffice 7.4"])
            ])
        #expect(author.items.map(\.place) == [.property(attachment: 0, name: "Author")])
        #expect(author.clearance() == .asksAuthor(author.items))
        #expect(author.clearance(dismissed: Set(author.items)) == .cleared)
        #expect(author.counts == [.name: 1])
    }

    @Test("what is shown of a finding elsewhere than to the author holds no words of the text")
    func descriptionsHoldNoWords() {
        for finding in check.findings(in: "Ola Nordmann, 91234567, Storgata 12, 0467 Oslo") {
            #expect(
                !["Ola", "9123", "Stor", "Oslo", "Nordmann"].contains {
                    finding.description.contains($0) || finding.suggestion.contains($0)
                })
        }
    }

    @Test("a text too long to be checked is not cleared, and a hostile one costs no hour")
    func hostile() {
        let long = String(repeating: "a b ", count: AnonymityCheck.longest / 4 + 1)
        #expect(kinds(long) == [.unchecked])
        for piece in ["1 ", "12.04.2012 ", "Ola ", "@", "a@b.c ", "Xa ", "0467 Oslo ", "født ", ".-/", "A.B.", "é\u{301}\u{301}"]
        {
            _ = check.findings(in: String(repeating: piece, count: 4000 / piece.utf8.count))
        }
    }

    @Test("a finding is shown to the author by line and column, as people count characters")
    func position() throws {
        let text = "Første linje.\r\nÅ 👧🏽 så sier Fatima det."
        let finding = try #require(check.findings(in: text).first)
        let position = finding.position(in: text)
        #expect(position.line == 2 && position.column == 13)
    }
}
