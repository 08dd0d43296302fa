/// Passives and negations. Both are told by words and endings alone, so they hint; they never stop a letter.
extension PlainCheck {
    mutating func passives() {
        let grammar = PlainGrammar.of(language)
        var sentences = 0
        for sentence in text.sentences {
            var isPassive = false
            for index in sentence.words where !text.words[index].isQuoted {
                guard let words = passive(at: index, sentence.words.upperBound, grammar) else { continue }
                isPassive = true
                find(
                    .passive, .hint, words, what: "Setningen sier ikke hvem som gjør det.",
                    why: "Leseren må vite hvem som gjør hva.", suggestion: "Skriv hvem: «vi sender», ikke «det sendes».")
            }
            sentences += isPassive ? 1 : 0
        }
        guard sentences > 2, sentences * 5 > text.sentences.count else { return }
        find(
            .manyPassives, .should, 0..<1, what: "\(sentences) av \(text.sentences.count) setninger sier ikke hvem som gjør noe.",
            why: "Teksten blir fjern, og ansvaret uklart.", suggestion: "Bruk «vi», «du» eller «dere».")
    }

    private func passive(at index: Int, _ end: Int, _ grammar: PlainGrammar) -> Range<Int>? {
        let key = text.words[index].key
        if grammar.passiveVerbs.contains(key) { return index..<index + 1 }
        if grammar.modals.contains(key) {
            for next in (index + 1)..<min(index + 4, max(end, index + 1)) {
                let word = text.words[next].key
                if grammar.isPassiveForm(word) { return index..<next + 1 }
                if !grammar.adverbs.contains(word) { break }
            }
        } else if grammar.become.contains(key) {
            for next in (index + 1)..<min(index + 4, max(end, index + 1)) {
                let word = text.words[next].key
                if grammar.isParticiple(word) { return index..<next + 1 }
                if !grammar.adverbs.contains(word) { break }
            }
        }
        return nil
    }

    /// Two negations in one clause, and a negation before a word that begins with `u`.
    mutating func negations() {
        let grammar = PlainGrammar.of(language)
        for sentence in text.sentences {
            var last: Int?
            for index in sentence.words {
                let word = text.words[index]
                if grammar.clauseWords.contains(word.key) { last = nil }
                let isNegator = grammar.negators.contains(word.key)
                if let first = last, isNegator || (grammar.unWords.contains(word.key) && index - first <= 3) {
                    find(
                        .doubleNegation, .should, first..<index + 1, what: "To nektelser i samme ledd.",
                        why: "Leseren må regne ut hva som menes.", suggestion: "Skriv det som er, uten nektelse.")
                    last = nil
                } else if isNegator {
                    last = index
                }
                if word.endsClause { last = nil }
            }
        }
    }
}

/// The words by which passives and negations are told.
struct PlainGrammar: Sendable {
    let modals: Set<String>
    let adverbs: Set<String>
    let become: Set<String>
    let passiveVerbs: Set<String>
    let notPassive: Set<String>
    let notParticiples: Set<String>
    let negators: Set<String>
    let unWords: Set<String>
    let clauseWords: Set<String>
    let passiveEnding: String
    let participleEndings: [String]

    static func of(_ language: WrittenLanguage) -> PlainGrammar {
        switch language {
        case .bokmal: bokmal
        case .nynorsk: nynorsk
        }
    }

    func isPassiveForm(_ key: String) -> Bool {
        key.utf8.count > 4 && key.hasSuffix(passiveEnding) && !notPassive.contains(key)
    }

    func isParticiple(_ key: String) -> Bool {
        key.utf8.count > 4 && !notParticiples.contains(key) && participleEndings.contains { key.hasSuffix($0) }
    }

    private static func set(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

    private static let bokmal = PlainGrammar(
        modals: set("kan skal må bør vil kunne skulle måtte burde ville får"),
        adverbs: set("ikke også nå da alltid aldri derfor bare først senere snart fortsatt allerede"),
        become: set("bli blir ble blitt"),
        passiveVerbs: set(
            """
            vurderes avvises innkalles henvises behandles utredes sendes gis tilbys anbefales avsluttes foretas gjennomføres mottas \
            innhentes ivaretas iverksettes oversendes overføres opplyses registreres tildeles vektlegges bes bemerkes presiseres \
            antas anses benyttes kreves forventes ønskes følges avklares diskuteres drøftes besvares returneres tas gjøres settes
            """),
        notPassive: set(
            """
            finnes synes møtes trives lykkes minnes skilles enes trenges dages deres hennes begges alles barnas lønnes grues \
            omgås høres samles fryktes eldes årsaks kjennes føles undres slites stadfestes besøkes
            """),
        notParticiples: set(
            """
            godt lett rett kort sent mest best lengst flest fort litt alt annet bedret sikret viktigst tydelig stort dårlig vondt \
            trygt lurt greit kjent redd glad trist rett nytt noe godkjent urett gratis sint stolt mett tett høyt kaldt varmt
            """),
        negators: set("ikke ingen intet aldri uten ingenting verken hverken neppe"),
        unWords: set(
            """
            uvanlig uvanlige umulig umulige usannsynlig usannsynlige uviktig uviktige uenig uenige unødvendig unødvendige ukjent ukjente \
            uaktuelt uaktuell uaktuelle uheldig uheldige urimelig urimelige usikker usikre utrygg utrygge unngå unngås uvesentlig \
            ubetydelig ubetydelige ulovlig ulovlige uklart uklar uklare
            """),
        clauseWords: set("og men eller fordi at som hvis når om dersom da mens siden så"), passiveEnding: "es",
        participleEndings: ["ert", "et", "lt", "kt", "tt", "nt", "gt", "vd", "dd", "st", "ørt"])

    private static let nynorsk = PlainGrammar(
        modals: set("kan skal må bør vil kunne skulle måtte burde ville får"),
        adverbs: set("ikkje også no då alltid aldri derfor difor berre først seinare snart framleis allereie"),
        become: set("bli blir vart vorte vert verte verta blei blitt"),
        passiveVerbs: [],
        notPassive: set("sjåast undrast finnast synast møtast trivast lukkast minnast skiljast vanskelegast viktigast raskast"),
        notParticiples: set(
            """
            godt lett rett kort seint mest best lengst flest fort litt alt anna vondt trygt lurt greitt kjent redd glad trist nytt \
            betre bra verre sint stolt mett tett høgt kaldt varmt borte heime likevel
            """),
        negators: set("ikkje ingen inkje aldri utan ingenting verken korkje neppe"),
        unWords: set(
            """
            uvanleg uvanlege umogleg umoglege usannsynleg usannsynlege uviktig uviktige usamd usamde unødvendig unødvendige ukjend \
            ukjende uaktuelt uaktuell uaktuelle uheldig uheldige urimeleg urimelege usikker usikre utrygg utrygge unngå ulovleg \
            uklart uklar uklare
            """),
        clauseWords: set("og men eller fordi at som viss når om dersom då medan sidan så"), passiveEnding: "ast",
        participleEndings: ["ert", "lt", "kt", "tt", "nt", "gt", "vd", "dd", "ta", "la", "ra", "ørt", "st"])
}
