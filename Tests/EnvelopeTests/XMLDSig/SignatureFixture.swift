import Envelope
import Foundation
import Native
import TestSupport
import Testing

/// A small ebXML header and the keys of the test PKI.
enum SignatureFixture {
    static let contentID = "part-1@example.invalid"
    static let part = Array("the payload as it is sent".utf8)
    static let parts = [contentID: PartDigests(sha256: Digest.of(part, .sha256))]

    static let envelope = #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xlink="http://www.w3.org/1999/xlink" \#
        xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><SOAP:Header>\#
        <eb:MessageHeader SOAP:mustUnderstand="1" eb:version="2.0"><eb:CPAId>agreement &amp; more</eb:CPAId>
          <eb:Description xml:lang="NO">Blåbærgrøt</eb:Description></eb:MessageHeader>\#
        </SOAP:Header><SOAP:Body><eb:Manifest eb:version="2.0"><eb:Reference xlink:href="cid:part-1@example.invalid"/>\#
        </eb:Manifest></SOAP:Body></SOAP:Envelope>
        """#
    static let document =
        #"<?xml version="1.0"?><m:MsgHead xmlns:m="urn:example"><m:Id xml:space="preserve"> 1 </m:Id></m:MsgHead>"#

    static func offset(of text: String, in document: String) -> Int {
        document.utf8.count - (document.range(of: text).map { document[$0.lowerBound...].utf8.count } ?? 0)
    }

    static func identity(_ folder: String = "314000005") throws -> SigningIdentity {
        try SigningIdentity(
            key: Envelope.PrivateKey(pem: TestPKI.shared.pem("\(folder)/signing.key")),
            certificate: Certificate(pem: TestPKI.shared.pem("\(folder)/signing.crt")))
    }

    static func signedEnvelope(_ identity: SigningIdentity? = nil) throws -> String {
        let bytes = try XMLSignature.sign(
            Array(envelope.utf8), insertingAt: offset(of: "</SOAP:Header>", in: envelope), covering: .ebXML,
            parts: [SignedPart(contentID: contentID, sha256: Digest.of(part, .sha256))], with: identity ?? self.identity())
        return String(decoding: bytes, as: UTF8.self)
    }

    static func signedDocument(_ identity: SigningIdentity? = nil) throws -> String {
        let bytes = try XMLSignature.sign(
            Array(document.utf8), insertingAt: offset(of: "</m:MsgHead>", in: document), covering: .envelopedDocument, parts: [],
            with: identity ?? self.identity())
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Verifies the one signature in the SOAP header, or in the root of another document.
    @discardableResult
    static func verify(
        _ bytes: [UInt8], parts: [String: PartDigests] = parts, key: Certificate? = nil, policy: SignaturePolicy = .strict
    ) throws -> SignatureFacts {
        let tree = try XMLDocument(parsing: bytes)
        let parent = tree.root.child("Header", "http://schemas.xmlsoap.org/soap/envelope/") ?? tree.root
        let signature = try XMLSignature.only(in: parent)
        return try XMLSignature.verify(
            tree, signature: signature, parts: parts, key: key ?? identity().certificate, policy: policy)
    }

    @discardableResult
    static func verify(
        _ text: String, parts: [String: PartDigests] = parts, key: Certificate? = nil, policy: SignaturePolicy = .strict
    ) throws -> SignatureFacts {
        try verify(Array(text.utf8), parts: parts, key: key, policy: policy)
    }
}

/// xmlsec1, the independent judge.
struct XMLSec {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "msggw-xmlsec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(SignatureFixture.part).write(to: folder.appending(path: "part"))
    }

    func write(_ text: String) throws -> String {
        let file = folder.appending(path: "\(UUID().uuidString).xml")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func verifies(_ document: String, with certificate: String) throws -> Bool {
        try Tool.run(
            "xmlsec1",
            [
                "--verify", "--pubkey-cert-pem", TestPKI.shared.path(certificate), "--enabled-key-data", "rsa,ec,ecdsa,key-name",
                "--url-map:cid:\(SignatureFixture.contentID)", folder.appending(path: "part").path, write(document),
            ]
        ).status == 0
    }

    /// A template filled in.
    func signed(_ template: String, with key: String) throws -> String {
        let result = try Tool.run(
            "xmlsec1",
            [
                "--sign", "--privkey-pem", "\(TestPKI.shared.path("\(key).key")),\(TestPKI.shared.path("\(key).crt"))",
                "--url-map:cid:\(SignatureFixture.contentID)", folder.appending(path: "part").path, write(template),
            ])
        guard result.status == 0 else { throw XMLSecError(description: String(decoding: result.err, as: UTF8.self)) }
        return String(decoding: result.out, as: UTF8.self)
    }

    func end() { try? FileManager.default.removeItem(at: folder) }
}

struct XMLSecError: Error, CustomStringConvertible {
    let description: String
}

/// What a signature that xmlsec1 is to make looks like.
struct SignatureTemplate: Sendable, CustomTestStringConvertible {
    var canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    var method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    var digest = "http://www.w3.org/2001/04/xmlenc#sha256"
    var transforms = [
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature", xpath, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    ]
    var expression = ownExpression
    var coversDocument = true
    var coversPart = true
    var keyInfo = "<ds:X509Data/>"
    var testDescription = ""

    static let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
    static let ownExpression = """
        not(ancestor-or-self::node()[@S:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"] | \
        ancestor-or-self::node()[@S:actor="http://schemas.xmlsoap.org/soap/actor/next"])
        """

    func text(in document: String = SignatureFixture.envelope, before place: String = "</SOAP:Header>") -> String {
        let steps = transforms.map { uri in
            uri == Self.xpath
                ? #"<ds:Transform Algorithm="\#(uri)"><ds:XPath xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">"#
                    + expression.replacing("&", with: "&amp;").replacing("<", with: "&lt;") + "</ds:XPath></ds:Transform>"
                : #"<ds:Transform Algorithm="\#(uri)"/>"#
        }
        let digested = #"<ds:DigestMethod Algorithm="\#(digest)"/><ds:DigestValue/></ds:Reference>"#
        var references = ""
        if coversDocument {
            references += #"<ds:Reference URI=""><ds:Transforms>\#(steps.joined(separator: "\n"))</ds:Transforms>\#(digested)"#
        }
        if coversPart { references += #"<ds:Reference URI="cid:\#(SignatureFixture.contentID)">\#(digested)"# }
        let signature = """
            <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
            <ds:CanonicalizationMethod Algorithm="\(canonicalization)"/><ds:SignatureMethod Algorithm="\(method)"/>
            \(references)</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo>\(keyInfo)</ds:KeyInfo></ds:Signature>
            """
        return document.replacingOccurrences(of: place, with: signature + place)
    }
}
