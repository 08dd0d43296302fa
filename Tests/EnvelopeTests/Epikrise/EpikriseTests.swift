import Native
import TestSupport
import Testing

@testable import Envelope

@Suite("Epikrise 1.2")
struct EpikriseTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let epikrise: Epikrise
    }

    static let examples = [
        Example(testDescription: "a discharge from BUP", epikrise: EpikriseExample.discharge()),
        Example(testDescription: "a discharge without attachments", epikrise: EpikriseExample.discharge(attachments: [])),
        Example(testDescription: "every element of the schema", epikrise: EpikriseExample.everything),
    ]

    @Test("reads back to the same value and the same bytes", arguments: examples)
    func roundTrip(example: Example) throws {
        let written = try example.epikrise.encoded()
        let reread = try Epikrise(parsing: written)
        #expect(reread == example.epikrise)
        #expect(try reread.encoded() == written)
    }

    @Test("is valid by the schema", .enabled(if: Schema.all != nil, "the folder of standards is not there"), arguments: examples)
    func valid(example: Example) throws {
        #expect(try Schema.complaint(about: try example.epikrise.encoded()) == nil)
    }

    @Test("no element can go missing, be doubled or be misspelt without the reader showing it")
    func nothingIsPassedOver() throws {
        let original = EpikriseExample.everything
        let root = MixedContent.Element(try XMLDocument.clinical(parsing: try original.encoded()).root)
        let paths = root.elementPaths
        #expect(paths.count > 250)
        for (number, path) in paths.enumerated() {
            let spoilt = [
                root.doubled(at: path), root.changed(at: path) { $0.name += "x" },
                root.changed(at: path) { $0.namespace = "urn:foreign" },
            ]
            for document in [root.removed(at: path), spoilt[number % 3]] {
                if let reread = try? Epikrise(parsing: document.document) { #expect(reread != original, "\(path)") }
            }
        }
    }

    @Test("is known by its namespace, and says who sends it to whom and about what")
    func summary() throws {
        let epikrise = EpikriseExample.discharge()
        let document = try ClinicalDocument(parsing: epikrise.encoded())
        #expect(document == .epikrise(epikrise))
        let summary = document.summary
        #expect(summary.format == .epikrise12)
        #expect(summary.sender.communicationHERID == "1002")
        #expect(summary.receiver.communicationHERID == "2002")
        #expect(summary.copyReceivers.map(\.communicationHERID) == ["3002"])
        #expect(summary.messageID == epikrise.msgID)
        #expect(summary.documentID == epikrise.servRprt.servProvID)
        #expect(summary.attachments == [HenvisningExample.pdf])
    }

    @Test("attachments come back in their order, each with its own bytes", arguments: [0, 1, 2, 3, 7, 25])
    func neverExchanged(count: Int) throws {
        let attachments = HenvisningAttachmentTests.attachments(count, seed: UInt64(count) + 500)
        let written = try EpikriseExample.discharge(attachments: attachments).encoded()
        #expect(try Epikrise(parsing: written).attachments == attachments)
        let more = HenvisningAttachmentTests.attachments(3, seed: UInt64(count) + 900)
        let result = try ClinicalDocument.attach(more, to: written)
        #expect(try Epikrise(parsing: result).attachments == attachments + more)
        if Schema.all != nil { #expect(try Schema.complaint(about: result) == nil) }
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: EnvelopeError.Code
        let from: String
        let to: String

        init(_ description: String, _ code: EnvelopeError.Code, _ from: String, _ to: String) {
            (testDescription, self.code, self.from, self.to) = (description, code, from, to)
        }
    }

    static let refused = [
        Edit("no MsgId", .documentIncomplete, "MsgId>", "QMsgId>"),
        Edit("no sender", .documentIncomplete, "ServProvider>", "QServProvider>"),
        Edit("no receiver", .documentIncomplete, "Requester>", "QRequester>"),
        Edit("no patient", .documentIncomplete, "Patient>", "QPatient>"),
        Edit("another version", .documentUnknown, "v1.2 2012-02-15", "v1.1 2006-09-01"),
        Edit("another namespace", .documentUnknown, "epikrise/2012-02-15", "epikrise/2006-09-23"),
        Edit("a referral", .documentUnknown, "epikrise/2012-02-15", "henvisning/2012-02-15"),
        Edit("broken base64", .attachmentMalformed, "JVBERi0xLjQK", "JVBERi0xLjQ"),
        Edit(
            "a reference to the web", .attachmentMalformed, "<Content>",
            "<FileReference>http://x.invalid/</FileReference><Content>"),
        Edit("compression", .attachmentMalformed, "<Content>", "<Compression V=\"Z\"/><Content>"),
    ]

    @Test("refused, with the reason as a type", arguments: refused)
    func refuses(edit: Edit) throws {
        let original = String(decoding: try EpikriseExample.discharge().encoded(), as: UTF8.self)
        let document = original.replacing(edit.from, with: edit.to)
        #expect(document != original)
        #expect(throws: EnvelopeError(edit.code, reason: "")) { try Epikrise(parsing: Array(document.utf8)) }
    }

    @Test(
        "sender, receiver and copy receivers need a HER-id", arguments: [["1001", "1002"], ["2001", "2002"], ["3001", "3002"]])
    func parties(ids: [String]) throws {
        var document = String(decoding: try EpikriseExample.discharge().encoded(), as: UTF8.self)
        for id in ids { document.replace("<Id>\(id)</Id>", with: "<Id> </Id>") }
        #expect(throws: EnvelopeError(.documentIncomplete, reason: "")) { try Epikrise(parsing: Array(document.utf8)) }
    }

    @Test("copies after the receiver, as Henvisning has them, are read and reported")
    func order() throws {
        let original = String(decoding: try EpikriseExample.discharge().encoded(), as: UTF8.self)
        let copy = try #require(original.firstMatch(of: /<CopyDest>.*<\/CopyDest>/)).output
        let moved = original.replacing(copy, with: "").replacing("</Requester>", with: "</Requester>" + copy)
        let epikrise = try Epikrise(parsing: Array(moved.utf8))
        #expect(epikrise.deviations.count == 1)
        #expect(epikrise.summary.copyReceivers.map(\.communicationHERID) == ["3002"])
    }

    @Test("an event that has content has a kind and a service, or is not written")
    func halfEvent() throws {
        var epikrise = EpikriseExample.discharge()
        epikrise.servRprt.event[0].service = nil
        #expect(throws: EnvelopeError(.documentMalformed, reason: "")) { try epikrise.encoded() }
    }

    @Test("the referral answered needs a diagnosis, or is not written")
    func noDiagnosis() throws {
        var epikrise = EpikriseExample.discharge()
        epikrise.servRprt.servReq[0].diagnosis = []
        #expect(throws: EnvelopeError(.documentMalformed, reason: "")) { try epikrise.encoded() }
    }
}
