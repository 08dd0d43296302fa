import TestSupport
import Testing

@testable import Envelope

@Suite("Henvisning 1.1: what we refuse and what we put up with")
struct HenvisningReadingTests {
    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let from: String
        let to: String
        var code: EnvelopeError.Code = .documentMalformed

        init(_ description: String, _ from: String, _ to: String = "", _ code: EnvelopeError.Code = .documentMalformed) {
            (testDescription, self.from, self.to, self.code) = (description, from, to, code)
        }

        func applied() throws -> [UInt8] {
            let original = String(decoding: try HenvisningExample.referral().henvisning().encoded(), as: UTF8.self)
            let edited = original.replacing(from, with: to, maxReplacements: 1)
            #expect(edited != original, "the edit changes nothing")
            return Array(edited.utf8)
        }
    }

    private static let msgID = "<MsgId>3f0c1a52-0001-4c6e-9a55-000000000001</MsgId>"
    private static let id = "<Id>3f0c1a52-0001-4c6e-9a55-0000000000aa</Id>"
    private static let content = #"<Content><Base64Container xmlns="http://www.kith.no/xmlstds/base64container">"#
    private static let base64 = content + "JVBERi0xLjQK</Base64Container></Content>"
    private static let mime = "<MimeType>application/pdf</MimeType>"

    static let refused: [Edit] = [
        Edit("no MsgId", msgID, "", .documentIncomplete),
        Edit("an empty MsgId", msgID, "<MsgId> </MsgId>", .documentIncomplete),
        Edit("two MsgIds", msgID, msgID + "<MsgId>other</MsgId>"),
        Edit("no referral id", id, "", .documentIncomplete),
        Edit("an empty referral id", id, "<Id/>", .documentIncomplete),
        Edit("two referral ids", id, id + id),
        Edit("no GenDate", #"<GenDate V="2026-05-20T13:42:10+02:00"/>"#, "", .documentIncomplete),
        Edit("a GenDate that is no time", #"<GenDate V="2026-05-20T13:42:10+02:00"/>"#, #"<GenDate V="i dag"/>"#),
        Edit("no ServProvider", "ServProvider", "ServProviderX", .xmlMalformed),
        Edit("two patients", "</Patient>", "</Patient><Patient><Name>Annen, Person</Name></Patient>"),
        Edit("two receivers", "<Requester>", "<ServProvider/><Requester>"),
        Edit("another namespace", "henvisning/2012-02-15", "henvisning/2003-10-13", .documentUnknown),
        Edit("another version", "v1.1 2012-02-15", "v1.0 2005-07-08", .documentUnknown),
        Edit("no version", "<MIGversion>v1.1 2012-02-15</MIGversion>", "", .documentIncomplete),
        Edit("an institution and a professional at once", "</Inst>", "</Inst><HCProf/>"),
        Edit("broken base64", "JVBERi0xLjQK", "JVBERi0xLjQ", .attachmentMalformed),
        Edit("base64 with a foreign character", "JVBERi0xLjQK", "JVBERi0*LjQK", .attachmentMalformed),
        Edit("base64 that ends twice", "JVBERi0xLjQK", "JVBERi0xLg==JVBE", .attachmentMalformed),
        Edit("base64 with an element in it", "JVBERi0xLjQK", "JVBE<x/>Ri0xLjQK", .attachmentMalformed),
        Edit(
            "two containers in one Content", "</Content>", "<Base64Container>JVBE</Base64Container></Content>",
            .attachmentMalformed),
        Edit("compression", content, #"<Compression V="GZ"/>"# + content, .attachmentMalformed),
        Edit("a reference and content", base64, "<FileReference>cid:a</FileReference>" + base64, .attachmentMalformed),
        Edit("two contents", base64, base64 + base64, .attachmentMalformed),
        Edit("an http reference", base64, "<FileReference>http://example.invalid/a</FileReference>", .attachmentMalformed),
        Edit("a file reference", base64, "<FileReference>file:///etc/passwd</FileReference>", .attachmentMalformed),
        Edit("a reference to nothing", base64, "<FileReference>cid:</FileReference>", .attachmentMalformed),
        Edit("an empty reference", base64, "<FileReference/>", .attachmentMalformed),
        Edit("a DOCTYPE", "<Message ", "<!DOCTYPE Message><Message ", .xmlRefused),
    ]

    @Test("refused, with the reason as a type", arguments: refused)
    func refuses(edit: Edit) throws {
        let document = try edit.applied()
        let error = #expect(throws: EnvelopeError(edit.code, reason: "")) { try Henvisning(parsing: document) }
        #expect(error?.description.contains("Testbarn") == false)
    }

    @Test(
        "each party, the patient and the referral itself must be there",
        arguments: ["Patient", "ServProvider", "Requester", "ServReq"])
    func parts(name: String) throws {
        let original = String(decoding: try HenvisningExample.referral().henvisning().encoded(), as: UTF8.self)
        let document = original.replacing("<\(name)>", with: "<Q\(name)>").replacing("</\(name)>", with: "</Q\(name)>")
        #expect(throws: EnvelopeError(.documentIncomplete, reason: "")) { try Henvisning(parsing: Array(document.utf8)) }
    }

    @Test(
        "sender, receiver and copy receivers need a HER-id", arguments: [["1001", "1002"], ["2001", "2002"], ["3001", "3002"]])
    func parties(ids: [String]) throws {
        var document = String(decoding: try HenvisningExample.referral().henvisning().encoded(), as: UTF8.self)
        for id in ids { document.replace("<Id>\(id)</Id>", with: "<Id> </Id>") }
        #expect(throws: EnvelopeError(.documentIncomplete, reason: "")) { try Henvisning(parsing: Array(document.utf8)) }
    }

    static let tolerated: [Edit] = [
        Edit(
            "elements in another order", msgID + #"<Status V="TEST" DN="Melding til testformål"/>"#,
            #"<Status V="TEST"/>"# + msgID),
        Edit("an unknown element", msgID, msgID + "<Unknown>x</Unknown>"),
        Edit("an unknown attribute", "<MsgId>", #"<MsgId lang="no">"#),
        Edit("text between elements", msgID, msgID + "text"),
        Edit("a time that says nothing", #"<IssueDate V="2026-05-20T13:42:10+02:00"/>"#, "<IssueDate/>"),
        Edit("a date without zeros", "2012-03-14", "2012-3-14"),
        Edit("a date that is none", "2012-03-14", "14.3.2012"),
        Edit("no MsgDescr", #"<MsgDescr V="10" DN="Utredning/behandling"/>"#),
        Edit("a code as text", #"<ServType V="N" DN="Ny"/>"#, "<ServType>N</ServType>"),
        Edit("next of kin in the referral's namespace", "po:ParorendeForesatt>", "ParorendeForesatt>"),
        Edit("an element in no namespace", "<MsgId>", "<MsgId xmlns=\"\">"),
        Edit("a patient without name", "<Name>Testbarn, Kari</Name>"),
        Edit("an id without its kind", #"<TypeOffId V="FNR" DN="Fødselsnummer"/>"#),
        Edit("a receiving department without HER-id", "<Id>1002</Id>", "<Id/>"),
        Edit("a sending person without HER-id", "<Id>2002</Id>"),
        Edit("a second department", "</Dept>", "</Dept><Dept><Name>To</Name><Id>7</Id></Dept>"),
        Edit("an attachment without bytes", "JVBERi0xLjQK", ""),
        Edit("an attachment without content", base64),
        Edit("a RefDoc without kind", #"<MsgType V="A" DN="Vedlegg"/>"#),
        Edit("base64 without container", base64, "<Content>JVBERi0xLjQK</Content>"),
        Edit("a container in the wrong namespace", "http://www.kith.no/xmlstds/base64container", "urn:x"),
        Edit("XML as an attachment", base64, "<Content><a xmlns='urn:x'>b</a></Content>"),
        Edit("markup in a text", "Uro siden januar.", "<b>Uro</b> siden januar."),
        Edit("white space around an id", "<MsgId>", "<MsgId>\n  "),
    ]

    @Test("read all the same, and reported", arguments: tolerated)
    func tolerates(edit: Edit) throws {
        var document = String(decoding: try edit.applied(), as: UTF8.self)
        if edit.from.hasPrefix("po:") { document.replace("po:ParorendeForesatt>", with: "ParorendeForesatt>") }
        let henvisning = try Henvisning(parsing: Array(document.utf8))
        #expect(!henvisning.deviations.isEmpty)
        #expect(henvisning.msgID == HenvisningExample.referral().messageID)
        #expect(!henvisning.deviations.contains { $0.description.contains("Testbarn") || $0.description.contains("2012") })
    }

    @Test("what is tolerated loses no text and no attachment")
    func nothingLost() throws {
        let named = { (name: String) in try #require(Self.tolerated.first { $0.testDescription == name }) }
        let markup = try Henvisning(parsing: named("markup in a text").applied())
        #expect(markup.servReq.reasonAsText.first?.textResultValue == "Uro siden januar.")
        let bare = try Henvisning(parsing: named("base64 without container").applied())
        #expect(bare.attachments.map(\.bytes) == [Array("%PDF-1.4\n".utf8)])
        var kin = String(decoding: try HenvisningExample.referral().henvisning().encoded(), as: UTF8.self)
        kin.replace("po:ParorendeForesatt>", with: "ParorendeForesatt>")
        #expect(
            try Henvisning(parsing: Array(kin.utf8)).servReq.patient.parorendeForesatt.first?.referanseperson
                == HenvisningExample.mother)
    }

    @Test("comments, CDATA, line breaks and prefixes change nothing")
    func spelling() throws {
        var document = String(decoding: try HenvisningExample.referral().henvisning().encoded(), as: UTF8.self)
        document.replace("JVBERi0xLjQK", with: "JVBE <!-- x -->\r\n\tRi0x<![CDATA[LjQK]]>")
        document.replace("Uro siden januar.", with: "Uro <!-- aldri --><![CDATA[siden]]> januar.")
        document.replace("fk1:", with: "felles:")
        document.replace("xmlns:fk1", with: "xmlns:felles")
        let henvisning = try Henvisning(parsing: Array(document.utf8))
        #expect(henvisning == HenvisningExample.referral().henvisning())
    }

    @Test("ClinicalDocument knows a referral by its namespace")
    func dispatch() throws {
        let henvisning = HenvisningExample.referral().henvisning()
        let document = try ClinicalDocument(parsing: henvisning.encoded())
        #expect(document == .henvisning(henvisning))
        #expect(document.summary == henvisning.summary)
        #expect(document.summary.format == .henvisning11)
    }
}
