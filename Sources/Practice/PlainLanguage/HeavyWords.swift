import Foundation

/// Words and phrases that make a text hard to read, each with better ones. Made for letters about children's health.
///
/// A table has one entry a line: `word/class = better`. The class says which inflected forms are meant too: `v` a verb, `n` a
/// masculine or feminine noun, `i` a neuter noun, `a` an adjective; without a class only the word as it stands is meant. More
/// forms come after `+`, parted by commas. A phrase has at most ``longestPhrase`` words. The forms are made by endings alone, so some are made
/// that no one writes; none of them is a plain word (tests).
struct HeavyWords: Sendable {
    struct Entry: Sendable, Hashable {
        let word: String
        let better: String
    }

    static let longestPhrase = 6

    let entries: [Entry]
    /// From a form in one word to the entry.
    private let forms: [String: Int]
    /// From the first word of a phrase to the phrases, longest first.
    private let phrases: [String: [(rest: [String], entry: Int)]]

    static func of(_ language: WrittenLanguage) -> HeavyWords {
        switch language {
        case .bokmal: bokmal
        case .nynorsk: nynorsk
        }
    }

    private static let bokmal = HeavyWords(tableInBokmal, .bokmal)
    private static let nynorsk = HeavyWords(tableInNynorsk, .nynorsk)

    init(_ table: String, _ language: WrittenLanguage) {
        var entries: [Entry] = []
        var forms: [String: Int] = [:]
        var phrases: [String: [(rest: [String], entry: Int)]] = [:]
        for line in table.split(separator: "\n") {
            guard let sign = line.range(of: " = ") else { continue }
            let names = line[..<sign.lowerBound].split(separator: "+").map { $0.trimmingCharacters(in: .whitespaces) }
            let head = (names.first ?? "").split(separator: "/")
            let word = String(head.first ?? "")
            let place = entries.count
            entries.append(Entry(word: word, better: String(line[sign.upperBound...])))
            let parts = word.split(separator: " ").map(String.init)
            if parts.count > 1 {
                phrases[parts[0], default: []].append((Array(parts.dropFirst()), place))
            } else {
                let inflected = Self.inflected(word, head.count > 1 ? head[1] : "", language)
                let more = names.dropFirst().flatMap { $0.split(separator: ",").map(String.init) }
                for form in inflected + more where forms[form] == nil { forms[form] = place }
            }
        }
        (self.entries, self.forms) = (entries, forms)
        self.phrases = phrases.mapValues { $0.sorted { $0.rest.count > $1.rest.count } }
    }

    func entry(for key: String) -> Entry? { forms[key].map { entries[$0] } }

    /// The longest phrase that begins at `index`, and of how many words it is.
    func phrase(at index: Int, of words: [ScannedText.Word], until end: Int) -> (entry: Entry, count: Int)? {
        guard let candidates = phrases[words[index].key] else { return nil }
        for candidate in candidates where index + candidate.rest.count < end {
            let isHere = candidate.rest.indices.allSatisfy { words[index + 1 + $0].key == candidate.rest[$0] }
            if isHere { return (entries[candidate.entry], candidate.rest.count + 1) }
        }
        return nil
    }

    private static func inflected(_ word: String, _ kind: Substring, _ language: WrittenLanguage) -> [String] {
        let stem = word.hasSuffix("e") ? String(word.dropLast()) : word
        let endings: [String]
        switch (kind, language) {
        case ("v", .bokmal) where stem == word: endings = ["", "r", "dde", "dd", "s"]
        case ("v", .bokmal): endings = ["e", "er", "et", "te", "t", "es", "ende"]
        case ("v", .nynorsk): endings = ["e", "a", "er", "ar", "te", "t", "ast", "est", "ande"]
        case ("n", .bokmal): endings = ["en", "a", "er", "ene", "ens"]
        case ("n", .nynorsk): endings = ["en", "a", "ar", "ane", "er", "ene"]
        case ("i", .bokmal): endings = ["et", "er", "ene", "ets"]
        case ("i", .nynorsk): endings = ["et", "a"]
        case ("a", .bokmal): endings = ["t", "e", "ere", "est"]
        case ("a", .nynorsk): endings = ["t", "e", "are", "ast"]
        default: endings = []
        }
        return [word] + endings.map { stem + $0 }
    }
}
