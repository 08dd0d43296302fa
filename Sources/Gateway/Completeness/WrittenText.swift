import Practice

/// The free text of a document, in pieces that a reader would look for by their headings.
///
/// What is looked for here are words, not meanings: a sentence that mentions a thing is where its answer stands. Whether it is a good
/// answer, a person reads.
public struct WrittenText: Sendable, Hashable {
    public struct Piece: Sendable, Hashable {
        /// The heading, bokmål: «Henvisningsgrunn barnet».
        public let place: String
        public let text: String
        /// Worked out once: every question looks through all of them.
        fileprivate let sentences: [Sentence]

        init(place: String, text: String) {
            (self.place, self.text) = (place, text)
            sentences = WrittenText.sentences(text).map { Sentence(text: $0, words: WrittenText.words($0)) }
        }
    }

    fileprivate struct Sentence: Sendable, Hashable {
        let text: String
        let words: [String]
    }

    public private(set) var pieces: [Piece] = []

    mutating func add(_ place: String?, _ text: String?) {
        guard let text, text.contains(where: { !$0.isWhitespace }) else { return }
        pieces.append(Piece(place: place ?? "teksten", text: text))
    }

    /// The pieces under one of these headings.
    func under(_ places: [String]) -> Piece? { pieces.first { places.contains($0.place) } }

    /// The first sentence that mentions one of these, as an answer.
    ///
    /// «Ingen selvmordstanker» says that there are none only where «ingen» stands right before the word: «ingen tvil om
    /// selvmordsfare» must never be shown as «spurt, ingen».
    func answer(mentioning stems: [String], in places: [String]? = nil) -> DocumentAnswer? {
        for piece in pieces where places?.contains(piece.place) ?? true {
            for sentence in piece.sentences {
                guard let found = Self.position(of: stems, in: sentence.words) else { continue }
                if Self.isUnasked(sentence.words, before: found) { return .notKnown(reason: sentence.text) }
                if Self.isNone(sentence.words, before: found) { return .askedAndNone(place: piece.place) }
                return .given(sentence.text, place: piece.place)
            }
        }
        return nil
    }

    // MARK: - Words

    /// A full stop ends a sentence only where a space follows: «18.05.2026» is one word.
    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        var mayEnd = false
        for character in text {
            if character.isNewline || (mayEnd && character.isWhitespace) {
                sentences.append(sentence)
                sentence = ""
            }
            sentence.append(character)
            mayEnd = character == "." || character == "!" || character == "?"
        }
        return (sentences + [sentence]).map { $0.drop { $0.isWhitespace } }.filter { !$0.isEmpty }.map(String.init)
    }

    static func words(_ sentence: String) -> [String] {
        sentence.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// The first word that begins with one of the stems; a stem of several words, or one that ends in a space, is matched whole.
    private static func position(of stems: [String], in words: [String]) -> Int? {
        let stems = stems.map { stem in (parts: stem.split(separator: " ").map(String.init), isWhole: stem.hasSuffix(" ")) }
        return words.indices.first { index in
            stems.contains { parts, isWhole in
                guard index + parts.count <= words.count, let last = parts.last else { return false }
                return parts.indices.allSatisfy { part in
                    let word = words[index + part]
                    return part < parts.count - 1 || isWhole ? word == parts[part] : word.utf8.starts(with: last.utf8)
                }
            }
        }
    }

    private static let fillers: Set<String> = [
        "eller", "og", "tanker", "om", "tegn", "til", "på", "faste", "kjent", "kjente", "alvorlig", "form", "for", "mistanke",
        "selvmordstanker", "selvskading", "vold", "rus", "rusmidler", "bruk", "av", "tidligere", "individuell", "hatt",
    ]

    private static func isNone(_ words: [String], before index: Int) -> Bool {
        let near = words[max(0, index - 4)..<index]
        guard let negation = near.lastIndex(where: { $0 == "ingen" || $0 == "benekter" || $0 == "avkrefter" }) else {
            return false
        }
        return words[(negation + 1)..<index].allSatisfy(fillers.contains)
    }

    private static func isUnasked(_ words: [String], before index: Int) -> Bool {
        let near = Array(words[max(0, index - 4)..<index])
        return zip(near, near.dropFirst()).contains { first, second in
            first == "ikke" && ["spurt", "kartlagt", "vurdert", "avklart"].contains(second)
        }
    }
}
