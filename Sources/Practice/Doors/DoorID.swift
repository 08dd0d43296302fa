/// The HER-id of a door: 1 to 10 digits, no leading zero.
///
/// A door is whatever can receive a message: an organisation, a service or a person of the national address registry.
public struct DoorID: Sendable, Hashable, LosslessStringConvertible {
    public let number: Int64

    public init?(_ text: String) {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text)
        else { return nil }
        self.init(number: number)
        if text.utf8.first == UInt8(ascii: "0") { return nil }
    }

    public init?(number: Int64) {
        guard (1...9_999_999_999).contains(number) else { return nil }
        self.number = number
    }

    public var description: String { String(number) }
}

extension DoorID: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
