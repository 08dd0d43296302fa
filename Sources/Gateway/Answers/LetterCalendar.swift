public import Foundation
public import Practice

extension ComplaintCalendar {
    /// The days that are worked in Norway.
    public static let standard = ComplaintCalendar(WorkingCalendar())

    public init(_ calendar: WorkingCalendar) {
        self.init { day in CivilDay(day.year, day.month, day.day).map(calendar.isWorkingDay) ?? false }
    }
}

extension LetterDay {
    /// The day that it is in Norway; nil beyond the years that a letter can name.
    public init?(_ time: Date) {
        let day = OsloTime.day(of: time)
        self.init(day.year, day.month, day.day)
    }
}
