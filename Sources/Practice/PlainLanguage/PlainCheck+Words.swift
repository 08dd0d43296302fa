extension PlainCheck {
    /// Words on the list, also as part of a word with a hyphen. What stands in quotation marks is somebody else's and is left.
    mutating func vocabulary() {
        let heavy = HeavyWords.of(language)
        var index = 0
        for sentence in text.sentences {
            index = max(index, sentence.words.lowerBound)
            while index < sentence.words.upperBound {
                let word = text.words[index]
                if word.isQuoted || word.key.isEmpty {
                    index += 1
                } else if let phrase = heavy.phrase(at: index, of: text.words, until: sentence.words.upperBound) {
                    findHeavy(phrase.entry, index..<index + phrase.count)
                    index += phrase.count
                } else {
                    if let entry = heavy.entry(for: word.key) {
                        findHeavy(entry, index..<index + 1)
                    } else if word.key.contains("-"), let entry = part(of: word.key, heavy) {
                        findHeavy(entry, index..<index + 1)
                    }
                    index += 1
                }
            }
        }
    }

    private func part(of key: String, _ heavy: HeavyWords) -> HeavyWords.Entry? {
        for part in key.split(separator: "-") {
            if let entry = heavy.entry(for: String(part)) { return entry }
        }
        return nil
    }

    private mutating func findHeavy(_ entry: HeavyWords.Entry, _ words: Range<Int>) {
        find(
            .heavyWord, .should, words, what: "«\(entry.word)» er tungt å lese.", why: "Hverdagsord når fram til flere.",
            suggestion: entry.better.hasPrefix("(") ? "Endre: \(entry.better)." : "Skriv heller: \(entry.better).")
    }

    // MARK: - Abbreviations

    mutating func abbreviations() {
        let list = Abbreviations.of(language)
        var seen: Set<String> = []
        for (index, word) in text.words.enumerated() {
            if word.kind == .dotted {
                let better = list.written[word.key + "."] ?? ""
                find(
                    .dottedAbbreviation, .hint, index..<index + 1, what: "Forkortelsen er ikke skrevet helt ut.",
                    why: "Forkortelser stopper den som leser sakte, og leses feil av skjermlesere.",
                    suggestion: "Skriv heller: \(better).")
            } else if let name = capitals(at: index), seen.insert(name).inserted, !list.everyday.contains(name.lowercased()) {
                if isShouted(index) { continue }
                if !isExplained(index) { findUnexplained(name, list.known[name], index) }
            }
        }
        shouting()
    }

    private mutating func findUnexplained(_ name: String, _ words: String?, _ index: Int) {
        find(
            .unexplainedAbbreviation, words == nil || profile.isPart ? .should : .must, index..<index + 1,
            what: words == nil ? "Forkortelsen er ikke forklart." : "Forkortelsen \(name) er ikke forklart.",
            why: "Familien kjenner ikke fagets forkortelser.",
            suggestion: words.map { "Skriv første gang: \(name) (\($0))." } ?? "Skriv hva den betyr, i parentes rett etter.")
    }

    /// The abbreviation that a word is, or begins with before a hyphen or an ending; nil when it is none.
    private func capitals(at index: Int) -> String? {
        let word = text.words[index]
        guard word.kind == .letters, word.symbols.count >= 2, word.isCapitalised else { return nil }
        var (name, capitals, rest) = (String.UnicodeScalarView(), 0, 0)
        for symbol in word.symbols {
            let code = text.symbols.codes[symbol]
            let isCapital = TextSymbols.isUppercase(code)
            guard isCapital || TextSymbols.kind(of: code) == .digit, let scalar = Unicode.Scalar(code) else {
                // "BUP-en" and "BUP-henvisning" are BUP; "PPTs" and "BUPen" too.
                let isHyphen = code == 0x2D || code == 0x2010 || code == 0x2011
                if !isHyphen { rest = word.symbols.upperBound - symbol }
                break
            }
            name.append(scalar)
            capitals += isCapital ? 1 : 0
            if name.count > 8 { return nil }
        }
        return capitals >= 2 && rest <= 2 ? String(name) : nil
    }

    /// Explained where it stands: words in parentheses within two words after it, words before it when it is itself in
    /// parentheses, or "betyr", "er", "står for" right after it.
    private func isExplained(_ index: Int) -> Bool {
        let end = text.sentences[text.words[index].sentence].words.upperBound
        let word = text.words[index]
        if word.opensParenthesis {
            guard index > 0, text.words[index - 1].sentence == word.sentence else { return false }
            return word.closesParenthesis && text.words[index - 1].length > 3 && !text.words[index - 1].isAllCapitals
        }
        for next in (index + 1)..<min(index + 4, max(end, index + 1)) where text.words[next].opensParenthesis {
            let inside = next..<min(next + 12, end)
            return inside.contains { explains(text.words[$0]) }
        }
        guard index + 2 < end else { return false }
        let (next, after) = (text.words[index + 1].key, text.words[index + 2].key)
        return ["betyr", "tyder"].contains(next) || next == "står" && after == "for" || next == "det" && after == "vil"
            || next == "som" && ["betyr", "er", "tyder"].contains(after)
    }

    private func explains(_ word: ScannedText.Word) -> Bool { word.length > 4 && !word.isAllCapitals && word.kind == .letters }

    /// In a sentence where every longer word is in capitals nothing can be told about abbreviations.
    private func isShouted(_ index: Int) -> Bool {
        let words = text.sentences[text.words[index].sentence].words
        let around = max(words.lowerBound, index - 3)..<min(words.upperBound, index + 4)
        return around.count > 2 && around.allSatisfy { text.words[$0].isAllCapitals || text.words[$0].length < 3 }
    }

    private mutating func shouting() {
        for sentence in text.sentences where sentence.words.count > 3 {
            let all = sentence.words.allSatisfy { text.words[$0].isAllCapitals || text.words[$0].length < 3 }
            guard all else { continue }
            find(
                .capitals, .should, sentence.words, what: "Setningen er skrevet med store bokstaver.",
                why: "Store bokstaver er tunge å lese og virker som roping.", suggestion: "Bruk små bokstaver.")
        }
    }
}
