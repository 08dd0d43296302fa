import Envelope
import Foundation
import Native
import Practice

/// Signs consents as the organisation that recorded them, and says whose signature one is.
struct ConsentSigning: Sendable {
    let registry: Registry
    let keys: KeyRing
    let signers: AuditSigners

    static let algorithm = "x509-sha256"
    static let digester = ConsentDigester(algorithm: "sha256") { Digest.of($0, .sha256) }

    /// - Throws: ``ConsentDeskError`` `.notOurs` when the recording party is none of this node's.
    func sign(_ bytes: [UInt8], as recorder: PartyIdentity?) throws -> ConsentSignature {
        guard let recorder, let party = keys.parties.first(where: { isRecorder($0, recorder) }) else {
            throw ConsentDeskError(
                .notOurs, "the recording party is none of this node's; record it on that party's own node")
        }
        let identity = try keys.signing(for: party)
        return ConsentSignature(
            algorithm: Self.algorithm, keyID: Data(identity.certificate.der).base64EncodedString(),
            bytes: try DetachedSignature.make(over: bytes, with: identity))
    }

    private func isRecorder(_ party: HERID, _ recorder: PartyIdentity) -> Bool {
        switch recorder.scheme {
        case .her: party.value == recorder.value
        case .organisation: (try? registry.party(party))?.organisationNumber == recorder.value
        default: false
        }
    }

    /// Whose a signature is: the party that the record names, when the certificate is of its organisation and led to a configured
    /// root at the time that the record came into the store.
    func check(at time: Date) -> ConsentSignatureCheck {
        { bytes, signature in
            guard signature.algorithm == Self.algorithm, let der = Data(base64Encoded: signature.keyID),
                let certificate = try? Certificate(der: Array(der)),
                DetachedSignature.holds(signature.bytes, over: bytes, by: certificate),
                signers.complaint(about: certificate, at: time) == nil, let number = certificate.organisationNumber
            else { return nil }
            let named =
                (try? ConsentRecord.read(bytes))?.record.recordedBy.identity
                ?? (try? ConsentWithdrawal(parsing: bytes))?.recordedBy.identity
            guard let named else { return nil }
            switch named.scheme {
            case .organisation: return named.value == number ? named : nil
            case .her: return HERID(named.value).flatMap { try? registry.party($0) }?.organisationNumber == number ? named : nil
            default: return nil
            }
        }
    }
}

/// A record with its signature, as it lies sealed in the store.
struct SignedBytes: Sendable, Codable, Hashable {
    var format = "msggw-signed-consent/1"
    let content: Data
    let algorithm: String
    let certificate: String
    let signature: Data

    init(_ content: [UInt8], _ signature: ConsentSignature) {
        (self.content, algorithm, certificate) = (Data(content), signature.algorithm, signature.keyID)
        self.signature = Data(signature.bytes)
    }

    var bytes: [UInt8] { Array(content) }
    var consentSignature: ConsentSignature {
        ConsentSignature(algorithm: algorithm, keyID: certificate, bytes: Array(signature))
    }
}

/// Why a consent could not be recorded, shown or withdrawn, with what to do. Names elements, never what stands in them.
public struct ConsentDeskError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case unreadable, notOurs, known, contradicts, notFound, mayNotWithdraw
        /// A stored record does not carry its signature any more: nothing may be decided by what is left.
        case unverifiable
        case wrongDocument
    }

    public let code: Code
    public let description: String

    public init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }
}
