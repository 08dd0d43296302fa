import Envelope
import Foundation
import Native
import TestSupport
import Testing

/// Messages between two synthetic organisations, made anew for each test.
enum EbXMLExample {
    static let sender = TestOrganisation.sageneGP
    static let receiver = TestOrganisation.childrensHospital
    static let senderParty = Party(
        ids: [.her("8140001"), PartyID(type: "ENH", value: sender.rawValue)], role: "Henviser")
    static let receiverParty = Party(her: "8140002", role: "Henvisningsmottaker")

    static func header(
        messageID: String = "m-1@sagene.invalid", timeToLive: Date? = nil, service: Service = Service("Henvisning"),
        action: String = "Henvisning"
    ) -> MessageHeader {
        MessageHeader(
            from: senderParty, to: receiverParty, cpaID: "cpa-1", conversationID: "c-1", service: service, action: action,
            messageData: MessageData(
                messageID: messageID, timestamp: EbXMLTimestamp(TestPKI.now), timeToLive: timeToLive.map { EbXMLTimestamp($0) }),
            description: SystemDescription(msh: ("msggw", "1.0"), system: ("EPJ \"x\"", "2\\3")))
    }

    static func certificate(_ organisation: TestOrganisation) throws -> Certificate {
        try Certificate(pem: TestPKI.shared.pem("\(organisation.rawValue)/signing.crt"))
    }

    static func identity(_ organisation: TestOrganisation) throws -> SigningIdentity {
        try SigningIdentity(
            key: Envelope.PrivateKey(pem: TestPKI.shared.pem("\(organisation.rawValue)/signing.key")),
            certificate: certificate(organisation))
    }

    static func validated(_ organisation: TestOrganisation) throws -> ValidatedCertificate {
        let store = try TrustStore(
            roots: Certificate.all(pem: TestPKI.shared.pem("ca/root.crt")),
            intermediates: Certificate.all(pem: TestPKI.shared.pem("ca/issuing.crt")))
        return try store.validate(certificate(organisation), for: .signing, at: TestPKI.now, revocation: .notChecked)
    }

    static func contentID(_ index: Int) throws -> ContentID { try ContentID("part-\(index)@sagene.invalid") }

    static func received(_ payloads: [[UInt8]]) throws -> [ReceivedPart] {
        try payloads.enumerated().map { index, bytes in
            ReceivedPart(
                index: index, contentID: try contentID(index), contentType: try ContentType("application/pkcs7-mime"),
                length: bytes.count, digests: PartDigests(sha256: sha256(bytes)))
        }
    }

    static func seal(_ payloads: [[UInt8]], header: MessageHeader = header()) throws -> SignedEnvelope {
        try EnvelopeSealer.seal(
            header,
            parts: payloads.enumerated().map { index, bytes in
                SealedPart(contentID: try contentID(index), sha256: sha256(bytes), role: "urn:x:\(index)")
            }, with: identity(sender))
    }

    /// Any message signed, also one that ``EnvelopeSealer`` would not make.
    static func sign(
        _ message: EbXMLMessage, parts: [(ContentID, [UInt8])], organisation: TestOrganisation = sender
    ) throws -> [UInt8] {
        let bytes = message.encoded
        let offset = try #require(bytes.firstRange(of: Array("</SOAP:Header>".utf8))).lowerBound
        return try XMLSignature.sign(
            bytes, insertingAt: offset, covering: .ebXML, parts: parts.map { SignedPart(contentID: $0.0.value, sha256: $0.1) },
            with: identity(organisation))
    }

    static func verified(_ payloads: [[UInt8]] = [[1, 2, 3]]) throws -> VerifiedMessage {
        try SignatureVerifier.verify(
            UnverifiedMessage(soap: seal(payloads).soap, parts: received(payloads)), signedBy: validated(sender))
    }

    /// Why bytes are refused on the whole way from the wire to a verified message; nil when they are not.
    static func refusal(
        soap: [UInt8], parts: [ReceivedPart], signer: TestOrganisation = sender
    ) throws -> EnvelopeError.Code? {
        let certificate = try validated(signer)
        do {
            _ = try SignatureVerifier.verify(UnverifiedMessage(soap: soap, parts: parts), signedBy: certificate)
            return nil
        } catch {
            return error.code
        }
    }

    static func replacing(_ old: String, with new: String, in soap: [UInt8]) -> [UInt8] {
        let text = String(decoding: soap, as: UTF8.self)
        let changed = text.replacingOccurrences(of: old, with: new)
        precondition(changed != text, "the text to be replaced is not there: \(old)")
        return Array(changed.utf8)
    }
}

func sha256(_ bytes: [UInt8]) -> [UInt8] { Digest.of(bytes, .sha256) }
