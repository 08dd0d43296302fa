/// A text cut into blocks, sentences and words. Indices of words and sentences are those of the arrays here.
struct ScannedText: Sendable {
    /// One word, number or address. `symbols` is its place among the scalars of the text.
    struct Word: Sendable {
        enum Kind: Sendable { case letters, number, dotted, address }

        var symbols: Range<Int>
        let kind: Kind
        /// Letters and digits, without hyphens and marks.
        let length: Int
        /// In lower case and composed; empty when the word is longer than any word has reason to be.
        let key: String
        let isCapitalised: Bool
        /// At least two capital letters and, but for an ending after a hyphen, no small ones.
        let isAllCapitals: Bool
        let line: Int
        let sentence: Int
        var isQuoted = false
        var opensParenthesis = false
        var closesParenthesis = false
        /// A comma, a semicolon, a colon, a dash or a parenthesis comes after it.
        var endsClause = false

        var isLong: Bool { kind == .letters && length > 6 }
    }

    struct Sentence: Sendable {
        let words: Range<Int>
        let block: Int
    }

    struct Block: Sendable {
        enum Kind: Sendable { case heading, item, paragraph, greeting }

        let kind: Kind
        /// Without the marker of a list or a heading.
        let symbols: Range<Int>
        let line: Int
        var sentences = 0..<0
    }

    let symbols: TextSymbols
    var words: [Word] = []
    var sentences: [Sentence] = []
    var blocks: [Block] = []

    init(_ text: String, _ language: WrittenLanguage) {
        symbols = TextSymbols(text)
        blocks = BlockScanner(symbols).blocks()
        var scanner = SentenceScanner(symbols, Abbreviations.of(language))
        for index in blocks.indices { blocks[index].sentences = scanner.scan(blocks[index], index) }
        (words, sentences) = (scanner.words, scanner.sentences)
    }

    var longWords: Int { words.reduce(into: 0) { $0 += $1.isLong ? 1 : 0 } }

    /// Björnsson's readability index in tenths: words per sentence and the share of words of more than six letters.
    var lixTenths: Int {
        words.isEmpty || sentences.isEmpty ? 0 : words.count * 10 / sentences.count + longWords * 1000 / words.count
    }

    func utf8(ofWords range: Range<Int>) -> Range<Int> {
        guard let first = words[range].first, let last = words[range].last else { return 0..<0 }
        return symbols.utf8(first.symbols.lowerBound..<last.symbols.upperBound)
    }
}
