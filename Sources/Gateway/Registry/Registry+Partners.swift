import Envelope
import Foundation

/// A certificate that messages to or from a partner depend on.
struct PartnerCertificate: Sendable, Hashable {
    /// An organisation or a service, never a person.
    let party: String
    let use: CertificateUse
    let certificate: Certificate
}

extension Registry {
    /// Of each party that is not ours, the certificate of each use that lasts longest: where it ends nothing follows. The one
    /// nearest to its end comes first, before it or after: what ended years ago, and nobody took out, hides nothing that ends
    /// tomorrow. One that several parties share is there once; one that is ours is not there.
    func partnerCertificates(besides hosted: [HERID], at now: Date) -> [PartnerCertificate] {
        let own = Set(hosted)
        var seen = Set(parties.filter { own.contains($0.herID) }.flatMap { ($0.signing + $0.encryption).map(\.sha256) })
        var found: [PartnerCertificate] = []
        for party in parties where !own.contains(party.herID) && party.isActive(at: now) {
            for (use, certificates) in [(CertificateUse.signing, party.signing), (.encryption, party.encryption)] {
                guard let last = certificates.max(by: { $0.notAfter < $1.notAfter }), seen.insert(last.sha256).inserted else {
                    continue
                }
                found.append(PartnerCertificate(party: organisation(of: party.herID), use: use, certificate: last))
            }
        }
        let distance = { (found: PartnerCertificate) in abs(found.certificate.notAfter.timeIntervalSince(now)) }
        return found.sorted { distance($0) < distance($1) }
    }

    /// The party, or what a person belongs to: a person's HER-id is nobody's business who looks at measurements or alerts.
    func organisation(of party: HERID) -> String {
        var next: HERID? = party
        while let herID = next, let known = try? self.party(herID) {
            if known.kind != .person { return herID.value }
            next = known.parent
        }
        return "person"
    }
}
