/// May it be shared: yes and by what, not yet and what is needed, or no and why. Each with words for the sender.
public enum ConsentDecision: Sendable, Hashable {
    case allowed(Allowance)
    case needs([Need])
    case refused(Refusal)

    public struct Allowance: Sendable, Hashable {
        public enum By: Sendable, Hashable {
            case law(ruleID: String)
            case consent([ConsentDigest])
            case emergency
        }
        public let by: By
        public let basis: SharingRules.LegalBasis
        public let reason: String
        public let duties: [Duty]
    }

    /// What the sender must see to although it may go.
    public enum Duty: String, Sendable, Hashable, CaseIterable {
        case leaveOutAddressAndPhone, keepFromGuardians, hearTheChild, childDisagrees, tellTheFamily, reviewEmergency
        /// The law behind it is not settled: a lawyer should have read the rule.
        case basisIsUncertain
    }

    public struct Need: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case consentToShare, consentToTreatment, otherGuardian, youngPerson, guardian, childWelfareService
            case renewal, checkOfRepresentation, sameBirthDate, wideInformation, widePurpose, wideReceiver
        }
        public let kind: Kind
        public let reason: String
        public let action: String
    }

    public struct Refusal: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case objected, withdrawn, guardiansDisagree, notAnonymous, neverAllowed, keptFromGuardians, youngPersonDecides
            case tooYoungForOwnMail
        }
        public let kind: Kind
        public let reason: String
        public let action: String
    }

    public var isAllowed: Bool {
        if case .allowed = self { return true }
        return false
    }
}

extension ConsentDecision.Duty {
    /// For the sender, bokmål.
    public var text: String {
        switch self {
        case .leaveOutAddressAndPhone:
            "Barnet har beskyttet adresse. Ta ikke med adresse, telefon, skole eller annet som viser hvor barnet er."
        case .keepFromGuardians: "Barnet har bedt om at dette ikke vises til foreldrene. Det blir ikke vist til dem."
        case .hearTheChild: "Barnet er over 12 år. Spør hva barnet selv mener, og noter svaret."
        case .childDisagrees: "Barnet er over 12 år og er uenig. Vurder det barnet sier, og noter hvorfor du deler likevel."
        case .tellTheFamily: "Fortell familien at dette er delt, og med hvem."
        case .reviewEmergency: "Dette er delt uten samtykke fordi det haster. Delingen blir gått gjennom etterpå."
        case .basisIsUncertain: "Virksomheten må få en jurist til å bekrefte regelen som er brukt."
        }
    }
}

extension ConsentDecision.Need {
    init(_ kind: Kind, receiver: CareService = .other) {
        let (reason, action) = Self.text(kind, receiver.name)
        (self.kind, self.reason, self.action) = (kind, reason, action)
    }

    private static func text(_ kind: Kind, _ receiver: String) -> (String, String) {
        switch kind {
        case .consentToShare:
            ("Det finnes ikke noe samtykke til å dele dette med \(receiver).", "Be om samtykke, eller drøft saken uten navn.")
        case .consentToTreatment:
            (
                "Samtykke til å dele er ikke samtykke til helsehjelp. Samtykket til helsehjelpen mangler.",
                "Spør om samtykke til helsehjelpen, og noter hvem som ga det."
            )
        case .otherGuardian:
            (
                "Bare én av foreldrene har samtykket. Begge med foreldreansvar skal som regel si ja.",
                "Spør den andre forelderen. Har bare én foreldreansvar, noter det."
            )
        case .youngPerson:
            (
                "Ungdommen har fylt 16 år og bestemmer selv. Samtykket fra foreldrene gjelder ikke lenger.",
                "Spør ungdommen, og noter svaret."
            )
        case .guardian:
            (
                "Den som har samtykket, har ikke foreldreansvar for barnet, eller barnet er for ungt til å samtykke selv.",
                "Spør dem som har foreldreansvar."
            )
        case .childWelfareService:
            (
                "Barneverntjenesten har omsorgen for barnet.",
                "Be barneverntjenesten om samtykke, og noter hvilket vedtak som gjelder."
            )
        case .renewal: ("Samtykket gjelder ikke på denne dagen.", "Spør om samtykket skal gjelde videre, og noter ny dato.")
        case .checkOfRepresentation:
            (
                "Barnet har beskyttet adresse. Da må et menneske kontrollere hvem som kan handle for barnet.",
                "Kontroller hvem som kan handle for barnet, og noter hvem som kontrollerte."
            )
        case .sameBirthDate:
            ("Fødselsdatoen i samtykket er en annen enn i meldingen.", "Finn ut hvilken dato som er riktig, og rett den andre.")
        case .wideInformation:
            (
                "Samtykket gjelder ikke alt som er med i meldingen.",
                "Ta ut det samtykket ikke gjelder, eller spør om å få dele det også."
            )
        case .widePurpose: ("Samtykket er gitt til et annet formål.", "Spør om samtykket også gjelder dette formålet.")
        case .wideReceiver:
            ("Samtykket gjelder en annen mottaker enn \(receiver).", "Spør om dette også kan deles med \(receiver).")
        }
    }
}

extension ConsentDecision.Refusal {
    init(_ kind: Kind, reason: String? = nil, action: String? = nil) {
        let text = Self.text(kind)
        (self.kind, self.reason, self.action) = (kind, reason ?? text.0, action ?? text.1)
    }

    private static func text(_ kind: Kind) -> (String, String) {
        switch kind {
        case .objected:
            ("Familien eller ungdommen har sagt nei til at dette deles.", "Send det ikke. Spør om de har ombestemt seg.")
        case .withdrawn: ("Samtykket er trukket tilbake.", "Send det ikke. Spør om et nytt samtykke hvis det fortsatt er behov.")
        case .guardiansDisagree:
            ("Foreldrene er uenige om å dele dette.", "Snakk med begge. Saken kan drøftes uten navn så lenge de er uenige.")
        case .notAnonymous:
            ("Teksten eller et vedlegg kan vise hvem barnet er.", "Ta bort det kontrollen har funnet, eller be om samtykke.")
        case .neverAllowed: ("Dette kan ikke deles med denne mottakeren.", "Velg en annen mottaker, eller drøft saken uten navn.")
        case .keptFromGuardians:
            ("Barnet har bedt om at foreldrene ikke får vite dette, og har god grunn til det.", "Send det ikke til foreldrene.")
        case .youngPersonDecides:
            (
                "Ungdommen har fylt 16 år. Foreldrene får bare det ungdommen selv vil dele.",
                "Spør ungdommen, eller send til ungdommen selv."
            )
        case .tooYoungForOwnMail:
            ("Barnet er under 12 år og har ikke egen postkasse her.", "Send til dem som har foreldreansvar.")
        }
    }
}
