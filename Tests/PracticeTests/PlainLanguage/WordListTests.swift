import Testing

@testable import Practice

@Suite("The lists of words are large enough and help")
struct WordListTests {
    @Test("there are enough entries", arguments: [(WrittenLanguage.bokmal, 250), (.nynorsk, 120)])
    func size(language: WrittenLanguage, least: Int) {
        #expect(HeavyWords.of(language).entries.count >= least)
    }

    @Test("no word stands twice", arguments: WrittenLanguage.allCases)
    func once(language: WrittenLanguage) {
        let words = HeavyWords.of(language).entries.map(\.word)
        #expect(words.count == Set(words).count)
    }

    @Test("what is suggested is not itself on the list", arguments: WrittenLanguage.allCases)
    func better(language: WrittenLanguage) {
        for entry in HeavyWords.of(language).entries {
            let found = PlainLanguage(language, .part).check(entry.better).findings.filter { $0.kind == .heavyWord }
            #expect(found.isEmpty, "\(entry.word) = \(entry.better)")
        }
    }

    @Test("every entry is found when it is written", arguments: WrittenLanguage.allCases)
    func foundByItself(language: WrittenLanguage) {
        for entry in HeavyWords.of(language).entries {
            let found = PlainLanguage(language, .part).check("Her er \(entry.word) nå.").findings.filter { $0.kind == .heavyWord }
            #expect(!found.isEmpty, "\(entry.word)")
        }
    }

    @Test(
        "inflected forms are found too",
        arguments: [
            (WrittenLanguage.bokmal, "vurderingen ble iverksatt"), (.bokmal, "innhenter"), (.bokmal, "innhentet"),
            (.bokmal, "innhentes"),
            (.bokmal, "instansene"), (.bokmal, "vedtaket"), (.bokmal, "suicidalt"), (.bokmal, "komplekse"),
            (.bokmal, "ivaretatt"),
            (.nynorsk, "innhentar"), (.nynorsk, "instansane"), (.nynorsk, "vedtaket"), (.nynorsk, "komplekse"),
        ])
    func inflected(language: WrittenLanguage, text: String) {
        #expect(PlainLanguage(language, .part).check("Her er \(text) nå.").findings.contains { $0.kind == .heavyWord })
    }

    @Test("everyday words are never called heavy")
    func everyday() {
        let bokmal = """
            og i jeg det at en til er som på de med han av ikke der så var meg seg men ett har om vi min mitt ha hadde hun nå over da ved \
            fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blitt kunne inn når være kom noen noe \
            ville dere deres kun ja etter ned skulle denne for deg si sine sitt mot å meget hvorfor dette disse uten hvordan ingen din ditt \
            blir samme hvilken hvilke sånn inni mellom vår hver hvem vors hvis både bare enn fordi før mange også slik vært båe begge siden \
            dykk dei sove spise skole lærer venn mor far barn ring skriv time hjelp lege bydel brev dag uke svar spør vent møte snakke tro \
            tenke føle redd trist sint glad sliten vond god bedre verre ny gammel stor liten lang kort først sist igjen snart alltid aldri \
            hjemme ute inne jobb lekse trening mat søvn kropp hode mage tanke følelse plage sykdom frisk medisin test prøve samtale plan mål
            """
        for word in bokmal.split(whereSeparator: \.isWhitespace) {
            #expect(HeavyWords.of(.bokmal).entry(for: String(word)) == nil, "\(word)")
        }
        let nynorsk = """
            og i eg det at ein til er som på dei med han av ikkje der så var meg seg men eitt har om vi min mitt ha hadde ho no over då ved \
            frå du ut sin oss opp kan kvar eller kva skal sjølv her alle vil bli vart blitt kunne inn når vere kom nokon noko ville de dykk \
            dykkar berre ja etter ned skulle denne for deg sine mot mykje kvifor dette desse utan korleis ingen din ditt same slik mellom \
            vår kvar kven viss både enn fordi før mange også sidan sove ete skule lærar ven mor far barn ring skriv time hjelp lege bydel \
            brev dag veke svar spør vent møte snakke tru tenkje redd trist sint glad sliten vond god betre verre ny gammal stor liten lang
            """
        for word in nynorsk.split(whereSeparator: \.isWhitespace) {
            #expect(HeavyWords.of(.nynorsk).entry(for: String(word)) == nil, "\(word)")
        }
    }

    @Test("a phrase is no longer than what is said of the list", arguments: WrittenLanguage.allCases)
    func phrases(language: WrittenLanguage) {
        for entry in HeavyWords.of(language).entries {
            #expect(entry.word.split(separator: " ").count <= HeavyWords.longestPhrase, "\(entry.word)")
        }
    }
}
