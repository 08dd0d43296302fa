import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Adding attachments to a document of another system")
struct AttachingTests {
    private static let added = [
        DocumentFixture.pdf("Rapport fra PPT ŋ"), DocumentFixture.reference,
        Attachment(mimeType: "image/png", description: "<&>", content: .embedded([0x89, 0x50])),
    ]

    @Test("what was there stays byte for byte, and the new ones come last")
    func splice() throws {
        let message = try DocumentFixture.dialog()
        let before = try message.encoded()
        let after = try ClinicalDocument.attach(Self.added, to: before)
        let common = zip(before, after).prefix { $0 == $1 }.count
        let tail = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
        #expect(common + tail >= before.count)
        #expect(try ClinicalDocument(parsing: after).summary.attachments == message.attachments + Self.added)
        if OfficialSchema.file != nil { #expect(try OfficialSchema.complaints(after) == "") }
    }

    @Test("nothing to add changes nothing")
    func nothing() throws {
        let bytes = try DocumentFixture.dialog().encoded()
        #expect(try ClinicalDocument.attach([], to: bytes) == bytes)
    }

    @Test("prefixes, comments, CDATA and odd white space in the document do not lead astray")
    func odd() throws {
        var text = String(decoding: try DocumentFixture.dialog().encoded(), as: UTF8.self)
        text = text.replacingOccurrences(of: "<MsgInfo>", with: "<!-- </MsgInfo> <Document> --><?pi <Document>?>\n<MsgInfo >")
            .replacingOccurrences(of: ">Hei<", with: "><![CDATA[</Document><a b='>'>]]><")
            .replacingOccurrences(of: "<MsgHead ", with: "<MsgHead\n odd='a > \"b\" />'\n ")
            .replacingOccurrences(of: "</MsgHead>", with: "<!-- <Document/> -->\n</MsgHead>\n<!-- after -->")
        let after = try ClinicalDocument.attach(Self.added, to: Array(text.utf8))
        #expect(try ClinicalDocument(parsing: after).summary.attachments.count == 4)
        #expect(String(decoding: after, as: UTF8.self).hasSuffix("<!-- <Document/> -->\n</MsgHead>\n<!-- after -->"))
    }

    @Test("a document in ISO-8859-1 stays one, and letters beyond it arrive")
    func latin1() throws {
        let text = String(decoding: try DocumentFixture.dialog().encoded(), as: UTF8.self)
            .replacingOccurrences(of: "UTF-8", with: "ISO-8859-1").replacingOccurrences(of: "Ŋ", with: "N")
        let bytes = [UInt8](try #require(text.data(using: .isoLatin1)))
        let read = try ClinicalDocument(parsing: ClinicalDocument.attach(Self.added, to: bytes)).summary
        #expect(read.attachments.last?.description == "<&>")
        #expect(read.attachments[1].description == "Rapport fra PPT ŋ")
        #expect(read.patient?.name.family == "Prøve")
    }

    @Test(
        "a sample of each family takes attachments and stays as valid as it was",
        .enabled(if: OfficialSchema.file != nil && Sample.folder != nil, "the shared samples are not beside the checkout"),
        arguments: [
            "henvisning_v1.1_n.xml", "Henvisning_v1-1_Eksempel_Fastlege_Ny.xml",
            "Dialogmelding_foresporsel_PLO_v1-0.xml", "fiks_dialog11_helsefaglig_samsvar.xml",
        ])
    func samples(file: String) throws {
        let bytes = try Sample(file: file, type: "").bytes()
        let after = try ClinicalDocument.attach(Self.added, to: bytes)
        #expect(try OfficialSchema.complaints(after) == "")
        #expect(after.count > bytes.count)
    }

    @Test(
        "a receipt and a foreign document take none",
        arguments: [
            "<a/>", "<AppRec xmlns='http://www.kith.no/xmlstds/apprec/2012-02-15'/>", "<MsgHead/>", "<Message xmlns='urn:x'/>",
        ])
    func refused(text: String) {
        #expect(throws: EnvelopeError.code(.documentUnknown)) {
            try ClinicalDocument.attach(Self.added, to: Array(text.utf8))
        }
    }

    @Test("an attachment that may not be sent is not added")
    func badAttachment() throws {
        let bytes = try DocumentFixture.dialog().encoded()
        let outside = Attachment(mimeType: nil, content: .reference("http://example.invalid/"))
        #expect(throws: EnvelopeError.code(.attachmentMalformed)) { try ClinicalDocument.attach([outside], to: bytes) }
    }

    @Test("every reference has its part and every part its reference")
    func parts() throws {
        var summary = try DocumentFixture.dialog().summary
        func reference(_ id: String) -> Attachment { Attachment(mimeType: nil, content: .reference("cid:\(id)")) }
        summary.attachments = [reference("a"), DocumentFixture.pdf("x"), reference("b")]
        try summary.check(parts: ["b", "a"])
        #expect(throws: EnvelopeError.code(.attachmentMissing)) { try summary.check(parts: ["a"]) }
        #expect(throws: EnvelopeError.code(.attachmentMissing)) { try summary.check(parts: ["a", "B"]) }
        #expect(throws: EnvelopeError.code(.attachmentMalformed)) { try summary.check(parts: ["a", "b", "c"]) }
        #expect(throws: EnvelopeError.code(.attachmentMalformed)) { try summary.check(parts: ["a", "b", "b"]) }
        summary.attachments.append(reference("a"))
        #expect(throws: EnvelopeError.code(.attachmentMalformed)) { try summary.check(parts: ["a", "b"]) }
    }

    @Test("the format is told by the bytes, not by the label")
    func formats() {
        #expect(DocumentFixture.pdf("x").detectedFormat == .pdf)
        let labelled = Attachment(
            mimeType: "image/jpeg", content: .embedded([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]))
        #expect(labelled.detectedFormat == .png)
        #expect(labelled.detectedFormat?.agrees(withDeclared: "image/jpeg") == false)
        #expect(AttachmentFormat.jpeg.agrees(withDeclared: "image/pjpeg"))
        #expect(AttachmentFormat.pdf.agrees(withDeclared: "Application/PDF; charset=x"))
        #expect(DocumentFixture.reference.detectedFormat == nil)
        for bytes: [UInt8] in [[], [0x25], Array("MZ".utf8), Array("<html>".utf8)] {
            #expect(AttachmentFormat(detecting: bytes) == nil)
        }
    }
}
