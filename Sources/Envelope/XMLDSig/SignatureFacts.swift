import Native

/// What signatures may be made with. It is agreed with a partner, never chosen by what a message says.
public enum SignaturePolicy: String, Sendable, CaseIterable {
    /// SHA-2 only.
    case strict
    /// SHA-1 too, each use reported as a warning.
    case legacy
}

/// Digests of one part's bytes after transfer-decoding, taken while the part was received.
public struct PartDigests: Sendable, Hashable {
    public let sha256: [UInt8]
    public let others: [DigestAlgorithm: [UInt8]]

    public init(sha256: [UInt8], others: [DigestAlgorithm: [UInt8]] = [:]) {
        (self.sha256, self.others) = (sha256, others)
    }

    subscript(algorithm: DigestAlgorithm) -> [UInt8]? { algorithm == .sha256 ? sha256 : others[algorithm] }
}

/// One `ds:Reference` of a signature that holds.
public struct SignedReference: Sendable, Hashable {
    /// As it stands in the signature: empty for the document, or `cid:…`.
    public let uri: String
    public let digestAlgorithm: DigestAlgorithm
    public let digest: [UInt8]
    /// `Algorithm` of each transform, in order.
    public let transforms: [String]
}

/// What a signature that holds was made over and with.
public struct SignatureFacts: Sendable, Hashable {
    /// In document order.
    public let references: [SignedReference]
    /// `Algorithm` of the `SignatureMethod`.
    public let signatureAlgorithm: String
    public let deviations: [Deviation]
    /// The certificate in `KeyInfo`, which is the one that the signature was verified with; nil when there is none.
    public let keyInfoCertificate: Certificate?
}
