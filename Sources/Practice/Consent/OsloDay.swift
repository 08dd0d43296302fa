import Foundation

/// A day of the calendar as people in Norway count it: it begins at midnight in Europe/Oslo.
///
/// Arithmetic is our own, so that no time zone database is read: summer time follows the rule the EU has kept since 1996
/// (last Sunday of March to last Sunday of October, changing at 01:00 UTC). Instants before 1996 are read by the same rule.
public struct OsloDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    /// - Returns: nil when no such day exists, as 29 February 2027.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day it is in Oslo at an instant.
    public init(at instant: Date) {
        let seconds = UTCText.seconds(instant)
        self.init(daysSince1970: Self.floored(seconds + Self.offset(atUTC: seconds), 86_400))
    }

    public init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = Self.floored(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    public var daysSince1970: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = Self.floored(shifted, 400)
        let yearOfEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }

    public func adding(days: Int) -> Self { Self(daysSince1970: daysSince1970 + days) }

    /// The instant the day begins in Oslo. Summer time never changes at midnight, so that instant is always one.
    public var start: Date {
        let midnight = daysSince1970 * 86_400
        let winter = midnight - 3600
        let summer = midnight - 7200
        let isSummer = Self.offset(atUTC: summer) == 7200
        return Date(timeIntervalSince1970: TimeInterval(isSummer ? summer : winter))
    }

    /// `YYYY-MM-DD`.
    public var description: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// As people write it: «3. mai 2026».
    public var written: String { "\(day). \(Self.monthNames[month - 1]) \(year)" }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
    }

    static let monthNames = [
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
    ]

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Seconds east of Greenwich in Oslo.
    private static func offset(atUTC seconds: Int) -> Int {
        let year = Self(daysSince1970: floored(seconds, 86_400)).year
        let isSummer = seconds >= lastSunday(of: 3, year) + 3600 && seconds < lastSunday(of: 10, year) + 3600
        return isSummer ? 7200 : 3600
    }

    /// UTC midnight of the month's last Sunday. March and October have 31 days.
    private static func lastSunday(of month: Int, _ year: Int) -> Int {
        guard let last = Self(year: year, month: month, day: 31)?.daysSince1970 else { return 0 }
        // 1 January 1970 was a Thursday: day number + 4 is 0 modulo 7 on Sundays.
        return (last - (last + 4) % 7) * 86_400
    }

    private static func floored(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}

/// An instant as FHIR writes it in UTC, to the second: `2026-11-22T08:00:00Z`.
enum UTCText {
    /// Whole seconds since 1970, within the years a calendar knows: no instant may stop the program.
    static func seconds(_ instant: Date) -> Int {
        Int(min(max(instant.timeIntervalSince1970.rounded(.down), -60_000_000_000), 250_000_000_000))
    }

    static func write(_ instant: Date) -> String {
        let seconds = seconds(instant)
        let days = seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
        let ofDay = seconds - days * 86_400
        let clock = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map { OsloDay.padded($0, 2) }
        return "\(OsloDay(daysSince1970: days))T\(clock.joined(separator: ":"))Z"
    }

    /// Reads a FHIR `dateTime` with time and zone; a fraction is dropped. Nil for anything else.
    static func read(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, bytes[10] == UInt8(ascii: "T"),
            let day = OsloDay(String(decoding: bytes[0..<10], as: UTF8.self)),
            let time = clock(bytes[11..<19])
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
        }
        guard let zone = offset(rest) else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(day.daysSince1970 * 86_400 + time - zone))
    }

    private static func clock(_ bytes: ArraySlice<UInt8>) -> Int? {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) }),
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), let second = UInt8(parts[2]),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return Int(hour) * 3600 + Int(minute) * 60 + Int(second)
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text == "Z" { return 0 }
        guard text.utf8.count == 6, text.hasPrefix("+") || text.hasPrefix("-"),
            let seconds = clock(Array((text.dropFirst() + ":00").utf8)[...]), seconds <= 14 * 3600
        else { return nil }
        return text.hasPrefix("-") ? -seconds : seconds
    }
}
