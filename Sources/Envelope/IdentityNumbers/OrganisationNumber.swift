/// A number of the Central Coordinating Register for Legal Entities: nine digits, the last a check digit.
public struct OrganisationNumber: Sendable, Hashable, CustomStringConvertible {
    public let value: String

    /// - Throws: ``EnvelopeError`` `.identityNumberInvalid`.
    public init(_ text: String) throws(EnvelopeError) {
        let bytes = Array(text.utf8)
        guard bytes.count == 9, bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw EnvelopeError(.identityNumberInvalid, reason: "the organisation number does not have nine digits")
        }
        let sum = zip(bytes, [3, 2, 7, 6, 5, 4, 3, 2, 1]).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
        guard sum % 11 == 0 else {
            throw EnvelopeError(.identityNumberInvalid, reason: "the organisation number's check digit is wrong")
        }
        value = text
    }

    /// Whether it is of the range kept for test organisations (2 and 3). Real ones begin with 8 or 9.
    public var isSynthetic: Bool { value.hasPrefix("2") || value.hasPrefix("3") }

    public var description: String { value }
}
