import Native

/// A message whose signature covers its header and every one of its parts. Only ``SignatureVerifier`` makes one.
public struct VerifiedMessage: Sendable, Hashable {
    public let header: MessageHeader
    public let content: EbXMLMessage.Content
    public let ackRequested: AckRequested?
    /// In the order of the Manifest; empty for a signal.
    public let parts: [VerifiedPart]
    /// What was signed, as an Acknowledgment repeats it.
    public let references: [SignedReference]
    public let signer: Certificate
    /// `Algorithm` of the signature.
    public let signatureAlgorithm: String
    /// The SOAP part that was verified, byte for byte: with the parts' digests in it, it proves what the sender sent.
    public let evidence: [UInt8]
    public let deviations: [Deviation]

    public var messageID: String { header.messageID }

    /// The message this one answers.
    public var refToMessageID: String? {
        EbXMLMessage(header: header, content: content).refToMessageID
    }

    fileprivate init(_ message: EbXMLMessage, parts: [VerifiedPart], facts: SignatureFacts, signer: Certificate, soap: [UInt8]) {
        (header, content, ackRequested) = (message.header, message.content, message.ackRequested)
        (self.parts, self.signer, self.evidence) = (parts, signer, soap)
        (references, signatureAlgorithm) = (facts.references, facts.signatureAlgorithm)
        deviations = DeviationLog.kept(message.deviations + facts.deviations)
    }
}

/// A payload part whose digest the signature names: what may be decrypted. Only ``SignatureVerifier`` makes one.
public struct VerifiedPart: Sendable, Hashable {
    /// As in ``ReceivedPart/index``.
    public let index: Int
    public let contentID: ContentID
    /// Of the MIME header, which the signature does not cover: a hint, never a decision.
    public let contentType: ContentType
    public let length: Int
    public let sha256: [UInt8]
    /// What the Manifest calls it.
    public let role: String?

    fileprivate init(_ part: ReceivedPart, _ reference: ManifestReference) {
        (index, contentID, contentType) = (part.index, part.contentID, part.contentType)
        (length, sha256, role) = (part.length, part.digests.sha256, reference.role)
    }
}

/// Turns claims into facts.
public enum SignatureVerifier {
    /// Checks the signature and everything it must cover, and reads the message from the tree that was digested.
    ///
    /// - Parameters:
    ///   - signer: the certificate that registry or agreement name for the claimed sender, validated for signing. Whose it is
    ///     is the caller's matter; what `KeyInfo` says is compared with it byte by byte.
    ///   - policy: agreed with the partner.
    /// - Throws: `.signatureMissing` and the other signature codes; `.partUnsigned` for a part that the Manifest or the
    ///   signature does not name; `.mimePartMissing` for a Manifest reference without part; `.mimeMalformed` for two parts of
    ///   one Content-ID; and what reading the header throws.
    public static func verify(
        _ message: UnverifiedMessage, signedBy signer: ValidatedCertificate, policy: SignaturePolicy = .strict
    ) throws(EnvelopeError) -> VerifiedMessage {
        guard signer.use == .signing else {
            throw EnvelopeError(.certificateKeyUsage, reason: "the certificate was not validated for signing")
        }
        let (read, facts) = try check(message, key: signer.certificate, policy: policy)
        return VerifiedMessage(
            read, parts: try parts(of: message, read, facts), facts: facts, signer: signer.certificate, soap: message.soap)
    }

    /// One parse, one tree: what is digested is what ``UnverifiedMessage/claimed`` was read from.
    static func check(
        _ message: UnverifiedMessage, key: Certificate, policy: SignaturePolicy
    ) throws(EnvelopeError) -> (EbXMLMessage, SignatureFacts) {
        let digests = try message.partDigests()
        let facts = try message.envelope.read { envelope throws(EnvelopeError) in
            guard let signature = envelope.signature else {
                throw EnvelopeError(.signatureMissing, reason: "the message is not signed", place: "Header")
            }
            return try XMLSignature.verify(
                signature.document, signature: signature, parts: digests, key: key, policy: policy)
        }
        return (message.claimed, facts)
    }

    /// Manifest, parts and signature must name the same parts, each once.
    static func parts(
        of message: UnverifiedMessage, _ read: EbXMLMessage, _ facts: SignatureFacts
    ) throws(EnvelopeError) -> [VerifiedPart] {
        var manifest: [ManifestReference] = []
        if case .payload(let payload) = read.content { manifest = payload.references }
        var signed: Set<ContentID> = []
        for reference in facts.references where !reference.uri.isEmpty { signed.insert(try ContentID(uri: reference.uri)) }
        var verified: [VerifiedPart] = []
        for reference in manifest {
            guard let part = message.parts.first(where: { $0.contentID == reference.contentID }) else {
                throw EnvelopeError(
                    .mimePartMissing, reason: "the Manifest names a part that is not there", place: reference.contentID.uri)
            }
            guard signed.contains(part.contentID) else {
                throw EnvelopeError(.partUnsigned, reason: "the signature does not name the part", place: part.contentID.uri)
            }
            verified.append(VerifiedPart(part, reference))
        }
        guard verified.count == message.parts.count else {
            throw EnvelopeError(.partUnsigned, reason: "there is a part that the Manifest does not name", place: "Manifest")
        }
        return verified
    }
}
