/// Values of `errorCode`. ebMS 2.0 §4.2.3.4.1 and §4.2.3.4.2.
public enum EbXMLErrorCode: String, Sendable, CaseIterable {
    case valueNotRecognized = "ValueNotRecognized"
    case notSupported = "NotSupported"
    case inconsistent = "Inconsistent"
    case otherXml = "OtherXml"
    case deliveryFailure = "DeliveryFailure"
    case timeToLiveExpired = "TimeToLiveExpired"
    case securityFailure = "SecurityFailure"
    case mimeProblem = "MimeProblem"
    case unknown = "Unknown"

    /// The same words for every cause, so that a sender cannot learn from them how far a forged message came.
    public var outsideText: String {
        switch self {
        case .valueNotRecognized: "A value in the message header is not recognised."
        case .notSupported: "The message asks for something that is not supported."
        case .inconsistent: "The message header is inconsistent."
        case .otherXml: "The message is not a well-formed ebXML message."
        case .deliveryFailure: "The message could not be delivered."
        case .timeToLiveExpired: "The message came after its time to live."
        case .securityFailure: "The message failed a security check."
        case .mimeProblem: "The MIME structure of the message is wrong."
        case .unknown: "The message could not be processed."
        }
    }
}

extension EnvelopeError.Code {
    /// What the sender of a message learns of our reason for refusing it.
    ///
    /// Signature, certificate and decryption faults are one code. `revocationUnknown` is here because the table is complete;
    /// such a message is held and tried again, not answered.
    public var ebXML: EbXMLErrorCode {
        switch self {
        case .mimeMalformed, .mimeTooLarge, .mimePartMissing, .transferEncodingUnsupported, .transferEncodingMalformed,
            .manifestMalformed:
            .mimeProblem
        case .xmlMalformed, .xmlRefused, .notEbXML, .documentMalformed, .documentUnknown: .otherXml
        case .headerMalformed, .headerDuplicated, .documentIncomplete, .attachmentMissing, .attachmentMalformed,
            .identityNumberInvalid, .receiptMismatch, .messageIDReused:
            .inconsistent
        case .headerVersionUnsupported, .headerNotUnderstood, .addressedToNextHop: .notSupported
        case .agreementMalformed, .agreementUnknown: .valueNotRecognized
        case .timeToLiveExpired: .timeToLiveExpired
        case .signatureMissing, .signatureDuplicated, .signatureProfile, .signatureAlgorithm, .partUnsigned, .referenceUnresolved,
            .digestMismatch, .signatureInvalid, .signerMismatch, .cmsMalformed, .cmsProfile, .notEncryptedToUs, .decryptionFailed,
            .certificateMalformed, .certificateExpired, .certificateNotYetValid, .certificateUntrusted, .certificateRevoked,
            .certificateKeyUsage, .certificateKeyTooShort, .certificateAlgorithm, .organisationMismatch, .keyMalformed:
            .securityFailure
        case .revocationUnknown: .unknown
        }
    }
}
