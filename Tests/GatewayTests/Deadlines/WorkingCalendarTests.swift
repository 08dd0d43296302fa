import Foundation
import Gateway
import Testing

@Suite("The Norwegian working calendar")
struct WorkingCalendarTests {
    private static func day(_ text: String) throws -> CivilDay {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return try #require(CivilDay(parts[0], parts[1], parts[2]))
    }

    /// Easter Sundays as published; with the earliest and the latest that there can be.
    @Test(
        "Easter falls on the day that the almanac says",
        arguments: [
            "1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27",
            "2019-04-21", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01",
            "2030-04-21", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22",
        ])
    func easter(text: String) throws {
        let day = try Self.day(text)
        #expect(CivilDay.easter(of: day.year) == day)
    }

    @Test("Easter is a Sunday from 22 March to 25 April, in every year")
    func easterRange() throws {
        for year in 1583...4099 {
            let easter = CivilDay.easter(of: year)
            #expect(easter.weekday == .sunday && easter.year == year)
            #expect(easter >= CivilDay(year, 3, 22) ?? easter && easter <= CivilDay(year, 4, 25) ?? easter)
        }
    }

    /// All the public holidays of a year that do not fall on a weekend, as the almanac has them.
    @Test(
        "the public holidays of a year are these and no others",
        arguments: [
            (2024, "01-01 03-28 03-29 04-01 05-01 05-09 05-17 05-20 12-25 12-26"),
            (2025, "01-01 04-17 04-18 04-21 05-01 05-29 06-09 12-25 12-26"),
            (2026, "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-25"),
            // 17 May and Whit Monday are one day.
            (2027, "01-01 03-25 03-26 03-29 05-06 05-17"),
            (2028, "04-13 04-14 04-17 05-01 05-17 05-25 06-05 12-25 12-26"),
            // 1 May and Ascension Day are one day.
            (2008, "01-01 03-20 03-21 03-24 05-01 05-12 12-25 12-26"),
        ])
    func holidays(year: Int, expected: String) throws {
        let first = try #require(CivilDay(year, 1, 1))
        let found = (0..<366).map { first + $0 }.filter {
            $0.year == year && WorkingCalendar.isPublicHoliday($0) && $0.weekday != .saturday && $0.weekday != .sunday
        }
        #expect(found.map { String($0.description.dropFirst(5)) }.joined(separator: " ") == expected)
    }

    @Test(
        "so many working days after a time have passed at the end of that working day in Oslo",
        arguments: [
            // Over an ordinary weekend. Summer time: 16:00 is 14:00 UTC.
            ("2026-09-01T10:00:00Z", 10, "2026-09-15T14:00:00Z"),
            // Over Easter 2026: five days off in a row.
            ("2026-03-27T09:00:00Z", 10, "2026-04-15T14:00:00Z"),
            // Over Christmas and New Year.
            ("2026-12-21T09:00:00Z", 10, "2027-01-06T15:00:00Z"),
            // 1 May, Ascension, 17 May and Whit Monday on the way.
            ("2026-04-30T09:00:00Z", 10, "2026-05-18T14:00:00Z"),
            // Received on a Saturday: Monday is the first day.
            ("2026-09-05T10:00:00Z", 1, "2026-09-07T14:00:00Z"),
            // 23:30 UTC is the next day in Oslo.
            ("2026-09-01T22:30:00Z", 1, "2026-09-03T14:00:00Z"),
            ("2026-01-01T23:30:00Z", 1, "2026-01-05T15:00:00Z"),
            // The clock changes on the way, in both directions.
            ("2026-03-26T09:00:00Z", 2, "2026-03-30T14:00:00Z"), ("2026-10-22T09:00:00Z", 2, "2026-10-26T15:00:00Z"),
            // A leap day is a working day.
            ("2028-02-28T09:00:00Z", 1, "2028-02-29T15:00:00Z"),
        ])
    func ends(start: String, count: Int, end: String) throws {
        let start = try Date(start, strategy: .iso8601)
        #expect(WorkingCalendar().end(ofWorkingDay: count, after: start) == (try Date(end, strategy: .iso8601)))
    }

