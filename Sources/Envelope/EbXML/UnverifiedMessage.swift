import Native

/// A message whose signature nobody has looked at. Whatever it says are claims: good for finding out whose certificate it has
/// to be verified with, and for nothing else.
public struct UnverifiedMessage: Sendable, Hashable {
    /// The SOAP part as received.
    public var soap: [UInt8] { envelope.soap }
    public let parts: [ReceivedPart]
    public let claimed: EbXMLMessage
    /// Whether there is a signature at all, valid or not. An unsigned signal can be read here and never becomes a
    /// ``VerifiedMessage``: it may raise an alert, it changes nothing.
    public let isSigned: Bool
    /// What was tolerated in MIME and header.
    public let deviations: [Deviation]
    /// What `KeyInfo` holds, in order. Empty also when it cannot be read, which verification refuses.
    private let keyInfo: [[UInt8]]
    /// The one tree of the message: ``claimed`` was read from it, and it is what a signature is held against.
    let envelope: ParsedEnvelope

    public var claimedHeader: MessageHeader { claimed.header }

    /// - Parameter deviations: what was tolerated in the MIME structure.
    /// - Throws: what ``EbXMLMessage/init(parsing:)`` throws. Parts are compared with the Manifest when the message is verified.
    public init(soap: [UInt8], parts: [ReceivedPart], deviations: [Deviation] = []) throws(EnvelopeError) {
        envelope = try ParsedEnvelope(soap)
        let (claimed, isSigned, keyInfo) = try envelope.read { envelope throws(EnvelopeError) in
            (
                try EbXMLMessage(envelope), envelope.signature != nil,
                (try? envelope.signature.flatMap(XMLSignature.keyInfoCertificates)) ?? []
            )
        }
        (self.claimed, self.isSigned, self.keyInfo, self.parts) = (claimed, isSigned, keyInfo, parts)
        self.deviations = DeviationLog.kept(deviations + claimed.deviations)
    }

    /// The bytes of ``claimedCertificate()``. Mostly there is one, and then nothing of it is decoded: bytes are enough to find
    /// it among those that are held.
    public func claimedCertificateDER() throws(EnvelopeError) -> [UInt8]? {
        keyInfo.count > 1 ? try XMLSignature.signerCertificate(among: keyInfo)?.der : keyInfo.first
    }

    /// The certificate the signature says it was made with; it proves nothing. nil when there is none.
    public func claimedCertificate() throws(EnvelopeError) -> Certificate? {
        try envelope.read { envelope throws(EnvelopeError) in
            try envelope.signature.flatMap { signature throws(EnvelopeError) in
                try XMLSignature.keyInfoCertificate(of: signature)
            }
        }
    }

    /// Parts by Content-ID.
    ///
    /// - Throws: `.mimeMalformed` when two have the same: which of them was signed?
    func partDigests() throws(EnvelopeError) -> [String: PartDigests] {
        var digests: [String: PartDigests] = [:]
        for part in parts {
            guard digests.updateValue(part.digests, forKey: part.contentID.value) == nil else {
                throw EnvelopeError(.mimeMalformed, reason: "two parts have the same Content-ID", place: part.contentID.uri)
            }
        }
        return digests
    }
}
