import Foundation

/// A text as the scanners see it: one scalar per character people see, with its place in the original.
///
/// What only hides is taken away first: characters without width, soft hyphens and bidirectional marks vanish; every kind of
/// space is a space, every kind of digit a digit, every kind of dash a hyphen; full-width letters are letters; an å written as
/// a and a ring is an å.
struct SearchedText {
    struct Glyph {
        let scalar: Unicode.Scalar
        let start: Int
        let end: Int
    }

    /// A word: letters, with hyphens and apostrophes inside.
    struct Word {
        /// Positions of its glyphs.
        let glyphs: Range<Int>
        let text: String
        let folded: String
        /// Nothing but spaces between it and the word before, on the same line or the next.
        let followsDirectly: Bool
        /// At the beginning of a sentence, line, bullet or quotation.
        let beginsSentence: Bool

        var isCapitalised: Bool { text.unicodeScalars.first?.properties.isUppercase ?? false }
        var isAllCapitals: Bool { text.unicodeScalars.allSatisfy { !$0.properties.isLowercase } && text.unicodeScalars.count > 1 }
    }

    /// A scanner that has found this much stops: the text is no anonymous one, and a hostile one must not cost an hour.
    static let mostFindings = 500

    let glyphs: [Glyph]
    let words: [Word]

    init(_ text: String) {
        glyphs = Self.glyphs(of: text)
        words = Self.words(in: glyphs)
    }

    func isDigit(_ position: Int) -> Bool { digit(position) != nil }

    func digit(_ position: Int) -> Int? {
        guard glyphs.indices.contains(position), (0x30...0x39).contains(glyphs[position].scalar.value) else { return nil }
        return Int(glyphs[position].scalar.value) - 0x30
    }

    func scalar(_ position: Int) -> Unicode.Scalar? { glyphs.indices.contains(position) ? glyphs[position].scalar : nil }

    /// Bytes of the original for a range of glyphs.
    func bytes(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last, glyphs.indices.contains(last) else { return 0..<0 }
        return glyphs[first].start..<glyphs[last].end
    }

    /// The word that begins at a glyph.
    func word(at position: Int) -> Word? {
        let index = wordIndex(endingAfter: position)
        guard words.indices.contains(index), words[index].glyphs.lowerBound == position else { return nil }
        return words[index]
    }

    /// The words that end at most `distance` glyphs before a position, nearest first, no further than the line before.
    func wordsBefore(_ position: Int, within distance: Int = 40, most: Int = 6) -> [Word] {
        let index = wordIndex(endingAfter: position)
        return words[..<index].suffix(most).reversed().filter { position - $0.glyphs.upperBound <= distance }
    }

    private func wordIndex(endingAfter position: Int) -> Int {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle].glyphs.upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }

    private static func glyphs(of text: String) -> [Glyph] {
        var glyphs: [Glyph] = []
        glyphs.reserveCapacity(text.utf8.count)
        var offset = 0
        for character in text {
            let length = character.utf8.count
            defer { offset += length }
            guard let scalar = seen(character) else { continue }
            glyphs.append(Glyph(scalar: scalar, start: offset, end: offset + length))
        }
        return glyphs
    }

    private static func seen(_ character: Character) -> Unicode.Scalar? {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return nil }
        if scalars.count == 1, first.isASCII { return first }
        let kept = scalars.filter { $0.properties.generalCategory != .format && !$0.properties.isVariationSelector }
        guard !kept.isEmpty else { return nil }
        let composed = String(String.UnicodeScalarView(kept)).precomposedStringWithCompatibilityMapping
        guard let scalar = composed.unicodeScalars.first else { return nil }
        if character == "\r\n" || character.isNewline { return "\n" }
        if scalar.properties.generalCategory == .dashPunctuation || scalar == "\u{2212}" { return "-" }
        if scalar.properties.isWhitespace { return " " }
        if scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue {
            return Unicode.Scalar(UInt8(0x30 + Int(value)))
        }
        return scalar
    }

    private static func words(in glyphs: [Glyph]) -> [Word] {
        var words: [Word] = []
        var position = 0
        while position < glyphs.count {
            guard isLetter(glyphs[position].scalar) else {
                position += 1
                continue
            }
            let start = position
            while position < glyphs.count {
                let scalar = glyphs[position].scalar
                let joins = scalar == "-" || scalar == "'" || scalar == "’"
                let continues = position + 1 < glyphs.count && isLetter(glyphs[position + 1].scalar)
                guard isLetter(scalar) || (joins && continues) else { break }
                position += 1
            }
            let text = String(String.UnicodeScalarView(glyphs[start..<position].map(\.scalar)))
            let between = glyphs[(words.last?.glyphs.upperBound ?? 0)..<start].map(\.scalar)
            words.append(
                Word(
                    glyphs: start..<position, text: text, folded: text.lowercased(),
                    followsDirectly: !words.isEmpty && !between.isEmpty && between.allSatisfy { $0 == " " || $0 == "\n" },
                    beginsSentence: words.isEmpty || between.contains { ".!?:;•*\n\"«(–".unicodeScalars.contains($0) }))
        }
        return words
    }
}
