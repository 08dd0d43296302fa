/// Text out of a file, made fit for a screen: no control characters that a terminal would obey, no identity numbers.
enum ShownText {
    static let longest = 300

    /// Words: names of organisations and systems, error texts, subjects. Any 11 digits in a row are put out of sight.
    static func free(_ text: String) -> String { masked(text) { _ in true } }

    /// Identifiers, which may have 11 digits in a row and mean nothing by it: only what is an identity number is put out of sight.
    static func identifier(_ text: String) -> String { masked(text) { isIdentityNumber($0) } }

    private static func isIdentityNumber(_ digits: String) -> Bool { (try? IdentityNumber(digits, rule: .from2032)) != nil }

    private static func masked(_ text: String, where hides: (String) -> Bool) -> String {
        var shown = ""
        var digits = ""
        func flush() {
            shown += digits.utf8.count == 11 && hides(digits) ? "***********" : digits
            digits = ""
        }
        for scalar in text.unicodeScalars.prefix(longest) {
            if ("0"..."9").contains(scalar) {
                digits.unicodeScalars.append(scalar)
                continue
            }
            flush()
            shown.unicodeScalars.append(isPrintable(scalar) ? scalar : " ")
        }
        flush()
        return text.unicodeScalars.count > longest ? shown + "…" : shown
    }

    /// Neither a control character nor one that turns the direction of writing.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
