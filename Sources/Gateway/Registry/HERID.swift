/// The number of an organisation, service or person in the national address registry: 1 to 10 digits, no leading zero.
public struct HERID: Sendable, Hashable, Codable, LosslessStringConvertible {
    public let value: String

    public init?(_ text: String) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (1...10).contains(text.utf8.count), text.utf8.first != digits.lowerBound, text.utf8.allSatisfy(digits.contains)
        else {
            return nil
        }
        self.value = text
    }

    public var description: String { value }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let read = HERID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a HER-id is 1 to 10 digits")
        }
        self = read
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

extension HERID: Comparable {
    /// By number, not by letters.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.value.utf8.count, lhs.value) < (rhs.value.utf8.count, rhs.value)
    }
}
