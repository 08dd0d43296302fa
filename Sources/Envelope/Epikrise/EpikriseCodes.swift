// The code lists of discharge summaries. A snapshot: no code is refused for not being here.

/// How final a report is: `ServRprt/Status`. List 7306.
public struct ReportStatus: CodeList {
    public static let number = 7306
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let final = Self(rawValue: "F")
    public static let preliminary = Self(rawValue: "P")
    public static let addition = Self(rawValue: "A")
    public static let planned = Self(rawValue: "S")

    public static let names = ["F": "Endelig rapport", "P": "Foreløpig rapport", "A": "Tillegg", "S": "Planlagt"]
}

/// Heading of a text: `Comment/Heading`. List 8311.
public struct EpikriseHeading: CodeList {
    public static let number = 8311
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let reasonForAdmission = Self(rawValue: "AI")
    public static let problem = Self(rawValue: "PROB")
    public static let course = Self(rawValue: "FO")
    public static let findings = Self(rawValue: "FU")
    public static let assessment = Self(rawValue: "VU")
    public static let medication = Self(rawValue: "ME")
    public static let followUp = Self(rawValue: "OP")
    public static let informationGiven = Self(rawValue: "IP")
    public static let family = Self(rawValue: "FA")
    public static let function = Self(rawValue: "HJ")

    public static let names = [
        "AI": "Årsak til innleggelse",
        "PROB": "Aktuell problemstilling",
        "FO": "Forløp og behandling",
        "FU": "Funn og undersøkelsesresultat",
        "VU": "Vurdering",
        "ME": "Medisinering",
        "OP": "Planer for videre oppfølging",
        "IP": "Informasjon til pasient/pårørende",
        "FA": "Familie/sosialt",
        "HJ": "Funksjonsnivå/hjelpetiltak",
    ]
}
