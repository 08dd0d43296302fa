import Foundation
import Native

/// What a certificate is to be used for.
public enum CertificateUse: String, Sendable, CaseIterable {
    /// Signatures on messages and documents: nonRepudiation.
    case signing
    /// Payloads sent to its owner: keyEncipherment (RSA) or keyAgreement (EC).
    case encryption
    case tlsServer
}

/// Whether a certificate must be shown not to be revoked.
public enum RevocationRule: Sendable {
    /// Every certificate in the path but the root needs a valid list; without one the answer is `.revocationUnknown`, which
    /// means hold and ask again, not refuse.
    case required
    /// For `inspect` and for reading what was verified long ago.
    case notChecked
}

/// A certificate that held at some instant. Only ``TrustStore`` makes one.
public struct ValidatedCertificate: Sendable, Hashable {
    public let certificate: Certificate
    public let use: CertificateUse
    /// Until when nothing has to be asked again: the earliest end of a certificate in the path, or of a revocation list in
    /// force.
    public let validUntil: Date

    fileprivate init(_ certificate: Certificate, for use: CertificateUse, until validUntil: Date) {
        (self.certificate, self.use, self.validUntil) = (certificate, use, validUntil)
    }
}

/// The roots, intermediates and revocation lists that the operator configured. Nothing else is trusted, and nothing is
/// fetched.
///
/// An answer is a pure function of its arguments, so callers may keep it until its `validUntil`.
public struct TrustStore: Sendable {
    public let roots: [Certificate]
    public let intermediates: [Certificate]
    public let revocationLists: [RevocationList]
    public let policies: Set<String>
    private let store: CertificateStore

    /// - Parameters:
    ///   - roots: where a path may end. A certificate that is not self-signed is pinned as an anchor by standing here.
    ///   - intermediates: may stand in a path; trusted for nothing by themselves.
    ///   - revocationLists: those that cannot prove anything (no number, no next update, SHA-1) count as absent.
    ///   - policies: dotted object identifiers of certificate policies, one of which a path must be good for (RFC 5280 §6.1);
    ///     empty for any.
    public init(
        roots: [Certificate], intermediates: [Certificate] = [], revocationLists: [RevocationList] = [],
        policies: Set<String> = []
    ) throws(EnvelopeError) {
        do {
            store = try CertificateStore(
                roots: roots.map(\.native), intermediates: intermediates.map(\.native),
                revocationLists: revocationLists.filter(\.isUsable).map(\.native), policies: policies)
        } catch {
            throw EnvelopeError(.certificateMalformed, reason: error.reason)
        }
        (self.roots, self.intermediates) = (roots, intermediates)
        (self.revocationLists, self.policies) = (revocationLists, policies)
    }

    /// The same roots and intermediates with the lists of today.
    public func replacing(revocationLists: [RevocationList]) throws(EnvelopeError) -> TrustStore {
        try TrustStore(roots: roots, intermediates: intermediates, revocationLists: revocationLists, policies: policies)
    }

    /// - Parameter time: for which the certificate must hold: when it was signed with, or now.
    /// - Throws: one code for each kind of refusal, `.certificate…` or `.revocationUnknown`.
    public func validate(
        _ certificate: Certificate, for use: CertificateUse, at time: Date, revocation: RevocationRule
    ) throws(EnvelopeError) -> ValidatedCertificate {
        try certificate.checkForm()
        try certificate.checkUse(use)
        let path = try path(certificate, for: use, at: time, checkRevocation: false)
        var ends = path.map(\.notAfter)
        if revocation == .required {
            _ = try self.path(certificate, for: use, at: time, checkRevocation: true)
            ends += listEnds(at: Int64(time.timeIntervalSince1970))
        }
        let end = ends.min() ?? Int64(time.timeIntervalSince1970)
        return ValidatedCertificate(certificate, for: use, until: Date(timeIntervalSince1970: TimeInterval(end)))
    }

    /// Twice for a required revocation: OpenSSL looks for lists before it looks at signatures and times, and a forged or
    /// expired certificate must not be held as merely unknown.
    private func path(
        _ certificate: Certificate, for use: CertificateUse, at time: Date, checkRevocation: Bool
    ) throws(EnvelopeError) -> [X509Certificate] {
        let verdict: CertificateStore.Verdict
        do {
            verdict = try store.verify(
                certificate.native, at: Int64(time.timeIntervalSince1970), checkRevocation: checkRevocation,
                forTLSServer: use == .tlsServer)
        } catch {
            throw EnvelopeError(.certificateUntrusted, reason: error.reason)
        }
        switch verdict {
        case .trusted(let path): return path
        case .refused(let refusal, let reason, let depth):
            throw EnvelopeError(EnvelopeError.Code(refusal), reason: "\(certificate.label): \(reason), at depth \(depth)")
        }
    }

    /// When the lists in force end. A list may speak for another issuer's certificates, and a delta list for part of the
    /// time, so the first end of any is where the question has to be asked again.
    private func listEnds(at time: Int64) -> [Int64] {
        revocationLists.filter { $0.isUsable && $0.native.thisUpdate <= time }.compactMap(\.native.nextUpdate).filter {
            $0 > time
        }
    }
}

extension EnvelopeError.Code {
    fileprivate init(_ refusal: CertificateStore.Refusal) {
        switch refusal {
        case .expired: self = .certificateExpired
        case .notYetValid: self = .certificateNotYetValid
        case .revoked: self = .certificateRevoked
        case .revocationUnknown: self = .revocationUnknown
        case .keyTooShort: self = .certificateKeyTooShort
        case .algorithm: self = .certificateAlgorithm
        case .wrongUse: self = .certificateKeyUsage
        case .untrusted: self = .certificateUntrusted
        }
    }
}
