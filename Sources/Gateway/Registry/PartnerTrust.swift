import Envelope
import Foundation
import Synchronization

/// Says which certificates speak for a party: those that the registry names, that lead to our roots, that are not revoked and
/// that belong to the party's organisation.
///
/// An answer is kept until it may change, so that each certificate is validated once and not for every message. The cache needs
/// no emptying: another registry or other revocation lists come with another `PartnerTrust`.
public final class PartnerTrust: Sendable {
    public let registry: Registry
    private let validate: Validation
    private let answers = Mutex<[Question: Answer]>([:])

    typealias Validation =
        @Sendable (Certificate, CertificateUse, Date) throws(EnvelopeError) -> ValidatedCertificate

    public convenience init(registry: Registry, trust: TrustStore, revocation: RevocationRule) {
        self.init(registry: registry) { certificate, use, time throws(EnvelopeError) in
            try trust.validate(certificate, for: use, at: time, revocation: revocation)
        }
    }

    init(registry: Registry, validate: @escaping Validation) {
        (self.registry, self.validate) = (registry, validate)
    }

    /// The newest certificate of the party that holds at that time.
    public func trusted(_ party: HERID, use: CertificateUse, at time: Date) throws(RegistryError) -> ValidatedCertificate {
        try allTrusted(party, use: use, at: time)[0]
    }

    /// Every certificate of the party that holds at that time, newest first; never empty.
    ///
    /// - Throws: `.untrusted` with the reason for the newest, or `.revocationUnknown` when one of them may hold and nobody
    ///   can say now.
    public func allTrusted(
        _ herID: HERID, use: CertificateUse, at time: Date
    ) throws(RegistryError) -> [ValidatedCertificate] {
        let party = try registry.party(herID)
        let certificates = try registry.certificates(for: herID, use: use)
        var trusted: [ValidatedCertificate] = []
        var refusals: [EnvelopeError] = []
        for certificate in certificates {
            do { trusted.append(try answer(certificate, of: party, use: use, at: time)) } catch { refusals.append(error) }
        }
        if trusted.isEmpty {
            let refusal = refusals.first { $0.code == .revocationUnknown } ?? refusals[0]
            throw RegistryError(refusal, party: herID, use: use)
        }
        if trusted.count > 1 { trusted.sort { $0.certificate.notBefore > $1.certificate.notBefore } }
        return trusted
    }

    /// The signing certificate that a message came with, when it is one that the registry names for the sender.
    ///
    /// - Parameter presented: from the message; nil when it carries none, then the newest is taken and the signature decides.
    public func trusted(
        _ herID: HERID, presenting presented: Certificate?, at time: Date
    ) throws(RegistryError) -> ValidatedCertificate {
        try trusted(herID, presentingDER: presented?.der, at: time)
    }

    /// The same with the certificate's bytes: what is held is decoded already, and what is not held need not be.
    public func trusted(
        _ herID: HERID, presentingDER presented: [UInt8]?, at time: Date
    ) throws(RegistryError) -> ValidatedCertificate {
        guard let presented else { return try trusted(herID, use: .signing, at: time) }
        let party = try registry.party(herID)
        guard let held = try registry.certificates(for: herID, use: .signing).first(where: { $0.der == presented }) else {
            let reason = "the message is signed with another certificate than the registry names for its sender"
            throw RegistryError(EnvelopeError(.signerMismatch, reason: reason), party: herID, use: .signing)
        }
        do { return try answer(held, of: party, use: .signing, at: time) } catch {
            throw RegistryError(error, party: herID, use: .signing)
        }
    }

    private func answer(
        _ certificate: Certificate, of party: RegisteredParty, use: CertificateUse, at time: Date
    ) throws(EnvelopeError) -> ValidatedCertificate {
        let question = Question(certificate: certificate, use: use, organisationNumber: party.organisationNumber)
        if let answer = answers.withLock({ $0[question] }), answer.holds(at: time) { return answer.certificate }
        guard certificate.organisationNumber == party.organisationNumber else {
            throw EnvelopeError(
                .organisationMismatch, reason: "the certificate is of another organisation than the registry says")
        }
        // Outside the lock: two that ask at once may both validate, and get the same answer.
        let validated = try validate(certificate, use, time)
        answers.withLock { $0[question] = Answer(certificate: validated, from: time) }
        return validated
    }

    private struct Question: Hashable {
        let certificate: Certificate
        let use: CertificateUse
        let organisationNumber: String
    }

    private struct Answer {
        let certificate: ValidatedCertificate
        /// When it was asked for; an earlier time is another question.
        let from: Date

        func holds(at time: Date) -> Bool { time >= from && time < certificate.validUntil }
    }
}

extension RegistryError {
    fileprivate init(_ refusal: EnvelopeError, party: HERID, use: CertificateUse) {
        self.init(
            refusal.code == .revocationUnknown ? .revocationUnknown : .untrusted, party: party,
            field: "certificates.\(use.rawValue)", reason: "are not trusted", underlying: refusal)
    }
}
