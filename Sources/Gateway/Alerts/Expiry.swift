import Envelope
import Foundation

/// Something that holds until a day: a certificate of the node or of a partner, a revocation list.
struct Expiry: Sendable, Hashable {
    /// Days before the end at which someone is told.
    static let thresholds = [90, 30, 14, 7, 1]
    /// Partners' certificates that are told of at once: those nearest to their end.
    static let mostPartners = 200

    let kind: AlertKind
    /// Names the thing, not a person.
    let name: String
    let from: Date
    let until: Date

    /// How near the end is: the number of thresholds passed less one, and 5 when it is over; nil while nobody has to be told.
    ///
    /// A threshold counts only for what lives at least twice as long, or a list that is made anew every week would be told of
    /// all the time. A list is told of in the last quarter of its life in any case, however short.
    func stage(at now: Date) -> Int? {
        let (left, life) = (until.timeIntervalSince(now) / 86_400, until.timeIntervalSince(from) / 86_400)
        if left <= 0 { return Self.thresholds.count }
        let passed = Self.thresholds.lastIndex { left <= Double($0) && life >= 2 * Double($0) }
        // A partner orders its own in time; only when it has not, its partners must ask.
        if kind == .partnerCertificateExpiring, passed == 0 { return nil }
        if passed == nil, kind == .revocationListExpiring, left <= life / 4 { return 0 }
        return passed
    }

    func cause(at now: Date) -> (AlertSubject, Int)? {
        stage(at: now).map {
            (.thing(name, until: until, figure: Int((until.timeIntervalSince(now) / 86_400).rounded(.down))), $0)
        }
    }

    init(kind: AlertKind, name: String, from: Date, until: Date) {
        (self.kind, self.name, self.from, self.until) = (kind, name, from, until)
    }

    init(_ certificate: Certificate, _ use: String, kind: AlertKind = .certificateExpiring) {
        let owner = certificate.organisationNumber.map { " of organisation \($0)" } ?? ""
        self.init(
            kind: kind, name: "\(use)\(owner), serial number \(certificate.serialNumber)",
            from: certificate.notBefore, until: certificate.notAfter)
    }

    /// The certificates in use of the parties, each once; of several to decrypt with, the one that partners are given now.
    static func own(_ keys: KeyRing) -> [Expiry] {
        var seen: Set<[UInt8]> = []
        return keys.parties.flatMap { party -> [Expiry] in
            guard let signing = try? keys.signing(for: party), let decryption = try? keys.decryption(for: party).first else {
                return []
            }
            return [(signing.certificate, "signing"), (decryption.certificate, "encryption")].compactMap { certificate, use in
                seen.insert(certificate.sha256).inserted ? Expiry(certificate, use) : nil
            }
        }
    }

    /// The last that the registry has of each partner, as far as somebody must be told of it; the one nearest to its end first.
    static func partners(_ registry: Registry, besides own: [HERID], at now: Date) -> [Expiry] {
        let all = registry.partnerCertificates(besides: own, at: now).map {
            Expiry($0.certificate, $0.use.rawValue, kind: .partnerCertificateExpiring)
        }
        return Array(all.filter { $0.stage(at: now) != nil }.prefix(mostPartners))
    }

    /// The server's own TLS certificate, as it lies in the file now.
    static func server(_ files: TLSFiles?) -> [Expiry] {
        guard let files, let content = FileManager.default.contents(atPath: files.certificate),
            let certificate = try? Certificate.all(pem: [UInt8](content)).first
        else { return [] }
        return [Expiry(certificate, "TLS server")]
    }

    /// The newest usable list of each issuer, of those that the node works with: it reads them when it starts, so one that was
    /// fetched since ends no alert before the node was started again.
    static func lists(_ lists: [RevocationList]) -> [Expiry] {
        var newest: [String: Expiry] = [:]
        for list in lists where list.isUsable {
            guard let end = list.nextUpdate, end > newest[list.issuer]?.until ?? .distantPast else { continue }
            newest[list.issuer] = Expiry(kind: .revocationListExpiring, name: list.issuer, from: list.thisUpdate, until: end)
        }
        return newest.values.sorted { $0.name < $1.name }
    }
}
