import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("Signatures we write")
struct SignatureWritingTests {
    @Test("xmlsec1 verifies them, and so do we", arguments: ["314000005", "314000005/rsa2048", "314000005/p256"])
    func judged(folder: String) throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let identity = try SignatureFixture.identity(folder)
        for signed in [try SignatureFixture.signedEnvelope(identity), try SignatureFixture.signedDocument(identity)] {
            #expect(try judge.verifies(signed, with: "\(folder)/signing.crt"))
            let facts = try SignatureFixture.verify(signed, key: identity.certificate)
            #expect(facts.deviations.isEmpty)
            #expect(facts.keyInfoCertificate == identity.certificate)
            #expect(facts.signatureAlgorithm.hasSuffix(folder.hasSuffix("p256") ? "#ecdsa-sha256" : "#rsa-sha256"))
        }
    }

    @Test("the facts are the references in their order")
    func facts() throws {
        let facts = try SignatureFixture.verify(SignatureFixture.signedEnvelope())
        #expect(facts.references.map(\.uri) == ["", "cid:\(SignatureFixture.contentID)"])
        #expect(facts.references.map(\.transforms.count) == [3, 0])
        #expect(facts.references[1].digest == Digest.of(SignatureFixture.part, .sha256))
    }

    @Test("what stands around the signature is the document, byte for byte")
    func bytesAround() throws {
        let signed = try SignatureFixture.signedDocument()
        let start = try #require(signed.range(of: "<ds:Signature"))
        let end = try #require(signed.range(of: "</ds:Signature>"))
        #expect(signed[..<start.lowerBound] + signed[end.upperBound...] == SignatureFixture.document)
    }

    @Test("a Content-ID with characters that XML escapes is covered all the same")
    func escapedContentID() throws {
        let (id, digest) = (#"a&b<"c">@example.invalid"#, Digest.of([1], .sha256))
        let bytes = try XMLSignature.sign(
            Array(SignatureFixture.envelope.utf8),
            insertingAt: SignatureFixture.offset(of: "</SOAP:Header>", in: SignatureFixture.envelope), covering: .ebXML,
            parts: [SignedPart(contentID: id, sha256: digest)], with: SignatureFixture.identity())
        #expect(try SignatureFixture.verify(bytes, parts: [id: PartDigests(sha256: digest)]).references.count == 2)
    }

    @Test("a place outside the header, and a document that is no XML, are refused")
    func refused() throws {
        let identity = try SignatureFixture.identity()
        let envelope = Array(SignatureFixture.envelope.utf8)
        let body = SignatureFixture.offset(of: "</SOAP:Body>", in: SignatureFixture.envelope)
        #expect(throws: EnvelopeError(.signatureMissing, reason: "")) {
            try XMLSignature.sign(envelope, insertingAt: body, covering: .ebXMLSignal, parts: [], with: identity)
        }
        #expect(throws: EnvelopeError(.xmlMalformed, reason: "")) {
            try XMLSignature.sign(Array("<a>".utf8), insertingAt: 2, covering: .envelopedDocument, parts: [], with: identity)
        }
        let again = Array(try SignatureFixture.signedDocument().utf8)
        #expect(throws: EnvelopeError(.signatureDuplicated, reason: "")) {
            try XMLSignature.sign(again, insertingAt: again.count - 12, covering: .envelopedDocument, parts: [], with: identity)
        }
    }
}
