/// What the rules said of a text: the figures, the score and the findings in the order of the text.
public struct PlainReport: Sendable, Hashable, Codable {
    /// The rules' version, so that a stored score can be compared with those made by the same rules.
    public let rules: String
    public let language: WrittenLanguage
    public let words: Int
    public let sentences: Int
    /// Of more than six letters.
    public let longWords: Int
    /// Björnsson's readability index, in tenths: 345 is 34.5.
    public let lixTenths: Int
    /// From 0 to 100; 100 is a text without findings at a low index.
    public let score: Int
    public let findings: [PlainFinding]
    /// Findings beyond the most that are kept. They count in the score.
    public let omitted: Int

    public var lix: Double { Double(lixTenths) / 10 }
    public var musts: [PlainFinding] { findings.filter { $0.grade == .must } }
    /// What is stored beside a message: figures alone, nothing of the text.
    public var stored: PlainScore {
        PlainScore(rules: rules, language: language, score: score, lixTenths: lixTenths, words: words, sentences: sentences)
    }
}

/// The score of a text as it is stored, with the version of the rules that gave it.
public struct PlainScore: Sendable, Hashable, Codable {
    public let rules: String
    public let language: WrittenLanguage
    public let score: Int
    public let lixTenths: Int
    public let words: Int
    public let sentences: Int
}
