import Foundation
import TestSupport
import Testing

@testable import Envelope

@Suite("Henvisning 1.1: what others wrote")
struct HenvisningSampleTests {
    static let names = [
        "samples/henvisning_v1.1_n.xml", "samples/Henvisning_v1-1_Eksempel_Fastlege_Ny.xml",
        "templates/own-henvisning-bup-1.1.xml",
    ]

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: try #require(Repository.shared("standards/\(name)"))))
    }

    @Test(
        "is read whole: written again it is valid and says the same",
        .enabled(if: Schema.all != nil, "the folder of standards is not there"), arguments: names)
    func roundTrip(name: String) throws {
        let original = try bytes(name)
        let henvisning = try Henvisning(parsing: original)
        #expect(henvisning.deviations == [])
        let written = try henvisning.encoded()
        #expect(try Schema.complaint(about: written) == nil)
        #expect(try Meaning.lines(written) == Meaning.lines(original))
        #expect(try Henvisning(parsing: written) == henvisning)
    }

    @Test(
        "names its parties, its ids and its patient", .enabled(if: Schema.all != nil, "the folder of standards is not there"))
    func summary() throws {
        let summary = try Henvisning(parsing: bytes(Self.names[1])).summary
        #expect(summary.messageID == "d2912270-c5dd-11e6-9598-0800200c9a66")
        #expect(summary.documentID == "313fd9f0-a343-11e1-b3dd-0800200c9a66")
        #expect(summary.sender.communicationHERID == "258521")
        #expect(summary.sender.organisation.herID == "56704")
        #expect(summary.receiver.communicationHERID == "90998")
        #expect(summary.generated.text == "2012-05-21T12:32:02")
        #expect(summary.processingStatus == .debugging)
        #expect(summary.patient?.identifiers.nationalIdentity?.value == "13116900216")
    }

    @Test("the referral of the demo is read without a remark, attachments and all")
    func demo() throws {
        let file = Repository.root.appending(path: "samples/flow1/henvisning.xml")
        let original = [UInt8](try Data(contentsOf: file))
        let henvisning = try Henvisning(parsing: original)
        #expect(henvisning.deviations == [])
        #expect(try Meaning.lines(henvisning.encoded()) == Meaning.lines(original))
    }
}
