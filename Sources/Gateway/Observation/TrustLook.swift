import Envelope
import Foundation

/// How long the node's own certificates, and the revocation lists it relies on, still hold.
enum TrustLook {
    static func look(
        _ keys: KeyRing, _ registry: Registry, _ lists: [RevocationList], tls: TLSFiles?, into looked: inout LookedUp
    ) {
        var ends: [[String]: Date] = [:]
        let note = { (party: String, use: String, end: Date, ends: inout [[String]: Date]) in
            ends[[party, use]] = min(ends[[party, use]] ?? end, end)
        }
        for party in keys.parties {
            let name = organisation(of: party, registry)
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
        // Of several lists of one issuer the newest counts.
        let newest = Dictionary(grouping: lists.filter { $0.nextUpdate != nil }, by: \.issuer)
        looked[.revocationListEnd] = newest.compactMap { issuer, lists in
            lists.compactMap(\.nextUpdate).max().map { Sample([issuer], $0.timeIntervalSince1970) }
        }
    }

    /// A person's HER-id is nobody's business who looks at measurements: the keys are those of what the person belongs to.
    private static func organisation(of party: HERID, _ registry: Registry) -> String {
        var next: HERID? = party
        while let herID = next, let known = try? registry.party(herID) {
            if known.kind != .person { return herID.value }
            next = known.parent
        }
        return "person"
    }
}
