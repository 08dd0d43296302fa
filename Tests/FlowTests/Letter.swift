import Envelope
import Foundation
import Gateway
import Native
import NodeTestSupport
import TestSupport

/// A message made by hand, so that a test can make any piece of it wrong.
struct Letter: Sendable {
    struct Part: Sendable {
        var contentID: String
        var ciphertext: [UInt8]
    }

    var soap: [UInt8]
    var parts: [Part]

    /// As it goes over the wire.
    func encoded() throws -> (contentType: String, body: [UInt8]) {
        let layout = try MessageLayout(
            boundary: "boundary-of-a-letter-made-by-hand-0123456789", soap: soap, rootID: try ContentID("soap@letter"),
            rootEncoding: .binary,
            parts: try parts.map {
                MessageLayout.Part(contentID: try ContentID($0.contentID), encoding: .binary, length: $0.ciphertext.count)
            })
        return (layout.contentType, try layout.encoded(parts: parts.map(\.ciphertext)))
    }

    /// Hands it to a node as another node would.
    func post(to node: Node) async throws -> Answer {
        let (contentType, body) = try encoded()
        return try await Exchange(contentType: contentType, body: body).post(to: node)
    }

    /// Replaces text of the SOAP part, which must be there.
    mutating func edit(_ old: String, _ new: String) throws {
        let text = String(decoding: soap, as: UTF8.self)
        guard text.contains(old) else { throw TestPKIError(description: "the letter does not hold what the test replaces") }
        soap = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
    }
}

/// Bytes for a node's door.
struct Exchange: Sendable {
    var contentType: String
    var body: [UInt8]

    func post(to node: Node) async throws -> Answer {
        let pieces = stride(from: 0, to: body.count, by: 50_000).map { Array(body[$0..<min($0 + 50_000, body.count)]) }
        let reply = await node.receivingDesk.receive(
            InboundExchange(contentType: contentType, contentLength: body.count, remoteAddress: "192.0.2.1"),
            body: InboundBody(chunks: pieces))
        return Answer(reply: reply)
    }

    /// The message in it, unverified.
    func unverified() throws -> UnverifiedMessage {
        var reader = try IncomingMessageReader(
            headers: MIMEHeaders([MIMEHeaders.Field(name: "Content-Type", value: contentType)]))
        _ = try reader.consume(body)
        return try reader.finish()
    }
}

/// What a node said.
struct Answer: Sendable {
    let reply: ExchangeReply

    var message: UnverifiedMessage? {
        guard reply.status == 200 else { return nil }
        return try? Exchange(contentType: reply.contentType ?? "", body: reply.body).unverified()
    }

    var isAcknowledgment: Bool { if case .acknowledgment? = message?.claimed.content { true } else { false } }

    /// The codes of a signed MessageError, or of a SOAP Fault.
    var errorCodes: [String] {
        if case .error(let list)? = message?.claimed.content { return list.errors.map { $0.code?.rawValue ?? "?" } }
        let text = String(decoding: reply.body, as: UTF8.self)
        return reply.status == 500 ? EbXMLErrorCode.allCases.filter { text.contains($0.outsideText) }.map(\.rawValue) : []
    }
}

/// Writes letters. Everything is right unless the test says otherwise.
struct LetterWriter {
    var from = Referral.sender
    var to = Referral.receiver
    var cpaID = "msggw-test-80000400-80000600"
    var messageID = UUID().uuidString.lowercased()
    var conversationID = UUID().uuidString.lowercased()
    var timestamp = TestPKI.now
    var timeToLive: Date?
    var document: [UInt8]
    var attachments: [(contentID: String, bytes: [UInt8])] = []
    /// The parts that the document speaks of; nil for those that there are.
    var references: [String]?
    var protection = PayloadProtection.strong
    /// Folder and name in the test PKI.
    var signer = "314000005/p256/signing"
    var encryptedTo = "314000013/p256/encryption"

    init(document: [UInt8]) { self.document = document }

    /// The referral of flow 1.
    static func referral() throws -> LetterWriter { LetterWriter(document: try Referral.document()) }

    func write() throws -> Letter {
        let references = references ?? attachments.map(\.contentID)
        let xml =
            references.isEmpty
            ? document
            : try ClinicalDocument.attach(
                references.map {
                    Attachment(mimeType: "application/pdf", description: "Vedlegg", content: .reference("cid:" + $0))
                },
                to: document)
        let receiver = try TestKeys.encryption(encryptedTo)
        let parts = try ([("document@letter", xml)] + attachments).map { contentID, bytes in
            Letter.Part(
                contentID: contentID, ciphertext: try PayloadEncryptor.seal(bytes, for: receiver, protection: protection))
        }
        return try sign(parts)
    }

    /// A header and a signature for parts that are encrypted already.
    func sign(_ parts: [Letter.Part]) throws -> Letter {
        let header = MessageHeader(
            from: Party(her: from, role: "Henviser"), to: Party(her: to, role: "Henvisningsmottaker"), cpaID: cpaID,
            conversationID: conversationID, service: Service("Henvisning"), action: "Henvisning",
            messageData: MessageData(
                messageID: messageID, timestamp: EbXMLTimestamp(timestamp), timeToLive: timeToLive.map { EbXMLTimestamp($0) }))
        let envelope = try EnvelopeSealer.seal(
            header, syncReply: SyncReply(),
            parts: try parts.map {
                SealedPart(contentID: try ContentID($0.contentID), sha256: Digest.of($0.ciphertext, .sha256))
            },
            with: try TestKeys.identity(signer))
        return Letter(soap: envelope.soap, parts: parts)
    }
}

/// Keys of the test PKI by folder and name.
enum TestKeys {
    static func identity(_ name: String) throws -> SigningIdentity {
        try SigningIdentity(
            key: PrivateKey(pem: try TestPKI.shared.pem(name + ".key")),
            certificate: Certificate(pem: try TestPKI.shared.pem(name + ".crt")))
    }

    static func encryption(_ name: String) throws -> ValidatedCertificate { try validated(name, .encryption) }
    static func signing(_ name: String) throws -> ValidatedCertificate { try validated(name, .signing) }

    private static func validated(_ name: String, _ use: CertificateUse) throws -> ValidatedCertificate {
        let pki = TestPKI.shared
        let trust = try TrustStore(
            roots: [Certificate(pem: pki.pem("ca/root.crt"))], intermediates: [Certificate(pem: pki.pem("ca/issuing.crt"))])
        return try trust.validate(
            Certificate(pem: pki.pem(name + ".crt")), for: use, at: TestPKI.now, revocation: .notChecked)
    }
}
