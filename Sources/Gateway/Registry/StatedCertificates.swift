import Envelope
import Foundation
import Native
import Practice
import Synchronization

/// The certificates that registry files state, as PEM or as the path of a PEM file, each read once.
final class StatedCertificates: Sendable {
    /// Where relative paths start: the folders of the files, each once.
    private let folders: [String]
    private let known = Mutex<[String: Certificate?]>([:])

    init(folders: [String] = []) {
        var seen: Set<String> = []
        self.folders = folders.filter { seen.insert($0).inserted }
    }

    /// What ``DoorFile`` asks.
    var reading: DoorFile.CertificateReading { { [self] stated in certificate(stated).map { CertificateFacts($0) } } }

    /// nil when there is none, or when two folders have different ones under that path: nobody says which counts.
    func certificate(_ stated: String) -> Certificate? {
        if let found = known.withLock({ $0[stated] }) { return found }
        let read = Self.isPEM(stated) ? try? Certificate(pem: Array(stated.utf8)) : fromFile(stated)
        known.withLock { $0[stated] = .some(read) }
        return read
    }

    private func fromFile(_ path: String) -> Certificate? {
        let paths = path.hasPrefix("/") ? [path] : folders.map { "\($0)/\(path)" }
        let found = Set(paths.compactMap { FileManager.default.contents(atPath: $0) }.map { [UInt8]($0) })
        guard found.count == 1, let pem = found.first else { return nil }
        return try? Certificate(pem: pem)
    }

    private static func isPEM(_ text: String) -> Bool { text.hasPrefix("-----BEGIN ") }

    /// The door with its certificates in it, and not in files beside: so it can be kept anywhere.
    func selfContained(_ door: Door) -> Door {
        var door = door
        door.certificates = door.certificates.map { held in
            guard let stated = held.stated, !Self.isPEM(stated), let certificate = certificate(stated) else { return held }
            return DoorCertificate(certificate, for: held.use)
        }
        return door
    }
}

extension CertificateFacts {
    init(_ certificate: Certificate) {
        self.init(
            sha1: DigestedCopy.hexadecimal(Digest.of(certificate.der, .sha1)),
            sha256: DigestedCopy.hexadecimal(certificate.sha256),
            organisationNumber: certificate.organisationNumber,
            period: DoorPeriod(
                from: DoorDay(inOsloAt: certificate.notBefore), to: DoorDay(inOsloAt: certificate.notAfter)))
    }
}

extension DoorCertificate {
    init(_ certificate: Certificate, for use: Use) {
        let facts = CertificateFacts(certificate)
        self.init(
            use: use, fingerprint: "sha256:\(facts.sha256)", organisationNumber: facts.organisationNumber, period: facts.period,
            stated: certificate.pem)
    }
}

extension Certificate {
    /// As the national registry writes it.
    var decimalSerial: String {
        var digits: [UInt8] = [0]
        for letter in serialNumber {
            var carry = letter.hexDigitValue ?? 0
            for place in digits.indices {
                let value = Int(digits[place]) * 16 + carry
                (digits[place], carry) = (UInt8(value % 10), value / 10)
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return digits.reversed().map { String($0) }.joined()
    }
}
