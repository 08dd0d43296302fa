import Foundation
public import Practice

/// When doors are manned: working days from 08:00 to `deadlines.workdayEndsHour` in Oslo.
public struct WorkingHours: DoorHours {
    private let calendar: WorkingCalendar

    public init(_ calendar: WorkingCalendar) { self.calendar = calendar }

    public func day(of time: Date) -> DoorDay { DoorDay(inOsloAt: time) }

    public func time(after workingSeconds: TimeInterval, from time: Date) -> Date {
        var (day, left, from, idle) = (OsloTime.day(of: time), max(0, workingSeconds), time, 0)
        while true {
            // Settings that leave no day to work must not make this endless: after a year of none, every day counts.
            if calendar.isWorkingDay(day) || idle > 366 {
                idle = 0
                let opens = max(from, OsloTime.time(day, hour: WorkingCalendar.opens))
                let open = OsloTime.time(day, hour: calendar.closes).timeIntervalSince(opens)
                if open > 0, left <= open { return opens + left }
                left -= max(0, open)
            } else {
                idle += 1
            }
            day = day + 1
            from = .distantPast
        }
    }
}
