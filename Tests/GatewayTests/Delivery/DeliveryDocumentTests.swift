import Envelope
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("docs/DELIVERY.md")
struct DeliveryDocumentTests {
    private func text() throws -> String {
        try String(contentsOf: Repository.root.appending(path: "docs/DELIVERY.md"), encoding: .utf8)
    }

    private func section(_ name: String) throws -> String {
        let text = try text()
        let start = try #require(text.firstRange(of: "<!-- \(name) -->\n"))
        let end = try #require(text.firstRange(of: "<!-- /\(name) -->"))
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test("has the errors as they are")
    func errors() throws {
        var table = "| code | means | class | of the destination |\n| --- | --- | --- | --- |\n"
        for code in DeliveryError.Code.allCases {
            let (kind, shows, text) = code.meaning
            table += "| `\(code.rawValue)` | \(text) | \(kind.rawValue) | \(shows.rawValue) |\n"
        }
        #expect(try section("errors") == table, "put this into docs/DELIVERY.md:\n\(table)")
    }

    @Test("has the codes of a MessageError as they are")
    func codes() throws {
        var table = "| code | class |\n| --- | --- |\n"
        for code in EbXMLErrorCode.allCases {
            table += "| `\(code.rawValue)` | \(DeliveryError.code(code).meaning.class.rawValue) |\n"
        }
        table += "| any other | \(DeliveryError.code(nil as EbXMLErrorCode?).meaning.class.rawValue) |\n"
        #expect(try section("codes") == table, "put this into docs/DELIVERY.md:\n\(table)")
    }

    @Test("has the waits as they are")
    func waits() throws {
        let waits = (1...9).map { "\(RetrySchedule().delay(afterAttempt: $0).components.seconds) s" }
        #expect(try text().contains("| wait at most | \(waits.joined(separator: " | ")) |"))
        #expect(RetrySchedule().delay(afterAttempt: 1000) == .seconds(3600))
    }
}
