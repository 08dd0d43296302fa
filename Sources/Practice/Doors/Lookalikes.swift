import Foundation

/// Names that pretend to be others: letters of other alphabets, letters that look alike, characters that nobody sees.
struct Lookalikes {
    /// Organisation numbers by what a name looks like. Services and persons share names as a matter of course.
    private let looks: [String: Set<String>]
    private let names: [String: String]

    init(_ doors: [Door]) {
        var looks: [String: Set<String>] = [:]
        var names: [String: String] = [:]
        for door in doors where door.kind == .organisation {
            for name in [door.name, door.displayName].compactMap(\.self) {
                looks[Self.look(name), default: []].insert(door.organisationNumber ?? "")
                names[door.organisationNumber ?? ""] = door.name
            }
        }
        (self.looks, self.names) = (looks, names)
    }

    func suspicions(_ door: Door) -> [Suspicion] {
        guard door.kind == .organisation else { return [] }
        let isTaken = [door.name, door.displayName].compactMap(\.self).contains { name in
            !(looks[Self.look(name)] ?? []).subtracting([door.organisationNumber ?? ""]).isEmpty
        }
        return isTaken ? [.lookalikeName] : []
    }

    /// Control and format characters, private use, or more than a name has. Also combining marks in a row: they draw over others.
    static func isMalformed(_ name: String) -> Bool {
        if name.utf8.count > 400 || name.allSatisfy(\.isWhitespace) { return true }
        var marks = 0
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: return true
            case .nonspacingMark, .enclosingMark, .spacingMark:
                marks += 1
                if marks > 1 { return true }
            case .spaceSeparator where scalar != " " && scalar != "\u{A0}": return true
            default: marks = 0
            }
        }
        return false
    }

    /// Letters and digits outside of what Norwegian and Sami names are written with: Latin up to its first extension, and č, đ, ŋ, š, ŧ,
    /// ž which are in it.
    static func isForeign(_ name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            let properties = scalar.properties
            guard properties.isAlphabetic || properties.numericType != nil else {
                return scalar.value > 0xFF && !allowed.contains(scalar)
            }
            // ı (without a dot) and ſ (long s) are no letters of ours and look like others.
            return scalar.value > 0x17F || scalar == "\u{131}" || scalar == "\u{17F}"
        }
    }

    private static let allowed: Set<Unicode.Scalar> = [
        "–", "—", "’", "‘", "“", "”", "…", "€", "•", "\u{301}", "\u{30A}", "\u{308}", "\u{30C}",
    ]

    /// What is left when what looks alike is one: case, I and l and 1, O and 0, rn and m, vv and w, spaces and signs.
    static func look(_ name: String) -> String {
        var look = ""
        for character in name.precomposedStringWithCanonicalMapping {
            switch character {
            case "I", "l", "1", "|", "i", "L", "!": look += "l"
            case "O", "o", "0": look += "o"
            case "5", "S", "s", "$": look += "s"
            case "8", "B", "b": look += "b"
            default:
                let lower = character.lowercased()
                look += character.isLetter || character.isNumber ? folds[lower] ?? lower : ""
            }
        }
        return look.replacingOccurrences(of: "rn", with: "m").replacingOccurrences(of: "vv", with: "w")
    }

    private static let folds: [String: String] = [
        "é": "e", "è": "e", "ê": "e", "ë": "e", "á": "a", "à": "a", "â": "a", "ã": "a", "ä": "æ", "ö": "ø", "ó": "o", "ò": "o",
        "ô": "o", "ü": "u", "ú": "u", "í": "l", "ì": "l", "ç": "c", "ñ": "n", "ø": "o", "å": "a", "ā": "a", "ō": "o", "ł": "l",
        "ď": "d", "ţ": "t", "ģ": "g", "ķ": "k", "ņ": "n", "ŗ": "r", "ş": "s", "ś": "s",
    ]
}
