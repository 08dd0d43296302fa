/// To whom a letter speaks. The age rules themselves are decided elsewhere; here the age is a value.
public enum LetterReader: String, Sendable, Hashable, CaseIterable, Codable {
    /// From 16: decides alone.
    case adult = "ungdom-fra-16"
    /// From 12 to 15, with a letter to the guardians beside it.
    case youngWithGuardians = "ungdom-12-15"
    /// From 12 to 15, when the guardians are kept out: nothing is said about what they get.
    case youngAlone = "ungdom-12-15-alene"
    case guardians = "foresatte"
    /// Guardians of one of 16 or more who wants them to have the letter too.
    case invitedGuardians = "foresatte-fra-16"

    /// What the guardians may see.
    public enum Guardians: String, Sendable, Hashable, CaseIterable, Codable {
        /// As the age says: under 16 they get the letter.
        case byAge
        /// The young person of 16 or more wants them to have it too.
        case invited
        /// They are kept out of it.
        case keptOut
    }

    /// Those who get a letter each, in order. Empty when nobody can: somebody else must be named then.
    public static func readers(age: Int, guardians: Guardians = .byAge) -> [LetterReader] {
        switch (age, guardians) {
        case (..<0, _): []
        case (..<12, .keptOut): []
        case (..<12, _): [.guardians]
        case (12..<16, .keptOut): [.youngAlone]
        case (12..<16, _): [.youngWithGuardians, .guardians]
        case (_, .invited): [.adult, .invitedGuardians]
        default: [.adult]
        }
    }

    var isGuardian: Bool { self == .guardians || self == .invitedGuardians }

    var address: ReadingProfile.Address { isGuardian ? .several : .one }

    /// The variants of a phrase that fit, best first.
    var variants: [String] {
        switch self {
        case .adult: ["young"]
        case .youngWithGuardians: ["teen", "young"]
        case .youngAlone: ["alone", "young"]
        case .guardians: ["guardians"]
        case .invitedGuardians: ["invited", "guardians"]
        }
    }
}
