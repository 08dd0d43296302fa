import Native

/// Why bytes were refused, or why a value cannot be written.
///
/// The code decides everything that others learn: the ebXML error, the AppRec error, the exit code. `reason` and `place`
/// are for our log and for the operator; neither ever holds text of a document, a name or an identity number.
public struct EnvelopeError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // MIME
        case mimeMalformed, mimeTooLarge, mimePartMissing, transferEncodingUnsupported, transferEncodingMalformed
        // XML
        case xmlMalformed, xmlRefused
        // ebXML
        case notEbXML, headerMalformed, headerDuplicated, headerVersionUnsupported, headerNotUnderstood, addressedToNextHop
        case manifestMalformed, agreementMalformed, agreementUnknown, timeToLiveExpired
        /// The same MessageId with other content.
        case messageIDReused
        // Signature
        case signatureMissing, signatureDuplicated, signatureProfile, signatureAlgorithm, partUnsigned, referenceUnresolved
        case digestMismatch, signatureInvalid, signerMismatch
        // CMS
        case cmsMalformed, cmsProfile, notEncryptedToUs, decryptionFailed
        // Certificates and keys
        case certificateMalformed, certificateExpired, certificateNotYetValid, certificateUntrusted, certificateRevoked
        case certificateKeyUsage, certificateKeyTooShort, certificateAlgorithm, organisationMismatch, revocationUnknown,
            keyMalformed
        // Documents
        case documentMalformed, documentUnknown, documentIncomplete, attachmentMissing, attachmentMalformed
        case identityNumberInvalid
        // Receipts
        case receiptMismatch
    }

    public let code: Code
    public let reason: String
    /// Where: an element path, a Content-ID, a byte offset. nil when the whole is meant.
    public let place: String?

    public init(_ code: Code, reason: String, place: String? = nil) {
        (self.code, self.reason, self.place) = (code, reason, place)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String { place.map { "\(code.rawValue): \(reason) (\($0))" } ?? "\(code.rawValue): \(reason)" }
}
