// The code lists of referrals to BUP: care, kin, consent. A snapshot: no code is refused for not being here.

/// Where the child lives. List 8419.
public struct LivingSituation: CodeList {
    public static let number = 8419
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let bothParents = Self(rawValue: "1")
    public static let commuting = Self(rawValue: "2")
    public static let oneParent = Self(rawValue: "3")
    public static let oneParentAndPartner = Self(rawValue: "4")
    public static let relatives = Self(rawValue: "5")
    public static let fosterHome = Self(rawValue: "6")
    public static let institution = Self(rawValue: "7")
    public static let alone = Self(rawValue: "8")
    public static let other = Self(rawValue: "9")

    public static let names = [
        "1": "Bor hos begge foreldrene",
        "2": "Pendler mellom foreldrene",
        "3": "Bor hos en av foreldrene",
        "4": "Bor hos en av foreldrene og ny partner",
        "5": "Bor hos besteforeldre eller annen familie",
        "6": "Fosterhjem",
        "7": "Institusjon",
        "8": "Bor alene",
        "9": "Annet",
    ]
}

/// Who has parental responsibility. List 9513.
public struct ParentalResponsibility: CodeList {
    public static let number = 9513
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let mother = Self(rawValue: "M")
    public static let father = Self(rawValue: "F")
    public static let shared = Self(rawValue: "D")
    public static let others = Self(rawValue: "A")

    public static let names = ["M": "Mor", "F": "Far", "D": "Delt", "A": "Andre"]
}

/// What the child welfare service does in the case. List 8403; its names quote the paragraphs of the former act, so only those
/// without one are here.
public struct ChildWelfareInvolvement: CodeList {
    public static let number = 8403
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let none = Self(rawValue: "1")
    public static let undecided = Self(rawValue: "2")
    public static let investigation = Self(rawValue: "3")
    public static let measures = Self(rawValue: "4")
    public static let voluntaryPlacement = Self(rawValue: "5")
    public static let careTaken = Self(rawValue: "7")
    public static let emergencyDecision = Self(rawValue: "8")
    public static let unknown = Self(rawValue: "10")

    public static let names = [
        "1": "Arbeider ikke med saken",
        "2": "Rollen ikke fastlagt",
        "5": "Frivillig plassering",
        "7": "Omsorgsovertak",
        "8": "Akuttvedtak",
        "10": "Vet ikke",
    ]
}

/// Yes or no, for consent. List 3109.
public struct YesNo: CodeList {
    public static let number = 3109
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let yes = Self(rawValue: "1")
    public static let no = Self(rawValue: "2")

    public static let names = ["1": "Ja", "2": "Nei"]
}

/// How someone is related to the patient. List 9033.
public struct Kinship: CodeList {
    public static let number = 9033
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let mother = Self(rawValue: "MO")
    public static let father = Self(rawValue: "FA")
    public static let fosterMother = Self(rawValue: "FM")
    public static let fosterFather = Self(rawValue: "FF")
    public static let otherGuardian = Self(rawValue: "AN")

    public static let names = ["MO": "Mor", "FA": "Far", "FM": "Fostermor", "FF": "Fosterfar", "AN": "Annen foresatt"]
}

/// What care someone has for the patient. List 9050.
public struct CareFunction: CodeList {
    public static let number = 9050
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let parent = Self(rawValue: "1")
    public static let guardian = Self(rawValue: "2")

    public static let names = ["1": "Forelder/foresatt", "2": "Verge"]
}
