/// Checks whether a family understands a text: readability, sentences, words, abbreviations, who is spoken to, and whether the
/// answer comes first. Bokmål and nynorsk.
///
/// A pure function of the text: the same findings every time. The work grows with the length of the text and with nothing else,
/// and the findings kept are at most ``mostFindings``.
public struct PlainLanguage: Sendable {
    /// Written beside every score. Changed whenever a rule, a limit or a list changes.
    public static let rules = "plain-1"
    public static let mostFindings = 500

    public let language: WrittenLanguage
    public let profile: ReadingProfile

    public init(_ language: WrittenLanguage, _ profile: ReadingProfile) {
        (self.language, self.profile) = (language, profile)
    }

    public func check(_ text: String) -> PlainReport {
        var check = PlainCheck(text, language, profile)
        check.readability()
        check.sentences()
        check.vocabulary()
        check.abbreviations()
        check.passives()
        check.negations()
        check.answer()
        check.address()
        check.headings()
        check.tone()
        return check.report()
    }
}

/// One check of one text, with what it has found so far.
struct PlainCheck {
    let text: ScannedText
    let language: WrittenLanguage
    let profile: ReadingProfile
    private var findings: [PlainFinding] = []
    private var counts: [PlainFinding.Grade: Int] = [:]

    init(_ text: String, _ language: WrittenLanguage, _ profile: ReadingProfile) {
        (self.text, self.language, self.profile) = (ScannedText(text, language), language, profile)
    }

    mutating func find(
        _ kind: PlainFinding.Kind, _ grade: PlainFinding.Grade, _ words: Range<Int>, what: String, why: String, suggestion: String
    ) {
        counts[grade, default: 0] += 1
        // What must be put right is never pushed out by what might be.
        guard findings.count < PlainLanguage.mostFindings || grade == .must && findings.count < 2 * PlainLanguage.mostFindings
        else {
            return
        }
        findings.append(
            PlainFinding(
                kind: kind, grade: grade, range: text.utf8(ofWords: words),
                line: words.isEmpty ? 1 : text.words[words.lowerBound].line, what: what, why: why, suggestion: suggestion))
    }

    /// Every word of a block, for a finding about it.
    func words(of block: ScannedText.Block) -> Range<Int> {
        guard let first = block.sentences.first, let last = block.sentences.last else { return 0..<0 }
        return text.sentences[first].words.lowerBound..<text.sentences[last].words.upperBound
    }

    func report() -> PlainReport {
        let sorted = findings.enumerated().sorted { left, right in
            (left.element.range.lowerBound, left.offset) < (right.element.range.lowerBound, right.offset)
        }
        return PlainReport(
            rules: PlainLanguage.rules, language: language, words: text.words.count, sentences: text.sentences.count,
            longWords: text.longWords, lixTenths: text.lixTenths, score: score, findings: sorted.map(\.element),
            omitted: counts.values.reduce(0, +) - findings.count)
    }

    /// 100, less two for each point of the index above 30, less 10, 3 and 1 for each finding that must, should or might be put
    /// right, the last two counted per hundred words of a text longer than that.
    private var score: Int {
        if text.words.isEmpty { return 0 }
        let hundreds = max(text.words.count, 100)
        let index = max(0, text.lixTenths - 300) / 5
        let lesser = (3 * (counts[.should] ?? 0) + (counts[.hint] ?? 0)) * 100 / hundreds
        return max(0, 100 - index - 10 * (counts[.must] ?? 0) - lesser)
    }
}
