import Envelope
import Foundation
import TestSupport
import Testing

@Suite("Acknowledgments and errors")
struct ReceiptTests {
    static let payloads: [[UInt8]] = [[1, 2, 3]]

    static func acknowledgment(of message: VerifiedMessage) throws -> SignedEnvelope {
        try EnvelopeSealer.acknowledge(
            message, messageID: "a-1", at: TestPKI.now, description: SystemDescription(msh: ("msggw", "1.0")),
            with: EbXMLExample.identity(EbXMLExample.receiver))
    }

    static func verify(_ signal: [UInt8]) throws -> VerifiedMessage {
        try SignatureVerifier.verify(
            UnverifiedMessage(soap: signal, parts: []), signedBy: EbXMLExample.validated(EbXMLExample.receiver))
    }

    /// A receipt with other content, signed by the receiver all the same.
    static func receipt(
        header: MessageHeader? = nil, _ change: (Acknowledgment) -> Acknowledgment = { $0 }
    ) throws -> VerifiedMessage {
        let genuine = try verify(acknowledgment(of: EbXMLExample.verified(payloads)).soap)
        guard case .acknowledgment(let acknowledgment) = genuine.content else { throw CancellationError() }
        let message = EbXMLMessage(header: header ?? genuine.header, content: .acknowledgment(change(acknowledgment)))
        return try verify(EbXMLExample.sign(message, parts: [], organisation: EbXMLExample.receiver))
    }

    @Test("a receipt proves delivery") func receipt() throws {
        let sent = try EbXMLExample.seal(Self.payloads)
        let verified = try EbXMLExample.verified(Self.payloads)
        let signal = try Self.acknowledgment(of: verified)
        #expect(signal.header.from == EbXMLExample.receiverParty && signal.header.to == EbXMLExample.senderParty)
        #expect(signal.header.messageData.refToMessageID == nil)
        #expect(signal.header.service == .signal && signal.header.service.type == nil)
        let receipt = try Self.verify(signal.soap)
        #expect(receipt.refToMessageID == sent.header.messageID)
        let proof = try ReceiptCheck.check(receipt, against: sent)
        #expect(proof.messageID == "m-1@sagene.invalid" && proof.receiptID == "a-1")
        #expect(proof.deviations == [] && proof.provesContent)
        #expect(proof.signer == (try EbXMLExample.certificate(EbXMLExample.receiver)))
    }

    @Test("the same receipt is the same bytes but for its signature, and re-encodes to them") func roundTrip() throws {
        let signal = try Self.acknowledgment(of: EbXMLExample.verified(Self.payloads))
        let text = String(decoding: signal.soap, as: UTF8.self)
        let start = try #require(text.firstRange(of: "<ds:Signature ")),
            end = try #require(text.firstRange(of: "</ds:Signature>"))
        let unsigned = Array((text[..<start.lowerBound] + text[end.upperBound...]).utf8)
        #expect(try EbXMLMessage(parsing: unsigned).encoded == unsigned)
    }

    private static let head = AuditHead(sequence: 4711, hash: [UInt8](repeating: 0xA5, count: 32))

    @Test("a receipt with the head of the receiver's audit trail proves the same, and gives the head back")
    func auditHead() throws {
        let signal = try EnvelopeSealer.acknowledge(
            EbXMLExample.verified(Self.payloads), messageID: "a-1", at: TestPKI.now, auditHead: Self.head,
            with: EbXMLExample.identity(EbXMLExample.receiver))
        let receipt = try Self.verify(signal.soap)
        guard case .acknowledgment(let acknowledgment) = receipt.content else { throw CancellationError() }
        #expect(acknowledgment.auditHead == Self.head)
        let proof = try ReceiptCheck.check(receipt, against: EbXMLExample.seal(Self.payloads))
        #expect(proof.provesContent && proof.deviations == [])
        let judge = try XMLSec()
        defer { judge.end() }
        let text = String(decoding: signal.soap, as: UTF8.self)
        let certificate = "\(EbXMLExample.receiver.rawValue)/signing.crt"
        #expect(try judge.verifies(text, with: certificate))
        #expect(try judge.verifies(text.replacing("4711", with: "4712"), with: certificate) == false)
    }

    @Test(
        "a head that cannot be read is none, and the receipt holds all the same",
        arguments: [("4711", "0"), ("4711", "-1"), ("4711", "x"), ("a5a5", "a5"), ("a5a5", "zzzz")])
    func oddAuditHead(old: String, new: String) throws {
        let genuine = try Self.receipt()
        guard case .acknowledgment(let plain) = genuine.content else { throw CancellationError() }
        let message = EbXMLMessage(
            header: genuine.header,
            content: .acknowledgment(
                Acknowledgment(
                    timestamp: plain.timestamp, refToMessageID: plain.refToMessageID, references: plain.references,
                    auditHead: Self.head)))
        let odd = EbXMLExample.replacing(old, with: new, in: message.encoded)
        guard case .acknowledgment(let read) = try EbXMLMessage(parsing: odd).content else { throw CancellationError() }
        #expect(read.auditHead == nil && read.refToMessageID == plain.refToMessageID)
    }

