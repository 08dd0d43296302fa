/// A day as a letter names it. Gregorian, without time or zone.
public struct LetterDay: Sendable, Hashable, Comparable {
    /// Days since 1 January 1970.
    public let number: Int
    public let year: Int
    public let month: Int
    public let day: Int

    /// - Returns: nil when there is no such day, or it lies outside the years 1900 to 2199, where no letter does.
    public init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1900...2199).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else {
            return nil
        }
        (self.year, self.month, self.day) = (year, month, day)
        // Years that begin in March, so that a leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    /// Reads `2026-11-22`; nil for anything else.
    public init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }) else {
            return nil
        }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// - Returns: nil when it would lie outside the years that a letter can name.
    public func adding(days: Int) -> LetterDay? {
        var (year, month, day) = (year, month, day + days)
        while day < 1 {
            month -= 1
            if month < 1 { (year, month) = (year - 1, 12) }
            if year < 1900 { return nil }
            day += Self.days(in: month, of: year)
        }
        while day > Self.days(in: month, of: year) {
            day -= Self.days(in: month, of: year)
            month += 1
            if month > 12 { (year, month) = (year + 1, 1) }
            if year > 2199 { return nil }
        }
        return LetterDay(year, month, day)
    }

    /// 0 is Monday.
    public var weekday: Int { ((number + 3) % 7 + 7) % 7 }

    /// `2026-11-22`.
    public var iso: String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(padded(month))-\(padded(day))"
    }

    /// `søndag 22. november 2026`, or `sundag …` in nynorsk.
    public func written(in language: WrittenLanguage, withWeekday: Bool = false) -> String {
        let date = "\(day). \(Self.months[month - 1]) \(year)"
        guard withWeekday else { return date }
        let names = language == .bokmal ? Self.weekdaysInBokmal : Self.weekdaysInNynorsk
        return "\(names[weekday]) \(date)"
    }

    public static func < (left: LetterDay, right: LetterDay) -> Bool { left.number < right.number }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static let months = [
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
    ]
    private static let weekdaysInBokmal = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    private static let weekdaysInNynorsk = ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"]
}
