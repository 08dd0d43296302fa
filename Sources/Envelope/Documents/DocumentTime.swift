import Foundation

/// A time as a document states it: the kith data type TS, or the text of an `xs:dateTime` or `xs:date` element.
///
/// The text is kept as it came, since receipts must repeat it; equality is equality of text. A time without zone is
/// Norwegian local time.
public struct DocumentTime: Sendable, Hashable, CustomStringConvertible {
    public enum Precision: Sendable, Hashable { case year, month, day, second, timeOfDay }

    /// As it stands in the document.
    public let text: String
    public let precision: Precision
    /// The instant, or the beginning of the day, month or year in Norway. For a time of day without date: 1 January 1970.
    public let date: Date
    /// Whether the text says which zone it is in.
    public let hasZone: Bool
    /// Whether the text is what XML Schema prescribes. `1991-12-4` is not, and is read all the same.
    public let isWellFormed: Bool

    /// Reads `2025-03-10T09:40:47.5317672+01:00`, `2025-03-10`, `2025-03`, `2025`, `09:40:47`, with or without zone.
    /// nil when it is none of them or no such day exists.
    public init?(_ text: String) {
        var scanner = TimeScanner(text)
        guard let fields = scanner.scan() else { return nil }
        self.text = text
        precision = fields.precision
        hasZone = fields.zone != nil
        isWellFormed = fields.isWellFormed
        let local = Double(fields.daysSince1970) * 86_400 + Double(fields.secondOfDay) + fields.fraction
        let offset = fields.zone ?? NorwegianTime.offset(atLocal: local)
        date = Date(timeIntervalSince1970: local - Double(offset))
    }

    /// An instant to be written: whole seconds, Norwegian local time with its offset.
    public init(_ instant: Date) {
        let seconds = instant.timeIntervalSince1970.rounded(.down)
        let offset = NorwegianTime.offset(at: seconds)
        text = NorwegianTime.text(local: seconds + Double(offset), offset: offset)
        (precision, hasZone, isWellFormed) = (.second, true, true)
        date = Date(timeIntervalSince1970: seconds)
    }

    /// A calendar day to be written, `yyyy-mm-dd`. nil when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        guard year > 0, year < 10_000, month > 0, day > 0 else { return nil }
        self.init("\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))")
    }

    /// `yyyy-mm-dd` as stated, without zone arithmetic; nil when the text names no day.
    public var day: String? {
        guard precision == .day || precision == .second else { return nil }
        return text.split(separator: "T", maxSplits: 1).first.map { String($0.prefix(10)) }
    }

    public var description: String { text }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.text == rhs.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Central European time by the rule that has held since 1980, so that the answer does not hang on the machine's time zone
/// files. Before 1996 summer time ended in September.
enum NorwegianTime {
    /// Seconds east of Greenwich at an instant.
    static func offset(at instant: Double) -> Int {
        let year = CalendarDay(daysSince1970: Int((instant / 86_400).rounded(.down))).year
        let (start, end) = summer(year)
        return instant >= start && instant < end ? 7_200 : 3_600
    }

    /// The same for a local reading of the clock. In the hour that is read twice in autumn the first reading is meant.
    static func offset(atLocal local: Double) -> Int {
        let year = CalendarDay(daysSince1970: Int((local / 86_400).rounded(.down))).year
        let (start, end) = summer(year)
        return local - 3_600 >= start && local - 7_200 < end ? 7_200 : 3_600
    }

    static func text(local: Double, offset: Int) -> String {
        let seconds = Int(local)
        let days = Int((local / 86_400).rounded(.down))
        let second = seconds - days * 86_400
        let day = CalendarDay(daysSince1970: days)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let year = String(repeating: "0", count: max(0, 4 - String(day.year).count)) + String(day.year)
        return "\(year)-\(two(day.month))-\(two(day.day))T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
            + "+\(two(offset / 3_600)):\(two(offset / 60 % 60))"
    }

    private static func summer(_ year: Int) -> (start: Double, end: Double) {
        guard year >= 1980 else { return (.infinity, .infinity) }
        return (lastSunday(year, 3), lastSunday(year, year >= 1996 ? 10 : 9))
    }

    /// 01:00 UTC on the month's last Sunday, as seconds since 1970.
    private static func lastSunday(_ year: Int, _ month: Int) -> Double {
        let last = CalendarDay(year: year, month: month, day: CalendarDay.length(ofMonth: month, in: year)).daysSince1970
        // 1 January 1970 was a Thursday: day 3 was the first Sunday.
        let sunday = last - ((last - 3) % 7 + 7) % 7
        return Double(sunday) * 86_400 + 3_600
    }
}

/// A day of the Gregorian calendar and its number, counted from 1 January 1970.
struct CalendarDay: Hashable {
    let year: Int
    let month: Int
    let day: Int

    init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    /// Years are counted from March, so that the leap day is the last of them.
    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    var exists: Bool { (1...12).contains(month) && day >= 1 && day <= Self.length(ofMonth: month, in: year) }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
