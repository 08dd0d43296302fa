import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Messages of real systems", .enabled(if: Repository.shared != nil, "the shared samples are not beside the checkout"))
struct EbXMLSampleTests {
    static func text(_ file: String) throws -> String {
        try String(contentsOf: #require(Repository.shared("standards/transport-samples/ebxml/\(file)")), encoding: .utf8)
    }

    @Test(
        "a signature that holds holds, end to end",
        arguments: [
            ("01-smtp-payload-speare/message.eml", "8141253"), ("02-http-sync-response-nav/response.mime", "79768"),
            ("03-smtp-acknowledgment/message.eml", "92239"), ("04-smtp-payload-visma-3des/message.eml", "431001063"),
        ])
    func verified(file: String, sender: String) throws {
        let message = try SavedMessageTests.read(file).unverified()
        #expect(message.claimedHeader.from.herID == sender)
        // The samples' issuers are not all public, so each signer is pinned, for the time at which it signed.
        let certificate = try #require(try message.claimedCertificate())
        let signer = try TrustStore(roots: [certificate]).validate(
            certificate, for: .signing, at: message.claimedHeader.messageData.timestamp.date, revocation: .notChecked)
        let verified = try SignatureVerifier.verify(message, signedBy: signer)
        #expect(verified.header == message.claimedHeader)
        #expect(verified.parts.count == message.parts.count)
        #expect(verified.references.count == message.parts.count + 1)
    }

    @Test("SHA-1 is a matter of policy, and a wrong value is wrong under both") func negative() throws {
        let message = try SavedMessageTests.read("05-negative-signature-value/message.mime").unverified()
        #expect(message.claimed.ackRequested == AckRequested(signed: false) && message.claimed.syncReply != nil)
        #expect(SignatureInspection.inspect(message, with: nil, policy: .strict).error?.code == .signatureAlgorithm)
        #expect(SignatureInspection.inspect(message, with: nil, policy: .legacy).error?.code == .signatureInvalid)
    }

    @Test("the Acknowledgment that no schema accepts is read, and what is odd is reported") func acknowledgment() throws {
        let message = try SavedMessageTests.read("03-smtp-acknowledgment/message.eml").unverified()
        guard case .acknowledgment(let acknowledgment) = message.claimed.content else {
            Issue.record("it is no Acknowledgment")
            return
        }
        #expect(acknowledgment.refToMessageID == "20231121-154526-99398@qa.ebxml.nav.no")
        #expect(acknowledgment.references.map(\.uri) == [""])
        #expect(message.deviations.contains { $0.place == "Acknowledgment" })
    }

    @Test("several PartyIds and the description of the systems") func visma() throws {
        let header = try SavedMessageTests.read("04-smtp-payload-visma-3des/message.eml").unverified().claimedHeader
        #expect(header.from.ids.count == 4 && header.from.organisationNumber == "971058676")
        #expect(header.description?.mshSystem == "Visma Samhandling Link")
        #expect(header.description?.systemVersion == "0")
    }

    @Test("the templates of signals are read once they are filled in") func templates() throws {
        let digest = Base64LineEncoder.encode([UInt8](repeating: 0, count: 32))
        for name in ["acknowledgment", "messageerror", "payloadmessage"] {
            let text = try Self.text("07-unsigned-signal-templates/\(name).xml")
            let filled = text.replacingOccurrences(of: ">digestValue<", with: ">\(String(decoding: digest, as: UTF8.self))<")
            let message = try EbXMLMessage(parsing: Array(filled.utf8))
            #expect(message.header.description?.mshVersion == "1.23.2434")
            #expect(message.isSignal == (name != "payloadmessage"))
        }
    }

    /// The templates are filled in with values that are right, so that only the fault they are named after is left.
    @Test(
        "each generic fault is refused, or taken and left to the agreement",
        arguments: [
            ("InvalidAckRequestedActor", EnvelopeError.Code.headerMalformed), ("InvalidAckRequestedSigned", nil),
            ("InvalidManifestVersion", .headerVersionUnsupported), ("InvalidMessageHeaderVersion", .headerVersionUnsupported),
            ("InvalidSyncReplyActor", .headerMalformed), ("InvalidToPartyType", .headerMalformed),
            ("MessageOrder", .headerNotUnderstood),
            ("MissingAckRequested", nil), ("MissingFromPartyId", .headerMalformed), ("MissingReference", .manifestMalformed),
        ])
    func generic(name: String, code: EnvelopeError.Code?) throws {
        let text = try Self.text("08-generic-ebms2-soap/EbMSMessage\(name).xml")
        #expect(EbXMLMessageTests.code(Array(text.utf8)) == .xmlMalformed)
        let times = ["[[${timestamp}]]": "2026-01-01T00:00:00Z", "[[${timeToLive}]]": "2026-01-02T00:00:00Z"]
        var filled = times.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        filled = filled.replacingOccurrences(of: #"th:eb:type="${partyType}""#, with: #"eb:type="HER""#)
            .replacingOccurrences(of: "th:eb:type=\"type\"", with: "eb:type=\"type\"")
            .replacingOccurrences(of: #"th:eb:type="${serviceType}""#, with: #"eb:type="string""#)
            .replacingOccurrences(of: "[[${fromPartyId}]]", with: "1").replacingOccurrences(of: "[[${toPartyId}]]", with: "2")
            .replacingOccurrences(of: #" th:each="cid: ${cids}""#, with: "")
            .replacingOccurrences(of: "th:xlink:href=\"${'cid:' + cid}\"", with: "xlink:href=\"cid:x\"")
            .replacingOccurrences(
                of: "<soap:Body/>",
                with: #"<soap:Body><eb:Manifest eb:version="2.0"><eb:Reference xlink:href="cid:x"/></eb:Manifest></soap:Body>"#)
        #expect(EbXMLMessageTests.code(Array(filled.utf8)) == code)
    }
}
