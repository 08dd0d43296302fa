import Foundation

/// Cuts blocks into sentences and words, by Norwegian rules for full stops. Looks at each scalar a fixed number of times.
struct SentenceScanner {
    let symbols: TextSymbols
    let abbreviations: Abbreviations
    private(set) var words: [ScannedText.Word] = []
    private(set) var sentences: [ScannedText.Sentence] = []
    /// The first word of the sentence that is being read.
    private var first = 0
    private var block = 0
    private var line = 1
    /// The first word inside quotation marks that have not been closed.
    private var quoteFrom: Int?
    private var parenthesisIsNext = false

    /// A word longer than this is counted and never looked up.
    static let longestKey = 60

    init(_ symbols: TextSymbols, _ abbreviations: Abbreviations) {
        (self.symbols, self.abbreviations) = (symbols, abbreviations)
    }

    /// - Returns: the block's sentences.
    mutating func scan(_ block: ScannedText.Block, _ index: Int) -> Range<Int> {
        let begin = sentences.count
        (self.block, line, quoteFrom) = (index, block.line, nil)
        var cursor = block.symbols.lowerBound
        while cursor < block.symbols.upperBound {
            switch symbols.kind(cursor) {
            case .newline:
                let isPair = symbols.codes[cursor] == 0x0D && cursor + 1 < symbols.count && symbols.codes[cursor + 1] == 0x0A
                line += 1
                cursor += isPair ? 2 : 1
            case .space: cursor += 1
            default:
                var end = cursor + 1
                while end < block.symbols.upperBound, symbols.kind(end) != .space, symbols.kind(end) != .newline { end += 1 }
                read(chunk: cursor..<end, blockEnd: block.symbols.upperBound)
                cursor = end
            }
        }
        endSentence()
        // Quotation marks that were never closed quoted nothing.
        if let quoteFrom { for word in quoteFrom..<words.count { words[word].isQuoted = false } }
        parenthesisIsNext = false
        return begin..<sentences.count
    }

    private mutating func endSentence() {
        if words.count > first { sentences.append(.init(words: first..<words.count, block: block)) }
        first = words.count
    }

    // MARK: - What stands between two blanks

    private mutating func read(chunk: Range<Int>, blockEnd: Int) {
        var (start, end) = (chunk.lowerBound, chunk.upperBound)
        while start < end, !symbols.isWord(start) || symbols.kind(start) == .mark { start += 1 }
        while end > start, !symbols.isWord(end - 1) { end -= 1 }
        open(chunk.lowerBound..<start)
        guard start < end else {
            // One that stands alone; dots that stand alone are a pause.
            if chunk.count == 1, chunk.allSatisfy({ isTerminator(symbols.codes[$0]) && symbols.codes[$0] != 0x2026 }) {
                endSentence()
            }
            return
        }
        let tail = end..<chunk.upperBound
        let dotted = start < end ? dottedKey(start..<end, tail) : nil
        if isAddress(start..<end) {
            append(start..<end, .address)
        } else if dotted != nil {
            append(start..<end, .dotted)
        } else {
            split(start..<end)
        }
        close(tail)
        if ends(start..<end, tail, dotted: dotted, blockEnd: blockEnd) { endSentence() }
    }

    private mutating func open(_ lead: Range<Int>) {
        for index in lead {
            switch symbols.codes[index] {
            case 0x28: parenthesisIsNext = true
            // « “ „ and "
            case 0xAB, 0x201C, 0x201E, 0x22: if quoteFrom == nil { quoteFrom = words.count }
            // A dash between two words.
            case 0x2013, 0x2014: if words.count > first { words[words.count - 1].endsClause = true }
            default: break
            }
        }
    }

    private mutating func close(_ tail: Range<Int>) {
        guard !words.isEmpty else { return }
        let last = words.count - 1
        for index in tail {
            switch symbols.codes[index] {
            case 0x29:
                words[last].closesParenthesis = true
                words[last].endsClause = true
            case 0xBB, 0x201D, 0x22: quoteFrom = nil
            case 0x2C, 0x3B, 0x3A, 0x2013, 0x2014: words[last].endsClause = true
            default: break
            }
        }
    }

    private mutating func split(_ range: Range<Int>) {
        var start = range.lowerBound
        for index in range where !symbols.isWord(index) && !joins(index, range) {
            if index > start {
                append(start..<index, nil)
                // "ferdig.Vi": a full stop without a blank after it.
                let next = index + 1
                let isStop = isTerminator(symbols.codes[index]) && symbols.codes[index] != 0x3A && index - start > 2
                if isStop, next < range.upperBound, TextSymbols.isUppercase(symbols.codes[next]) { endSentence() }
            }
            start = index + 1
        }
        if start < range.upperBound { append(start..<range.upperBound, nil) }
    }

    /// A hyphen or an apostrophe in a word; a full stop, a comma, a colon or a hyphen in a number.
    private func joins(_ index: Int, _ range: Range<Int>) -> Bool {
        guard index > range.lowerBound, index + 1 < range.upperBound, symbols.isWord(index - 1), symbols.isWord(index + 1) else {
            return false
        }
        switch symbols.codes[index] {
        case 0x2D, 0x2010, 0x2011, 0x27, 0x2019: return true
        case 0x2E, 0x2C, 0x3A: return symbols.kind(index - 1) == .digit && symbols.kind(index + 1) == .digit
        default: return false
        }
    }

