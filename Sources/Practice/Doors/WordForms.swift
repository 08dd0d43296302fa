/// Words of a text, and what is left of a Norwegian word without its ending.
///
/// The stem is no dictionary: it takes the regular endings of nouns, adjectives and weak verbs off, so that `foreldre`,
/// `foreldrene` and `foreldrenes` meet. Irregular forms (`bok`, `bøker`) do not, and stand as words of their own in the
/// vocabulary. Two words that happen to share a stem do meet; the answer says which word was understood as what.
public enum WordForms {
    /// Lower case, letters and digits; accents that do not make another letter in Norwegian are gone.
    public static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                word += folds[character].map(String.init) ?? String(character)
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    public static func stem(_ word: String) -> String {
        guard word.utf8.count > 3, word.utf8.allSatisfy({ !(0x30...0x39).contains($0) }) else { return word }
        let letters = Array(word)
        for (ending, least) in endings where letters.count - ending.count >= least && letters.suffix(ending.count) == ending[...]
        {
            return String(undoubled(letters.dropLast(ending.count)))
        }
        return String(undoubled(letters[...]))
    }

    /// Whether one letter put in, taken out, changed or swapped with the next makes one word the other.
    static func isNear(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left), Array(right))
        guard abs(left.count - right.count) <= 1 else { return false }
        let same = zip(left, right).prefix { $0 == $1 }.count
        let (restLeft, restRight) = (left[same...], right[same...])
        if restLeft.count == restRight.count {
            if restLeft.dropFirst() == restRight.dropFirst() { return true }
            return restLeft.count >= 2 && restLeft.dropFirst(2) == restRight.dropFirst(2)
                && restLeft.prefix(2).reversed() == Array(restRight.prefix(2))
        }
        return restLeft.dropFirst() == restRight || restLeft == restRight.dropFirst()
    }

    /// `ungdommer` without its ending is `ungdomm`, and the same word as `ungdom`.
    private static func undoubled(_ letters: ArraySlice<Character>) -> ArraySlice<Character> {
        guard letters.count > 3, let last = letters.last, letters.dropLast().last == last, !"aeiouyæøå".contains(last) else {
            return letters
        }
        return letters.dropLast()
    }

    /// Longest first, with how many letters must be left.
    private static let endings: [([Character], Int)] = [
        ("hetene", 4), ("heten", 4), ("ernes", 3), ("enes", 3), ("anes", 3), ("ene", 3), ("ane", 3), ("ens", 3), ("ets", 3),
        ("ers", 3), ("en", 3), ("et", 3), ("er", 3), ("ar", 3), ("es", 3), ("a", 3), ("e", 3), ("s", 4),
    ].map { (Array($0), $1) }

    private static let folds: [Character: Character] = [
        "é": "e", "è": "e", "ê": "e", "ó": "o", "ò": "o", "ô": "o", "ö": "ø", "ä": "æ", "ü": "u", "á": "a", "à": "a",
    ]
}
