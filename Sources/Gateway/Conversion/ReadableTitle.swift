import Envelope
import Foundation

/// What an attachment is called, as its reader sees it and as a file is named by: one line, no path, nothing that cannot be seen, no
/// identity number.
enum ReadableTitle {
    static let longest = 120

    /// - Parameter number: of the attachment, for one whose title says nothing.
    /// - Returns: the title, and whether an identity number was taken out of it.
    static func of(_ title: String, number: Int) -> (title: String, hadNumber: Bool) {
        var shown = ""
        for scalar in title.precomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            // Also what turns the direction of writing, so that «fdp.exe» is not read backwards.
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: shown += " "
            default: shown.unicodeScalars.append(scalar == "/" || scalar == "\\" ? "-" : scalar)
            }
        }
        let (numberless, hadNumber) = withoutNumbers(shown)
        let words = numberless.split(separator: " ").joined(separator: " ").drop { "-. _".contains($0) }
        let short = String(words.prefix(longest)).trimmedEnd
        return (short.isEmpty ? "Vedlegg \(number)" : short, hadNumber)
    }

    /// Eleven digits with right check digits, written together or as people write them, in groups.
    private static func withoutNumbers(_ text: String) -> (String, Bool) {
        var kept: [Character] = []
        var hadNumber = false
        let characters = Array(text)
        var place = 0
        while place < characters.count {
            if let end = numberEnd(characters, place) {
                (place, hadNumber) = (end, true)
            } else {
                kept.append(characters[place])
                place += 1
            }
        }
        return (String(kept), hadNumber)
    }

    private static func numberEnd(_ characters: [Character], _ start: Int) -> Int? {
        func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
        guard isDigit(characters[start]), start == 0 || !isDigit(characters[start - 1]) else { return nil }
        var (digits, place) = ("", start)
        while place < characters.count, digits.count < 11 {
            let character = characters[place]
            if isDigit(character) { digits.append(character) } else if ![" ", "-", ".", "_"].contains(character) { return nil }
            place += 1
        }
        guard digits.count == 11, place == characters.count || !isDigit(characters[place]) else { return nil }
        return (try? IdentityNumber(digits, rule: .from2032)) == nil ? nil : place
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self
        while text.last == " " || text.last == "." { text.removeLast() }
        return text
    }
}
