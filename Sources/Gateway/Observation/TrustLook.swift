import Envelope
import Foundation

/// How long certificates, the node's own and its partners', and the revocation lists it relies on, still hold.
enum TrustLook {
    /// Partners' certificates with a line of their own: those nearest to their end.
    static let largestNumberOfPartners = 200

    static func look(
        _ keys: KeyRing, _ registry: Registry, _ lists: [RevocationList], tls: TLSFiles?, at now: Date,
        into looked: inout LookedUp
    ) {
        var ends: [[String]: Date] = [:]
        let note = { (party: String, use: String, end: Date, ends: inout [[String]: Date]) in
            ends[[party, use]] = min(ends[[party, use]] ?? end, end)
        }
        for party in keys.parties {
            let name = registry.organisation(of: party)
            if let signing = try? keys.signing(for: party) { note(name, "signing", signing.certificate.notAfter, &ends) }
            if let current = try? keys.decryption(for: party).first {
                note(name, "encryption", current.certificate.notAfter, &ends)
            }
        }
        if let tls, let content = FileManager.default.contents(atPath: tls.certificate),
            let server = try? Certificate.all(pem: [UInt8](content)).first
        {
            note("", "tls", server.notAfter, &ends)
        }
        looked[.certificateEnd] = ends.map { Sample($0.key, $0.value.timeIntervalSince1970) }
        var partners: [[String]: Date] = [:]
        for found in registry.partnerCertificates(besides: keys.parties, at: now).prefix(largestNumberOfPartners) {
            note(found.party, found.use.rawValue, found.certificate.notAfter, &partners)
        }
        looked[.partnerCertificateEnd] = partners.map { Sample($0.key, $0.value.timeIntervalSince1970) }
        // Of several lists of one issuer the newest counts.
        let newest = Dictionary(grouping: lists.filter { $0.isUsable && $0.nextUpdate != nil }, by: \.issuer)
        looked[.revocationListEnd] = newest.compactMap { issuer, lists in
            lists.compactMap(\.nextUpdate).max().map { Sample([issuer], $0.timeIntervalSince1970) }
        }
    }
}
