/// What makes a letter cold or strange: apologies heaped up, a law instead of a reason, and the other written form.
extension PlainCheck {
    mutating func tone() {
        let (own, other) = language == .bokmal ? (Self.bokmal, Self.nynorsk) : (Self.nynorsk, Self.bokmal)
        var (apologies, owns, others) = ([Int](), 0, [Int]())
        for (index, word) in text.words.enumerated() where !word.isQuoted {
            if Self.apologies.contains(word.key) { apologies.append(index) }
            if own.contains(word.key) { owns += 1 }
            if other.contains(word.key) { others.append(index) }
            if profile.isPart, followsSection(word) { findLaw(index) }
        }
        if apologies.count > 1, let last = apologies.last {
            find(
                .apologies, .hint, last..<last + 1, what: "Teksten beklager \(apologies.count) ganger.",
                why: "Mange unnskyldninger hjelper ingen.", suggestion: "Si det én gang, og skriv hva som hjelper.")
        }
        if others.count > max(owns, 1), let first = others.first {
            find(
                .otherForm, .should, first..<first + 1,
                what: language == .bokmal
                    ? "Teksten er på nynorsk, brevet på bokmål." : "Teksten er på bokmål, brevet på nynorsk.",
                why: "Den som får brevet, skal få det i sin egen målform.", suggestion: "Skriv i samme målform som brevet.")
        }
    }

    private mutating func findLaw(_ index: Int) {
        find(
            .lawAsReason, .should, index..<index + 1, what: "Teksten viser til en paragraf.",
            why: "En lov forklarer ikke hvorfor. Lovene står til slutt i brevet.",
            suggestion: "Skriv grunnen med egne ord, og stryk paragrafen.")
    }

    /// Whether a section sign stands before the word, with at most two blanks between.
    private func followsSection(_ word: ScannedText.Word) -> Bool {
        var (index, blanks) = (word.symbols.lowerBound - 1, 0)
        while index >= 0, blanks < 2, text.symbols.kind(index) == .space { (index, blanks) = (index - 1, blanks + 1) }
        return index >= 0 && text.symbols.codes[index] == 0xA7
    }

    private static let apologies: Set<String> = ["dessverre", "beklager", "beklageligvis", "diverre", "orsakar", "beklagar"]
    /// Words that only one of the two written forms has.
    private static let bokmal: Set<String> = [
        "ikke", "jeg", "noen", "noe", "hvordan", "hva", "hvem", "hvor", "hvorfor", "fra", "hjemme", "være", "bare", "mye",
        "disse",
        "uker", "skolen", "nå", "hun", "deres", "gjøre", "vet", "sammen",
    ]
    private static let nynorsk: Set<String> = [
        "ikkje", "eg", "nokon", "noko", "korleis", "kva", "kven", "kvar", "kvifor", "frå", "heime", "vere", "berre", "mykje",
        "desse",
        "veker", "skulen", "dykk", "dykkar", "gjere", "veit", "saman", "ein",
    ]
}
