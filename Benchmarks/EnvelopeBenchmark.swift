import Envelope
import Foundation
import Native

/// Sealing and opening alone, on one thread, without a store or a socket.
struct EnvelopeBenchmark {
    let signing: SigningIdentity
    let signer: ValidatedCertificate
    let decryption: DecryptionIdentity
    let recipient: ValidatedCertificate
    let protection: PayloadProtection
    let payload: [UInt8]

    /// Microseconds for each of the four things that happen to an envelope.
    struct Figures {
        var seal = 0.0
        var open = 0.0
        var sign = 0.0
        var verify = 0.0
    }

    func run(seconds: Double) throws -> Figures {
        var figures = Figures()
        let sealed = try seal()
        figures.seal = try microseconds(seconds) { _ = try seal() }
        figures.open = try microseconds(seconds) { try open(sealed) }
        // The header alone: what P4 of the performance goals is about.
        let part = SealedPart(contentID: try ContentID("document@bench"), sha256: Digest.of(payload, .sha256))
        let header = header()
        let envelope = try EnvelopeSealer.seal(header, parts: [part], with: signing)
        let received = [
            try ReceivedPart(
                index: 0, contentID: ContentID("document@bench"), contentType: ContentType("application/pkcs7-mime"),
                length: payload.count,
                digests: PartDigests(sha256: part.sha256))
        ]
        figures.sign = try microseconds(seconds) { _ = try EnvelopeSealer.seal(header, parts: [part], with: signing) }
        figures.verify = try microseconds(seconds) {
            _ = try SignatureVerifier.verify(UnverifiedMessage(soap: envelope.soap, parts: received), signedBy: signer)
        }
        return figures
    }

    private struct Sealed {
        let soap: [UInt8]
        let cms: [UInt8]
    }

    private func seal() throws -> Sealed {
        let cms = try PayloadEncryptor.seal(payload, for: recipient, protection: protection)
        let part = SealedPart(contentID: try ContentID("document@bench"), sha256: Digest.of(cms, .sha256))
        return Sealed(soap: try EnvelopeSealer.seal(header(), parts: [part], with: signing).soap, cms: cms)
    }

    private func open(_ sealed: Sealed) throws {
        let part = try ReceivedPart(
            index: 0, contentID: ContentID("document@bench"), contentType: ContentType("application/pkcs7-mime"),
            length: sealed.cms.count,
            digests: PartDigests(sha256: Digest.of(sealed.cms, .sha256)))
        _ = try SignatureVerifier.verify(UnverifiedMessage(soap: sealed.soap, parts: [part]), signedBy: signer)
        _ = try PayloadDecryptor.open(sealed.cms, identities: [decryption], policy: CMSPolicy(requires: protection))
    }

    private func header() -> MessageHeader {
        MessageHeader(
            from: Party(her: "80000601", role: nil), to: Party(her: "80000401", role: nil), cpaID: "bench",
            conversationID: "bench",
            service: Service("Henvisning"), action: "Henvisning",
            messageData: MessageData(messageID: "bench", timestamp: EbXMLTimestamp(Date(timeIntervalSince1970: 1_780_000_000))))
    }

    private func microseconds(_ seconds: Double, _ body: () throws -> Void) throws -> Double {
        try body()
        var count = 0
        let begin = ContinuousClock.now
        while begin.duration(to: .now) < .seconds(seconds) {
            try body()
            count += 1
        }
        return begin.duration(to: .now).inSeconds / Double(count) * 1e6
    }
}
