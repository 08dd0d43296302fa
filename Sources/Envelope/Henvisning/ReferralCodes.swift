// The code lists of referrals that this program writes or decides by. A snapshot: no code is refused for not being here.

/// What a message does with a referral: `ServType`. List 7309.
public struct ServType: CodeList {
    public static let number = 7309
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let new = Self(rawValue: "N")
    /// Replaces the whole of what was sent before under the same id.
    public static let change = Self(rawValue: "M")
    public static let cancellation = Self(rawValue: "C")
    public static let addition = Self(rawValue: "A")
    public static let history = Self(rawValue: "H")

    public static let names = ["N": "Ny", "M": "Endring", "C": "Kansellering", "A": "Tillegg", "H": "Historikk"]
}

/// Whether a message counts: `Message/Status`. List 8323.
public struct MessageStatus: CodeList {
    public static let number = 8323
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let test = Self(rawValue: "TEST")

    public static let names = ["TEST": "Melding til testformål"]

    /// The same in the words of MsgHead; nil where it says nothing of that.
    var processing: ProcessingStatus? { self == .test ? .debugging : nil }
}

/// What a referral asks for: `MsgDescr`. List 8455.
public struct ReferralContent: CodeList {
    public static let number = 8455
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let treatment = Self(rawValue: "10")
    public static let advice = Self(rawValue: "11")
    public static let other = Self(rawValue: "99")

    public static let names = ["10": "Utredning/behandling", "11": "Råd til henviser", "99": "Øvrige"]
}

/// What the service is to do: `ReqServ/Purpose`. List 8248.
public struct ReferralPurpose: CodeList {
    public static let number = 8248
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let assessment = Self(rawValue: "1")
    public static let treatment = Self(rawValue: "2")
    public static let followUp = Self(rawValue: "3")
    public static let secondOpinion = Self(rawValue: "4")

    public static let names = ["1": "Utredning", "2": "Behandling", "3": "Kontroll", "4": "Second opinion"]
}

/// How soon: `ReqServ/Priority`. List 8304; numbers are days.
public struct ReferralPriority: CodeList {
    public static let number = 8304
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let emergency = Self(rawValue: "0")
    public static let urgent = Self(rawValue: "3")
    public static let elective = Self(rawValue: "N")
    public static let withinOneWeek = Self(rawValue: "7")

    public static let names = [
        "0": "Øyeblikkelig hjelp",
        "3": "Haster (elektiv)",
        "7": "Innen en uke",
        "N": "Elektiv/Ordinær (elektiv)",
    ]
}

/// Level of care: `Service/AdmCat`. List 8240.
public struct AdmissionCategory: CodeList {
    public static let number = 8240
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let inpatient = Self(rawValue: "1")
    public static let outpatient = Self(rawValue: "3")

    public static let names = ["1": "Heldøgnsopphold", "3": "Poliklinisk omsorg"]
}

/// Medical speciality: `Service/MedSpeciality`. List 8451.
public struct MedicalSpeciality: CodeList {
    public static let number = 8451
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let childPsychiatry = Self(rawValue: "310")

    public static let names = ["310": "Psykisk helsevern barn og unge"]
}

/// Heading of a reason: `ReasonAsText/Heading`. List 8231.
public struct ReasonHeading: CodeList {
    public static let number = 8231
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let problem = Self(rawValue: "PROB")
    public static let expected = Self(rawValue: "UTRED")
    public static let family = Self(rawValue: "FA")
    public static let findings = Self(rawValue: "FU")
    public static let course = Self(rawValue: "FO")
    public static let function = Self(rawValue: "HJ")
    public static let diagnosis = Self(rawValue: "DIAG")
    public static let bupChild = Self(rawValue: "BUP-HG")
    public static let bupSurroundings = Self(rawValue: "BUP-BM")

    public static let names = [
        "PROB": "Aktuell problemstilling",
        "UTRED": "Forventet utredning/behandling",
        "FA": "Familie/sosialt",
        "FU": "Funn",
        "FO": "Forløp og behandling",
        "HJ": "Funksjonsnivå/hjelpetiltak",
        "DIAG": "Diagnose",
        "BUP-HG": "Henvisningsgrunn barnet",
        "BUP-BM": "Henvisningsgrunn barnets miljø",
    ]
}

/// Heading of a remark: `Comment/Heading`. List 8234.
public struct CommentHeading: CodeList {
    public static let number = 8234
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let bupCare = Self(rawValue: "BUP-O")
    public static let bupCaseHandler = Self(rawValue: "BUP-S")

    public static let names = ["BUP-O": "Omsorgssituasjon", "BUP-S": "Saksbehandler"]
}

/// Kind of clinical information: `InfItem/Type`. List 8233.
public struct InfItemType: CodeList {
    public static let number = 8233
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let history = Self(rawValue: "ANAM")
    public static let finding = Self(rawValue: "FUNN")
    public static let medication = Self(rawValue: "MEDB")
    public static let cave = Self(rawValue: "CAVE")
    public static let mainDiagnosis = Self(rawValue: "H")
    public static let secondaryDiagnosis = Self(rawValue: "B")
    public static let earlierTreatment = Self(rawValue: "TB")
    public static let symptom = Self(rawValue: "SYMP")

    public static let names = [
        "ANAM": "Sykehistorie",
        "FUNN": "Funn og undersøkelsesresultat",
        "MEDB": "Legemiddelopplysning",
        "CAVE": "Cave-opplysninger",
        "H": "Hoveddiagnose",
        "B": "Bidiagnose",
        "TB": "Tidligere behandling",
        "SYMP": "Symptom",
    ]
}

/// What a healthcare party is to the patient or the referral: `PatRelHCP/Relation`. List 8254.
public struct HCPRelation: CodeList {
    public static let number = 8254
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let referring = Self(rawValue: "HHE")
    public static let fastlege = Self(rawValue: "FLE")
    public static let wantedClinician = Self(rawValue: "OEB")
    public static let wantedPlace = Self(rawValue: "OES")
    public static let contactAtReceiver = Self(rawValue: "KHM")

    public static let names = [
        "HHE": "Henvisende helsepersonell",
        "FLE": "Fastlege",
        "OEB": "Ønsket behandler",
        "OES": "Ønsket behandlingssted",
        "KHM": "Kontakt hos mottaker",
    ]
}