    @Test("days that the settings add are not worked")
    func daysOff() throws {
        let calendar = WorkingCalendar(
            daysOff: [
                try #require(WorkingCalendar.DayOff("12-24")), try #require(WorkingCalendar.DayOff("12-31")),
                try #require(WorkingCalendar.DayOff("2026-05-15")),
            ], closes: 15)
        #expect(try !calendar.isWorkingDay(Self.day("2026-12-24")) && !calendar.isWorkingDay(Self.day("2031-12-31")))
        #expect(try !calendar.isWorkingDay(Self.day("2026-05-15")) && calendar.isWorkingDay(Self.day("2028-05-15")))
        let start = try Date("2026-12-21T09:00:00Z", strategy: .iso8601)
        #expect(calendar.end(ofWorkingDay: 10, after: start) == (try Date("2027-01-08T14:00:00Z", strategy: .iso8601)))
    }

    @Test(
        "what is no day is not read as one",
        arguments: ["", "12", "24-12", "1-1", "2026-02-29", "2026-13-01", "2026-1-01", "12-24-", "-12-24", "+2-24", "26-12-24"])
    func noDay(text: String) { #expect(WorkingCalendar.DayOff(text) == nil) }

    @Test("the day of a number and the number of a day are each other's inverse, over four centuries")
    func inverse() throws {
        var weekday = CivilDay.Weekday.thursday.rawValue
        for number in 0..<146_097 {
            let day = CivilDay(number: number)
            #expect(CivilDay(day.year, day.month, day.day) == day)
            #expect(day.weekday.rawValue == weekday)
            weekday = (weekday + 1) % 7
        }
        for text in ["0001-01-01", "1600-02-29", "1969-12-31", "9999-12-31"] { #expect(try Self.day(text).description == text) }
        #expect(CivilDay(1900, 2, 29) == nil && CivilDay(2000, 2, 29) != nil && CivilDay(2026, 4, 31) == nil)
    }

    @Test("the wall clock in Oslo is that of the system's time zone database, at every change since 1996")
    func wallClock() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Oslo"))
        let (first, last) = (820_454_400, 2_145_916_800)
        for seconds in stride(from: first, to: last, by: 1800) {
            let time = Date(timeIntervalSince1970: TimeInterval(seconds))
            let (own, system) = (OsloTime.offset(at: time), zone.secondsFromGMT(for: time))
            if own != system { Issue.record("\(time): \(own), not \(system)") }
        }
    }

    @Test("a time of the wall clock is found again, also in the hour that comes twice")
    func wallTimes() throws {
        for text in ["2026-03-29", "2026-10-25", "2026-06-01", "2026-12-01"] {
            let day = try Self.day(text)
            for hour in 0..<24 {
                let time = OsloTime.time(day, hour: hour)
                #expect(OsloTime.day(of: time) == day)
                let shown = OsloTime.text(time)
                let skipped = text == "2026-03-29" && hour == 2
                #expect(shown == "\(text) \(hour < 10 ? "0" : "")\(skipped ? 3 : hour):00")
            }
        }
        // Of the two, the first: a deadline ends rather too early.
        #expect(OsloTime.time(try Self.day("2026-10-25"), hour: 2) == (try Date("2026-10-25T00:00:00Z", strategy: .iso8601)))
    }

    @Test("from any minute of ten years: the end lies on the right working day, and later starts never end earlier")
    func properties() throws {
        let calendar = WorkingCalendar(daysOff: [try #require(WorkingCalendar.DayOff("12-24"))])
        var (last, random) = (Date.distantPast, UInt64(20_260_517))
        var time = try Date("2024-01-01T00:00:00Z", strategy: .iso8601)
        while time < (try Date("2034-01-01T00:00:00Z", strategy: .iso8601)) {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let end = calendar.end(ofWorkingDay: 10, after: time)
            let (from, until) = (OsloTime.day(of: time), OsloTime.day(of: end))
            let worked = (from.number + 1...until.number).count { calendar.isWorkingDay(CivilDay(number: $0)) }
            #expect(worked == 10 && calendar.isWorkingDay(until) && end >= last)
            #expect(OsloTime.text(end).hasSuffix(" 16:00"))
            #expect(calendar.workingDay(10, before: until) <= calendar.workingDay(0, before: from))
            last = end
            time += TimeInterval(random >> 33).truncatingRemainder(dividingBy: 80_000) + 60
        }
    }

    @Test("a calendar without a day to work still ends")
    func noWork() throws {
        let all = try (1...12).flatMap { month in
            try (1...31).compactMap { day in
                CivilDay(2000, month, day) == nil
                    ? nil : try #require(WorkingCalendar.DayOff("\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"))
            }
        }
        let end = WorkingCalendar(daysOff: Set(all)).end(
            ofWorkingDay: 3, after: try Date("2026-01-01T00:00:00Z", strategy: .iso8601))
        #expect(end < .distantFuture)
    }
}
