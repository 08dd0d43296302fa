import Foundation

/// What a file says and whether it verifies, found out without keys, network, clock or side effect.
///
/// Nothing in it is trusted: a signature that verifies only says that the bytes are those that the holder of the certificate
/// signed, and no certificate is checked against any root. Nothing in it names a person unless it was asked for, and no
/// 11-digit number out of a file is ever repeated.
///
/// ``json`` is a contract: keys are those of the properties here, absent when they are nil. Keys are added, never renamed;
/// ``contract`` counts what breaks that rule.
public struct Inspection: Sendable, Hashable, Encodable {
    /// What the bytes are, told by content and never by name.
    public enum Kind: String, Sendable, Hashable, Encodable, CaseIterable {
        case ebXMLPayload = "ebxml-payload"
        case ebXMLAcknowledgment = "ebxml-acknowledgment"
        case ebXMLError = "ebxml-error"
        case ebXMLPing = "ebxml-ping"
        case ebXMLPong = "ebxml-pong"
        /// ebXML whose header is refused; `failure` says why.
        case ebXMLRefused = "ebxml-refused"
        case soapFault = "soap-fault"
        case document = "clinical-document"
        case agreement, profile
        case certificate
        case revocationList = "revocation-list"
        case cms
        /// An answer of the address registry, or another with certificates in it.
        case registryAnswer = "registry-answer"
        /// A mail or HTTP body that is no message of ours.
        case mime
        /// Well-formed or nearly, and of no kind that is read.
        case xml, json
        case unknown
    }

    public enum Outcome: String, Sendable, Hashable, Encodable, CaseIterable {
        /// Read; if it is signed, the signature verifies.
        case readable
        /// Read, and its signature does not verify.
        case signatureFails = "signature-fails"
        /// Not read: `failure` says why.
        case unreadable
    }

    public internal(set) var contract = 1
    public internal(set) var kind: Kind
    public internal(set) var outcome: Outcome = .readable
    public internal(set) var failure: Failure?
    public internal(set) var bytes: Int
    /// Of the whole file, lower-case hexadecimal.
    public internal(set) var sha256: String
    /// For what is not recognised: what the first bytes look like.
    public internal(set) var looksLike: String?
    /// Root element, for XML of any kind.
    public internal(set) var root: Root?
    public internal(set) var ebXML: EbXML?
    public internal(set) var parts: [Part]?
    public internal(set) var signature: Signature?
    public internal(set) var document: Document?
    public internal(set) var agreement: Agreement?
    public internal(set) var fault: Fault?
    public internal(set) var cms: CMS?
    /// The certificates that the file is or holds, the signer's left out.
    public internal(set) var certificates: [CertificateFacts]?
    public internal(set) var revocationList: RevocationListFacts?
    /// What was tolerated. A warning is something the sender should be asked to mend.
    public internal(set) var deviations: [Tolerated] = []

    /// The same facts as JSON: keys sorted, two blanks a level, a line end at the end.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Nothing here can fail to encode: strings, numbers and Booleans only.
        guard let json = try? encoder.encode(self) else { return Array("{}\n".utf8) }
        return [UInt8](json) + [0x0A]
    }
}

extension Inspection {
    public struct Failure: Sendable, Hashable, Encodable {
        public let code: String
        public let reason: String
        public let place: String?

        init(_ error: EnvelopeError) {
            (code, reason) = (error.code.rawValue, ShownText.free(error.reason))
            place = error.place.map(ShownText.free)
        }
    }

    public struct Tolerated: Sendable, Hashable, Encodable {
        /// `note` or `warning`.
        public let severity: String
        public let what: String
        public let place: String

        init(_ deviation: Deviation) {
            (severity, what) = (deviation.severity.rawValue, ShownText.free(deviation.what))
            place = ShownText.free(deviation.place)
        }
    }

    public struct Root: Sendable, Hashable, Encodable {
        public let name: String
        public let namespace: String?
    }

    public struct Fault: Sendable, Hashable, Encodable {
        public let code: String?
        /// The peer's words.
        public let reason: String?
    }

    public struct Part: Sendable, Hashable, Encodable {
        public let contentID: String
        public let contentType: String
        /// Transfer encoding undone.
        public let bytes: Int
        public let sha256: String
        /// nil for a part that is no CMS object.
        public let cms: CMS?
    }

    public struct CMS: Sendable, Hashable, Encodable {
        public struct Recipient: Sendable, Hashable, Encodable {
            public let kind: String
            /// DER `Name`, hexadecimal.
            public let issuer: String?
            public let serialNumber: String?
            public let subjectKeyIdentifier: String?
            public let keyManagement: String
        }

        public let contentType: String
        public let contentCipher: String?
        /// `DER` or `BER`.
        public let encoding: String
        public let encryptedBytes: Int
        public let recipients: [Recipient]
    }

    public struct Signature: Sendable, Hashable, Encodable {
        public enum Status: String, Sendable, Hashable, Encodable, CaseIterable {
            case verifies, fails, unsigned
            /// Parts that the Manifest names were not given, so nothing can be said.
            case partsMissing = "parts-missing"
        }

        public struct Reference: Sendable, Hashable, Encodable {
            public let uri: String
            public let digestAlgorithm: String
            public let digest: String
            public let transforms: [String]
        }

        public let status: Status
        public internal(set) var error: Failure?
        public internal(set) var algorithm: String?
        public internal(set) var references: [Reference]?
        public internal(set) var certificate: CertificateFacts?
        /// `message` or `given`.
        public internal(set) var certificateFrom: String?
        /// Always false: no root is known here.
        public internal(set) var certificateTrusted: Bool?

        init(_ status: Status) { self.status = status }
    }

    public struct CertificateFacts: Sendable, Hashable, Encodable {
        /// nil for a person's certificate.
        public let subject: String?
        public let issuer: String
        public let serialNumber: String
        public let organisationNumber: String?
        public let subUnitNumber: String?
        public let notBefore: String
        public let notAfter: String
        public let keyUsage: [String]
        public let key: String
        public let isAuthority: Bool
        public let isSelfSigned: Bool
        public let sha256: String
    }

    public struct RevocationListFacts: Sendable, Hashable, Encodable {
        public let issuer: String
        public let thisUpdate: String
        public let nextUpdate: String?
    }
}
