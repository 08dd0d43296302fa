import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Sealed messages")
struct SealingTests {
    static let payloads: [[UInt8]] = [Array("first".utf8), Array("second".utf8), []]

    @Test("what is sealed verifies, and says what was sealed") func roundTrip() throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let message = try UnverifiedMessage(soap: sealed.soap, parts: EbXMLExample.received(Self.payloads))
        #expect(message.claimedHeader == EbXMLExample.header())
        #expect(try message.claimedCertificate() == EbXMLExample.certificate(EbXMLExample.sender))
        let verified = try SignatureVerifier.verify(message, signedBy: EbXMLExample.validated(EbXMLExample.sender))
        #expect(verified.header == EbXMLExample.header())
        #expect(
            verified.parts.map(\.contentID.value) == ["part-0@sagene.invalid", "part-1@sagene.invalid", "part-2@sagene.invalid"])
        #expect(verified.parts.map(\.role) == ["urn:x:0", "urn:x:1", "urn:x:2"])
        #expect(verified.references == sealed.references && verified.references.count == 4)
        #expect(verified.evidence == sealed.soap)
        #expect(verified.deviations == [])
        #expect(try SignedEnvelope(stored: sealed.soap) == sealed)
    }

    @Test("one message can be looked at by many at once, and all see the same") func manyReaders() async throws {
        let message = try UnverifiedMessage(
            soap: EbXMLExample.seal(Self.payloads).soap, parts: EbXMLExample.received(Self.payloads))
        let signer = try EbXMLExample.validated(EbXMLExample.sender)
        let seen = try await withThrowingTaskGroup(of: VerifiedMessage.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    _ = try message.claimedCertificate()
                    return try SignatureVerifier.verify(message, signedBy: signer)
                }
            }
            return try await group.reduce(into: Set<VerifiedMessage>()) { $0.insert($1) }
        }
        #expect(seen == [try SignatureVerifier.verify(message, signedBy: signer)])
    }

    @Test("one byte changed anywhere is never the same message") func everyByte() throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let parts = try EbXMLExample.received(Self.payloads)
        let genuine = try EbXMLExample.verified(Self.payloads)
        let signer = try EbXMLExample.validated(EbXMLExample.sender)
        for position in stride(from: 0, to: sealed.soap.count, by: 11) {
            var soap = sealed.soap
            soap[position] ^= 0x01
            guard let message = try? UnverifiedMessage(soap: soap, parts: parts),
                let verified = try? SignatureVerifier.verify(message, signedBy: signer)
            else { continue }
            // White space between attributes and in base64, and the declaration, are no content.
            #expect(verified.header == genuine.header && verified.content == genuine.content, "at byte \(position)")
            #expect(verified.parts == genuine.parts && verified.references == genuine.references, "at byte \(position)")
        }
    }

    @Test("no two payloads are ever exchanged", arguments: 2...8) func exchanged(count: Int) throws {
        let payloads = (0..<count).map { TransferEncodingTests.bytes(50 + $0, seed: UInt64($0 + 9)) }
        let sealed = try EbXMLExample.seal(payloads)
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: EbXMLExample.received(payloads)) == nil)
        for (left, right) in (0..<count).flatMap({ left in (0..<left).map { (left, $0) } }) {
            var swapped = payloads
            swapped.swapAt(left, right)
            #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: EbXMLExample.received(swapped)) == .digestMismatch)
        }
    }

    @Test("a changed, missing, extra or doubled part is refused") func parts() throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let parts = try EbXMLExample.received(Self.payloads)
        var changed = Self.payloads
        changed[1][0] ^= 1
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: EbXMLExample.received(changed)) == .digestMismatch)
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: parts.dropLast()) == .referenceUnresolved)
        let extra = try EbXMLExample.received(Self.payloads + [[9]])
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: extra) == .partUnsigned)
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: parts + [parts[0]]) == .mimeMalformed)
    }

    @Test("a part that the Manifest names and the signature does not is refused") func unsigned() throws {
        let manifest = try Manifest([ManifestReference(EbXMLExample.contentID(0)), ManifestReference(EbXMLExample.contentID(1))])
        let message = EbXMLMessage(header: EbXMLExample.header(), content: .payload(manifest))
        let soap = try EbXMLExample.sign(message, parts: [(EbXMLExample.contentID(0), sha256([1]))])
        #expect(try EbXMLExample.refusal(soap: soap, parts: EbXMLExample.received([[1], [2]])) == .partUnsigned)
        #expect(try EbXMLExample.refusal(soap: soap, parts: EbXMLExample.received([[1]])) == .mimePartMissing)
    }

    @Test(
        "wrapping is refused, wherever the forged header stands",
        arguments: [
            EbXMLMessageTests.Change("before", "<SOAP:Header>", "<SOAP:Header>FORGED", .headerDuplicated),
            EbXMLMessageTests.Change("after", "</SOAP:Header>", "FORGED</SOAP:Header>", .headerDuplicated),
            EbXMLMessageTests.Change("in the body", "<SOAP:Body>", "<SOAP:Body>FORGED", .headerDuplicated),
            EbXMLMessageTests.Change(
                "in the signature", "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object>FORGED</ds:Object>", .headerDuplicated),
            EbXMLMessageTests.Change("addressed to the next hop", "<SOAP:Header>", "<SOAP:Header>NEXT", .addressedToNextHop),
            EbXMLMessageTests.Change(
                "inside a block for the next hop", "<SOAP:Header>",
                "<SOAP:Header><x SOAP:actor=\"http://schemas.xmlsoap.org/soap/actor/next\">FORGED</x>", .addressedToNextHop),
            EbXMLMessageTests.Change("the real one in the body", "<SOAP:Body>", "<SOAP:Body>MOVED", .headerMalformed),
            EbXMLMessageTests.Change("a second signature", "</SOAP:Header>", "SIGNATURE</SOAP:Header>", .signatureDuplicated),
            EbXMLMessageTests.Change("the signature in the body", "<SOAP:Body>", "<SOAP:Body>SIGNATURE", .signatureDuplicated),
        ])
    func wrapped(change: EbXMLMessageTests.Change) throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let text = String(decoding: sealed.soap, as: UTF8.self)
        let header = try #require(
            text.firstRange(of: "<eb:MessageHeader").map { start in
                text[start.lowerBound..<text.firstRange(of: "</eb:MessageHeader>")!.upperBound]
            })
        let signature = text[
            text.firstRange(of: "<ds:Signature ")!.lowerBound..<text.firstRange(of: "</ds:Signature>")!.upperBound]
        let forged = header.replacingOccurrences(of: "8140001", with: "8140009")
        let next = forged.replacingOccurrences(
            of: "<eb:MessageHeader", with: "<eb:MessageHeader SOAP:actor=\"urn:oasis:names:tc:ebxml-msg:actor:nextMSH\"")
        var changed = text
        if change.new.hasSuffix("MOVED") { changed = changed.replacingOccurrences(of: header, with: "") }
        changed = changed.replacingOccurrences(
            of: change.old,
            with: change.new.replacingOccurrences(of: "FORGED", with: forged).replacingOccurrences(of: "NEXT", with: next)
                .replacingOccurrences(of: "MOVED", with: header).replacingOccurrences(of: "SIGNATURE", with: signature))
        #expect(try EbXMLExample.refusal(soap: Array(changed.utf8), parts: EbXMLExample.received(Self.payloads)) == change.code)
    }

    @Test("another organisation's certificate does not verify it") func signer() throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let parts = try EbXMLExample.received(Self.payloads)
        #expect(try EbXMLExample.refusal(soap: sealed.soap, parts: parts, signer: .oslo) == .signerMismatch)
        let store = try TrustStore(
            roots: Certificate.all(pem: TestPKI.shared.pem("ca/root.crt")),
            intermediates: Certificate.all(pem: TestPKI.shared.pem("ca/issuing.crt")))
        let encryption = try store.validate(
            Certificate(pem: TestPKI.shared.pem("\(EbXMLExample.sender.rawValue)/encryption.crt")), for: .encryption,
            at: TestPKI.now,
            revocation: .notChecked)
        #expect(throws: EnvelopeError(.certificateKeyUsage, reason: "")) {
            try SignatureVerifier.verify(UnverifiedMessage(soap: sealed.soap, parts: parts), signedBy: encryption)
        }
    }

    @Test("an unsigned message is a claim and stays one") func withoutSignature() throws {
        let message = try #require(EbXMLMessageTests.payload)
        let unverified = try UnverifiedMessage(soap: message.encoded, parts: [])
        #expect(!unverified.isSigned)
        #expect(try unverified.claimedCertificate() == nil)
        #expect(try EbXMLExample.refusal(soap: message.encoded, parts: []) == .signatureMissing)
        #expect(SignatureInspection.inspect(unverified, with: nil).error?.code == .signatureMissing)
    }

    @Test("inspection says what verifies, and with whose certificate") func inspection() throws {
        let message = try UnverifiedMessage(
            soap: EbXMLExample.seal(Self.payloads).soap, parts: EbXMLExample.received(Self.payloads))
        let own = SignatureInspection.inspect(message, with: nil)
        #expect(own.isValid && own.isCertificateFromMessage && own.references.count == 4)
        let held = SignatureInspection.inspect(message, with: try EbXMLExample.certificate(EbXMLExample.sender))
        #expect(held.isValid && !held.isCertificateFromMessage)
        #expect(!SignatureInspection.inspect(message, with: try EbXMLExample.certificate(.oslo)).isValid)
    }

    @Test("a header that would not be read is not sent", arguments: ["", " m", "m\n1", String(repeating: "m", count: 256)])
    func unwritable(messageID: String) throws {
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) {
            try EbXMLExample.seal(Self.payloads, header: EbXMLExample.header(messageID: messageID))
        }
        #expect(throws: EnvelopeError(.manifestMalformed, reason: "")) { try EbXMLExample.seal([]) }
    }

    @Test("over the wire and back, in chunks of any size", arguments: [1, 7, 1000, 1 << 20]) func wire(chunk: Int) throws {
        let sealed = try EbXMLExample.seal(Self.payloads)
        let layout = try MessageLayout(
            boundary: "=_sagene_1", soap: sealed.soap, rootID: ContentID("soap@sagene.invalid"),
            parts: Self.payloads.enumerated().map { index, payload in
                MessageLayout.Part(
                    contentID: try EbXMLExample.contentID(index), encoding: index == 0 ? .base64 : .binary, length: payload.count)
            })
        let body = try layout.encoded(parts: Self.payloads)
        var reader = try IncomingMessageReader(headers: MIMEHeaders(layout.headers))
        var spool: [[UInt8]] = []
        for start in stride(from: 0, to: body.count, by: chunk) {
            for event in try reader.consume(Array(body[start..<min(start + chunk, body.count)])) {
                switch event {
                case .partBegan(let index, _): #expect(index == spool.count); spool.append([])
                case .bytes(let bytes): spool[spool.count - 1] += bytes
                case .partEnded(let index, let length): #expect(spool[index].count == length)
                }
            }
        }
        let message = try reader.finish()
        #expect(spool == Self.payloads)
        let verified = try SignatureVerifier.verify(message, signedBy: EbXMLExample.validated(EbXMLExample.sender))
        #expect(verified.parts.map(\.index) == [0, 1, 2])
        #expect(message.deviations == [])
    }
}
