/// A text as Unicode scalars, each with its place in the text's UTF-8.
///
/// Nothing is normalised here, so that a place found is a place in the text as it was given: `å` may be one scalar or `a` and a
/// ring above it, and a line may end with CR, LF or both.
struct TextSymbols: Sendable {
    enum Kind: Sendable { case letter, digit, mark, space, newline, other }

    let codes: [UInt32]
    /// Where each scalar begins, and after them where the text ends.
    let offsets: [Int]

    init(_ text: String) {
        var (codes, offsets): ([UInt32], [Int]) = ([], [])
        codes.reserveCapacity(text.utf8.count)
        offsets.reserveCapacity(text.utf8.count + 1)
        var offset = 0
        for scalar in text.unicodeScalars {
            codes.append(scalar.value)
            offsets.append(offset)
            offset += scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
        }
        offsets.append(offset)
        (self.codes, self.offsets) = (codes, offsets)
    }

    var count: Int { codes.count }

    func kind(_ index: Int) -> Kind { Self.kind(of: codes[index]) }

    /// Whether a word can go on with it.
    func isWord(_ index: Int) -> Bool {
        switch kind(index) {
        case .letter, .digit, .mark: true
        case .space, .newline, .other: false
        }
    }

    func utf8(_ range: Range<Int>) -> Range<Int> { offsets[range.lowerBound]..<offsets[range.upperBound] }

    static func kind(of code: UInt32) -> Kind {
        switch code {
        case 0x61...0x7A, 0x41...0x5A: return .letter
        case 0x30...0x39: return .digit
        case 0x0A, 0x0D, 0x0B, 0x0C, 0x85, 0x2028, 0x2029: return .newline
        case 0x20, 0x09, 0xA0, 0x202F, 0x2000...0x200A, 0x205F, 0x3000: return .space
        case 0...0x7F: return .other
        case 0xC0...0x24F: return code == 0xD7 || code == 0xF7 ? .other : .letter
        case 0x300...0x36F: return .mark
        // Soft hyphen and zero-width characters are inside words and mean nothing there.
        case 0xAD, 0x200B...0x200D, 0xFEFF: return .mark
        default: return rare(code)
        }
    }

    private static func rare(_ code: UInt32) -> Kind {
        guard let properties = Unicode.Scalar(code)?.properties else { return .other }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        case .decimalNumber: return .digit
        default: return properties.isAlphabetic ? .letter : .other
        }
    }

    static func isUppercase(_ code: UInt32) -> Bool {
        switch code {
        case 0x41...0x5A: true
        case 0...0x7F: false
        default: Unicode.Scalar(code)?.properties.isUppercase ?? false
        }
    }
}
