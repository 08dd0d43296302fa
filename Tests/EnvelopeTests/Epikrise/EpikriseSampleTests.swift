import Foundation
import TestSupport
import Testing

@testable import Envelope

@Suite("Epikrise 1.2: what others wrote", .enabled(if: Schema.all != nil, "the folder of standards is not there"))
struct EpikriseSampleTests {
    private func sample() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: try #require(Repository.shared("standards/samples/epikrise_v1.2_n.xml"))))
    }

    @Test("is read whole: written again it is valid and says the same")
    func roundTrip() throws {
        let original = try sample()
        let epikrise = try Epikrise(parsing: original)
        #expect(epikrise.deviations == [])
        let written = try epikrise.encoded()
        #expect(try Schema.complaint(about: written) == nil)
        #expect(try Meaning.lines(written) == Meaning.lines(original))
        #expect(try Epikrise(parsing: written) == epikrise)
    }

    @Test("shows its XHTML as text, tables as rows")
    func plainText() throws {
        let event = try #require(try Epikrise(parsing: sample()).servRprt.event.first)
        let texts = event.infItem.compactMap { item -> String? in
            guard case .observation(let observation) = item.kind else { return nil }
            return observation.description?.plainText
        }
        #expect(texts.first == "Sulfa (exanthem 1999)")
        #expect(texts[1].contains("\nleukocytter\t8.2\t\t6.1\t6.9\t"))
        #expect(event.comment[1].textResultValue?.plainText.contains("\n") == true)
    }
}
