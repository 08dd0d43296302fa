// The national code lists that this program writes or decides by. A snapshot: no code is refused for not being here.

/// Kind of message: `MsgInfo/Type`, `Message/Type`, `AppRec/MsgType`. List 8279.
public struct MessageType: CodeList {
    public static let number = 8279
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let henvisning = Self(rawValue: "HENVISNING")
    public static let henvisningBUP = Self(rawValue: "HENVISNING_BUP")
    public static let henvisningRehabilitering = Self(rawValue: "HENVISNING_REHAB")
    public static let henvisningNyTilstand = Self(rawValue: "HENVISNING_NYTILSTAND")
    public static let henvisningVidere = Self(rawValue: "HENVISNING_VIDERE")
    public static let epikrise = Self(rawValue: "EPIKRISE")
    public static let dialogForesporsel = Self(rawValue: "DIALOG_FORESPORSEL")
    public static let dialogSvar = Self(rawValue: "DIALOG_SVAR")
    public static let dialogNotat = Self(rawValue: "DIALOG_NOTAT")
    public static let dialogAvvik = Self(rawValue: "DIALOG_AVVIK")
    public static let dialogHelsefaglig = Self(rawValue: "DIALOG_HELSEFAGLIG")
    public static let dialogStatusHenvisning = Self(rawValue: "DIALOG_STATUS_HENVISNING")
    public static let dialogTilArkivering = Self(rawValue: "DIALOG_TIL_ARKIVERING")
    public static let appRec = Self(rawValue: "APPREC")

    public static let names = [
        "HENVISNING": "Henvisning",
        "HENVISNING_BUP": "Henvisning BUP",
        "HENVISNING_REHAB": "Henvisning rehabilitering",
        "HENVISNING_NYTILSTAND": "Henvisning ny tilstand",
        "HENVISNING_VIDERE": "Viderehenvisning",
        "EPIKRISE": "Epikrise",
        "DIALOG_FORESPORSEL": "Forespørsel",
        "DIALOG_SVAR": "Svar på forespørsel",
        "DIALOG_NOTAT": "Notat",
        "DIALOG_AVVIK": "Avviksmelding",
        "DIALOG_HELSEFAGLIG": "Helsefaglig dialog",
        "DIALOG_STATUS_HENVISNING": "Status på henvisning",
        "DIALOG_TIL_ARKIVERING": "Dialogmelding til arkivering",
        "APPREC": "Applikasjonskvittering",
    ]
}

/// What a message is for: `MsgInfo/ProcessingStatus`. List 8113.
public struct ProcessingStatus: CodeList {
    public static let number = 8113
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let production = Self(rawValue: "P")
    public static let training = Self(rawValue: "T")
    public static let debugging = Self(rawValue: "D")

    public static let names = [
        "P": "Produksjon",
        "T": "Opplæring",
        "D": "Debugging",
    ]
}

/// Whether the sender wants an AppRec: `Ack`. List 7304.
public struct AckRequest: CodeList {
    public static let number = 7304
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let yes = Self(rawValue: "J")
    public static let no = Self(rawValue: "N")
    public static let onlyOnError = Self(rawValue: "F")

    public static let names = [
        "J": "Ja",
        "N": "Nei",
        "F": "Bare ved feil",
    ]
}

/// What a `RefDoc` holds: `RefDoc/MsgType`. List 8114.
public struct DocumentKind: CodeList {
    public static let number = 8114
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let attachment = Self(rawValue: "A")
    public static let reference = Self(rawValue: "REF")
    public static let xml = Self(rawValue: "XML")

    public static let names = [
        "A": "Vedlegg",
        "REF": "Referanse",
        "XML": "XML-instans",
    ]
}

/// Kinds of identifier an organisation has. List 9051.
public struct OrganisationIDType: CodeList {
    public static let number = 9051
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let her = Self(rawValue: "HER")
    public static let enh = Self(rawValue: "ENH")
    public static let resh = Self(rawValue: "RSH")

    public static let names = [
        "HER": "HER-id",
        "ENH": "Organisasjonsnummeret i Enhetsregisteret",
        "RSH": "RESH-id",
    ]
}

/// Kinds of identifier a person has. List 8116.
public struct PersonIDType: CodeList {
    public static let number = 8116
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let fnr = Self(rawValue: "FNR")
    public static let dnr = Self(rawValue: "DNR")
    public static let hnr = Self(rawValue: "HNR")
    public static let fhn = Self(rawValue: "FHN")
    public static let duf = Self(rawValue: "DUF")
    public static let passport = Self(rawValue: "PNR")
    public static let hpr = Self(rawValue: "HPR")
    public static let her = Self(rawValue: "HER")
    public static let other = Self(rawValue: "XXX")

