/// One thing in a text that makes it hard to read, and what to do about it. Meant for the text's author.
///
/// It carries no part of the text: the place is a range, and words named are those of our own lists. So it can be stored; to show
/// the place itself, cut it out of the author's text with ``excerpt(in:)``.
public struct PlainFinding: Sendable, Hashable, Codable {
    /// `must` is to be put right before a family gets the text.
    public enum Grade: String, Sendable, Hashable, CaseIterable, Codable { case must, should, hint }

    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        case empty, readability, longSentence, longParagraph, heavyWord, dottedAbbreviation, unexplainedAbbreviation
        case answerNotFirst, nobodyAddressed, spokenAbout, passive, manyPassives, doubleNegation
        case headingsMissing, headingTooLong, headingSaysNothing, capitals, apologies, lawAsReason, otherForm
    }

    public let kind: Kind
    public let grade: Grade
    /// In bytes of the text's UTF-8.
    public let range: Range<Int>
    /// From 1.
    public let line: Int
    public let what: String
    public let why: String
    public let suggestion: String

    /// The place itself, out of the text that was checked; nil when it is another text.
    public func excerpt(in text: String) -> String? {
        let bytes = text.utf8
        guard let from = bytes.index(bytes.startIndex, offsetBy: range.lowerBound, limitedBy: bytes.endIndex),
            let to = bytes.index(from, offsetBy: range.count, limitedBy: bytes.endIndex)
        else { return nil }
        return String(text[from..<to])
    }
}
