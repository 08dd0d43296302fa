extension ConsentRecord {
    /// Who consented, in which role and how: for `Consent/GivenBy` and `Merknad` of a referral, which have one field each.
    /// Bokmål. Roles, not names: the names are in the referral already.
    public var givenByText: String {
        let guardians = givers.filter { $0.role == .guardian }.count
        var parts = givers.map(\.role).filter { $0 != .guardian }.map(\.words)
        if guardians > 1 { parts.insert("begge med foreldreansvar", at: 0) }
        if guardians == 1 { parts.insert("én med foreldreansvar" + (otherGuardian.map { " (\($0.words))" } ?? ""), at: 0) }
        let way =
            switch howGiven {
            case .oral: "muntlig, notert"
            case .paper: "på papir"
            case .loggedIn: "innlogget"
            }
        return "\(parts.joined(separator: " og ")), \(way) \(OsloDay(at: givenAt).written)"
    }

    /// The consent in a sentence or two, for the family's overview and for the reader of a message. Bokmål.
    public var summary: String {
        let what = Self.listed(information.map(\.name))
        let verb = stance == .permit ? "kan dele" : "skal ikke dele"
        let first =
            "\(Self.capitalised(Self.listed(from.map(Self.shown)))) \(verb) \(what) med \(Self.listed(to.map(Self.shown)))."
        let until = "Det gjelder til og med \(validUntil.written)."
        switch scope {
        case .share: return "\(first) \(until) Gitt av \(givenByText)."
        case .treatment: return "Samtykke til helsehjelp. \(until) Gitt av \(givenByText)."
        }
    }

    private static func shown(_ party: ConsentParty) -> String { party.name ?? party.service.name }

    private static func listed(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " og " + last
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension ConsentRecord.GiverRole {
    var words: String {
        switch self {
        case .guardian: "en med foreldreansvar"
        case .youngPerson: "ungdommen selv"
        case .childWelfare: "barneverntjenesten"
        case .appointedGuardian: "vergen"
        case .caretaker: "en som har omsorgen til daglig"
        }
    }
}

extension ConsentRecord.OtherGuardian {
    var words: String {
        switch self {
        case .noOther: "ingen andre har foreldreansvar"
        case .agrees: "den andre er enig"
        case .disagrees: "den andre er uenig"
        case .notReached: "den andre er ikke nådd"
        case .notAsked: "den andre er ikke spurt"
        }
    }
}
