import Envelope
import Foundation
import Native
import TestSupport
import Testing

@Suite("Real signed messages", .enabled(if: Repository.shared != nil, "the folder of samples is not beside the checkout"))
struct RealSignatureTests {
    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: #require(Repository.shared("standards/transport-samples/ebxml/\(path)"))))
    }

    /// Only what the samples need: a list of parts (Content-ID, bytes), the first being the SOAP envelope.
    static func split(_ path: String) throws -> [(id: String, bytes: [UInt8])] {
        let text = String(decoding: try bytes(path), as: UTF8.self).replacing("\r\n", with: "\n")
        guard let boundary = text.firstMatch(of: /boundary="([^"]+)"/)?.1 else { return [part(text)] }
        return text.components(separatedBy: "--\(boundary)").dropFirst().dropLast()
            .map { part(String($0.dropFirst().dropLast())) }
    }

    private static func part(_ text: String) -> (id: String, bytes: [UInt8]) {
        guard let head = text.range(of: "\n\n") else { return ("", []) }
        let headers = text[..<head.lowerBound]
        let body = String(text[head.upperBound...])
        let id = headers.firstMatch(of: /(?i:Content-ID): *<([^>]+)>/)?.1 ?? ""
        let isBase64 = headers.contains(/(?i:Content-Transfer-Encoding: *base64)/)
        let decoded = isBase64 ? Data(base64Encoded: body, options: .ignoreUnknownCharacters) : Data(body.utf8)
        return (String(id), decoded.map { [UInt8]($0) } ?? [])
    }

    static func verify(_ parts: [(id: String, bytes: [UInt8])], policy: SignaturePolicy) throws -> SignatureFacts {
        let tree = try XMLDocument(parsing: #require(parts.first).bytes)
        let header = tree.root.child("Header", "http://schemas.xmlsoap.org/soap/envelope/") ?? tree.root
        let signature = try XMLSignature.only(in: header)
        let digests = parts.dropFirst().map {
            ($0.id, PartDigests(sha256: Digest.of($0.bytes, .sha256), others: [.sha1: Digest.of($0.bytes, .sha1)]))
        }
        let key = try #require(try XMLSignature.keyInfoCertificate(of: signature))
        return try XMLSignature.verify(
            tree, signature: signature, parts: Dictionary(uniqueKeysWithValues: digests), key: key, policy: policy)
    }

    @Test(
        "verify",
        arguments: [
            ("01-smtp-payload-speare/message.eml", 2, 0), ("02-http-sync-response-nav/response.mime", 2, 0),
            ("03-smtp-acknowledgment/message.eml", 1, 1), ("04-smtp-payload-visma-3des/message.eml", 2, 0),
        ])
    func verifies(path: String, references: Int, deviations: Int) throws {
        let facts = try Self.verify(Self.split(path), policy: .strict)
        #expect(facts.references.count == references)
        #expect(facts.deviations.count == deviations, "\(facts.deviations)")
    }

    @Test("the sender's certificate beside sample 01 is the one in its KeyInfo")
    func sender() throws {
        let facts = try Self.verify(Self.split("01-smtp-payload-speare/message.eml"), policy: .strict)
        #expect(try facts.keyInfoCertificate == Certificate(pem: Self.bytes("01-smtp-payload-speare/sender-signing.cer")))
        #expect(facts.keyInfoCertificate?.organisationNumber == "993954896")
    }

    @Test("right digests under a wrong signature value are refused, by the strict and by the legacy policy")
    func wrongValue() throws {
        let parts = try Self.split("05-negative-signature-value/message.mime")
        #expect(parts.count == 2)
        #expect(throws: EnvelopeError(.signatureInvalid, reason: "")) { try Self.verify(parts, policy: .legacy) }
        #expect(throws: EnvelopeError.self) { try Self.verify(parts, policy: .strict) }
    }

    @Test("a business document signed with SHA-1 holds by the legacy policy alone")
    func businessDocument() throws {
        let document = try Self.bytes("06-signed-business-document/msghead.xml")
        let facts = try Self.verify([("", document)], policy: .legacy)
        #expect(facts.deviations.contains { $0.severity == .warning })
        #expect(throws: EnvelopeError(.signatureAlgorithm, reason: "")) { try Self.verify([("", document)], policy: .strict) }
    }
}
