import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("What one message may cost before anything is known of its sender")
struct MessageCostTests {
    @Test("a SOAP part is read up to 512 KiB", arguments: [(0, true), (520 << 10, false)])
    func bytes(blanks: Int, isRead: Bool) throws {
        let soap = try EbXMLExample.seal([[1]]).soap + [UInt8](repeating: 0x20, count: blanks)
        #expect(try EbXMLExample.refusal(soap: soap, parts: EbXMLExample.received([[1]])) == (isRead ? nil : .xmlRefused))
        #expect(MIMELimits().rootBytes == 512 << 10)
    }

    @Test("a SOAP part has at most 5 000 elements") func elements() throws {
        let soap = try EbXMLExample.seal([[1]]).soap
        let many = String(repeating: "<x/>", count: 5_000) + "</SOAP:Header>"
        let flooded = EbXMLExample.replacing("</SOAP:Header>", with: many, in: soap)
        #expect(throws: EnvelopeError(.xmlRefused, reason: "")) { try UnverifiedMessage(soap: flooded, parts: []) }
    }

    @Test("of very many deviations a hundred are kept, and one that says there were more") func deviations() throws {
        let found = (0..<500).map { Deviation("deviation \($0)", at: "part") }
        let message = try UnverifiedMessage(soap: EbXMLExample.seal([[1]]).soap, parts: [], deviations: found)
        #expect(message.deviations.count == 101)
        #expect(message.deviations.last?.what == "there are more deviations than are kept")
        let few = try UnverifiedMessage(soap: message.soap, parts: [], deviations: Array(found.prefix(100)))
        #expect(few.deviations == Array(found.prefix(100)))
    }

    @Test("a document that breaks its schema everywhere does not make the list long") func document() throws {
        let example = String(decoding: try HenvisningExample.everything.encoded(), as: UTF8.self)
        let many = (0..<300).map { "\n<x\($0)/>" }.joined()
        let bytes = EbXMLExample.replacing("</Message>", with: many + "</Message>", in: Array(example.utf8))
        let deviations = try ClinicalDocument(parsing: bytes).summary.deviations
        #expect(deviations.count == 101 && deviations.last?.place == "message")
    }

    @Test("the other side cannot write lines of our log, nor fill it") func log() {
        let error = EnvelopeError(
            .digestMismatch, reason: "a\nb\u{1B}[2J\u{202E}", place: "cid:x\r\n" + String(repeating: "é", count: 5_000))
        #expect(error.reason == #"a\u{A}b\u{1B}[2J\u{202E}"#)
        let place = error.place ?? ""
        #expect(place.hasPrefix(#"cid:x\u{D}\u{A}éé"#) && place.hasSuffix("é…") && place.unicodeScalars.count < 320)
        #expect(EnvelopeError(.digestMismatch, reason: "plain", place: "Grünerløkka").place == "Grünerløkka")
    }

    @Test("the certificate in KeyInfo is offered without being decoded") func claimed() throws {
        let soap = try EbXMLExample.seal([[1]]).soap
        let message = try UnverifiedMessage(soap: soap, parts: [])
        #expect(try message.claimedCertificateDER() == EbXMLExample.certificate(EbXMLExample.sender).der)
        #expect(try message.claimedCertificateDER() == message.claimedCertificate()?.der)
        let broken = EbXMLExample.replacing("</ds:X509Certificate>", with: "!</ds:X509Certificate>", in: soap)
        #expect(try UnverifiedMessage(soap: broken, parts: []).claimedCertificateDER() == nil)
        #expect(try EbXMLExample.refusal(soap: broken, parts: EbXMLExample.received([[1]])) == .signatureProfile)
    }

    @Test("of several certificates the signer's is offered, not its authority's") func several() throws {
        let soap = try EbXMLExample.seal([[1]]).soap
        let authority = Data(try Certificate(pem: TestPKI.shared.pem("ca/issuing.crt")).der).base64EncodedString()
        let both = EbXMLExample.replacing(
            "<ds:X509Data>", with: "<ds:X509Data><ds:X509Certificate>\(authority)</ds:X509Certificate>", in: soap)
        let message = try UnverifiedMessage(soap: both, parts: [])
        #expect(try message.claimedCertificateDER() == EbXMLExample.certificate(EbXMLExample.sender).der)
    }
}
