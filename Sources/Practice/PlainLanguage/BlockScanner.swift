/// Cuts a text into headings, items of lists, paragraphs and greetings, by its lines.
///
/// A heading is a line that begins with `#`, or a short line alone between empty ones that does not end as a sentence does. An
/// item begins with a dash, a bullet, or a number or letter with a full stop or a parenthesis.
struct BlockScanner {
    private struct Line {
        let symbols: Range<Int>
        var isEmpty: Bool { symbols.isEmpty }
    }

    private let symbols: TextSymbols
    private let lines: [Line]

    init(_ symbols: TextSymbols) {
        self.symbols = symbols
        lines = Self.lines(of: symbols)
    }

    func blocks() -> [ScannedText.Block] {
        var blocks: [ScannedText.Block] = []
        var open: (kind: ScannedText.Block.Kind, from: Int, to: Int, line: Int)?
        func close() {
            if let block = open { blocks.append(.init(kind: block.kind, symbols: block.from..<block.to, line: block.line)) }
            open = nil
        }
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                close()
            } else if let start = heading(line) {
                close()
                blocks.append(.init(kind: .heading, symbols: start..<line.symbols.upperBound, line: index + 1))
            } else if let start = itemStart(line) {
                close()
                open = (.item, start, line.symbols.upperBound, index + 1)
            } else if let block = open {
                open = (block.kind, block.from, line.symbols.upperBound, block.line)
            } else {
                open = (kind(ofLineAt: index), line.symbols.lowerBound, line.symbols.upperBound, index + 1)
            }
        }
        close()
        return blocks
    }

    /// Lines without the white space around them. CR LF is one end of a line.
    private static func lines(of symbols: TextSymbols) -> [Line] {
        var (lines, start, index): ([Line], Int, Int) = ([], 0, 0)
        func trimmed(_ from: Int, _ to: Int) -> Line {
            var (from, to) = (from, to)
            while from < to, symbols.kind(from) == .space { from += 1 }
            while from < to, symbols.kind(to - 1) == .space { to -= 1 }
            return Line(symbols: from..<to)
        }
        while index < symbols.count {
            if symbols.kind(index) == .newline {
                lines.append(trimmed(start, index))
                if symbols.codes[index] == 0x0D, index + 1 < symbols.count, symbols.codes[index + 1] == 0x0A { index += 1 }
                start = index + 1
            }
            index += 1
        }
        lines.append(trimmed(start, symbols.count))
        return lines
    }

    /// Where the heading begins after its `#`; nil when the line is none.
    private func heading(_ line: Line) -> Int? {
        var index = line.symbols.lowerBound
        while index < line.symbols.upperBound, symbols.codes[index] == 0x23 { index += 1 }
        let marks = index - line.symbols.lowerBound
        guard (1...6).contains(marks), index < line.symbols.upperBound, symbols.kind(index) == .space else { return nil }
        while index < line.symbols.upperBound, symbols.kind(index) == .space { index += 1 }
        return index
    }

    /// Where the item begins after its marker; nil when the line is none.
    private func itemStart(_ line: Line) -> Int? {
        let (start, end) = (line.symbols.lowerBound, line.symbols.upperBound)
        var index = start
        switch symbols.codes[index] {
        // Hyphen, asterisk, bullets and dashes.
        case 0x2D, 0x2A, 0x2022, 0x25E6, 0x25AA, 0x2013, 0x2014: index += 1
        default:
            while index < end, index - start < 3, symbols.kind(index) == .digit { index += 1 }
            if index == start, symbols.kind(index) == .letter { index += 1 }
            guard index > start, index < end, symbols.codes[index] == 0x2E || symbols.codes[index] == 0x29 else { return nil }
            index += 1
        }
        guard index < end, symbols.kind(index) == .space else { return nil }
        while index < end, symbols.kind(index) == .space { index += 1 }
        // "3. mars er det møte" begins with a date, not with a number of a list.
        let isDate = symbols.kind(start) == .digit && !TextSymbols.isUppercase(symbols.codes[index])
        return isDate ? nil : index
    }

    private func kind(ofLineAt index: Int) -> ScannedText.Block.Kind {
        let line = lines[index]
        let isAlone = index + 1 == lines.count || lines[index + 1].isEmpty
        let first = firstWord(line)
        if isAlone, gaps(line) < 6, Self.greetings.contains(first) { return .greeting }
        guard isAlone, lines.count > 1, let last = line.symbols.last else { return .paragraph }
        let (words, ending) = (gaps(line) + 1, symbols.codes[last])
        let start = symbols.codes[line.symbols.lowerBound]
        let begins = TextSymbols.isUppercase(start) || TextSymbols.kind(of: start) == .digit
        // Question mark; then full stop, exclamation mark, colon, comma, semicolon.
        let longest = ending == 0x3F ? 10 : [0x2E, 0x21, 0x3A, 0x2C, 0x3B].contains(ending) ? 0 : 12
        return begins && words <= longest ? .heading : .paragraph
    }

    private func gaps(_ line: Line) -> Int {
        var gaps = 0
        for index in line.symbols where gaps < 20 && symbols.kind(index) == .space { gaps += 1 }
        return gaps
    }

    private func firstWord(_ line: Line) -> String {
        var word = String.UnicodeScalarView()
        for index in line.symbols.prefix(12) {
            guard symbols.kind(index) == .letter, let scalar = Unicode.Scalar(symbols.codes[index]) else { break }
            word.append(scalar)
        }
        return String(word).lowercased()
    }

    private static let greetings: Set<String> = [
        "hei", "hallo", "kjære", "til", "vennlig", "venleg", "hilsen", "helsing", "med", "mvh", "beste",
    ]
}
