extension ServiceSearch {
    /// What the words mean: places, ages, for whom, terms of the vocabulary, and what is left.
    public func understand(_ text: String, on day: DoorDay) -> ServiceQuery {
        var query = ServiceQuery()
        // A question is short; a pasted letter must not become work without end.
        var words = Array(WordForms.words(of: String(text.prefix(400))).prefix(40))
        query.ages = ServiceQuery.ages(in: &words)
        query.areas = areas(in: &words, on: day)
        var position = 0
        while position < words.count {
            position += take(words[position...], into: &query)
        }
        return query
    }

    /// The longest names first, so that `Gamle Oslo` is no `Oslo`.
    private func areas(in words: inout [String], on day: DoorDay) -> [AreaID] {
        let geography = registry.book.geography
        for length in stride(from: min(4, words.count), through: 1, by: -1) {
            for start in 0...(words.count - length) {
                let name = words[start..<start + length].joined(separator: " ")
                guard let ids = geography.foldedNames[name] ?? geography.foldedNames[Self.withoutGenitive(name)] else { continue }
                words.removeSubrange(start..<start + length)
                let holding = ids.filter { geography.areas[$0]?.period.contains(day) ?? true }
                return holding.isEmpty ? ids : holding
            }
        }
        return []
    }

    private static func withoutGenitive(_ name: String) -> String { name.hasSuffix("s") ? String(name.dropLast()) : name }

    /// Takes a term, a name or a filler from the front; returns how many words that was.
    private func take(_ words: ArraySlice<String>, into query: inout ServiceQuery) -> Int {
        for length in stride(from: min(index.longestPhrase, words.count), through: 1, by: -1) {
            let phrase = words.prefix(length)
            let stems = phrase.filter { !ServiceQuery.filler.contains($0) }.map(WordForms.stem).joined(separator: " ")
            guard !stems.isEmpty, length == 1 || stems.contains(" "), let terms = index.termsByPhrase[stems] else { continue }
            note(terms, written: phrase.joined(separator: " "), match: .exact, in: &query)
            if length == 1, let audience = ServiceQuery.audiences[stems] { query.audience.insert(audience) }
            return length
        }
        // At least one word is there: the caller has not reached the end.
        guard let word = words.first else { return 1 }
        let stem = WordForms.stem(word)
        if let audience = ServiceQuery.audiences[stem] {
            query.audience.insert(audience)
        } else if ServiceQuery.filler.contains(word) {
            return 1
        } else if index.byName[stem] != nil {
            query.names.append(word)
            if let terms = partial(stem) { note(terms, written: word, match: .partOfWord, in: &query) }
        } else if let terms = partial(stem) {
            note(terms, written: word, match: .partOfWord, in: &query)
        } else if let terms = misspelt(stem) {
            note(terms, written: word, match: .misspelt, in: &query)
        } else {
            query.names.append(word)
        }
        return 1
    }

    private func note(_ terms: [Int32], written: String, match: ServiceQuery.Word.Match, in query: inout ServiceQuery) {
        for term in terms {
            let id = registry.book.vocabulary.terms[Int(term)].id
            guard !query.words.contains(where: { $0.term == id }) else { continue }
            query.words.append(ServiceQuery.Word(written: written, term: id, match: match))
        }
    }

    /// `angstbehandling` begins with `angst`, `skoleangst` ends with it. At least four letters, the longest that fits.
    private func partial(_ stem: String) -> [Int32]? {
        let letters = Array(stem)
        guard letters.count > 5 else { return nil }
        for length in stride(from: letters.count - 1, through: 4, by: -1) {
            if let terms = index.termsByPhrase[WordForms.stem(String(letters.prefix(length)))] { return terms }
            if let terms = index.termsByPhrase[String(letters.suffix(length))] { return terms }
        }
        return nil
    }

    private func misspelt(_ stem: String) -> [Int32]? {
        guard stem.count >= 5 else { return nil }
        let near = index.termsByPhrase.keys.filter { $0.count >= 5 && WordForms.isNear($0, stem) }
        return near.min().flatMap { index.termsByPhrase[$0] }
    }
}
