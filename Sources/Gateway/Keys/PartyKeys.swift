import Envelope
import Foundation

/// The keys of one folder, checked.
struct PartyKeys: Sendable {
    let signing: SigningIdentity
    /// The current one first.
    let decryption: [DecryptionIdentity]
    let warnings: [KeyError]

    init(
        _ place: KeyFolder, party: HERID, trust: TrustStore, revocation: RevocationRule, at now: Date
    ) throws(KeyError) {
        var check = KeyCheck(
            party: party, organisationNumber: place.organisationNumber, trust: trust, revocation: revocation, now: now)
        signing = try check.signing("\(place.path)/signing")
        var decryption = [try check.decryption("\(place.path)/encryption", isCurrent: true)]
        for former in try PartyKeys.former(in: place.path, party: party) {
            decryption.append(try check.decryption("\(place.path)/\(former)", isCurrent: false))
        }
        self.decryption = decryption
        self.warnings = check.warnings
    }

    /// The names of former encryption keys without their ending, newest name first.
    private static func former(in folder: String, party: HERID) throws(KeyError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw KeyError(
                .unreadable, file: folder, party: party, reason: "is no folder that can be read",
                remedy: "let the user that runs msggw read it")
        }
        let keys = names.filter { $0.hasPrefix("encryption") && $0.hasSuffix(".key") && $0 != "encryption.key" }
        return keys.map { String($0.dropLast(".key".count)) }.sorted(by: >)
    }
}

/// Reads one key with its certificate and checks that the party can use it.
private struct KeyCheck {
    let party: HERID
    let organisationNumber: String
    let trust: TrustStore
    let revocation: RevocationRule
    let now: Date
    var warnings: [KeyError] = []

    init(party: HERID, organisationNumber: String, trust: TrustStore, revocation: RevocationRule, now: Date) {
        (self.party, self.organisationNumber, self.trust, self.revocation, self.now) =
            (party, organisationNumber, trust, revocation, now)
    }

    mutating func signing(_ base: String) throws(KeyError) -> SigningIdentity {
        let certificate = try certificate("\(base).crt")
        let key = try key("\(base).key")
        do {
            let identity = try SigningIdentity(key: key, certificate: certificate)
            try checkNow(certificate, for: .signing, file: "\(base).crt")
            return identity
        } catch {
            throw refusal(error, certificate, file: "\(base).crt")
        }
    }

    /// A former key only has to belong to its certificate and to us: what was encrypted for it in its time must be opened.
    mutating func decryption(_ base: String, isCurrent: Bool) throws(KeyError) -> DecryptionIdentity {
        let certificate = try certificate("\(base).crt")
        let key = try key("\(base).key")
        do {
            let identity = try DecryptionIdentity(key: key, certificate: certificate)
            if isCurrent { try checkNow(certificate, for: .encryption, file: "\(base).crt") }
            return identity
        } catch {
            throw refusal(error, certificate, file: "\(base).crt")
        }
    }

    private func key(_ file: String) throws(KeyError) -> PrivateKey {
        let pem: [UInt8]
        do { pem = try PrivateFile.read(file) } catch {
            throw KeyError(error.code, file: error.file, party: party, reason: error.reason, remedy: error.remedy)
        }
        do { return try PrivateKey(pem: pem) } catch {
            throw KeyError(
                .malformed, file: file, party: party, reason: "holds no private key that can be read (\(error))",
                remedy: "put the key there as PEM without a passphrase")
        }
    }

    private func certificate(_ file: String) throws(KeyError) -> Certificate {
        guard let content = FileManager.default.contents(atPath: file) else {
            throw KeyError(
                .missing, file: file, party: party, reason: "is not there or cannot be read",
                remedy: "put the certificate of the key beside it there as PEM")
        }
        let certificate: Certificate?
        do { certificate = try Certificate.all(pem: [UInt8](content)).first } catch {
            throw malformed(file, "\(error)")
        }
        guard let certificate else { throw malformed(file, "no PEM block") }
        guard certificate.organisationNumber == organisationNumber else {
            throw KeyError(
                .organisation, file: file, party: party,
                reason:
                    "is of organisation \(certificate.organisationNumber ?? "unknown"), the registry says \(organisationNumber)",
                remedy: "use the party's own certificate, or correct the registry")
        }
        return certificate
    }

    private func malformed(_ file: String, _ reason: String) -> KeyError {
        KeyError(
            .malformed, file: file, party: party, reason: "holds no certificate that can be read (\(reason))",
            remedy: "put the certificate there as PEM")
    }

    /// Unknown is not failed: with stale revocation lists the node still takes in and holds, so it starts, with a warning.
    private mutating func checkNow(_ certificate: Certificate, for use: CertificateUse, file: String) throws(EnvelopeError) {
        do {
            _ = try trust.validate(certificate, for: use, at: now, revocation: revocation)
        } catch  where error.code == .revocationUnknown {
            _ = try trust.validate(certificate, for: use, at: now, revocation: .notChecked)
            warnings.append(refusal(error, certificate, file: file))
        }
    }

    private func refusal(_ error: EnvelopeError, _ certificate: Certificate, file: String) -> KeyError {
        let renew = "get a new certificate, and tell partners by the registry"
        let (code, reason, remedy): (KeyError.Code, String, String) =
            switch error.code {
            case .keyMalformed:
                (.mismatch, "is not the certificate of the key beside it", "put together the key and the certificate made for it")
            case .certificateKeyUsage:
                (.usage, "is for another use than its name says", "signing needs nonRepudiation, encryption keyEncipherment")
            case .certificateExpired: (.expired, "has expired on \(day(certificate.notAfter))", renew)
            case .certificateNotYetValid:
                (.notYetValid, "is valid only from \(day(certificate.notBefore))", "check the clock, or wait until then")
            case .certificateRevoked: (.revoked, "is revoked", renew)
            case .revocationUnknown:
                (
                    .revocationUnknown, "cannot be checked for revocation now",
                    "put today's revocation lists of its issuers where trust.revocationLists says"
                )
            case .certificateKeyTooShort, .certificateAlgorithm: (.untrusted, "is too weak (\(error))", renew)
            default:
                (
                    .untrusted, "does not lead to a configured root (\(error))",
                    "put its issuers below trust.roots and trust.intermediates"
                )
            }
        return KeyError(code, file: file, party: party, reason: reason, remedy: remedy)
    }

    private func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
