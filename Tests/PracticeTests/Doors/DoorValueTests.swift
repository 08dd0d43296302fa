import Foundation
import Practice
import Testing

@Suite("HER-ids, days and what JSON may be")
struct DoorValueTests {
    @Test(
        "a HER-id is 1 to 10 digits without a leading zero",
        arguments: ["", "0", "01", "12345678901", "12a", "-1", " 1", "1２", "+5"])
    func noHERID(text: String) {
        #expect(DoorID(text) == nil)
    }

    @Test("a HER-id reads and writes the same", arguments: ["1", "80000203", "9999999999"])
    func herID(text: String) {
        #expect(DoorID(text)?.description == text)
    }

    @Test(
        "what is no day is refused",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-32", "2026/01/01", ""])
    func noDay(text: String) {
        #expect(DoorDay(text) == nil)
    }

    @Test("days agree with the calendar of the machine over four centuries")
    func days() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for number in stride(from: Int32(-80_000), through: 70_000, by: 13) {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: TimeInterval(number) * 86_400))
            let day = try #require(DoorDay(parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            #expect(day.number == number)
            #expect(DoorDay(day.description) == day)
        }
    }

    @Test("a period holds its first and its last day and nothing around them")
    func period() throws {
        let period = DoorPeriod(from: DoorDay("2026-01-01"), to: DoorDay("2026-12-31"))
        let days = ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"].compactMap { DoorDay($0) }
        #expect(days.map(period.contains) == [false, true, true, false])
        #expect(days.map(period.isOver) == [false, false, false, true])
    }

    @Test("every beginning of a document that is not the whole is refused as cut off")
    func truncated() throws {
        let json = Array(#"{"a": [1, -2.5e3, true, null, "å\u00e6\ud83d\ude00\n"], "b": {"c": false}}"#.utf8)
        #expect(throws: Never.self) { try RegistryNode(json: json) }
        for length in 0..<json.count {
            #expect(throws: DoorError(.truncated, at: "", ""), "\(length)") { try RegistryNode(json: Array(json[..<length])) }
        }
    }

    @Test(
        "JSON that two readers could read in two ways is refused",
        arguments: [
            (#"{"a":1,"a":2}"#, DoorError.Code.duplicateKey), (#"{"a":1,"\u0061":2}"#, .duplicateKey), ("{} {}", .notJSON),
            ("[1,]", .notJSON),
            ("[01]", .notJSON), ("{'a':1}", .notJSON), (#"["\ud800x"]"#, .notJSON), ("[1] // x", .notJSON), ("[NaN]", .notJSON),
            ("[\"\u{1}\"]", .notJSON), (String(repeating: "[", count: 70) + "1", .tooDeep), (#"["\u+123"]"#, .notJSON),
            ("[.5]", .notJSON),
        ])
    func ambiguous(text: String, code: DoorError.Code) {
        #expect(throws: DoorError(code, at: "", "")) { try RegistryNode(json: Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: DoorError(.notJSON, at: "", "")) { try RegistryNode(json: [0x5B, 0x22, 0xC3, 0x28, 0x22, 0x5D]) }
    }

    @Test("what is written reads as the same value")
    func writing() throws {
        let node = RegistryNode.object([
            .init("tekst", .text("«å»\n\t\"\\\u{1F600}")), .init("tom", .object([])),
            .init("liste", .list([.number("1"), .null, .flag(true)])),
        ])
        #expect(try RegistryNode(json: node.json()) == node)
    }
}
