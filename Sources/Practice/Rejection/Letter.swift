import Foundation

/// A letter as values: what the page, the plain text and a later PDF are made from.
public struct Letter: Sendable, Hashable {
    public enum Block: Sendable, Hashable {
        /// A heading of the second level; the title is the only one of the first.
        case heading(String)
        case paragraph(String)
        case list([String])
        case steps([String])
        /// Facts of one word each, such as how to reach somebody.
        case facts([Fact])
        /// The lines of a signature.
        case lines([String])
    }

    public struct Fact: Sendable, Hashable {
        public let name: String
        public let value: String
        /// What a telephone dials.
        public let phone: PhoneNumber?

        init(_ name: String, _ value: String) { (self.name, self.value, phone) = (name, value, nil) }
        init(_ name: String, _ phone: PhoneNumber) { (self.name, value, self.phone) = (name, phone.unbroken, phone) }
    }

    public let language: WrittenLanguage
    public let reader: LetterReader
    public let answer: ReadingProfile.Answer
    public let title: String
    public let blocks: [Block]

    /// For people who read without pages, for the reading check, and for a message that takes text only.
    public var plainText: String {
        var parts = [title]
        for block in blocks {
            switch block {
            case .heading(let text), .paragraph(let text): parts.append(text)
            case .list(let items): parts.append(items.map { "- \($0)" }.joined(separator: "\n"))
            case .steps(let items):
                parts.append(items.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n"))
            case .facts(let facts): parts.append(facts.map { "- \($0.name): \($0.value)" }.joined(separator: "\n"))
            case .lines(let lines): parts.append(lines.joined(separator: "\n"))
            }
        }
        return parts.joined(separator: "\n\n").replacing("\u{A0}", with: " ") + "\n"
    }

    /// How readable the whole letter is to those it speaks to.
    public func reading() -> PlainReport {
        let profile: ReadingProfile = reader.isGuardian ? .guardians(answer) : .young(answer)
        return PlainLanguage(language, profile).check(plainText)
    }

    /// Text that a clinician wrote, as blocks: empty lines part paragraphs, lines that begin with a dash are items.
    static func blocks(of text: String) -> [Block] {
        var (blocks, lines, items): ([Block], [String], [String]) = ([], [], [])
        func close() {
            if !lines.isEmpty { blocks.append(.paragraph(lines.joined(separator: " "))) }
            if !items.isEmpty { blocks.append(.list(items)) }
            (lines, items) = ([], [])
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.trimmingCharacters(in: .whitespaces)
            let isItem = ["- ", "• ", "* "].contains { line.hasPrefix($0) }
            if line.isEmpty || (isItem && !lines.isEmpty) || (!isItem && !items.isEmpty) { close() }
            if isItem {
                items.append(String(line.dropFirst(2)).trimmingCharacters(in: .whitespaces))
            } else if !line.isEmpty {
                lines.append(line)
            }
        }
        close()
        return blocks
    }
}
