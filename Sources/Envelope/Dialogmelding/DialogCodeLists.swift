/// The receiver's answer to a referral: `TemaKodet` of "Status på henvisning". List 9148.
public struct HenvisningStatus: CodeList {
    public static let number = 9148
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let called = Self(rawValue: "1")
    public static let entitled = Self(rawValue: "2")
    public static let forwarded = Self(rawValue: "3")
    public static let rejected = Self(rawValue: "4")

    public static let names = [
        "1": "Innkalles til helsehjelp",
        "2": "Rett til helsehjelp, tidspunkt kommer",
        "3": "Henvisningen er videresendt",
        "4": "Henvisningen er avvist",
    ]
}

/// What a clinical dialog is about. List 7322.
public struct HelsefagligTema: CodeList {
    public static let number = 7322
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let patient = Self(rawValue: "6")
    public static let readyForDischarge = Self(rawValue: "7")
    public static let healthInformation = Self(rawValue: "8")
    public static let medication = Self(rawValue: "9")

    public static let names = [
        "6": "Henvendelse om pasient",
        "7": "Tilbakemelding på mottak av utskrivningsklar pasient",
        "8": "Forespørsel om helseopplysninger",
        "9": "Forespørsel om legemiddelopplysninger",
    ]
}

/// Why a message could not be handled by who got it. List 8117.
public struct AvvikTema: CodeList {
    public static let number = 8117
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let wrongReceiver = Self(rawValue: "1")
    public static let insufficient = Self(rawValue: "2")
    public static let other = Self(rawValue: "9")

    public static let names = [
        "1": "Feil adressat",
        "2": "Mangelfulle opplysninger",
        "9": "Annet",
    ]
}

/// Kind of answer to a question. List 9069.
public struct SvarTema: CodeList {
    public static let number = 9069
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let included = Self(rawValue: "1")
    public static let refused = Self(rawValue: "2")
    public static let notHeld = Self(rawValue: "3")
    public static let consentNeeded = Self(rawValue: "4")
    public static let answer = Self(rawValue: "5")
    public static let other = Self(rawValue: "9")

    public static let names = [
        "1": "Opplysningene er inkludert",
        "2": "Avvist uten begrunnelse",
        "3": "Har ikke opplysningene",
        "4": "Krever pasientens samtykke",
        "5": "Svar på forespørsel",
        "9": "Annet",
    ]
}

/// Question from municipal care to a doctor. List 9152.
public struct ForesporselFraOmsorg: CodeList {
    public static let number = 9152
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let healthInformation = Self(rawValue: "1")
    public static let medication = Self(rawValue: "4")
    public static let prescription = Self(rawValue: "6")
    public static let appointment = Self(rawValue: "7")
    public static let discharge = Self(rawValue: "8")
    public static let other = Self(rawValue: "99")

    public static let names = [
        "1": "Helseopplysninger",
        "4": "Legemidler",
        "6": "Fornye resept",
        "7": "Time",
        "8": "Utskrivning",
        "99": "Annet",
    ]
}

/// Question from a doctor to municipal care. List 9153.
public struct ForesporselFraLege: CodeList {
    public static let number = 9153
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let services = Self(rawValue: "3")
    public static let condition = Self(rawValue: "5")
    public static let other = Self(rawValue: "99")

    public static let names = [
        "3": "Tjenestetilbud",
        "5": "Tilstandsvurdering",
        "99": "Annet",
    ]
}

/// Urgency of a question. List 9067.
public struct Hastegrad: CodeList {
    public static let number = 9067
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let emergency = Self(rawValue: "1")
    public static let ongoing = Self(rawValue: "2")
    public static let within24Hours = Self(rawValue: "3")
    public static let undetermined = Self(rawValue: "9")

    public static let names = [
        "1": "Øyeblikkelig hjelp",
        "2": "Pågående helsehjelp",
        "3": "Innen 24 timer",
        "9": "Ubestemt",
    ]
}

/// What someone has to do with a note. List 9057.
public struct RolleNotat: CodeList {
    public static let number = 9057
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let author = Self(rawValue: "1")
    public static let coauthor = Self(rawValue: "2")
    public static let approvedBy = Self(rawValue: "3")
    public static let presentedTo = Self(rawValue: "4")

    public static let names = [
        "1": "Forfatter",
        "2": "Medforfatter",
        "3": "Godkjent av",
        "4": "Forelagt",
    ]
}
