import Foundation

/// The phrases of one written language, each in variants for those who read it, with places for values in braces.
///
/// The text of a book: `@name` begins a phrase; each line after it is `variant: text`. The variant `all` is for everybody.
struct PhraseBook: Sendable {
    private let phrases: [String: [String: String]]

    init(_ text: String) {
        var phrases: [String: [String: String]] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("@") {
                name = String(line.dropFirst())
                phrases[name] = phrases[name] ?? [:]
            } else if let sign = line.range(of: ": ") {
                phrases[name, default: [:]][String(line[..<sign.lowerBound])] = String(line[sign.upperBound...])
            }
        }
        self.phrases = phrases
    }

    var names: Set<String> { Set(phrases.keys) }
    func variants(of name: String) -> [String: String] { phrases[name] ?? [:] }

    /// The phrase in the first variant there is, or for all; empty when there is none (tests see to it that there is).
    func phrase(_ name: String, _ variants: [String]) -> String {
        guard let phrase = phrases[name] else { return "" }
        for variant in variants { if let text = phrase[variant] { return text } }
        return phrase["all"] ?? ""
    }

    /// Puts values in their places, once: what stands in a value is never read as a place. A value that begins a sentence begins
    /// with a capital letter.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        var (filled, rest) = ("", Substring(text))
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            let value = values[String(rest[rest.index(after: open)..<close])] ?? ""
            let begins = filled.isEmpty || [". ", "? ", "! "].contains { filled.hasSuffix($0) }
            filled += begins ? value.prefix(1).uppercased() + value.dropFirst() : value
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }

    /// The names of the places in a text.
    static func places(in text: String) -> [String] {
        text.split(separator: "{").dropFirst().compactMap { part in part.firstIndex(of: "}").map { String(part[..<$0]) } }
    }
}
