import Foundation
import Practice
import Testing

@testable import Gateway

@Suite("The hours of a door")
struct WorkingHoursTests {
    private let hours = WorkingHours(WorkingCalendar())

    private static func time(_ day: (Int, Int, Int), _ hour: Int, _ minute: Int = 0) throws -> Date {
        OsloTime.time(try #require(CivilDay(day.0, day.1, day.2)), hour: hour, minute: minute)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let from: (Int, Int, Int)
        let at: Int
        let hours: Double
        let to: (Int, Int, Int)
        let until: Int
        let testDescription: String
    }

    @Test(
        "count working time in Oslo and nothing else",
        arguments: [
            Case(from: (2026, 6, 1), at: 8, hours: 8, to: (2026, 6, 1), until: 16, testDescription: "a whole day"),
            Case(from: (2026, 6, 1), at: 2, hours: 8, to: (2026, 6, 1), until: 16, testDescription: "from the night before it"),
            Case(from: (2026, 6, 5), at: 15, hours: 2, to: (2026, 6, 8), until: 9, testDescription: "over a weekend"),
            Case(from: (2026, 6, 5), at: 16, hours: 1, to: (2026, 6, 8), until: 9, testDescription: "from closing time"),
            Case(from: (2026, 4, 1), at: 15, hours: 2, to: (2026, 4, 7), until: 9, testDescription: "over Easter"),
            Case(from: (2026, 5, 15), at: 15, hours: 2, to: (2026, 5, 18), until: 9, testDescription: "over 17 May"),
            Case(from: (2026, 3, 27), at: 15, hours: 2, to: (2026, 3, 30), until: 9, testDescription: "into summer time"),
            Case(from: (2026, 6, 6), at: 12, hours: 0, to: (2026, 6, 8), until: 8, testDescription: "none, on a Saturday"),
            Case(from: (2026, 6, 1), at: 12, hours: 0, to: (2026, 6, 1), until: 12, testDescription: "none, at work"),
        ])
    func counted(item: Case) throws {
        let end = hours.time(after: item.hours * 3600, from: try Self.time(item.from, item.at))
        #expect(end == (try Self.time(item.to, item.until)))
    }

    @Test("never end before they begin, and never run backwards")
    func monotonic() throws {
        let start = try Self.time((2026, 12, 23), 7)
        var last = start
        for half in 0..<200 {
            let end = hours.time(after: Double(half) * 1800, from: start)
            #expect(end >= last && end >= start)
            last = end
        }
    }

    @Test("a calendar without a day to work ends all the same")
    func endless() throws {
        var days: Set<WorkingCalendar.DayOff> = []
        for month in 1...12 { for day in 1...31 { days.insert(.yearly(month: month, day: day)) } }
        let start = try Self.time((2026, 6, 1), 8)
        #expect(WorkingHours(WorkingCalendar(daysOff: days)).time(after: 3600, from: start) > start)
    }
}
