public import Foundation

/// Which days are worked in Norway, and when so many of them have passed. A value: the same answer every time, everywhere.
///
/// Not worked: Saturdays, Sundays, 1 January, Maundy Thursday, Good Friday, Easter Sunday and Monday, 1 and 17 May, Ascension
/// Day, Whit Sunday and Monday, 25 and 26 December (lov om helligdager og helligdagsfred § 2, lov om 1. og 17. mai), and what
/// the settings add.
public struct WorkingCalendar: Sendable, Hashable {
    /// A day that is not worked here although the law does not say so.
    public enum DayOff: Sendable, Hashable {
        case yearly(month: Int, day: Int)
        case once(CivilDay)

        /// Reads `12-24` or `2026-05-15`; nil when it is neither, or no such day exists.
        public init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            let isPadded = parts.dropLast(2).allSatisfy { $0.count == 4 } && parts.suffix(2).allSatisfy { $0.count == 2 }
            let numbers = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
            guard isPadded, numbers.count == parts.count else { return nil }
            switch numbers.count {
            // A leap year, so that 29 February can be named.
            case 2 where CivilDay(2000, numbers[0], numbers[1]) != nil: self = .yearly(month: numbers[0], day: numbers[1])
            case 3:
                guard let day = CivilDay(numbers[0], numbers[1], numbers[2]) else { return nil }
                self = .once(day)
            default: return nil
            }
        }
    }

    /// Hours of the wall clock in Oslo at which a working day begins and ends.
    public static let opens = 8
    public let closes: Int
    public let daysOff: Set<DayOff>

    public init(daysOff: Set<DayOff> = [], closes: Int = 16) { (self.daysOff, self.closes) = (daysOff, closes) }

    public func isWorkingDay(_ day: CivilDay) -> Bool {
        let weekday = day.weekday
        if weekday == .saturday || weekday == .sunday { return false }
        // Asked for some thirty days of each message that comes or moves.
        let parts = day.parts
        if Self.isPublicHoliday(day, parts) { return false }
        if daysOff.isEmpty { return true }
        return !daysOff.contains(.once(day)) && !daysOff.contains(.yearly(month: parts.month, day: parts.day))
    }

    public static func isPublicHoliday(_ day: CivilDay) -> Bool { isPublicHoliday(day, day.parts) }

    private static func isPublicHoliday(_ day: CivilDay, _ parts: (year: Int, month: Int, day: Int)) -> Bool {
        switch (parts.month, parts.day) {
        case (1, 1), (5, 1), (5, 17), (12, 25), (12, 26): return true
        // Easter Sunday lies between 22 March and 25 April, what goes by it between 19 March and 14 June.
        case (3...6, _):
            switch day.number - CivilDay.easter(of: parts.year).number {
            // Maundy Thursday, Good Friday, Easter, Easter Monday, Ascension, Whit Sunday, Whit Monday.
            case -3, -2, 0, 1, 39, 49, 50: return true
            default: return false
            }
        default: return false
        }
    }

    /// The `count`th working day after `day`, which does not count itself; with 0 the day itself, or the next that is worked.
    public func workingDay(_ count: Int, after day: CivilDay) -> CivilDay {
        count > 0 ? step(from: day, by: 1, count) : (isWorkingDay(day) ? day : step(from: day, by: 1, 1))
    }

    /// The `count`th working day before `day`; with 0 the day itself, or the last that was worked.
    public func workingDay(_ count: Int, before day: CivilDay) -> CivilDay {
        count > 0 ? step(from: day, by: -1, count) : (isWorkingDay(day) ? day : step(from: day, by: -1, 1))
    }

    /// When `count` working days after `time` have passed: the end of the last of them.
    public func end(ofWorkingDay count: Int, after time: Date) -> Date {
        OsloTime.time(workingDay(count, after: OsloTime.day(of: time)), hour: closes)
    }

    /// The morning of the `count`th working day before the one on which `time` lies; with 0 the morning of that day.
    public func start(ofWorkingDay count: Int, before time: Date) -> Date {
        OsloTime.time(workingDay(count, before: OsloTime.day(of: time)), hour: Self.opens)
    }

    /// Whether people are at work then.
    public func isWorkingTime(_ time: Date) -> Bool {
        let day = OsloTime.day(of: time)
        return isWorkingDay(day) && time >= OsloTime.time(day, hour: Self.opens) && time < OsloTime.time(day, hour: closes)
    }

    private func step(from day: CivilDay, by direction: Int, _ count: Int) -> CivilDay {
        var (day, left, idle) = (day, count, 0)
        // Settings that leave no day to work must not make this endless: after a year of none, every day counts.
        while left > 0 {
            day = day + direction
            idle += 1
            if isWorkingDay(day) || idle > 366 { (left, idle) = (left - 1, 0) }
        }
        return day
    }
}
