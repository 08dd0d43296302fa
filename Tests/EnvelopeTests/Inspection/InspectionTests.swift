import Envelope
import Foundation
import TestSupport
import Testing

/// What `inspect` says of real messages. Whether it may say it is in `InspectionPrivacyTests`.
@Suite("inspect: what a file says")
struct InspectionTests {
    static let isSharedHere =
        Repository.shared("standards/transport-samples").map { FileManager.default.fileExists(atPath: $0.path) } ?? false

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: #require(Repository.shared("standards/\(name)"))))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let kind: Inspection.Kind
        let outcome: Inspection.Outcome
        let signature: Inspection.Signature.Status?
        var testDescription: String { file }

        init(
            _ file: String, _ kind: Inspection.Kind, _ outcome: Inspection.Outcome = .readable,
            _ signature: Inspection.Signature.Status? = nil
        ) {
            (self.file, self.kind, self.outcome, self.signature) = (file, kind, outcome, signature)
        }
    }

    @Test(
        "a file is recognised by its content",
        .enabled(if: isSharedHere, "the folder of real samples is not beside the checkout"),
        arguments: [
            Case("transport-samples/ebxml/01-smtp-payload-speare/message.eml", .ebXMLPayload, .readable, .verifies),
            Case("transport-samples/ebxml/02-http-sync-response-nav/response.mime", .ebXMLPayload, .readable, .verifies),
            Case("transport-samples/ebxml/03-smtp-acknowledgment/message.eml", .ebXMLAcknowledgment, .readable, .verifies),
            Case("transport-samples/ebxml/04-smtp-payload-visma-3des/message.eml", .ebXMLPayload, .readable, .verifies),
            Case("transport-samples/ebxml/05-negative-signature-value/message.mime", .ebXMLPayload, .signatureFails, .fails),
            Case("transport-samples/ebxml/06-signed-business-document/msghead.xml", .document, .readable, .verifies),
            Case("transport-samples/ebxml/07-unsigned-signal-templates/messageerror.xml", .ebXMLError, .readable, .unsigned),
            Case("transport-samples/ebxml/08-generic-ebms2-soap/EbMSMessageMissingFromPartyId.xml", .xml, .unreadable),
            Case("transport-samples/ebxml/01-smtp-payload-speare/payload.p7m", .cms),
            Case("transport-samples/ebxml/01-smtp-payload-speare/sender-signing.cer", .certificate),
            Case("transport-samples/certificates/leaf-test4/test4-signeringssertifikat-pid.cer", .certificate),
            Case("transport-samples/cpa/nav-qass-31162.xml", .agreement),
            Case("transport-samples/cpa/helsenorge-CPP_93238.xml", .profile),
            Case("transport-samples/amqp/SoapFault.xml", .soapFault),
            Case("transport-samples/address-registry/rest/NavSignCert.json", .registryAnswer),
            Case("transport-samples/flr/get-patient-gp.xml", .xml, .unreadable),
            Case("transport-samples/edi20/msh-api-v2.openapi.json", .json, .unreadable),
            Case("transport-samples/edi20/v2-samples/get-business-document-response.json", .document, .readable, .unsigned),
            Case("samples/henvisning_v1.1_n.xml", .document, .readable, .unsigned),
            Case("samples/isdialogmelding_apprecError.xml", .document, .readable, .unsigned),
        ])
    func recognised(_ sample: Case) throws {
        let inspection = Inspection(of: try Self.bytes(sample.file))
        #expect(inspection.kind == sample.kind)
        #expect(inspection.outcome == sample.outcome)
        #expect(inspection.signature?.status == sample.signature)
    }

    @Test("a bare SOAP part verifies with its payload beside it, and not without", .enabled(if: isSharedHere))
    func bareSOAP() throws {
        let folder = "transport-samples/ebxml/01-smtp-payload-speare"
        let (soap, payload) = (try Self.bytes("\(folder)/soap.xml"), try Self.bytes("\(folder)/payload.p7m"))
        let alone = Inspection(of: soap)
        #expect(alone.signature?.status == .partsMissing)
        #expect(alone.outcome == .signatureFails)
        let contentID = try #require(alone.ebXML?.manifest?.first?.contentID)

        let whole = Inspection(of: soap, options: InspectionOptions(parts: [contentID: payload]))
        #expect(whole.signature?.status == .verifies)
        #expect(whole.parts?.first?.cms?.contentCipher == "AES-256-CBC")

        let other = Inspection(of: soap, options: InspectionOptions(parts: [contentID: payload + [0]]))
        #expect(other.signature?.error?.code == EnvelopeError.Code.digestMismatch.rawValue)
    }

    @Test("a certificate that was given is the one that counts", .enabled(if: isSharedHere))
    func givenCertificate() throws {
        let folder = "transport-samples/ebxml"
        let message = try Self.bytes("\(folder)/01-smtp-payload-speare/message.eml")
        let right = try Certificate(pem: Self.bytes("\(folder)/01-smtp-payload-speare/sender-signing.cer"))
        let wrong = try Certificate(
            der: Self.bytes("transport-samples/certificates/leaf-test4/test4-signeringssertifikat-qceseal.cer"))

        let own = Inspection(of: message).signature
        #expect(own?.certificateFrom == "message" && own?.certificateTrusted == false)
        let given = Inspection(of: message, options: InspectionOptions(certificate: right)).signature
        #expect(given?.status == .verifies && given?.certificateFrom == "given" && given?.certificateTrusted == false)
        let refused = Inspection(of: message, options: InspectionOptions(certificate: wrong))
        #expect(refused.outcome == .signatureFails)
        #expect(refused.signature?.error?.code == EnvelopeError.Code.signerMismatch.rawValue)
    }

    /// What servers on the way do to a mail that is none of the signature's business.
    @Test(
        "a mail is read in the forms that servers leave it in", .enabled(if: isSharedHere),
        arguments: [
            ("fields folded with a tab", "boundary=", "\r\n\tboundary="),
            ("a semicolon at the end", #"type="text/xml""#, #"type="text/xml";"#),
            ("another case of names", "Content-Type:", "CONTENT-TYPE:"),
            ("a date without zone", "Date: Tue, 29 Aug 2023 10:56:53 +0000 (UTC)", "Date: 29.08.2023 10:56"),
            (
                "an identifier without brackets", "<CDD3FE0A9E7248329E678B49C38C763ADB81CD33@unknown>",
                "CDD3FE0A9E7248329E678B49C38C763A"
            ),
            ("SOAPACTION", "MIME-Version: 1.0", "MIME-Version: 1.0\r\nSOAPACTION: ebXML"),
            ("Windows line ends", "\n", "\r\n"),
        ])
    func mailForms(form: (name: String, from: String, to: String)) throws {
        let original = String(
            decoding: try Self.bytes("transport-samples/ebxml/01-smtp-payload-speare/message.eml"), as: UTF8.self)
        let unix = original.replacingOccurrences(of: "\r\n", with: "\n")
        let head = unix.components(separatedBy: "\n\n")[0]
        let changed = head.replacingOccurrences(of: form.from, with: form.to).replacingOccurrences(of: "\r\n", with: "\n")
        var mail = unix.replacingOccurrences(of: head, with: changed)
        #expect(form.from == "\n" || mail != unix, "the sample no longer has what is to be changed")
        if form.from == "\n" { mail = unix.replacingOccurrences(of: "\n", with: "\r\n") }
        let inspection = Inspection(of: Array(mail.utf8))
        #expect(inspection.signature?.status == .verifies, "\(inspection.summaryLine)")
    }

    @Test("an attachment that is not what its label says is reported", .enabled(if: isSharedHere))
    func mislabelled() throws {
        let inspection = Inspection(of: try Self.bytes("samples/padm2_dialogmelding_dialog_notat_vedlegg.xml"))
        #expect(inspection.document?.attachments.map(\.claimedType) == ["application/pdf", "image/jpeg"])
        #expect(inspection.document?.attachments.map(\.detectedType) == ["application/pdf", "image/png"])
        #expect(inspection.deviations.contains { $0.place == "attachment 2" && $0.severity == "warning" })
    }

    @Test("triple DES is a warning", .enabled(if: isSharedHere))
    func tripleDES() throws {
        let inspection = Inspection(of: try Self.bytes("transport-samples/ebxml/04-smtp-payload-visma-3des/message.eml"))
        #expect(inspection.deviations.contains { $0.severity == "warning" && $0.what.contains("triple DES") })
    }
}
