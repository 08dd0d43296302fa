/// Whether the answer comes first, and whether the text speaks to its reader.
extension PlainCheck {
    mutating func answer() {
        guard profile.answer != .none, !text.words.isEmpty else { return }
        var opening = 0..<0
        var read = 0
        for block in text.blocks where block.kind == .paragraph || block.kind == .item {
            for sentence in block.sentences where read < 2 {
                let words = text.sentences[sentence].words
                opening = (opening.isEmpty ? words.lowerBound : opening.lowerBound)..<words.upperBound
                read += 1
            }
            if read == 2 { break }
        }
        let marks = Self.answers(profile.answer, language)
        // A sentence without end must not make this slow.
        let keys = text.words[opening].prefix(80).map(\.key)
        let isAnswered = marks.contains { mark in
            mark.allSatisfy { part in part.split(separator: "/").contains { keys.contains(String($0)) } }
        }
        guard !isAnswered else { return }
        find(
            .answerNotFirst, .must, opening.isEmpty ? 0..<1 : opening, what: "Svaret står ikke i de to første setningene.",
            why: "Den som får brevet, leter etter svaret og leser kanskje ikke lenger.",
            suggestion: "Begynn med svaret: «\(Self.example(profile.answer, language))»")
    }

    /// Each mark is words that must all be there; a slash stands between words of which one is enough.
    private static func answers(_ answer: ReadingProfile.Answer, _ language: WrittenLanguage) -> [[String]] {
        switch (answer, language) {
        case (.none, _): []
        case (.rejection, .bokmal): [["ikke", "får/kan/gir/tilbyr/rett/fått/time/hjelp"], ["avslag"], ["avvist"], ["nei"]]
        case (.rejection, .nynorsk):
            [["ikkje", "får/kan/gjev/gir/tilbyr/rett/fått/time/hjelp"], ["avslag"], ["avvist"], ["nei"]]
        case (.acceptance, .bokmal): [["får/fått/rett", "time/hjelp/plass/behandling"], ["ja"]]
        case (.acceptance, .nynorsk): [["får/fått/rett", "time/hjelp/plass/behandling"], ["ja"]]
        case (.forwarding, .bokmal): [["sendt/sender", "videre"]]
        case (.forwarding, .nynorsk): [["sendt/sender/sende", "vidare"]]
        }
    }

    private static func example(_ answer: ReadingProfile.Answer, _ language: WrittenLanguage) -> String {
        switch (answer, language) {
        case (.none, _): ""
        case (.rejection, .bokmal): "Du får ikke time hos oss nå."
        case (.rejection, .nynorsk): "Du får ikkje time hos oss no."
        case (.acceptance, _): "Du får hjelp hos oss."
        case (.forwarding, .bokmal): "Vi har sendt henvisningen videre."
        case (.forwarding, .nynorsk): "Vi har sendt tilvisinga vidare."
        }
    }

    mutating func address() {
        guard profile.address != .nobody, !text.words.isEmpty else { return }
        let (singular, plural, about) = Self.persons(language)
        var (ones, severals, abouts) = (0, 0, [Int]())
        for (index, word) in text.words.enumerated() where !word.isQuoted {
            if singular.contains(word.key) {
                ones += 1
            } else if plural.contains(word.key) {
                severals += 1
            } else if about.contains(word.key) {
                abouts.append(index)
            }
        }
        if let first = abouts.first, abouts.count > ones + severals {
            find(
                .spokenAbout, .should, first..<first + 1, what: "Teksten snakker om leseren, ikke til leseren.",
                why: "Den som får brevet, skal kjenne seg igjen.", suggestion: "Skriv «du» eller «dere».")
        }
        guard (profile.address == .one ? ones : severals) == 0 else { return }
        let word = profile.address == .one ? "du" : language == .bokmal ? "dere" : "de"
        find(
            .nobodyAddressed, .must, 0..<1, what: "Teksten sier aldri «\(word)».",
            why: "Et brev skal snakke til den som leser det.",
            suggestion: "Skriv til leseren: «\(word)».")
    }

    private static func persons(_ language: WrittenLanguage) -> (one: Set<String>, several: Set<String>, about: Set<String>) {
        let about: Set<String> = [
            "pasienten", "pasientens", "søker", "søkeren", "klienten", "foresatte", "foreldrene", "føresette", "pårørende",
            "pårørande", "henviste", "tilviste", "brukeren", "brukaren",
        ]
        return switch language {
        case .bokmal: (["du", "deg", "din", "ditt", "dine", "di"], ["dere", "deres"], about)
        case .nynorsk: (["du", "deg", "din", "ditt", "dine", "di"], ["de", "dykk", "dykkar", "dokker"], about)
        }
    }
}
