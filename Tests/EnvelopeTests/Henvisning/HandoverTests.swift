import Foundation
import TestSupport
import Testing

@testable import Envelope

@Suite("A referral that is handed over says since when it waits") struct HandoverTests {
    private static let first = DocumentTime("2026-05-20T14:02:11+02:00")!  // A constant that parses.

    private let handover = Henvisning.Handover(
        by: "BUP Nord (HER-id 80000401)", reason: "BUP Syd tar imot barn\nfra bydelen.", firstReceived: first, original: "m-1",
        referrer: "80000601")

    private func sample() throws -> Henvisning {
        try Henvisning(parsing: [UInt8](Data(contentsOf: Repository.root.appending(path: "samples/flow1/henvisning.xml"))))
    }

    private func passed(_ referral: Henvisning, _ handover: Henvisning.Handover, id: String = "m-2") throws -> Henvisning {
        let bytes = try referral.handedOver(
            handover, messageID: id, generated: HenvisningExample.generated, from: HenvisningExample.bup,
            to: HenvisningExample.bydel
        ).encoded()
        if Schema.all != nil { #expect(try Schema.complaint(about: bytes) == nil) }
        return try Henvisning(parsing: bytes)
    }

    @Test("what it says is read again, and everything the referrer wrote stays")
    func whole() throws {
        let original = try sample()
        #expect(original.handover == nil && original.summary.firstReceived == nil)
        let read = try passed(original, handover)
        var expected = handover
        expected.reason = "BUP Syd tar imot barn fra bydelen."
        #expect(read.handover == expected && read.deviations.isEmpty)
        #expect(read.summary.firstReceived == Self.first.date)
        #expect(read.summary.conversation == ConversationReference(parent: "m-1", conversation: "m-1"))
        #expect(read.summary.receiver.communicationHERID == HenvisningExample.bydel.communicationHERID)
        #expect(read.summary.documentID == original.servReq.id)
        #expect(read.servReq.patient == original.servReq.patient && read.servReq.issueDate == original.servReq.issueDate)
    }

    @Test("a second hand-over keeps the first receipt and the referrer's own words")
    func twice() throws {
        var original = try sample()
        original.servReq.reqComment = "Ring mor etter kl. 15.\n\nFar ønsker tolk."
        let once = try passed(original, handover)
        var second = try #require(once.handover)
        second.by = "BUP Syd (HER-id 80000402)"
        let twice = try passed(once, second, id: "m-3")
        #expect(twice.handover?.by == second.by && twice.handover?.original == "m-1")
        #expect(twice.servReq.reqComment?.hasSuffix("Ring mor etter kl. 15.\n\nFar ønsker tolk.") == true)
        #expect(twice.servReq.reqComment?.components(separatedBy: "Først mottatt").count == 2)
    }

    @Test(
        "anything less than all the lines is somebody's comment",
        arguments: [
            "Sendt videre fra BUP Nord.", "Først mottatt: 2026-05-20T14:02:11+02:00", "", "Ring mor.",
            "Sendt videre fra X. Fristen for svar løper fra første mottak.\nGrunn: y\nFørst mottatt: i går\nOpprinnelig melding: m\nOpprinnelig henviser: HER-id 1",
            "Sendt videre fra X. Fristen for svar løper fra første mottak.\nGrunn: y\nFørst mottatt: 2026-05-20T14:02:11+02:00\nOpprinnelig melding: \nOpprinnelig henviser: HER-id 1",
            "Sendt videre fra X. Fristen for svar løper fra første mottak.\nGrunn: y\nFørst mottatt: 2026-05-20\nOpprinnelig melding: m\nOpprinnelig henviser: HER-id 1",
            "Sendt videre fra X. Fristen for svar løper fra første mottak.\nGrunn: y\nFørst mottatt: 2026-05-20T14:02:11+02:00\nOpprinnelig melding: m\nOpprinnelig henviser: HER-id 1x",
        ])
    func comment(text: String) { #expect(Henvisning.Handover(comment: text) == nil) }
}
