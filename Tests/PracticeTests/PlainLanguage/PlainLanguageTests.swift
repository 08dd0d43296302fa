import Testing

@testable import Practice

@Suite("Plain language is checked, and what is wrong is said with a place, a reason and a better way")
struct PlainLanguageTests {
    private func kinds(_ text: String, _ language: WrittenLanguage = .bokmal, _ profile: ReadingProfile = .part) -> [PlainFinding
        .Kind]
    {
        PlainLanguage(language, profile).check(text).findings.map(\.kind)
    }

    @Test(
        "each fault is found",
        arguments: [
            (WrittenLanguage.bokmal, "Vi hjelper i henhold til avtalen.", PlainFinding.Kind.heavyWord),
            (.bokmal, "Vi iverksatte det i går.", .heavyWord),
            (.bokmal, "Bistanden er god.", .heavyWord),
            (.bokmal, "Det er en tiltaks-plan og en utrednings-samtale, en utredning-samtale.", .heavyWord),
            (.bokmal, "Ta med bl.a. bok.", .dottedAbbreviation),
            (.bokmal, "Du får time hos BUP snart.", .unexplainedAbbreviation),
            (.bokmal, "Vi har snakket med PPTs leder.", .unexplainedAbbreviation),
            (.bokmal, "Det er en BUP-henvisning.", .unexplainedAbbreviation),
            (.bokmal, "Henvisningen kan ikke behandles her.", .passive),
            (.bokmal, "Saken ble avvist i går.", .passive),
            (.bokmal, "Det er ikke uvanlig.", .doubleNegation),
            (.bokmal, "Vi kan ikke hjelpe uten brev.", .doubleNegation),
            (.bokmal, "INGEN KAN HJELPE DEG HER.", .capitals),
            (.bokmal, "Bakgrunn\n\nVi har lest alt.", .headingSaysNothing),
            (.bokmal, "Dessverre går det ikke. Vi beklager.", .apologies),
            (.bokmal, "Svaret er nei etter pbrl. §  2-1 b.", .lawAsReason),
            (.bokmal, "Eg veit ikkje kva de vil.", .otherForm),
            (.nynorsk, "Jeg vet ikke hva de vil.", .otherForm),
            (.nynorsk, "Vi hjelper i samsvar med avtala.", .heavyWord),
            (.nynorsk, "Vi iverksette det i går.", .heavyWord),
            (.nynorsk, "Du får time hos PPT snart.", .unexplainedAbbreviation),
            (.nynorsk, "Tilvisinga kan ikkje behandlast her.", .passive),
            (.nynorsk, "Saka vart avvist i går.", .passive),
            (.nynorsk, "Det er ikkje uvanleg.", .doubleNegation),
            (.nynorsk, "Ta med m.a. bok.", .dottedAbbreviation),
        ])
    func found(language: WrittenLanguage, text: String, kind: PlainFinding.Kind) {
        #expect(kinds(text, language).contains(kind))
    }

    @Test(
        "what is well said is let be",
        arguments: [
            (WrittenLanguage.bokmal, "Vi i BUP (barne- og ungdomspsykiatrisk poliklinikk) svarer deg. Ring BUP i dag."),
            (.bokmal, "Du får time hos barne- og ungdomspsykiatrisk poliklinikk (BUP). BUP ringer deg."),
            (.bokmal, "BUP Nord (poliklinikk for barn og unge) svarer deg."),
            (.bokmal, "PPT betyr pedagogisk-psykologisk tjeneste."),
            (.bokmal, "Send en SMS eller en PDF til NAV."),
            (.bokmal, "Vi synes at dere kan møtes igjen."),
            (.bokmal, "Han sa: «Vi må iverksette bistand.»"),
            (.bokmal, "Vi kan ikke komme, og ingen ringer."),
            (.bokmal, "Det blir godt å høre fra deg."),
            (.bokmal, "Verken mor eller far kan komme."),
            (.nynorsk, "Vi ser at de kan møtast igjen."),
            (.nynorsk, "PPT (pedagogisk-psykologisk teneste) ringjer deg."),
        ])
    func letBe(language: WrittenLanguage, text: String) {
        #expect(kinds(text, language).isEmpty)
    }

    @Test("quotation marks that are never closed quote nothing")
    func openQuote() {
        #expect(kinds("Han sa «vi gir bistand.").contains(.heavyWord))
        #expect(kinds("Han sa \"vi gir bistand\" til oss.").isEmpty)
    }

    @Test("what a part leaves unexplained must be explained in the whole letter")
    func partAndWhole() {
        let part = PlainLanguage(.bokmal, .part).check("Vi i BUP ser at du har det vondt.")
        #expect(part.findings.map(\.grade) == [.should])
        #expect(!PlainLanguage(.bokmal, ReadingProfile()).check("Vi i BUP ser at du har det vondt.").musts.isEmpty)
    }

    @Test("of a few words the index says too little to stop a text", arguments: [(29, PlainFinding.Grade.should), (30, .must)])
    func fewWords(words: Int, grade: PlainFinding.Grade) {
        let text = Array(repeating: "elefanter", count: words - 1).joined(separator: ". ") + ". Ja."
        #expect(PlainLanguage(.bokmal, .part).check(text).findings.filter { $0.kind == .readability }.map(\.grade) == [grade])
    }

    @Test("an abbreviation counts once, at its first use")
    func firstUse() {
        #expect(kinds("Ring BUP. BUP svarer. BUP (poliklinikk for barn).").filter { $0 == .unexplainedAbbreviation }.count == 1)
    }

