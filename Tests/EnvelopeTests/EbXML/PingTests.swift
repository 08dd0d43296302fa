import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Ping and Pong")
struct PingTests {
    static func ping() throws -> SignedEnvelope {
        try EnvelopeSealer.ping(
            from: EbXMLExample.senderParty, to: EbXMLExample.receiverParty, cpaID: "cpa-1", messageID: "p-1", at: TestPKI.now,
            with: EbXMLExample.identity(EbXMLExample.sender))
    }

    static func verify(_ soap: [UInt8], by organisation: TestOrganisation) throws -> VerifiedMessage {
        try SignatureVerifier.verify(
            UnverifiedMessage(soap: soap, parts: []), signedBy: EbXMLExample.validated(organisation))
    }

    static func pong(_ ping: VerifiedMessage) throws -> SignedEnvelope {
        try EnvelopeSealer.pong(
            ping, messageID: "q-1", at: TestPKI.now, with: EbXMLExample.identity(EbXMLExample.receiver))
    }

    @Test("a ping is answered by a pong that names it, parties swapped") func answered() throws {
        let asked = try Self.verify(Self.ping().soap, by: EbXMLExample.sender)
        #expect(asked.content == .ping && asked.parts.isEmpty && asked.header.service == .signal)
        let answer = try Self.verify(Self.pong(asked).soap, by: EbXMLExample.receiver)
        #expect(answer.content == .pong && answer.refToMessageID == "p-1")
        #expect(answer.header.from == asked.header.to && answer.header.to == asked.header.from)
        #expect(answer.header.conversationID == asked.header.conversationID && answer.header.cpaID == "cpa-1")
    }

    @Test("a pong signed by another is none, and neither is one with a character changed") func forged() throws {
        let asked = try Self.verify(Self.ping().soap, by: EbXMLExample.sender)
        let answer = try Self.pong(asked)
        #expect(throws: EnvelopeError.self) { try Self.verify(answer.soap, by: EbXMLExample.sender) }
        let changed = Array(String(decoding: answer.soap, as: UTF8.self).replacing(">p-1<", with: ">p-2<").utf8)
        #expect(changed != answer.soap)
        #expect(throws: EnvelopeError.self) { try Self.verify(changed, by: EbXMLExample.receiver) }
    }

    @Test("only a ping is answered with a pong; a ping is never acknowledged, nor answered with an error") func only() throws {
        let payload = try EbXMLExample.verified([[1, 2, 3]])
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) { try Self.pong(payload) }
        let asked = try Self.verify(Self.ping().soap, by: EbXMLExample.sender)
        let answer = try Self.verify(Self.pong(asked).soap, by: EbXMLExample.receiver)
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) { try Self.pong(answer) }
        let identity = try EbXMLExample.identity(EbXMLExample.receiver)
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) {
            try EnvelopeSealer.acknowledge(asked, messageID: "a-1", at: TestPKI.now, with: identity)
        }
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) {
            try EnvelopeSealer.report(
                ErrorList(EbXMLError(code: .securityFailure, severity: .error)), about: asked.header, messageID: "e-1",
                at: TestPKI.now, with: identity)
        }
    }

    @Test("a ping with a payload, and a pong that answers nothing, are refused") func malformed() throws {
        let header = try Self.ping().header
        let manifest = try Manifest([ManifestReference(ContentID("a@b"))])
        let withPayload = EbXMLMessage(header: header, content: .payload(manifest)).encoded
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) { try EbXMLMessage(parsing: withPayload) }
        var answer = header
        answer.action = "Pong"
        let aimless = EbXMLMessage(header: answer, content: .pong).encoded
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) { try EbXMLMessage(parsing: aimless) }
    }
}