    private func isAddress(_ range: Range<Int>) -> Bool {
        guard range.count > 4 else { return false }
        let begin = symbols.codes[range.lowerBound..<range.lowerBound + 4]
        // "www."
        if begin.elementsEqual([0x77, 0x77, 0x77, 0x2E]) { return true }
        for index in range {
            if symbols.codes[index] == 0x40 { return true }
            let isScheme = symbols.codes[index] == 0x3A && index + 2 < range.upperBound
            if isScheme, symbols.codes[index + 1] == 0x2F, symbols.codes[index + 2] == 0x2F { return true }
        }
        return false
    }

    /// The abbreviation with its full stops, as in the list; nil when it is none.
    private func dottedKey(_ range: Range<Int>, _ tail: Range<Int>) -> String? {
        guard range.count <= 12, let next = tail.first, symbols.codes[next] == 0x2E else { return nil }
        let key = Self.key(symbols, range) + "."
        return abbreviations.written[key] == nil ? nil : key
    }

    private mutating func append(_ range: Range<Int>, _ kind: ScannedText.Word.Kind?) {
        var (letters, digits, capitals, small) = (0, 0, 0, 0)
        for index in range {
            switch symbols.kind(index) {
            case .letter:
                letters += 1
                if TextSymbols.isUppercase(symbols.codes[index]) { capitals += 1 } else { small += 1 }
            case .digit: digits += 1
            default: break
            }
        }
        let kind = kind ?? (letters == 0 ? .number : .letters)
        if kind == .number, joinsNumber(before: range) {
            words[words.count - 1].symbols = words[words.count - 1].symbols.lowerBound..<range.upperBound
            return
        }
        let isKeyed = range.count <= Self.longestKey && (kind == .letters || kind == .dotted)
        words.append(
            .init(
                symbols: range, kind: kind, length: letters + digits, key: isKeyed ? Self.key(symbols, range) : "",
                isCapitalised: TextSymbols.isUppercase(symbols.codes[range.lowerBound]),
                isAllCapitals: kind == .letters && capitals > 1 && small == 0, line: line, sentence: sentences.count,
                isQuoted: quoteFrom != nil, opensParenthesis: parenthesisIsNext))
        parenthesisIsNext = false
    }

    /// "1 000" and "22 12 34 56" are one number each.
    private func joinsNumber(before range: Range<Int>) -> Bool {
        guard words.count > first, let last = words.last, last.kind == .number else { return false }
        return last.symbols.upperBound + 1 == range.lowerBound && symbols.kind(last.symbols.upperBound) == .space
    }

    // MARK: - Where a sentence ends

    private func isTerminator(_ code: UInt32) -> Bool {
        switch code {
        // . ! ? : …
        case 0x2E, 0x21, 0x3F, 0x3A, 0x2026: true
        default: false
        }
    }

    private func ends(_ middle: Range<Int>, _ tail: Range<Int>, dotted: String?, blockEnd: Int) -> Bool {
        var (stops, hasMark, hasColon, hasQuote) = (0, false, false, false)
        for index in tail {
            switch symbols.codes[index] {
            case 0x2E: stops += 1
            case 0x2026: stops += 3
            case 0x21, 0x3F: hasMark = true
            case 0x3A: hasColon = true
            case 0xBB, 0x201D, 0x22: hasQuote = true
            default: break
            }
        }
        guard stops > 0 || hasMark || hasColon else { return false }
        guard let next = nextStart(tail.upperBound, blockEnd) else { return true }
        let goesOn = TextSymbols.kind(of: next) == .letter && !TextSymbols.isUppercase(next)
        if hasMark { return !(hasQuote && goesOn) }
        if stops == 0 { return TextSymbols.isUppercase(next) }
        if stops >= 3 { return !goesOn }
        if let dotted { return abbreviations.mayEnd.contains(dotted) && TextSymbols.isUppercase(next) }
        let isNumber = middle.allSatisfy { symbols.kind($0) != .letter }
        // "3. mars", "5. trinn", "1. 2. og 3. klasse".
        if isNumber { return !goesOn && TextSymbols.kind(of: next) != .digit }
        // "A. Hansen"
        return !(middle.count == 1 && TextSymbols.isUppercase(symbols.codes[middle.lowerBound]))
    }

    /// The first letter or digit after `index`, past at most a few signs before it.
    private func nextStart(_ index: Int, _ end: Int) -> UInt32? {
        var (index, passed) = (index, 0)
        while index < end, passed < 8 {
            switch symbols.kind(index) {
            case .letter, .digit: return symbols.codes[index]
            case .space, .newline: break
            default: passed += 1
            }
            index += 1
        }
        return index < end ? symbols.codes[index] : nil
    }

    // MARK: - Words as they are looked up

    static func key(_ symbols: TextSymbols, _ range: Range<Int>) -> String {
        var (scalars, isComposed) = (String.UnicodeScalarView(), true)
        for index in range {
            let code = symbols.codes[index]
            if code == 0xAD || code == 0xFEFF || (0x200B...0x200D).contains(code) { continue }
            if code == 0x2010 || code == 0x2011 {
                scalars.append("-")
            } else if code < 0x80 {
                scalars.append(Unicode.Scalar(UInt8(code >= 0x41 && code <= 0x5A ? code + 0x20 : code)))
            } else if let scalar = Unicode.Scalar(code) {
                if symbols.kind(index) == .mark { isComposed = false }
                scalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        let key = String(scalars)
        return isComposed ? key : key.precomposedStringWithCanonicalMapping
    }
}
