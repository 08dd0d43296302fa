import Foundation

/// The clock on the wall in Norway: UTC+1, and UTC+2 from the last Sunday of March to the last Sunday of October, both at
/// 01:00 UTC.
///
/// The rule is written here and not looked up on the machine: a container without a time zone database would otherwise have
/// other deadlines. A test compares it with that database. It holds since 1996.
public enum OsloTime {
    /// Seconds that the wall clock is ahead of UTC.
    public static func offset(at time: Date) -> Int {
        let day = CivilDay(number: floorDays(time.timeIntervalSince1970)).parts
        switch day.month {
        case 3: return time < change(.march, of: day.year) ? 3600 : 7200
        case 4...9: return 7200
        case 10: return time < change(.october, of: day.year) ? 7200 : 3600
        default: return 3600
        }
    }

    public static func day(of time: Date) -> CivilDay {
        CivilDay(number: floorDays(time.timeIntervalSince1970 + TimeInterval(offset(at: time))))
    }

    /// When the wall clock shows `hour`:`minute` on that day. Of an hour that comes twice the first; of one that never comes the
    /// time after it.
    public static func time(_ day: CivilDay, hour: Int, minute: Int = 0) -> Date {
        let wall = Date(timeIntervalSince1970: TimeInterval(day.number * 86_400 + hour * 3600 + minute * 60))
        let summer = wall - 7200
        return offset(at: summer) == 7200 ? summer : wall - 3600
    }

    private enum Month: Int { case march = 3, october = 10 }

    private static func change(_ month: Month, of year: Int) -> Date {
        // Both months have 31 days, in every year.
        guard let last = CivilDay(year, month.rawValue, 31) else { return .distantFuture }
        let sunday = last - (last.weekday.rawValue + 1) % 7
        return Date(timeIntervalSince1970: TimeInterval(sunday.number * 86_400 + 3600))
    }

    private static func floorDays(_ seconds: TimeInterval) -> Int {
        // Beyond what a calendar is asked for; a clock that is set to nonsense must not stop the node.
        Int((min(max(seconds, -62_135_596_800), 253_402_300_799) / 86_400).rounded(.down))
    }
}
