import Testing

@testable import Practice

@Suite("A text is cut into sentences and words by Norwegian rules")
struct ScannedTextTests {
    @Test(
        "a full stop ends a sentence only where one ends",
        arguments: [
            ("Vi ringer i morgen. Da får du svar.", 2),
            ("Ta med f.eks. en bok. Vi har te.", 2),
            ("Dette gjelder bl.a. Oslo og Bergen.", 1),
            ("Ta med bok, penn osv. Vi har te.", 2),
            ("Ta med bok, penn osv. til timen.", 1),
            ("Møtet er 3. mars 2026 klokka 12.30 hos oss.", 1),
            ("Frist: 22.11.2026. Ring oss da.", 2),
            ("Du går i 5. trinn. Det er bra.", 2),
            ("Kom kl. 12. Ta med mat.", 2),
            ("Per A. Hansen ringer deg.", 1),
            ("Vent … så kommer vi.", 1),
            ("Vent... Vi kommer.", 2),
            ("«Kan du komme?» spurte hun.", 1),
            ("Kan du komme? Ja.", 2),
            ("Det koster 1 000,50 kroner.", 1),
            ("Se www.eksempel.no. Der står alt.", 2),
            ("Skriv til post@eksempel.no eller ring.", 1),
            ("Se pbrl. § 7-2.", 2),
            ("Vi sier ja!! Kom!", 2),
            ("Vi er ferdige.Kom innom.", 2),
            ("Slik er det: Vi ringer.", 2),
            ("Ta med: bok og penn.", 1),
        ])
    func sentences(text: String, expected: Int) {
        #expect(ScannedText(text, .bokmal).sentences.count == expected)
    }

    @Test("headings, items and greetings are sentences of their own")
    func blocks() {
        let text = "Hei, Kari!\n\nDu kan klage\n\nSkriv til oss.\nVi svarer.\n\n- en bok\n- en penn\n1. Ring\n2) Vent\n# Merke\n"
        let scanned = ScannedText(text, .bokmal)
        #expect(scanned.blocks.map(\.kind) == [.greeting, .heading, .paragraph, .item, .item, .item, .item, .heading])
        #expect(scanned.sentences.count == 9)
    }

    @Test("lines may end with LF, CR or both: the same blocks, sentences and lines", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        let text = ["Hei.", "", "Her er en", "lang tekst.", "", "- punkt"].joined(separator: end)
        let scanned = ScannedText(text, .bokmal)
        #expect(scanned.blocks.map(\.line) == [1, 3, 6])
        #expect(scanned.words.map(\.line) == [1, 3, 3, 3, 4, 4, 6])
        #expect(scanned.sentences.count == 3)
    }

    @Test("a date at the start of a line is no number of a list")
    func dateIsNoItem() {
        #expect(ScannedText("3. mars er det møte.", .bokmal).blocks.map(\.kind) == [.paragraph])
        #expect(ScannedText("3. Ring oss.", .bokmal).blocks.map(\.kind) == [.item])
    }

    @Test(
        "words are counted as people count them",
        arguments: [
            ("barne- og ungdomspsykiatrisk poliklinikk", 4, 2), ("BUP-henvisning", 1, 1), ("og/eller", 2, 0),
            ("Ring 22 12 34 56 nå", 3, 0), ("1 000 000 kroner", 2, 0), ("den 22.11.2026", 2, 0), ("f.eks. slik", 2, 0),
            ("https://eksempel.no/lang/sti er her", 3, 0), ("– ja – nei", 2, 0), ("", 0, 0), (" \n\t ", 0, 0), ("...!?", 0, 0),
        ])
    func words(text: String, expected: Int, long: Int) {
        let scanned = ScannedText(text, .bokmal)
        #expect(scanned.words.count == expected)
        #expect(scanned.longWords == long)
    }

    @Test("å as one scalar and as a with a ring are the same word of the same length")
    func normalisation() {
        let (composed, decomposed) = ("p\u{E5}r\u{F8}rende", "pa\u{30A}r\u{F8}rende")
        let (left, right) = (ScannedText(composed, .bokmal).words[0], ScannedText(decomposed, .bokmal).words[0])
        #expect(left.key == right.key)
        #expect(left.length == right.length)
        let report = PlainLanguage(.bokmal, .part).check("Vi ringer \(decomposed) i dag.")
        let finding = report.findings.first { $0.kind == .heavyWord }
        #expect(finding?.excerpt(in: "Vi ringer \(decomposed) i dag.")?.unicodeScalars.count == 10)
    }

    @Test("soft hyphens and zero-width characters do not hide a word")
    func hidden() {
        let report = PlainLanguage(.bokmal, .part).check("Vi gir bi\u{AD}stand og bi\u{200B}stand.")
        #expect(report.findings.filter { $0.kind == .heavyWord }.count == 2)
    }

    @Test("the index is Björnsson's: words per sentence and the share of long words")
    func index() {
        // 10 words, 2 sentences, 3 of more than six letters: 5 + 30.
        let text = "Legen sender henvisningen til sykehuset. Der er det travelt nå."
        let scanned = ScannedText(text, .bokmal)
        #expect(scanned.words.count == 10)
        #expect(scanned.longWords == 3)
        #expect(scanned.lixTenths == 350)
    }
}