    @Test("a finding points at the words it means, whatever stands before them")
    func places() {
        let text = "😀 Å nei.\r\n\r\nVi må ha et møte i henhold til planen, og a\u{30A} gi bistand."
        let report = PlainLanguage(.bokmal, .part).check(text)
        let heavy = report.findings.filter { $0.kind == .heavyWord }
        #expect(heavy.map { $0.excerpt(in: text) } == ["i henhold til", "bistand"])
        #expect(heavy.map(\.line) == [3, 3])
        #expect(heavy.allSatisfy { !$0.suggestion.isEmpty && !$0.why.isEmpty })
    }

    @Test("the place cut out of another text is nil, not a crash")
    func otherText() {
        let report = PlainLanguage(.bokmal, .part).check("Dette er en lang tekst om bistand.")
        #expect(report.findings.first?.excerpt(in: "kort") == nil)
    }

    @Test("findings repeat nothing of the text but words of our own lists")
    func silence() {
        let text = "Kari Nordmann (XKCD) bor i Storgata. Hun kan ikke vurderes uten QWERT."
        for finding in PlainLanguage(.bokmal, .guardians(.rejection)).check(text).findings {
            let said = finding.what + finding.why + finding.suggestion
            #expect(!["Kari", "Nordmann", "Storgata", "XKCD", "QWERT"].contains { said.contains($0) })
        }
    }

    @Test(
        "the answer stands in the first two sentences, after a greeting and headings",
        arguments: [
            ("Hei, Ola!\n\nDu får ikke time hos oss nå. Du kan få annen hjelp.", true),
            ("hei du får ikke time hos oss nå. ring oss.", true),
            ("# Svar\n\nHei!\n\nVi har lest alt. Vi kan ikke gi deg time nå. Ring oss.", true),
            ("Vi har lest alt. Vi har tenkt på det. Du får ikke time hos oss.", false),
            ("Takk for at du skrev. Vi har fått mye å gjøre.", false),
        ])
    func answerFirst(text: String, isFirst: Bool) {
        #expect(kinds(text, .bokmal, .young(.rejection)).contains(.answerNotFirst) != isFirst)
    }

    @Test("a letter speaks to its reader and not about them")
    func address() {
        let about = "Pasienten får ikke time hos oss nå. Foresatte kan klage."
        #expect(kinds(about, .bokmal, .guardians(.rejection)).contains(.nobodyAddressed))
        #expect(kinds(about, .bokmal, .guardians(.rejection)).contains(.spokenAbout))
        let one = "Du får ikke time hos oss nå."
        #expect(!kinds(one, .bokmal, .young(.rejection)).contains(.nobodyAddressed))
        #expect(kinds(one, .bokmal, .guardians(.rejection)).contains(.nobodyAddressed))
        #expect(!kinds("De får ikkje time no. Vi hjelper dykk.", .nynorsk, .guardians(.rejection)).contains(.nobodyAddressed))
    }

    @Test("a sentence is too long beyond the limit, not at it", arguments: [(20, 0, 0), (21, 1, 0), (30, 1, 0), (31, 0, 1)])
    func longSentence(words: Int, should: Int, must: Int) {
        let text = Array(repeating: "så", count: words).joined(separator: " ") + "."
        let findings = PlainLanguage(.bokmal, .part).check(text).findings.filter { $0.kind == .longSentence }
        #expect(findings.filter { $0.grade == .should }.count == should)
        #expect(findings.filter { $0.grade == .must }.count == must)
    }

    @Test("a text that only clinicians understand must be put right, and its score is low")
    func hard() {
        let text = """
            Det vises til mottatt henvisning vedrørende ovennevnte pasient, hvor det fremkommer betydelig symptomtrykk og \
            funksjonsfall. Henvisningen er vurdert i henhold til prioriteringsveilederen, og spesialisthelsetjenesten finner ikke \
            grunnlag for rettighetsfastsettelse. Pasienten anbefales oppfølging i førstelinjetjenesten.
            """
        let report = PlainLanguage(.bokmal, .guardians(.rejection)).check(text)
        #expect(report.lixTenths > 600)
        #expect(report.score == 0)
        let musts = Set(report.musts.map(\.kind))
        #expect(musts == [.readability, .answerNotFirst, .nobodyAddressed])
        #expect(report.findings.filter { $0.kind == .heavyWord }.count > 8)
    }

    @Test("the same text gives the same report, and the stored score names the rules")
    func stored() {
        let check = PlainLanguage(.bokmal, .young(.rejection))
        let report = check.check("Du får ikke time hos oss nå. Ring oss.")
        #expect(report == check.check("Du får ikke time hos oss nå. Ring oss."))
        #expect(report.stored.rules == PlainLanguage.rules)
        #expect(report.stored.score == 100)
        #expect(report.omitted == 0)
    }

    @Test("an empty text is a finding that must be put right", arguments: ["", " \r\n", "…", "\u{200B}"])
    func empty(text: String) {
        let report = PlainLanguage(.bokmal, .young(.rejection)).check(text)
        #expect(report.findings.map(\.kind) == [.empty])
        #expect(report.score == 0)
    }

    @Test("long text without headings wants some")
    func headings() {
        let text = Array(repeating: "Vi ringer deg i dag.", count: 60).joined(separator: " ")
        #expect(kinds(text).contains(.headingsMissing))
        #expect(!kinds("Vi ringer\n\n\(text)").contains(.headingsMissing))
    }
}
