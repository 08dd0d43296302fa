import Envelope
import Foundation
import Native

/// What happens to an envelope, on one thread, without a store or a socket.
struct EnvelopeBenchmark {
    let signing: SigningIdentity
    let signer: ValidatedCertificate
    /// Of the receiver, who signs the receipt.
    let answering: SigningIdentity
    let answerer: ValidatedCertificate
    let decryption: DecryptionIdentity
    let recipient: ValidatedCertificate
    let protection: PayloadProtection
    let payload: [UInt8]

    func pieces() throws -> [Piece] {
        let cms = try encrypt()
        let digest = Digest.of(cms, .sha256)
        let envelope = try sign(digest)
        let verified = try verify(envelope.soap, digest)
        let receipt = try acknowledge(verified)
        return [
            Piece("sign the header") { _ = try sign(digest) },
            Piece("verify the header") { _ = try verify(envelope.soap, digest) },
            Piece("encrypt") { _ = try encrypt() },
            Piece("decrypt") { try decrypt(cms) },
            Piece("seal: encrypt and sign") { _ = try sign(Digest.of(encrypt(), .sha256)) },
            Piece("open: verify and decrypt") {
                _ = try verify(envelope.soap, Digest.of(cms, .sha256))
                try decrypt(cms)
            },
            Piece("acknowledge") { _ = try acknowledge(verified) },
            Piece("check the receipt") {
                let answer = try SignatureVerifier.verify(UnverifiedMessage(soap: receipt.soap, parts: []), signedBy: answerer)
                _ = try ReceiptCheck.check(answer, against: envelope)
            },
            Piece("read the document") { _ = try ClinicalDocument(parsing: payload).summary },
            Piece("parse the document") { _ = try XMLDocument(parsing: payload) },
            Piece("parse the header") { _ = try UnverifiedMessage(soap: envelope.soap, parts: []) },
        ]
    }

    private func encrypt() throws -> [UInt8] { try PayloadEncryptor.seal(payload, for: recipient, protection: protection) }

    private func decrypt(_ cms: [UInt8]) throws {
        _ = try PayloadDecryptor.open(cms, identities: [decryption], policy: CMSPolicy(requires: protection))
    }

    private func sign(_ digest: [UInt8]) throws -> SignedEnvelope {
        let part = SealedPart(contentID: try ContentID("document@bench"), sha256: digest)
        return try EnvelopeSealer.seal(header(), parts: [part], with: signing)
    }

    private func verify(_ soap: [UInt8], _ digest: [UInt8]) throws -> VerifiedMessage {
        let part = try ReceivedPart(
            index: 0, contentID: ContentID("document@bench"), contentType: ContentType("application/pkcs7-mime"),
            length: payload.count, digests: PartDigests(sha256: digest))
        return try SignatureVerifier.verify(UnverifiedMessage(soap: soap, parts: [part]), signedBy: signer)
    }

    private func acknowledge(_ message: VerifiedMessage) throws -> SignedEnvelope {
        try EnvelopeSealer.acknowledge(message, messageID: "receipt", at: Self.time, with: answering)
    }

    private func header() -> MessageHeader {
        MessageHeader(
            from: Party(her: "80000601", role: nil), to: Party(her: "80000401", role: nil), cpaID: "bench",
            conversationID: "bench",
            service: Service("Henvisning"), action: "Henvisning",
            messageData: MessageData(messageID: "bench", timestamp: EbXMLTimestamp(Self.time)))
    }

    private static let time = Date(timeIntervalSince1970: 1_780_000_000)
}
