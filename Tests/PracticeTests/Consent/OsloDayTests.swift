import Foundation
import Testing

@testable import Practice

@Suite("Days in Oslo and the ages 12, 16 and 18")
struct OsloDayTests {
    private func instant(_ text: String) throws -> Date {
        try #require(ISO8601DateFormatter().date(from: text), "\(text)")
    }

    @Test(
        "a day begins at midnight in Oslo, summer and winter",
        arguments: [
            ("2026-01-01T22:59:59Z", "2026-01-01"), ("2026-01-01T23:00:00Z", "2026-01-02"),
            ("2026-07-01T21:59:59Z", "2026-07-01"), ("2026-07-01T22:00:00Z", "2026-07-02"),
            // Summer time of 2026: from 29 March 01:00 UTC to 25 October 01:00 UTC.
            ("2026-03-28T23:00:00Z", "2026-03-29"), ("2026-03-29T21:59:59Z", "2026-03-29"),
            ("2026-03-29T22:00:00Z", "2026-03-30"), ("2026-10-24T22:00:00Z", "2026-10-25"),
            ("2026-10-25T22:59:59Z", "2026-10-25"), ("2026-10-25T23:00:00Z", "2026-10-26"),
            ("1969-12-31T22:30:00Z", "1969-12-31"),
        ])
    func dayAt(text: String, day: String) throws {
        #expect(OsloDay(at: try instant(text)).description == day)
    }

    @Test("the start of a day is that day, and a second before it is the day before, for 60 years")
    func startIsExact() {
        let wrong = (9500..<31_500).filter { days in
            let day = OsloDay(daysSince1970: days)
            return day.daysSince1970 != days || OsloDay(at: day.start) != day
                || OsloDay(at: day.start.addingTimeInterval(-1)) != OsloDay(daysSince1970: days - 1)
        }
        #expect(wrong == [])
    }

    @Test(
        "days that do not exist are refused",
        arguments: [
            "2027-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-04-30", "2026/04/30", "", "2026-4-3", "२०२६-04-03",
        ])
    func refusesNoDay(text: String) { #expect(OsloDay(text) == nil) }

    @Test(
        "who decides changes at midnight in Oslo at the beginning of the birthday",
        arguments: [
            ("2010-11-22", "2026-11-21T22:59:59Z", AgeRules.Capacity.guardiansDecideChildHeard),
            ("2010-11-22", "2026-11-21T23:00:00Z", .youngPersonDecides),
            ("2010-06-15", "2026-06-14T21:59:59Z", .guardiansDecideChildHeard),
            ("2010-06-15", "2026-06-14T22:00:00Z", .youngPersonDecides),
            ("2014-11-22", "2026-11-21T22:59:59Z", .guardiansDecide),
            ("2014-11-22", "2026-11-21T23:00:00Z", .guardiansDecideChildHeard),
            ("2008-11-22", "2026-11-21T22:59:59Z", .youngPersonDecides), ("2008-11-22", "2026-11-21T23:00:00Z", .adult),
            // The night summer time begins and ends.
            ("2010-03-29", "2026-03-28T22:59:59Z", .guardiansDecideChildHeard),
            ("2010-03-29", "2026-03-28T23:00:00Z", .youngPersonDecides),
            ("2010-10-25", "2026-10-24T21:59:59Z", .guardiansDecideChildHeard),
            ("2010-10-25", "2026-10-24T22:00:00Z", .youngPersonDecides),
            ("2026-12-01", "2026-11-22T12:00:00Z", .guardiansDecide),
        ])
    func capacity(born: String, at: String, expected: AgeRules.Capacity) throws {
        let born = try #require(OsloDay(born))
        #expect(AgeRules.standard.capacity(born: born, at: try instant(at)) == expected)
    }

    @Test("born on 29 February: 12 and 16 fall on that day, 18 on 1 March, 16 in the year 2100 on 1 March")
    func leapDay() throws {
        let ages = AgeRules.standard
        let born = try #require(OsloDay("2012-02-29"))
        #expect(ages.birthday(12, born: born).description == "2024-02-29")
        #expect(ages.birthday(16, born: born).description == "2028-02-29")
        #expect(ages.birthday(18, born: born).description == "2030-03-01")
        #expect(ages.age(born: born, on: try #require(OsloDay("2030-02-28"))) == 17)
        #expect(ages.birthday(16, born: try #require(OsloDay("2084-02-29"))).description == "2100-03-01")
    }

    @Test("capacity never goes back as time passes, and changes exactly when it is said to change")
    func capacityIsMonotonous() {
        var seed: UInt64 = 42
        for _ in 0..<400 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let born = OsloDay(daysSince1970: 12_000 + Int(seed >> 33) % 9000)
            var at = born.start
            var seen: [AgeRules.Capacity] = [.guardiansDecide]
            while let next = AgeRules.standard.nextChange(born: born, after: at) {
                #expect(AgeRules.standard.capacity(born: born, at: next.addingTimeInterval(-1)) == seen.last)
                seen.append(AgeRules.standard.capacity(born: born, at: next))
                at = next
            }
            #expect(seen == AgeRules.Capacity.allCases)
        }
    }
}
