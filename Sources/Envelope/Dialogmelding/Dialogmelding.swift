/// Dialogmelding 1.0 and 1.1: a question, an answer, a note, a status. Always inside a ``MsgHead``.
public struct Dialogmelding: Sendable, Hashable {
    public enum Version: Sendable, Hashable, CaseIterable {
        case v10, v11

        public var namespace: String {
            switch self {
            case .v10: "http://www.kith.no/xmlstds/dialog/2006-10-11"
            case .v11: "http://www.kith.no/xmlstds/dialog/2013-01-23"
            }
        }
    }

    public var version: Version
    /// `SakstypeKodet`.
    public var sakstypeKodet: CodedValue?
    public var sakstype: String?
    /// Questions; the schema allows questions or notes, not both.
    public var foresporsler: [Foresporsel]
    public var notater: [Notat]

    public init(
        version: Version, sakstypeKodet: CodedValue? = nil, sakstype: String? = nil, foresporsler: [Foresporsel] = [],
        notater: [Notat] = []
    ) {
        (self.version, self.sakstypeKodet, self.sakstype) = (version, sakstypeKodet, sakstype)
        (self.foresporsler, self.notater) = (foresporsler, notater)
    }
}

/// `Notat`: an answer, a note, a status, a deviation.
public struct Notat: Sendable, Hashable {
    /// The list decides what it means: 9148, 7322, 8117, 9069 and others.
    public var temaKodet: CodedValue
    public var tema: String?
    public var tekst: RichText?
    public var merknad: String?
    public var dokID: String?
    public var dato: DocumentTime?
    public var foresporsel: Foresporsel?
    public var roller: [RollerRelatertNotat]

    public init(
        temaKodet: CodedValue, tema: String? = nil, tekst: RichText? = nil, merknad: String? = nil, dokID: String? = nil,
        dato: DocumentTime? = nil, foresporsel: Foresporsel? = nil, roller: [RollerRelatertNotat] = []
    ) {
        (self.temaKodet, self.tema, self.tekst, self.merknad) = (temaKodet, tema, tekst, merknad)
        (self.dokID, self.dato, self.foresporsel, self.roller) = (dokID, dato, foresporsel, roller)
    }

    /// What a status on a referral says; nil when this is none. List 9148.
    public var statusPaaHenvisning: HenvisningStatus? {
        temaKodet.listNumber == HenvisningStatus.number ? HenvisningStatus(temaKodet) : nil
    }
}

/// `Foresporsel`: a question.
public struct Foresporsel: Sendable, Hashable {
    /// Lists 9152, 9153, 8129 and others.
    public var type: CodedValue
    /// `EmneSporsmal`. 1.1 only.
    public var emne: String?
    /// Markup in 1.1 only.
    public var sporsmal: RichText?
    /// `Formål`. 1.1 only.
    public var formal: CodedValue?
    public var begrunnelse: String?
    /// List 9067.
    public var hastegrad: CodedValue?
    public var fraDato: DocumentTime?
    public var tilDato: DocumentTime?
    /// List 9066. At most one in 1.0.
    public var typeJournalinfo: [CodedValue]
    /// 1.1 only.
    public var kodetOpplysning: CodedValue?
    public var dokID: String?
    public var roller: [RollerRelatertNotat]

    public init(
        type: CodedValue, emne: String? = nil, sporsmal: RichText? = nil, formal: CodedValue? = nil, begrunnelse: String? = nil,
        hastegrad: CodedValue? = nil, fraDato: DocumentTime? = nil, tilDato: DocumentTime? = nil,
        typeJournalinfo: [CodedValue] = [], kodetOpplysning: CodedValue? = nil, dokID: String? = nil,
        roller: [RollerRelatertNotat] = []
    ) {
        (self.type, self.emne, self.sporsmal, self.formal) = (type, emne, sporsmal, formal)
        (self.begrunnelse, self.hastegrad, self.fraDato, self.tilDato) = (begrunnelse, hastegrad, fraDato, tilDato)
        (self.typeJournalinfo, self.kodetOpplysning) = (typeJournalinfo, kodetOpplysning)
        (self.dokID, self.roller) = (dokID, roller)
    }
}

/// `RollerRelatertNotat`: who wrote it, who answers for it, whom to call.
public struct RollerRelatertNotat: Sendable, Hashable {
    public enum Who: Sendable, Hashable {
        case professional(HealthcareProfessional)
        case person(Person)
    }

    /// `TilknyttetEnhet`. 1.1 only.
    public struct TilknyttetEnhet: Sendable, Hashable {
        public var kontaktenhet: Organisation
        public var merknad: String?
        public var who: Who?

        public init(kontaktenhet: Organisation, merknad: String? = nil, who: Who? = nil) {
            (self.kontaktenhet, self.merknad, self.who) = (kontaktenhet, merknad, who)
        }
    }

    /// List 9057.
    public var rolleNotat: CodedValue?
    /// List 9034.
    public var roleToPatient: CodedValue?
    public var tilknyttetEnhet: TilknyttetEnhet?
    /// Required in 1.0.
    public var who: Who?

    public init(
        _ who: Who?, rolleNotat: CodedValue? = nil, roleToPatient: CodedValue? = nil, tilknyttetEnhet: TilknyttetEnhet? = nil
    ) {
        (self.who, self.rolleNotat, self.roleToPatient) = (who, rolleNotat, roleToPatient)
        self.tilknyttetEnhet = tilknyttetEnhet
    }
}
