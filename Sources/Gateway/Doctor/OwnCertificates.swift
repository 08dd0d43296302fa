import Envelope
import Foundation

/// How long the node's own certificates still hold.
enum OwnCertificates {
    static func examine(_ node: Node, _ report: inout DoctorReport, at now: Date) {
        for warning in node.keys.warnings { report.warn("certificates", warning.description, warning.remedy) }
        var seen: Set<String> = []
        for party in node.keys.parties {
            guard let signing = try? node.keys.signing(for: party), let decryption = try? node.keys.decryption(for: party) else {
                continue
            }
            for (use, certificate) in [("signing", signing.certificate), ("encryption", decryption[0].certificate)] {
                guard seen.insert(certificate.serialNumber + certificate.issuer).inserted else { continue }
                examine(certificate, use, of: party, &report, at: now)
            }
        }
    }

    private static func examine(
        _ certificate: Certificate, _ use: String, of party: HERID, _ report: inout DoctorReport, at now: Date
    ) {
        let days = Int(certificate.notAfter.timeIntervalSince(now) / 86_400)
        let found = "the \(use) certificate of \(party) holds for \(days) days"
        let remedy = "order a new one, put it into parties.keys beside its key, give it to the registry, and restart the node"
        if certificate.notAfter <= now {
            report.wrong("certificates", "the \(use) certificate of \(party) has run out", remedy)
        } else if days < 14 {
            report.wrong("certificates", found, remedy)
        } else if days < 90 {
            report.warn("certificates", found, remedy)
        } else {
            report.ok("certificates", found)
        }
    }
}