    public static let names = [
        "FNR": "Fødselsnummer",
        "DNR": "D-nummer",
        "HNR": "H-nummer",
        "FHN": "Felles hjelpenummer",
        "DUF": "DUF-nummer",
        "PNR": "Passnummer",
        "HPR": "HPR-nummer",
        "HER": "HER-id",
        "XXX": "Annet",
    ]
}

/// Sex as registered; never taken from an identity number. List 3101.
public struct Sex: CodeList {
    public static let number = 3101
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let unknown = Self(rawValue: "0")
    public static let male = Self(rawValue: "1")
    public static let female = Self(rawValue: "2")
    public static let unspecified = Self(rawValue: "9")

    public static let names = [
        "0": "Ikke kjent",
        "1": "Mann",
        "2": "Kvinne",
        "9": "Ikke spesifisert",
    ]
}

/// Kind of postal address. List 3401.
public struct AddressKind: CodeList {
    public static let number = 3401
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let home = Self(rawValue: "H")
    public static let registered = Self(rawValue: "HP")
    public static let postal = Self(rawValue: "PST")
    public static let visiting = Self(rawValue: "RES")
    public static let work = Self(rawValue: "WP")
    public static let temporary = Self(rawValue: "TMP")

    public static let names = [
        "H": "Bostedsadresse",
        "HP": "Folkeregisteradresse",
        "PST": "Postadresse",
        "RES": "Besøksadresse",
        "WP": "Arbeidsadresse",
        "TMP": "Midlertidig adresse",
    ]
}

/// Kind of telephone or other electronic address. List 9061.
public struct TelecomKind: CodeList {
    public static let number = 9061
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let mobile = Self(rawValue: "MC")
    public static let home = Self(rawValue: "H")
    public static let mainHome = Self(rawValue: "HP")
    public static let work = Self(rawValue: "WP")
    public static let emergency = Self(rawValue: "EC")
    public static let fax = Self(rawValue: "F")

    public static let names = [
        "MC": "Mobiltelefon",
        "H": "Hjemme",
        "HP": "Hovedtelefon",
        "WP": "Arbeidsplass",
        "EC": "Nødtelefon",
        "F": "Telefaks",
    ]
}

/// Profession of a healthcare professional. List 9060.
public struct HealthcareProfession: CodeList {
    public static let number = 9060
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let doctor = Self(rawValue: "LE")
    public static let psychologist = Self(rawValue: "PS")
    public static let nurse = Self(rawValue: "SP")
    public static let socialEducator = Self(rawValue: "VP")
    public static let occupationalTherapist = Self(rawValue: "ET")
    public static let physiotherapist = Self(rawValue: "FT")
    public static let medicalSecretary = Self(rawValue: "HE")
    public static let midwife = Self(rawValue: "JO")
    public static let unknown = Self(rawValue: "XX")

    public static let names = [
        "LE": "Lege",
        "PS": "Psykolog",
        "SP": "Sykepleier",
        "VP": "Vernepleier",
        "ET": "Ergoterapeut",
        "FT": "Fysioterapeut",
        "HE": "Helsesekretær",
        "JO": "Jordmor",
        "XX": "Ukjent/uspesifisert",
    ]
}

/// What a healthcare professional is to the patient. List 9034.
public struct RoleToPatient: CodeList {
    public static let number = 9034
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let responsibleDoctor = Self(rawValue: "3")
    public static let recordResponsible = Self(rawValue: "4")
    public static let fastlege = Self(rawValue: "6")
    public static let coordinator = Self(rawValue: "8")
    public static let primaryContact = Self(rawValue: "9")
    public static let substituteForFastlege = Self(rawValue: "15")
    public static let intern = Self(rawValue: "16")
    public static let hospitalCoordinator = Self(rawValue: "18")
    public static let contactDoctor = Self(rawValue: "19")
    public static let contactPsychologist = Self(rawValue: "20")
    public static let clinicalContact = Self(rawValue: "21")
    public static let wantedClinician = Self(rawValue: "23")
    public static let contactAtReceiver = Self(rawValue: "24")

    public static let names = [
        "3": "Behandlingsansvarlig lege",
        "4": "Journalansvarlig",
        "6": "Fastlege",
        "8": "Koordinator for individuell plan",
        "9": "Primærkontakt",
        "15": "Vikar for fastlege",
        "16": "Turnuslege",
        "18": "Koordinator",
        "19": "Kontaktlege",
        "20": "Kontaktpsykolog",
        "21": "Helsefaglig kontakt",
        "23": "Ønsket behandler",
        "24": "Kontakt hos mottaker",
    ]
}
