import Envelope
import Foundation
import TestSupport
import Testing

@Suite("inspect: junk and hostile files")
struct InspectionJunkTests {
    struct Junk: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let kind: Inspection.Kind

        init(_ name: String, _ bytes: [UInt8], _ kind: Inspection.Kind = .unknown) {
            (testDescription, self.bytes, self.kind) = (name, bytes, kind)
        }
        init(_ name: String, _ text: String, _ kind: Inspection.Kind = .unknown) { self.init(name, Array(text.utf8), kind) }
    }

    @Test(
        "what cannot be read is said to be unreadable, with a reason",
        arguments: [
            Junk("nothing", ""), Junk("blanks", " \r\n\t "), Junk("a byte order mark alone", [0xEF, 0xBB, 0xBF]),
            Junk("zeros", [UInt8](repeating: 0, count: 1000)), Junk("ones", [UInt8](repeating: 0xFF, count: 1000)),
            Junk("a PDF", "%PDF-1.7\n%âãÏÓ"), Junk("words", "hello there"),
            Junk("a private key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"),
            Junk("PEM of nothing", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", .certificate),
            Junk("a SEQUENCE longer than the file", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x06]),
            Junk("an endless SEQUENCE", [0x30, 0x80, 0x30, 0x80, 0x30, 0x80]),
            Junk("SEQUENCEs in one another", [UInt8](repeating: 0x30, count: 5000)),
            Junk("half an element", "<MsgHead xmlns='x'", .xml), Junk("an open element", "<a>", .xml),
            Junk("a DOCTYPE", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", .xml),
            Junk("deep XML", String(repeating: "<a>", count: 100_000), .xml),
            Junk("deep JSON", String(repeating: "[", count: 100_000), .json), Junk("broken JSON", "{\"a\":", .json),
            Junk("JSON of another kind", #"{"a":[1,2,{"b":null}]}"#, .json),
            Junk("another XML", "<html><body/></html>", .xml),
            Junk("an empty MsgHead", "<MsgHead xmlns='http://www.kith.no/xmlstds/msghead/2006-05-24'/>", .document),
            Junk("an empty wrapper", "<EI_fellesformat/>", .document),
            Junk("an empty envelope", "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>", .ebXMLRefused),
            Junk("a SOAP 1.2 envelope without body", "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'/>", .xml),
            Junk("a mail of words", "From: a@b.no\r\nSubject: hello\r\n\r\nhello\r\n", .mime),
            Junk("a boundary and nothing", "--b\r\n", .mime), Junk("only fields", "Content-Type: text/xml", .mime),
            Junk("a bad base64 part", "Content-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!", .mime),
        ])
    func junk(_ junk: Junk) {
        let inspection = Inspection(of: junk.bytes)
        #expect(inspection.outcome == .unreadable)
        #expect(inspection.kind == junk.kind)
        #expect(inspection.failure != nil || inspection.looksLike != nil)
        #expect(!inspection.text.isEmpty && inspection.json.count > 2)
    }

    @Test("a file over the limit is not looked at")
    func tooLarge() {
        let inspection = Inspection(of: Array("<a/>  ".utf8), options: InspectionOptions(longest: 5))
        #expect(inspection.failure?.code == EnvelopeError.Code.mimeTooLarge.rawValue)
    }

    @Test(
        "a sample cut off or altered anywhere is answered", .enabled(if: InspectionTests.isSharedHere),
        arguments: [
            "transport-samples/ebxml/01-smtp-payload-speare/message.eml",
            "transport-samples/ebxml/01-smtp-payload-speare/payload.p7m",
            "transport-samples/ebxml/03-smtp-acknowledgment/message.eml",
            "transport-samples/certificates/leaf-test4/test4-signeringssertifikat-pid.cer", "samples/henvisning_v1.1_n.xml",
        ])
    func altered(file: String) throws {
        let whole = try InspectionTests.bytes(file)
        for step in 1...12 {
            let cut = Array(whole.prefix(whole.count * step / 13))
            #expect(Inspection(of: cut).outcome != .readable)
            var changed = whole
            changed[whole.count * step / 13] ^= UInt8(1 << (step % 8))
            #expect(!Inspection(of: changed).text.isEmpty)
        }
    }

    @Test("a changed byte in a signed message is found", .enabled(if: InspectionTests.isSharedHere))
    func changedPayload() throws {
        let text = String(
            decoding: try InspectionTests.bytes("transport-samples/ebxml/06-signed-business-document/msghead.xml"), as: UTF8.self)
        let changed = text.replacingOccurrences(of: "<MsgId>", with: "<MsgId>x")
        #expect(changed != text)
        let inspection = Inspection(of: Array(changed.utf8))
        #expect(inspection.outcome == .signatureFails)
        #expect(inspection.signature?.error?.code == EnvelopeError.Code.digestMismatch.rawValue)
    }

    @Test("a file cannot make the list of deviations long")
    func manyDeviations() {
        let broken = (0..<5000).map { "<Certificate>MII\($0)</Certificate>" }.joined()
        let inspection = Inspection(of: Array("<a>\(broken)</a>".utf8))
        #expect(inspection.deviations.map(\.what) == ["a certificate that cannot be read"])
    }
}
