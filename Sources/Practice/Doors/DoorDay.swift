/// A day of the Gregorian calendar, without a time or a place. Validity, reforms and resolving count in whole days.
public struct DoorDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1 January 1970.
    public let number: Int32

    public init(number: Int32) { self.number = number }

    /// - Returns: nil when there is no such day.
    public init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(of: month, in: year) else {
            return nil
        }
        let before = Self.daysBefore(year: year) + (1..<month).reduce(0) { $0 + Self.length(of: $1, in: year) }
        self.number = Int32(before + day - 1 - Self.epoch)
    }

    /// Reads `2026-05-17` and nothing else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        var numbers: [Int] = []
        for range in [0..<4, 5..<7, 8..<10] {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            numbers.append(value)
        }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// The day before.
    public var eve: DoorDay { DoorDay(number: number - 1) }

    public var parts: (year: Int, month: Int, day: Int) {
        let absolute = Int(number) + Self.epoch
        var year = max(1, absolute / 366 + 1)
        while Self.daysBefore(year: year + 1) <= absolute { year += 1 }
        var (month, rest) = (1, absolute - Self.daysBefore(year: year))
        while month < 12, rest >= Self.length(of: month, in: year) {
            rest -= Self.length(of: month, in: year)
            month += 1
        }
        return (year, month, rest + 1)
    }

    public var description: String {
        let (year, month, day) = parts
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let four = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(four)-\(two(month))-\(two(day))"
    }

    /// As people write it: `17. mai 2026`.
    public var bokmaal: String {
        let (year, month, day) = parts
        return "\(day). \(Self.months[month - 1]) \(year)"
    }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    private static let months = [
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
    ]
    /// Days from 1 January of year 1 to 1 January 1970.
    private static let epoch = 719_162

    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    private static func length(of month: Int, in year: Int) -> Int {
        if month == 2 { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

/// From a day to a day, both included; nil is open.
public struct DoorPeriod: Sendable, Hashable {
    public var from: DoorDay?
    public var to: DoorDay?

    public init(from: DoorDay? = nil, to: DoorDay? = nil) { (self.from, self.to) = (from, to) }

    public func contains(_ day: DoorDay) -> Bool { (from.map { day >= $0 } ?? true) && (to.map { day <= $0 } ?? true) }

    /// Whether it was over before that day.
    public func isOver(on day: DoorDay) -> Bool { to.map { $0 < day } ?? false }

    /// Whether it begins after that day.
    public func isAhead(on day: DoorDay) -> Bool { from.map { $0 > day } ?? false }

    /// The days of both.
    public func intersection(_ other: DoorPeriod) -> DoorPeriod {
        DoorPeriod(from: [from, other.from].compactMap(\.self).max(), to: [to, other.to].compactMap(\.self).min())
    }

    public var isReversed: Bool {
        guard let from, let to else { return false }
        return to < from
    }
}
