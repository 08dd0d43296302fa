/// What can be said about a message's signature without any trust, for `inspect`. It never becomes a ``VerifiedMessage``.
public struct SignatureInspection: Sendable, Hashable {
    /// The certificate that was tried; nil when none was given and the message names none.
    public let certificate: Certificate?
    /// Whether that certificate came out of the message itself: then a valid signature only says that nothing was changed since
    /// somebody signed it.
    public let isCertificateFromMessage: Bool
    /// Why it does not verify; nil when it does.
    public let error: EnvelopeError?
    /// Empty unless it verifies.
    public let references: [SignedReference]
    public let signatureAlgorithm: String?
    public let deviations: [Deviation]

    public var isValid: Bool { error == nil }

    /// - Parameter certificate: nil to try the one in the message.
    public static func inspect(
        _ message: UnverifiedMessage, with certificate: Certificate?, policy: SignaturePolicy = .legacy
    ) -> SignatureInspection {
        var tried = certificate
        do throws(EnvelopeError) {
            if tried == nil { tried = try message.claimedCertificate() }
            guard let tried else {
                throw EnvelopeError(.signatureMissing, reason: "there is no certificate to verify a signature with")
            }
            let (read, facts) = try SignatureVerifier.check(message, key: tried, policy: policy)
            _ = try SignatureVerifier.parts(of: message, read, facts)
            return SignatureInspection(tried, certificate == nil, nil, facts)
        } catch {
            return SignatureInspection(tried, certificate == nil, error, nil)
        }
    }

    private init(_ certificate: Certificate?, _ isFromMessage: Bool, _ error: EnvelopeError?, _ facts: SignatureFacts?) {
        (self.certificate, isCertificateFromMessage, self.error) = (certificate, isFromMessage, error)
        (references, signatureAlgorithm) = (facts?.references ?? [], facts?.signatureAlgorithm)
        deviations = facts?.deviations ?? []
    }

    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.certificate == rhs.certificate && lhs.error == rhs.error && lhs.references == rhs.references
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(references) }
}
