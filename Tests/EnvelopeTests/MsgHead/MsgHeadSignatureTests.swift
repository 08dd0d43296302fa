import Envelope
import Foundation
import TestSupport
import Testing

@Suite("MsgHead: ds:Signature")
struct MsgHeadSignatureTests {
    private static func signer(_ name: String = "314000005/signing") throws -> ValidatedCertificate {
        let store = try TrustStore(
            roots: [Certificate(pem: TestPKI.shared.pem("ca/root.crt"))],
            intermediates: [Certificate(pem: TestPKI.shared.pem("ca/issuing.crt"))])
        return try store.validate(
            Certificate(pem: TestPKI.shared.pem("\(name).crt")), for: .signing, at: TestPKI.now, revocation: .notChecked)
    }

    private static func signed() throws -> [UInt8] {
        try DocumentFixture.dialog().signed(with: SignatureFixture.identity())
    }

    @Test("a signed message is the same message, and its signature holds")
    func signAndVerify() throws {
        let bytes = try Self.signed()
        let read = try MsgHead(parsing: bytes)
        #expect(read.hasSignature)
        #expect(read.summary == (try DocumentFixture.dialog().summary))
        let facts = try MsgHead.verifySignature(of: bytes, signedBy: Self.signer())
        #expect(facts.references.map(\.uri) == [""])
    }

    @Test(
        "a signed message is valid by the official schemas",
        .enabled(if: OfficialSchema.file != nil, "the official schemas are not beside the checkout"))
    func valid() throws { #expect(try OfficialSchema.complaints(Self.signed()) == "") }

    @Test("xmlsec1 finds the signature valid, and one changed character not")
    func judged() throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let text = String(decoding: try Self.signed(), as: UTF8.self)
        #expect(try judge.verifies(text, with: "314000005/signing.crt"))
        #expect(text.contains("21905297101"))
        #expect(try !judge.verifies(text.replacing("21905297101", with: "21905297102"), with: "314000005/signing.crt"))
    }

    @Test("a change anywhere in a signed message is noticed", arguments: ["Hei", "JVBERi0x", "8000012", "21905297101"])
    func tampered(text: String) throws {
        let changed = String(text.dropLast()) + (text.last == "x" ? "y" : "A")
        let bytes = try DocumentFixture.text(Self.signed(), replacing: text, with: changed)
        #expect(throws: EnvelopeError.code(.digestMismatch)) {
            try MsgHead.verifySignature(of: bytes, signedBy: Self.signer())
        }
    }

    @Test("another organisation's certificate does not verify it")
    func otherSigner() throws {
        #expect(throws: EnvelopeError.code(.signerMismatch)) {
            try MsgHead.verifySignature(of: Self.signed(), signedBy: Self.signer("314000013/signing"))
        }
    }

    @Test("no signature, two signatures and a wrapped message are refused")
    func missing() throws {
        let plain = try DocumentFixture.dialog().encoded()
        #expect(throws: EnvelopeError.code(.signatureMissing)) {
            try MsgHead.verifySignature(of: plain, signedBy: Self.signer())
        }
        let text = String(decoding: try Self.signed(), as: UTF8.self)
        let start = try #require(text.range(of: "<ds:Signature")?.lowerBound)
        let end = try #require(text.range(of: "</ds:Signature>")?.upperBound)
        let twice = text.replacingOccurrences(of: "</MsgHead>", with: text[start..<end] + "</MsgHead>")
        #expect(throws: EnvelopeError.code(.signatureDuplicated)) {
            try MsgHead.verifySignature(of: Array(twice.utf8), signedBy: Self.signer())
        }
        let wrapped = "<EI_fellesformat>\(text.dropFirst(38))</EI_fellesformat>"
        #expect(throws: EnvelopeError.code(.documentUnknown)) {
            try MsgHead.verifySignature(of: Array(wrapped.utf8), signedBy: Self.signer())
        }
    }

    @Test("a signed message takes no more attachments")
    func attach() throws {
        let bytes = try Self.signed()
        #expect(throws: EnvelopeError.code(.signatureProfile)) {
            try ClinicalDocument.attach([DocumentFixture.reference], to: bytes)
        }
    }
}
