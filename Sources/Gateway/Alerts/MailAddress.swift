/// A plain e-mail address in ASCII: `name@host.example`. Nothing in it needs quotes, and nothing can end a header or a command.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    /// RFC 5321 §4.1.2: a dot-string before the sign, a domain name behind it. Quoted names and address literals are refused.
    public init?(_ text: String) {
        guard text.utf8.count <= 254 else { return nil }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, (1...64).contains(halves[0].utf8.count) else { return nil }
        let words = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        guard words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAtom) }),
            labels.allSatisfy({ (1...63).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isLabel) }),
            labels.allSatisfy({ $0.first != "-" && $0.last != "-" })
        else { return nil }
        self.text = text
    }

    public var description: String { text }

    private static func isLabel(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
    }

    private static func isAtom(_ byte: UInt8) -> Bool { isLabel(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte) }
}
