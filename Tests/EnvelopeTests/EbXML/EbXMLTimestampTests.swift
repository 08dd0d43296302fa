import Envelope
import Foundation
import Testing

@Suite("ebMS 2.0 §3.1.6 times")
struct EbXMLTimestampTests {
    @Test(
        "every spelling of one instant is read",
        arguments: [
            ("2023-08-29T10:56:50Z", 0.0, true), ("2023-08-29T10:56:50.3069479Z", 0.306_947_9, true),
            ("2023-08-29T12:56:50+02:00", 0, true),
            ("2023-08-29T10:56:50.000", 0, false), ("2023-08-29T05:26:50.5-05:30", 0.5, true),
        ])
    func read(text: String, fraction: Double, hasZone: Bool) throws {
        let time = try EbXMLTimestamp(parsing: text)
        #expect(abs(time.date.timeIntervalSince1970 - 1_693_306_610 - fraction) < 0.000_001)
        #expect(time.hasZone == hasZone)
        #expect(time.text == text)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2023-02-30T10:00:00Z", "2023-08-29T24:00:00Z", "2023-08-29T10:59:60Z", "2023-13-01T10:00:00Z", "2023-08-29",
            "2023-08-29T10:00Z", "2023-08-29 10:00:00Z", "2023-08-29T10:00:00.Z", "2023-08-29T10:00:00+1",
            "2023-08-29T10:00:00+15:00",
            "2023-08-29T10:00:00ZZ", "tomorrow", "٢٠٢٣-08-29T10:00:00Z", "0000-01-01T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) { try EbXMLTimestamp(parsing: text) }
    }

    @Test("written in UTC with milliseconds, and read back", arguments: [0.0, 1_693_306_610.9999, 1_780_272_000, 951_827_696.25])
    func written(seconds: Double) throws {
        let time = EbXMLTimestamp(Date(timeIntervalSince1970: seconds))
        #expect(time.text.hasSuffix("Z") && time.text.utf8.count == 24)
        guard seconds > 0 else { return }
        #expect(try EbXMLTimestamp(parsing: time.text).text == time.text)
        #expect(abs(try EbXMLTimestamp(parsing: time.text).date.timeIntervalSince(time.date)) < 0.000_01)
        #expect(time.date.timeIntervalSince1970 <= seconds && time.date.timeIntervalSince1970 > seconds - 0.001_1)
    }

    @Test("a message is expired at the stated instant, not before", arguments: [(-1.0, false), (0, true), (1, true)])
    func expiry(offset: Double, expired: Bool) {
        let stated = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(EbXMLExample.header(timeToLive: stated).isExpired(at: stated + offset) == expired)
        #expect(!EbXMLExample.header().isExpired(at: .distantFuture))
    }
}
