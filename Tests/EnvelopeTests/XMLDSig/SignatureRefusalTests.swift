import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("What was signed cannot be changed")
struct SignatureRefusalTests {
    @Test("one changed bit anywhere is refused", arguments: ["314000005/rsa2048", "314000005/p256"])
    func changedBit(folder: String) throws {
        let identity = try SignatureFixture.identity(folder)
        let signed = Array(try SignatureFixture.signedEnvelope(identity).utf8)
        // The XML declaration is not signed: it is no part of the canonical form.
        let start = try #require(signed.firstRange(of: Array("<SOAP:Envelope".utf8))).lowerBound
        try SignatureFixture.verify(signed, key: identity.certificate)
        for position in stride(from: start, to: signed.count - 1, by: 7) {
            var changed = signed
            changed[position] ^= 1 << (position % 3)
            #expect(throws: (any Error).self, "byte \(position)") {
                try SignatureFixture.verify(changed, key: identity.certificate)
            }
        }
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let from: String
        let to: String
        let code: EnvelopeError.Code
    }

    static let changes = [
        Change(testDescription: "text", from: "agreement", to: "Agreement", code: .digestMismatch),
        Change(testDescription: "an attribute", from: #"eb:version="2.0""#, to: #"eb:version="2.1""#, code: .digestMismatch),
        Change(testDescription: "an added element", from: "<SOAP:Body>", to: "<SOAP:Body><eb:Manifest/>", code: .digestMismatch),
        Change(
            testDescription: "a namespace added to what SignedInfo inherits", from: "xmlns:eb=",
            to: #"xmlns:x="urn:x" xmlns:eb="#, code: .signatureInvalid),
        Change(
            testDescription: "signature method HMAC", from: "xmldsig-more#rsa-sha256", to: "xmldsig-more#hmac-sha256",
            code: .signatureAlgorithm),
        Change(
            testDescription: "another RSA method", from: "xmldsig-more#rsa-sha256", to: "xmldsig-more#rsa-sha512",
            code: .signatureInvalid),
        Change(
            testDescription: "a method for another kind of key", from: "xmldsig-more#rsa-sha256", to: "xmldsig-more#ecdsa-sha256",
            code: .signatureAlgorithm),
        Change(
            testDescription: "a transform of another profile", from: "http://www.w3.org/TR/1999/REC-xpath-19991116",
            to: "http://www.w3.org/TR/1999/REC-xslt-19991116", code: .signatureProfile),
        Change(testDescription: "a reference to an element", from: #"URI="""#, to: ##"URI="#body""##, code: .signatureInvalid),
        Change(
            testDescription: "parameters of the signature method", from: "</ds:SignatureMethod>",
            to: "<ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>", code: .signatureProfile),
        Change(testDescription: "an Object", from: "</ds:KeyInfo>", to: "</ds:KeyInfo><ds:Object/>", code: .signatureProfile),
        Change(
            testDescription: "a second KeyInfo", from: "</ds:KeyInfo>", to: "</ds:KeyInfo><ds:KeyInfo/>", code: .signatureProfile),
        Change(
            testDescription: "a second SignatureValue", from: "<ds:KeyInfo>",
            to: "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo>", code: .signatureProfile),
        Change(
            testDescription: "an element in the signature value", from: "<ds:SignatureValue>",
            to: "<ds:SignatureValue><ds:Object/>",
            code: .signatureProfile),
        Change(
            testDescription: "text beside the signature's elements", from: "</ds:SignedInfo>", to: "</ds:SignedInfo>x",
            code: .signatureProfile),
        Change(
            testDescription: "a foreign element in KeyInfo", from: "<ds:KeyInfo>", to: "<ds:KeyInfo><eb:MessageHeader/>",
            code: .signatureProfile),
        Change(
            testDescription: "a key by reference", from: "<ds:KeyInfo>",
            to: #"<ds:KeyInfo><ds:RetrievalMethod URI="http://127.0.0.1:9/key"/>"#, code: .signatureProfile),
        Change(
            testDescription: "garbage after base64", from: "</ds:SignatureValue>", to: "=</ds:SignatureValue>",
            code: .signatureProfile),
        Change(testDescription: "no signature", from: "ds:Signature ", to: "ds:Signature2 ", code: .xmlMalformed),
    ]

    @Test("changed after signing, each with its own code", arguments: changes)
    func changed(change: Change) throws {
        let signed = try SignatureFixture.signedEnvelope()
        let text = signed.replacingOccurrences(of: change.from, with: change.to)
        #expect(text != signed)
        if change.code == .xmlMalformed {
            #expect(throws: NativeError(.xmlMalformed, reason: "")) { try SignatureFixture.verify(text) }
        } else {
            #expect(throws: EnvelopeError(change.code, reason: "")) { try SignatureFixture.verify(text) }
        }
    }

    static func element(_ name: String, of text: String) throws -> String {
        let start = try #require(text.range(of: "<\(name)"))
        let end = try #require(text.range(of: "</\(name)>"))
        return String(text[start.lowerBound..<end.upperBound])
    }

    @Test("a second signature beside the first is refused, wherever the reader looks")
    func secondSignature() throws {
        let signed = try SignatureFixture.signedEnvelope()
        let signature = try Self.element("ds:Signature", of: signed)
        let twice = signed.replacingOccurrences(of: signature, with: signature + signature)
        #expect(throws: EnvelopeError(.signatureDuplicated, reason: "")) { try SignatureFixture.verify(twice) }
        let tree = try XMLDocument(parsing: Array(twice.utf8))
        let header = try #require(tree.root.child("Header", "http://schemas.xmlsoap.org/soap/envelope/"))
        for node in header.children("Signature", "http://www.w3.org/2000/09/xmldsig#") {
            #expect(throws: EnvelopeError(.digestMismatch, reason: "")) {
                try XMLSignature.verify(
                    tree, signature: node, parts: SignatureFixture.parts, key: SignatureFixture.identity().certificate,
                    policy: .strict)
            }
        }
    }

    @Test("no signature at all is refused")
    func noSignature() {
        #expect(throws: EnvelopeError(.signatureMissing, reason: "")) { try SignatureFixture.verify(SignatureFixture.envelope) }
    }

    @Test("the signed document wrapped in another, with its signature taken along, is refused")
    func wrapped() throws {
        let signed = try SignatureFixture.signedDocument()
        let signature = try Self.element("ds:Signature", of: signed)
        let inner = signed.replacingOccurrences(of: signature, with: "").replacingOccurrences(
            of: #"<?xml version="1.0"?>"#, with: "")
        let wrapped = #"<m:MsgHead xmlns:m="urn:example"><m:Id>2</m:Id>\#(inner)\#(signature)</m:MsgHead>"#
        #expect(throws: EnvelopeError(.digestMismatch, reason: "")) { try SignatureFixture.verify(wrapped) }
    }

    @Test("a removed reference, and a repeated one, are refused")
    func references() throws {
        let signed = try SignatureFixture.signedEnvelope()
        let part = try #require(signed.range(of: #"<ds:Reference URI="cid:"#))
        let end = try #require(signed.range(of: "</ds:SignedInfo>"))
        let reference = String(signed[part.lowerBound..<end.lowerBound])
        for replacement in ["", reference + reference] {
            let changed = signed.replacingOccurrences(of: reference, with: replacement)
            #expect(throws: EnvelopeError(.signatureInvalid, reason: "")) { try SignatureFixture.verify(changed) }
        }
    }

    @Test("a repeated reference is refused though it is signed, also in another spelling", arguments: ["part-1@", "part%2D1@"])
    func repeatedReference(spelling: String) throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let template = SignatureTemplate().text()
        let part = try #require(template.range(of: #"<ds:Reference URI="cid:"#))
        let end = try #require(template.range(of: "</ds:SignedInfo>"))
        let reference = String(template[part.lowerBound..<end.lowerBound])
        let identity = try SignatureFixture.identity()
        let other = reference.replacing("part-1@", with: spelling)
        let draft = template.replacingOccurrences(of: reference, with: reference + other)
        let mapped = try Tool.run(
            "xmlsec1",
            [
                "--sign", "--privkey-pem",
                "\(TestPKI.shared.path("314000005/signing.key")),\(TestPKI.shared.path("314000005/signing.crt"))",
                "--url-map:cid:\(SignatureFixture.contentID)", judge.folder.appending(path: "part").path,
                "--url-map:cid:\(spelling)example.invalid", judge.folder.appending(path: "part").path, judge.write(draft),
            ])
        #expect(mapped.status == 0)
        #expect(throws: EnvelopeError(.signatureProfile, reason: "")) {
            try SignatureFixture.verify(mapped.out, key: identity.certificate)
        }
    }

    @Test("a part that is missing or changed is refused")
    func parts() throws {
        let signed = try SignatureFixture.signedEnvelope()
        #expect(throws: EnvelopeError(.referenceUnresolved, reason: "")) { try SignatureFixture.verify(signed, parts: [:]) }
        let other = [SignatureFixture.contentID: PartDigests(sha256: Digest.of([], .sha256))]
        #expect(throws: EnvelopeError(.digestMismatch, reason: "")) { try SignatureFixture.verify(signed, parts: other) }
    }

    @Test("another's certificate in KeyInfo is refused even where the signature holds, and so is our own trust in another")
    func anotherSigner() throws {
        let (own, other) = (try SignatureFixture.identity(), try SignatureFixture.identity("314000013"))
        let signed = try SignatureFixture.signedEnvelope(own)
        #expect(throws: EnvelopeError(.signerMismatch, reason: "")) {
            try SignatureFixture.verify(signed, key: other.certificate)
        }
        let base64 = { (der: [UInt8]) in Data(der).base64EncodedString() }
        let changed = signed.replacingOccurrences(of: base64(own.certificate.der), with: base64(other.certificate.der))
        #expect(throws: EnvelopeError(.signerMismatch, reason: "")) { try SignatureFixture.verify(changed) }
        #expect(throws: EnvelopeError(.signatureInvalid, reason: "")) {
            try SignatureFixture.verify(changed, key: other.certificate)
        }
        let keyInfo = try Self.element("ds:KeyInfo", of: signed)
        let unnamed = signed.replacingOccurrences(of: keyInfo, with: "")
        #expect(try SignatureFixture.verify(unnamed).deviations.count == 1)
        #expect(throws: EnvelopeError(.signatureInvalid, reason: "")) {
            try SignatureFixture.verify(unnamed, key: other.certificate)
        }
    }

    @Test("the certificate in KeyInfo can be read before it is trusted")
    func keyInfo() throws {
        let tree = try XMLDocument(parsing: Array(try SignatureFixture.signedDocument().utf8))
        let named = try XMLSignature.keyInfoCertificate(of: XMLSignature.only(in: tree.root))
        #expect(try named == SignatureFixture.identity().certificate)
    }

    @Test("white space in base64 is tolerated, written as a character reference too")
    func whiteSpace() throws {
        let signed = try SignatureFixture.signedEnvelope()
        let value = try Self.element("ds:SignatureValue", of: signed).dropFirst("<ds:SignatureValue>".count)
        let broken = "\n " + value.prefix(76) + "&#xD;\n" + value.dropFirst(76)
        #expect(throws: Never.self) { try SignatureFixture.verify(signed.replacingOccurrences(of: value, with: broken)) }
    }

    @Test("what is for the next hop, and comments, may be added: the digest leaves them out")
    func leftOut() throws {
        let signed = try SignatureFixture.signedEnvelope()
        for added in ["<!-- comment -->", #"<eb:Via SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"><eb:X/></eb:Via>"#] {
            let text = signed.replacingOccurrences(of: "<SOAP:Header>", with: "<SOAP:Header>" + added)
            #expect(throws: Never.self) { try SignatureFixture.verify(text) }
        }
        let other = signed.replacingOccurrences(
            of: "<SOAP:Header>", with: #"<SOAP:Header><eb:Via SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH"/>"#)
        #expect(throws: EnvelopeError(.digestMismatch, reason: "")) { try SignatureFixture.verify(other) }
    }
}