    @Test("a receipt for other bytes, another message or by another party is none") func mismatches() throws {
        let sent = try EbXMLExample.seal(Self.payloads)
        func refused(_ receipt: VerifiedMessage, _ line: SourceLocation = #_sourceLocation) {
            #expect(throws: EnvelopeError(.receiptMismatch, reason: ""), sourceLocation: line) {
                try ReceiptCheck.check(receipt, against: sent)
            }
        }
        let genuine = try Self.receipt()
        #expect(throws: Never.self) { try ReceiptCheck.check(genuine, against: sent) }
        let other = try SignatureVerifier.verify(
            UnverifiedMessage(soap: EbXMLExample.seal([[9]]).soap, parts: EbXMLExample.received([[9]])),
            signedBy: EbXMLExample.validated(EbXMLExample.sender))
        refused(try Self.verify(Self.acknowledgment(of: other).soap))
        refused(try Self.receipt { Acknowledgment(timestamp: $0.timestamp, refToMessageID: "m-2", references: $0.references) })
        refused(
            try Self.receipt {
                Acknowledgment(
                    timestamp: $0.timestamp, refToMessageID: $0.refToMessageID,
                    references: $0.references.filter { !$0.uri.isEmpty })
            })
        refused(
            try Self.receipt {
                Acknowledgment(
                    timestamp: $0.timestamp, refToMessageID: $0.refToMessageID, from: Party(her: "8140009", role: nil),
                    references: $0.references)
            })
        for change: @Sendable (inout MessageHeader) -> Void in [
            { $0.from = Party(her: "8140009", role: nil) }, { $0.to = Party(her: "8140009", role: nil) }, { $0.cpaID = "x" },
            { $0.conversationID = "x" }, { $0.messageData.refToMessageID = "m-2" },
        ] {
            var header = genuine.header
            change(&header)
            refused(try Self.receipt(header: header))
        }
    }

    @Test("a receipt that repeats the first reference only is taken and reported") func partial() throws {
        let receipt = try Self.receipt {
            Acknowledgment(
                timestamp: $0.timestamp, refToMessageID: $0.refToMessageID, references: $0.references.filter(\.uri.isEmpty))
        }
        #expect(try ReceiptCheck.check(receipt, against: EbXMLExample.seal(Self.payloads)).deviations.count == 1)
    }

    @Test("a receipt that repeats no reference is taken, reported, and said to prove no content") func unproven() throws {
        let receipt = try Self.receipt {
            Acknowledgment(timestamp: $0.timestamp, refToMessageID: $0.refToMessageID, references: [])
        }
        let proof = try ReceiptCheck.check(receipt, against: EbXMLExample.seal(Self.payloads))
        #expect(!proof.provesContent && !proof.deviations.isEmpty)
    }

    @Test("signals are never answered") func signals() throws {
        let receipt = try Self.verify(Self.acknowledgment(of: EbXMLExample.verified(Self.payloads)).soap)
        let identity = try EbXMLExample.identity(EbXMLExample.sender)
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) {
            try EnvelopeSealer.acknowledge(receipt, messageID: "x", at: TestPKI.now, with: identity)
        }
        let errors = ErrorList(EbXMLError(code: .unknown, severity: .error))
        #expect(throws: EnvelopeError(.headerMalformed, reason: "")) {
            try EnvelopeSealer.report(errors, about: receipt.header, messageID: "x", at: TestPKI.now, with: identity)
        }
    }

    @Test("an error goes back to the claimed sender and is no receipt") func error() throws {
        let errors = ErrorList(answering: EnvelopeError(.digestMismatch, reason: "r"))
        let signal = try EnvelopeSealer.report(
            errors, about: EbXMLExample.header(), messageID: "e-1", at: TestPKI.now,
            with: EbXMLExample.identity(EbXMLExample.receiver))
        let verified = try Self.verify(signal.soap)
        #expect(verified.content == .error(errors))
        #expect(verified.refToMessageID == "m-1@sagene.invalid")
        #expect(verified.header.to == EbXMLExample.senderParty)
        #expect(throws: EnvelopeError(.receiptMismatch, reason: "")) {
            try ReceiptCheck.check(verified, against: EbXMLExample.seal(Self.payloads))
        }
    }

    @Test("a signal with a part is refused") func part() throws {
        let signal = try Self.acknowledgment(of: EbXMLExample.verified(Self.payloads))
        #expect(
            try EbXMLExample.refusal(soap: signal.soap, parts: EbXMLExample.received([[1]]), signer: EbXMLExample.receiver)
                == .partUnsigned)
    }

    @Test(
        "what we write holds against the schema",
        .enabled(if: Repository.shared != nil, "the shared schemas are not beside the checkout"))
    func schema() throws {
        let schema = try #require(Repository.shared("standards/xsd-transport/oasis-ebms20/msg-header-2_0.xsd")).path
        let verified = try EbXMLExample.verified(Self.payloads)
        let identity = try EbXMLExample.identity(EbXMLExample.receiver)
        let errors = ErrorList(
            EbXMLError(code: .valueNotRecognized, severity: .error, location: "CPAId", text: "x"),
            EbXMLError(code: .unknown, severity: .warning))
        let written = [
            try EbXMLExample.seal(Self.payloads).soap, try #require(EbXMLMessageTests.payload).encoded,
            try EbXMLExample.seal(Self.payloads, header: EbXMLExample.header(timeToLive: TestPKI.now + 60)).soap,
            try Self.acknowledgment(of: verified).soap,
            try EnvelopeSealer.acknowledge(
                verified, messageID: "a", at: TestPKI.now, auditHead: Self.head, with: identity
            ).soap,
            try EnvelopeSealer.report(errors, about: verified.header, messageID: "e", at: TestPKI.now, with: identity).soap,
            try PingTests.ping().soap,
            try PingTests.pong(PingTests.verify(PingTests.ping().soap, by: EbXMLExample.sender)).soap,
        ]
        for soap in written {
            let outcome = try Tool.run("xmllint", ["--noout", "--nonet", "--schema", schema, "-"], input: soap)
            #expect(outcome.status == 0, "\(String(decoding: outcome.err, as: UTF8.self).prefix(500))")
        }
    }
}
