import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("Signatures of others")
struct SignatureReadingTests {
    typealias Template = SignatureTemplate
    static let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
    static let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"

    static let acceptedTemplates: [(Template, key: String, deviations: Int)] = [
        (Template(testDescription: "as we write it"), "314000005", 0),
        (Template(method: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", testDescription: "P-256"), "314000005/p256", 0),
        (
            Template(
                method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                digest: "http://www.w3.org/2001/04/xmlenc#sha512", testDescription: "SHA-384 and SHA-512"), "314000005", 0
        ),
        (Template(canonicalization: exclusive, testDescription: "exclusive"), "314000005", 1),
        (Template(canonicalization: inclusive + "#WithComments", testDescription: "comments"), "314000005", 1),
        (
            Template(
                canonicalization: exclusive + "WithComments", transforms: [enveloped, Template.xpath, exclusive],
                testDescription: "exclusive with comments"), "314000005", 3
        ),
        (
            Template(
                transforms: [enveloped, Template.xpath, inclusive + "#WithComments"],
                testDescription: "comments are no part of the document's node-set"), "314000005", 1
        ),
        (Template(transforms: [enveloped, inclusive], testDescription: "no XPath"), "314000005", 1),
        (Template(transforms: [enveloped, Template.xpath], testDescription: "no canonical form"), "314000005", 1),
        (
            Template(keyInfo: "<ds:KeyName>k</ds:KeyName><ds:KeyValue/><ds:X509Data/>", testDescription: "KeyValue too"),
            "314000005", 0
        ),
        (Template(keyInfo: "<ds:KeyName>k</ds:KeyName>", testDescription: "no certificate"), "314000005", 1),
    ]

    /// With a comment in the signed text, and with an element that is for the next hop.
    static let envelope = SignatureFixture.envelope
        .replacingOccurrences(of: "agreement", with: "agree<!-- a comment -->ment")
        .replacingOccurrences(
            of: "<SOAP:Header>", with: "<SOAP:Header><eb:Trace SOAP:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/>")

    @Test("what xmlsec1 signed by the profile is accepted", arguments: acceptedTemplates.indices)
    func accepted(index: Int) throws {
        let (template, key, deviations) = Self.acceptedTemplates[index]
        let judge = try XMLSec()
        defer { judge.end() }
        let signed = try judge.signed(template.text(in: Self.envelope), with: "\(key)/signing")
        let parts = [
            SignatureFixture.contentID: PartDigests(
                sha256: Digest.of(SignatureFixture.part, .sha256), others: [.sha512: Digest.of(SignatureFixture.part, .sha512)])
        ]
        let facts = try SignatureFixture.verify(signed, parts: parts, key: SignatureFixture.identity(key).certificate)
        #expect(facts.deviations.count == deviations, "\(template.testDescription): \(facts.deviations)")
        #expect(facts.references.count == 2)
    }

    static let refusedTemplates: [(Template, EnvelopeError.Code)] = [
        (Template(coversDocument: false, testDescription: "the document is not covered"), .signatureProfile),
        (Template(transforms: [inclusive, enveloped], testDescription: "another order of transforms"), .signatureProfile),
        (Template(transforms: [enveloped, inclusive, exclusive], testDescription: "two canonical forms"), .signatureProfile),
        (
            Template(expression: "not(ancestor-or-self::S:Body)", testDescription: "an XPath that leaves out the body"),
            .signatureProfile
        ),
        (Template(expression: "not(ancestor-or-self::S:Header)", testDescription: "an XPath without header"), .signatureProfile),
        (
            Template(method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1", testDescription: "rsa-sha1"), .signatureAlgorithm
        ),
        (Template(digest: "http://www.w3.org/2000/09/xmldsig#sha1", testDescription: "SHA-1 digests"), .signatureAlgorithm),
        (Template(digest: "http://www.w3.org/2001/04/xmldsig-more#sha224", testDescription: "SHA-224"), .signatureAlgorithm),
        (
            Template(method: "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", testDescription: "RSA-PSS"),
            .signatureAlgorithm
        ),
        (
            Template(canonicalization: "http://www.w3.org/2006/12/xml-c14n11", testDescription: "C14N 1.1"), .signatureAlgorithm
        ),
    ]

    @Test("what xmlsec1 signed by another profile is refused", arguments: refusedTemplates.indices)
    func refused(index: Int) throws {
        let (template, code) = Self.refusedTemplates[index]
        let judge = try XMLSec()
        defer { judge.end() }
        guard let signed = try? judge.signed(template.text(), with: "314000005/signing") else {
            // The judge knows the algorithm no more than we do; unsigned it must be refused for the same reason.
            let unsigned = template.text().replacing("<ds:DigestValue/>", with: "<ds:DigestValue>AAAA</ds:DigestValue>")
                .replacing("<ds:SignatureValue/>", with: "<ds:SignatureValue>AAAA</ds:SignatureValue>")
            #expect(throws: EnvelopeError(code, reason: "")) { try SignatureFixture.verify(unsigned) }
            return
        }
        #expect(throws: EnvelopeError(code, reason: ""), "\(template.testDescription)") { try SignatureFixture.verify(signed) }
    }

    @Test("SHA-1 is accepted from partners with whom it is agreed, and reported")
    func legacy() throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let template = Template(
            method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1", digest: "http://www.w3.org/2000/09/xmldsig#sha1",
            coversPart: false)
        let signed = try judge.signed(template.text(), with: "314000005/signing")
        let facts = try SignatureFixture.verify(signed, policy: .legacy)
        #expect(facts.deviations.map(\.severity) == [.warning])
    }

    @Test(
        "a signature over nothing is refused, though another program finds it valid: the envelope is for the next hop",
        arguments: ["<SOAP:Envelope", "<SOAP:Header", "<SOAP:Body"])
    func empty(tag: String) throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let addressed = SignatureFixture.envelope.replacing(
            tag, with: tag + #" SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next""#, maxReplacements: 1)
        let signed = try judge.signed(Template().text(in: addressed), with: "314000005/signing")
        #expect(try judge.verifies(signed, with: "314000005/signing.crt"))
        #expect(throws: EnvelopeError(.addressedToNextHop, reason: "")) { try SignatureFixture.verify(signed) }
    }

    @Test("the filter of SOAP is refused on a business document, where nobody refuses what it leaves out")
    func filterElsewhere() throws {
        let judge = try XMLSec()
        defer { judge.end() }
        let text = Template(coversPart: false).text(in: SignatureFixture.document, before: "</m:MsgHead>")
        let signed = try judge.signed(text, with: "314000005/signing")
        #expect(throws: EnvelopeError(.signatureProfile, reason: "")) { try SignatureFixture.verify(signed) }
    }
}

@Suite("The next-hop filter is recognised by what it means")
struct NextHopFilterTests {
    static let nextMSH = "urn:oasis:names:tc:ebxml-msg:actor:nextMSH"
    static let next = "http://schemas.xmlsoap.org/soap/actor/next"

    static func isFilter(_ expression: String) throws -> Bool {
        let escaped = expression.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        let soap = "http://schemas.xmlsoap.org/soap/envelope/"
        let tree = try XMLDocument(
            parsing: Array("<X xmlns:S='\(soap)' xmlns:T='\(soap)' xmlns:other='urn:other'>\(escaped)</X>".utf8))
        return NextHopFilter.isExpressed(by: tree.root)
    }

    @Test(
        "spellings of it",
        arguments: [
            #"not(ancestor-or-self::node()[@S:actor="\#(nextMSH)"] | ancestor-or-self::node()[@S:actor="\#(next)"])"#,
            #"not(ancestor-or-self::node()[@S:actor="\#(next)"]|ancestor-or-self::node()[@T:actor='\#(nextMSH)'])"#,
            "\n  not ( ancestor-or-self :: node ( ) [ @S:actor = '\(nextMSH)' ]\r\n\t|  ancestor-or-self::node()[@ S:actor='\(next)'] ) \n",
        ])
    func spellings(expression: String) throws {
        #expect(try Self.isFilter(expression))
    }

    @Test(
        "other expressions",
        arguments: [
            "", "not(", "true()",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'])",
            "not(ancestor-or-self::node()[@S:actor='\(next)'] | ancestor-or-self::node()[@S:actor='\(next)'])",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@other:actor='\(next)'])",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@undeclared:actor='\(next)'])",
            "not(ancestor-or-self::node()[@actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)'])",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='toPartyMSH'])",
            "not(ancestor-or-self::node()[@S:actor!='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)'])",
            "not(descendant-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)'])",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)']) or true()",
            "(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)'])",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)'] | ancestor-or-self::node()[@S:actor='\(next)'] | //S:Body)",
            "not(ancestor-or-self::node()[@S:actor='\(nextMSH)\"] | ancestor-or-self::node()[@S:actor='\(next)'])",
        ])
    func others(expression: String) throws {
        #expect(try !Self.isFilter(expression))
    }
}
