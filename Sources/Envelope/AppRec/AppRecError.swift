/// Why a message was rejected. List 8221.
public struct AppRecError: CodeList {
    public static let number = 8221
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let invalidMessageID = Self(rawValue: "E10")
    public static let unknownDoctor = Self(rawValue: "E20")
    public static let unknownReceiver = Self(rawValue: "E21")
    public static let identityNumberMissing = Self(rawValue: "E30")
    public static let identityNumberInvalid = Self(rawValue: "E31")
    public static let nameMissing = Self(rawValue: "E32")
    public static let familyNameMissing = Self(rawValue: "E33")
    public static let givenNameMissing = Self(rawValue: "E34")
    public static let unknownPatient = Self(rawValue: "E35")
    public static let patientInsufficient = Self(rawValue: "E36")
    public static let identityNumberNotIssued = Self(rawValue: "E53")
    public static let identityNumberNotRegistered = Self(rawValue: "E54")
    public static let signatureInvalid = Self(rawValue: "S01")
    public static let certificateInvalid = Self(rawValue: "S02")
    public static let certificateRevoked = Self(rawValue: "S03")
    public static let signatureOther = Self(rawValue: "S99")
    public static let notXML = Self(rawValue: "T01")
    public static let schemaInvalid = Self(rawValue: "T02")
    public static let formatUnsupported = Self(rawValue: "T10")
    public static let formatOther = Self(rawValue: "T99")
    public static let other = Self(rawValue: "X99")

    public static let names = [
        "E10": "Ugyldig meldingsidentifikator",
        "E20": "Lege finnes ikke",
        "E21": "Mottaker finnes ikke",
        "E30": "Pasientens fødselsnummer mangler",
        "E31": "Pasientens fødselsnummer er feil",
        "E32": "Pasientens navn mangler",
        "E33": "Pasientens etternavn mangler",
        "E34": "Pasientens fornavn mangler",
        "E35": "Pasienten finnes ikke i mottakersystemet",
        "E36": "Pasientopplysningene er utilstrekkelige",
        "E53": "Pasientens fødselsnummer eller D-nummer finnes ikke i Folkeregisteret",
        "E54": "Pasientens fødselsnummer er ikke registrert i mottakersystemet",
        "S01": "Feil på signatur",
        "S02": "Ugyldig sertifikat",
        "S03": "Tilbaketrukket sertifikat",
        "S99": "Annen signaturfeil",
        "T01": "Ikke XML eller uleselig",
        "T02": "XML validerer ikke",
        "T10": "Støtter ikke meldingsformatet",
        "T99": "Annen formatfeil",
        "X99": "Annen feil",
    ]

    /// As `Error`, with words for the person who reads it in `OT`. They must not hold health information.
    public func explained(_ text: String?) -> CodedValue {
        CodedValue(rawValue, displayName, list: Self.number, originalText: text)
    }
}

extension EnvelopeError {
    /// What an AppRec says when a document was refused for this error. Derived from the code alone.
    public var appRecError: AppRecError {
        switch code {
        case .xmlMalformed, .xmlRefused: .notXML
        case .documentMalformed, .documentIncomplete: .schemaInvalid
        case .documentUnknown: .formatUnsupported
        case .attachmentMissing, .attachmentMalformed: .formatOther
        case .identityNumberInvalid: .identityNumberInvalid
        case .signatureMissing, .signatureDuplicated, .signatureProfile, .signatureAlgorithm, .partUnsigned,
            .referenceUnresolved, .digestMismatch, .signatureInvalid, .signerMismatch:
            .signatureInvalid
        case .certificateRevoked: .certificateRevoked
        case .certificateMalformed, .certificateExpired, .certificateNotYetValid, .certificateUntrusted, .certificateKeyUsage,
            .certificateKeyTooShort, .certificateAlgorithm, .organisationMismatch, .revocationUnknown, .keyMalformed:
            .certificateInvalid
        case .mimeMalformed, .mimeTooLarge, .mimePartMissing, .transferEncodingUnsupported, .transferEncodingMalformed,
            .notEbXML, .headerMalformed, .headerDuplicated, .headerVersionUnsupported, .headerNotUnderstood, .addressedToNextHop,
            .manifestMalformed, .agreementMalformed, .agreementUnknown, .timeToLiveExpired, .messageIDReused, .cmsMalformed,
            .cmsProfile, .notEncryptedToUs, .decryptionFailed,
            .receiptMismatch:
            .other
        }
    }
}
