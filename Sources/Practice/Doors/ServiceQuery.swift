import Foundation

/// What somebody asked for, as it was understood.
public struct ServiceQuery: Sendable, Hashable {
    public struct Word: Sendable, Hashable {
        public enum Match: String, Sendable { case exact, partOfWord, misspelt }
        /// What was written.
        public let written: String
        public let term: String
        public let match: Match
    }

    public internal(set) var words: [Word] = []
    /// Words that are no term of the vocabulary; they may stand in a name.
    public internal(set) var names: [String] = []
    public internal(set) var ages: ClosedRange<Int>?
    public internal(set) var areas: [AreaID] = []
    public internal(set) var audience: Set<ServiceOffer.Audience> = []

    /// `14 år`, `14-åring`, `fjorten år`, `10–12 år`, taken out of the words; nil when no age stands there.
    static func ages(in words: inout [String]) -> ClosedRange<Int>? {
        for index in words.indices {
            let word = words[index]
            if let age = number(word), index + 1 < words.count, isYears(words[index + 1]) {
                var (from, first) = (age, index)
                if index > 0, let low = number(words[index - 1]), low < age { (from, first) = (low, index - 1) }
                words.removeSubrange(first...index + 1)
                return from...age
            }
            // 14åring, fjortenåring
            if let split = word.range(of: "åring"), let age = number(String(word[..<split.lowerBound])) {
                words.remove(at: index)
                return age...age
            }
        }
        return nil
    }

    private static func isYears(_ word: String) -> Bool {
        ["år", "års", "åring", "åringer", "åringen", "åringar"].contains(word)
    }

    private static func number(_ word: String) -> Int? {
        if let number = Int(word) { return (0...120).contains(number) ? number : nil }
        return spelled.firstIndex(of: word)
    }

    private static let spelled = [
        "null", "ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv", "tretten", "fjorten",
        "femten", "seksten", "sytten", "atten",
    ]

    /// Words that say for whom, beside what they mean otherwise.
    static let audiences: [String: ServiceOffer.Audience] = [
        "barn": .children, "ungdom": .youth, "tenåring": .youth, "foreldr": .parents, "mor": .parents, "far": .parents,
    ]

    /// Words that carry nothing.
    static let filler: Set<String> = [
        "og", "i", "på", "til", "for", "med", "som", "en", "et", "ei", "er", "har", "hjelp", "bydel", "av", "om", "min", "vår",
        "kan", "ikke", "vil", "å", "at", "der", "det", "den", "ein", "eit", "ikkje", "hjelpen", "hjelpe", "trenger",
    ]
}
