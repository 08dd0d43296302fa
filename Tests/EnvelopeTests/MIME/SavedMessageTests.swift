import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Saved messages of real systems", .enabled(if: Repository.shared != nil, "the shared samples are not beside the checkout"))
struct SavedMessageTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let file: String
        let parts: Int
        let contentID: String?
        var testDescription: String { file }
    }

    static func read(_ file: String) throws -> SavedMessage {
        let url = try #require(Repository.shared("standards/transport-samples/ebxml/\(file)"))
        return try SavedMessage(parsing: Array(Data(contentsOf: url)))
    }

    @Test(
        "mails and HTTP bodies are taken apart",
        arguments: [
            Sample(file: "01-smtp-payload-speare/message.eml", parts: 1, contentID: "ZTTPT8UKUKU4.U2O3MHW7UL03@speare.no"),
            Sample(
                file: "02-http-sync-response-nav/response.mime", parts: 1,
                contentID: "soappart-20240212-140402-78942@qa.ebxml.nav.no"),
            Sample(file: "03-smtp-acknowledgment/message.eml", parts: 0, contentID: nil),
            Sample(file: "04-smtp-payload-visma-3des/message.eml", parts: 1, contentID: "41724b25-d513-4958-afc1-8026cf51de61"),
            Sample(
                file: "05-negative-signature-value/message.mime", parts: 1, contentID: "Partner_request_msg_trekkinnmelding_v1p0"),
        ])
    func samples(sample: Sample) throws {
        let message = try Self.read(sample.file)
        #expect(message.parts.count == sample.parts)
        #expect(message.root.part.contentID?.value == sample.contentID)
        #expect(message.soap.starts(with: "<SOAP".utf8) || message.soap.starts(with: "<?xml".utf8))
    }

    @Test("the decoded parts are those others decoded") func decoded() throws {
        let message = try Self.read("01-smtp-payload-speare/message.eml")
        let folder = try #require(Repository.shared("standards/transport-samples/ebxml/01-smtp-payload-speare"))
        #expect(message.parts.first?.bytes == Array(try Data(contentsOf: folder.appending(path: "payload.p7m"))))
    }

    @Test("bare SOAP is read too") func bare() throws {
        let message = try Self.read("07-unsigned-signal-templates/messageerror.xml")
        #expect(message.parts.isEmpty)
        #expect(message.deviations.count == 1)
    }
}

@Suite("Saved messages that are odd")
struct OddSavedMessageTests {
    static let body = "--b\nContent-Type: text/xml\nContent-ID: <r>\nContent-Transfer-Encoding: 8bit\n\n<a/>\n--b--\n"

    @Test("without any header line the first line tells the boundary") func withoutHeaders() throws {
        #expect(try SavedMessage(parsing: Array(Self.body.utf8)).soap == Array("<a/>".utf8))
    }

    @Test("a mail's odd Message-ID and Date are reported and not refused") func odd() throws {
        let head = "Message-ID: a@b\nDate: Fri, 17 Nov 2023 11:08:35 +1\nSOAPACTION: \"ebxml\"\n"
        let type = "Content-Type: multipart/related; type=\"text/xml\"; start=\"<r>\"; boundary=b\n\n"
        let message = try SavedMessage(parsing: Array((head + type + Self.body).utf8))
        #expect(message.deviations.map(\.place) == ["Message-ID", "Date", "SOAPAction"])
    }

    @Test(
        "refused",
        arguments: ["", "\r\n\r\n", "A: b", "A: b\n\n", "hello\n\nworld", "Content-Type: text/plain\n\nhello", "--\n\n"])
    func refused(text: String) {
        #expect(throws: EnvelopeError.self) { try SavedMessage(parsing: Array(text.utf8)) }
    }

    @Test("an encoded multipart is refused") func encoded() {
        let head = "Content-Type: multipart/related; boundary=b\nContent-Transfer-Encoding: base64\n\n"
        #expect(throws: EnvelopeError(.transferEncodingUnsupported, reason: "")) {
            try SavedMessage(parsing: Array((head + Self.body).utf8))
        }
    }
}
