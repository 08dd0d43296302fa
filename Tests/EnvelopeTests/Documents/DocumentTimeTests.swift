import Envelope
import Foundation
import Testing

struct TimeCase: CustomTestStringConvertible, Sendable {
    let text: String
    let seconds: Double
    var precision = DocumentTime.Precision.second
    var isWellFormed = true
    var testDescription: String { text }
}

@Suite("Times in documents")
struct DocumentTimeTests {
    @Test(
        "a time is read in every form that peers send",
        arguments: [
            TimeCase(text: "2018-01-19T09:40:47Z", seconds: 1_516_354_847),
            TimeCase(text: "2018-01-19T09:40:47+01:00", seconds: 1_516_351_247),
            TimeCase(text: "2018-01-19T09:40:47", seconds: 1_516_351_247),
            TimeCase(text: "2018-07-19T09:40:47", seconds: 1_531_986_047),
            TimeCase(text: "2019-01-16T22:51:35.5317672+01:00", seconds: 1_547_675_495.5317672),
            TimeCase(text: "2019-01-16T22:51:35.5-02:30", seconds: 1_547_688_095.5),
            TimeCase(text: "2025-05-13T11:56:21.7607390Z", seconds: 1_747_137_381.760739),
            TimeCase(text: "2018-01-19", seconds: 1_516_316_400, precision: .day),
            TimeCase(text: "2018-07", seconds: 1_530_396_000, precision: .month),
            TimeCase(text: "2018", seconds: 1_514_761_200, precision: .year),
            TimeCase(text: "09:40:47", seconds: 31_247, precision: .timeOfDay),
            TimeCase(text: "1991-12-4", seconds: 691_801_200, precision: .day, isWellFormed: false),
            TimeCase(text: "2018-01-19 09:40:47Z", seconds: 1_516_354_847, isWellFormed: false),
            TimeCase(text: "2018-01-19T09:40Z", seconds: 1_516_354_800, isWellFormed: false),
            TimeCase(text: "2018-01-19T09:40:47+0100", seconds: 1_516_351_247, isWellFormed: false),
            TimeCase(text: "2016-12-31T23:59:60Z", seconds: 1_483_228_800, isWellFormed: false),
            TimeCase(text: "1969-12-31T23:59:59Z", seconds: -1),
        ])
    func read(time: TimeCase) throws {
        let read = try #require(DocumentTime(time.text))
        #expect(abs(read.date.timeIntervalSince1970 - time.seconds) < 0.000_01)
        #expect(read.precision == time.precision)
        #expect(read.isWellFormed == time.isWellFormed)
        #expect(read.text == time.text)
    }

    @Test(
        "what is no time is not read as one",
        arguments: [
            "", "i går", "2018-02-29", "2018-13-01", "2018-00-10", "2018-01-32", "2018-01-00", "0000-01-01", "18-01-19",
            "2018-01-19T", "2018-01-19T25:00:00", "2018-01-19T24:00:01", "2018-01-19T09:60:00", "2018-01-19T09:40:61",
            "2018-01-19T09:40:47.", "2018-01-19T09:40:47+1", "2018-01-19T09:40:47+15:00", "2018-01-19T09:40:47ZZ",
            "2018-01-19Tnå", "20180119", "9:40", "2018-01-19T09:40:47Z ", "-2018-01-19",
        ])
    func refuse(text: String) { #expect(DocumentTime(text) == nil) }

    @Test(
        "Norwegian local time changes in the right hour",
        arguments: [
            ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"), ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
            ("2026-10-25T01:59:59", "2026-10-24T23:59:59Z"), ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"), ("1985-09-28T12:00:00", "1985-09-28T10:00:00Z"),
            ("1985-10-10T12:00:00", "1985-10-10T11:00:00Z"), ("1975-07-01T12:00:00", "1975-07-01T11:00:00Z"),
        ])
    func summerTime(local: String, utc: String) {
        #expect(DocumentTime(local)?.date == DocumentTime(utc)?.date)
    }

    @Test(
        "a written time has its offset and reads back as the same instant",
        arguments: [
            (1_780_272_000.9, "2026-06-01T02:00:00+02:00"), (1_767_225_599, "2026-01-01T00:59:59+01:00"),
            (1_793_062_799, "2026-10-27T01:59:59+01:00"), (1_792_886_399, "2026-10-25T01:59:59+02:00"),
            (1_792_889_999, "2026-10-25T02:59:59+02:00"), (1_792_890_000, "2026-10-25T02:00:00+01:00"),
        ])
    func written(seconds: Double, text: String) throws {
        let time = DocumentTime(Date(timeIntervalSince1970: seconds))
        #expect(time.text == text)
        #expect(time.date.timeIntervalSince1970 == seconds.rounded(.down))
        #expect(DocumentTime(text)?.date == time.date)
        #expect(time.hasZone && time.isWellFormed)
    }

    @Test(
        "a day that does not exist cannot be made",
        arguments: [(2026, 2, 29), (2026, 0, 1), (2026, 1, 0), (0, 1, 1), (10_000, 1, 1)])
    func noSuchDay(year: Int, month: Int, day: Int) { #expect(DocumentTime(year: year, month: month, day: day) == nil) }
}
