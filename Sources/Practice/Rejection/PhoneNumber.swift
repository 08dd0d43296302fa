/// A telephone number that a family can call.
public struct PhoneNumber: Sendable, Hashable {
    /// `+4722123456`; a short number stands as it is dialled.
    public let dialled: String

    /// Reads a Norwegian number of three to six or of eight digits, or a foreign one with its country. Blanks are ignored.
    public init?(_ text: String) {
        var digits = text.filter { !" \u{A0}\u{202F}-()".contains($0) }
        if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
        if digits.hasPrefix("+47") { digits = String(digits.dropFirst(3)) }
        let isForeign = digits.hasPrefix("+")
        let bare = isForeign ? String(digits.dropFirst()) : digits
        guard bare.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        switch (isForeign, bare.utf8.count) {
        case (true, 8...15): dialled = "+" + bare
        case (false, 8) where bare.first != "0" && bare.first != "1": dialled = "+47" + bare
        case (false, 3...6): dialled = bare
        default: return nil
        }
    }

    /// Whether it can be one person's number: short numbers and those that begin with 8 are switchboards and services.
    public var canBeDirect: Bool { dialled.hasPrefix("+") && !dialled.hasPrefix("+478") }

    /// `22 12 34 56`, `912 34 567`, `116 117`.
    public var written: String {
        guard dialled.hasPrefix("+47") else { return dialled.utf8.count == 6 ? Self.grouped(dialled, [3, 3]) : dialled }
        let digits = String(dialled.dropFirst(3))
        return Self.grouped(digits, digits.hasPrefix("4") || digits.hasPrefix("9") ? [3, 2, 3] : [2, 2, 2, 2])
    }

    /// As ``written``, with blanks at which no line is broken.
    var unbroken: String { written.replacing(" ", with: "\u{A0}") }

    private static func grouped(_ digits: String, _ groups: [Int]) -> String {
        var (rest, parts) = (Substring(digits), [Substring]())
        for length in groups {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: " ")
    }
}
