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
        (self.code, self.reason, self.place) = (code, Self.logged(reason), place.map(Self.logged))
    }

    /// Characters of ``reason`` and of ``place``.
    public static let longest = 300

    /// A place may be spelled by the other side: it must not be able to write lines of our log, or fill it.
    private static func logged(_ text: String) -> String {
        if text.utf8.count <= longest, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var logged = ""
        for (position, scalar) in text.unicodeScalars.enumerated() {
            if position == longest { return logged + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                logged += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: logged.unicodeScalars.append(scalar)
            }
        }
        return logged
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    public var description: String { place.map { "\(code.rawValue): \(reason) (\($0))" } ?? "\(code.rawValue): \(reason)" }
}
