extension Henvisning {
    /// The patient. The schema demands nothing; a message is only written with a name, and with an id or a date of birth.
    public struct Patient: Sendable, Hashable {
        public var basisForHealthServices: CodedValue?
        /// List 3101.
        public var sex: CodedValue?
        public var dateOfBirth: DocumentTime?
        public var dateOfDeath: DocumentTime?
        /// One text: `Family, Given`.
        public var name: String?
        public var idByRequester: String?
        public var offID: String?
        /// List 8116, as CS.
        public var typeOffID: CodedValue?
        public var patientPrecaution: [PatientPrecaution]
        public var infItem: [InfItem]
        public var patRelHCP: [PatRelHCP]
        public var assistertKommunikasjon: [AssistertKommunikasjon]
        public var parorendeForesatt: [ParorendeForesatt]
        public var contactPerson: [ContactPerson]
        public var patRelInst: [PatRelInst]
        public var consent: Consent?
        public var additionalID: [AdditionalID]
        public var address: Address?

        public init(
            basisForHealthServices: CodedValue? = nil, sex: CodedValue? = nil, dateOfBirth: DocumentTime? = nil,
            dateOfDeath: DocumentTime? = nil, name: String?, idByRequester: String? = nil, offID: String? = nil,
            typeOffID: CodedValue? = nil, patientPrecaution: [PatientPrecaution] = [], infItem: [InfItem] = [],
            patRelHCP: [PatRelHCP] = [], assistertKommunikasjon: [AssistertKommunikasjon] = [],
            parorendeForesatt: [ParorendeForesatt] = [], contactPerson: [ContactPerson] = [], patRelInst: [PatRelInst] = [],
            consent: Consent? = nil, additionalID: [AdditionalID] = [], address: Address? = nil
        ) {
            (self.basisForHealthServices, self.sex, self.dateOfBirth) = (basisForHealthServices, sex, dateOfBirth)
            (self.dateOfDeath, self.name, self.idByRequester) = (dateOfDeath, name, idByRequester)
            (self.offID, self.typeOffID, self.patientPrecaution) = (offID, typeOffID, patientPrecaution)
            (self.infItem, self.patRelHCP) = (infItem, patRelHCP)
            (self.assistertKommunikasjon, self.parorendeForesatt) = (assistertKommunikasjon, parorendeForesatt)
            (self.contactPerson, self.patRelInst, self.consent) = (contactPerson, patRelInst, consent)
            (self.additionalID, self.address) = (additionalID, address)
        }
    }

    /// Something whoever treats the patient must know first.
    public struct PatientPrecaution: Sendable, Hashable {
        public var precaution: String
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?

        public init(_ precaution: String, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil) {
            (self.precaution, self.startDateTime, self.endDateTime) = (precaution, startDateTime, endDateTime)
        }
    }

    /// A healthcare party the patient has to do with: the referring clinician (HHE), the fastlege (FLE).
    public struct PatRelHCP: Sendable, Hashable {
        /// List 8254; see ``HCPRelation``.
        public var relation: CodedValue
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?
        public var hcp: HCP

        public init(
            relation: CodedValue, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil, hcp: HCP
        ) {
            (self.relation, self.startDateTime, self.endDateTime, self.hcp) = (relation, startDateTime, endDateTime, hcp)
        }

        /// A clinician with HPR number and direct telephone.
        public init(
            _ relation: HCPRelation, name: String, hpr: String?, profession: HealthcareProfession? = nil, telephone: String? = nil
        ) {
            let professional = HCProf(
                type: profession?.simple, name: name, id: hpr, typeID: hpr == nil ? nil : PersonIDType.hpr.simple)
            self.init(
                relation: relation.simple, hcp: HCP(.hcProf(professional), address: telephone.map(Address.work(telephone:))))
        }
    }

    /// `po:AssistertKommunikasjon`: interpreter, or help because of hearing or sight.
    public struct AssistertKommunikasjon: Sendable, Hashable {
        public var personTolkebehov: Person?
        public var horselsvikt: Bool?
        public var synsvikt: Bool?
        /// List 3303, language.
        public var behovTolkSprak: CodedValue?
        public var preferertTolk: Person?
        public var behovOpphortDato: DocumentTime?
        public var merknad: String?

        public init(
            personTolkebehov: Person? = nil, horselsvikt: Bool? = nil, synsvikt: Bool? = nil, behovTolkSprak: CodedValue? = nil,
            preferertTolk: Person? = nil, behovOpphortDato: DocumentTime? = nil, merknad: String? = nil
        ) {
            (self.personTolkebehov, self.horselsvikt, self.synsvikt) = (personTolkebehov, horselsvikt, synsvikt)
            (self.behovTolkSprak, self.preferertTolk) = (behovTolkSprak, preferertTolk)
            (self.behovOpphortDato, self.merknad) = (behovOpphortDato, merknad)
        }
    }

    /// `po:ParorendeForesatt`: a parent, guardian or next of kin.
    public struct ParorendeForesatt: Sendable, Hashable {
        /// List 9033; see ``Kinship``.
        public var slektskap: CodedValue?
        /// List 9050; see ``CareFunction``.
        public var omsorgsfunksjon: CodedValue?
        public var referanseperson: Person
        public var merknad: String?

        public init(
            slektskap: CodedValue? = nil, omsorgsfunksjon: CodedValue? = nil, referanseperson: Person, merknad: String? = nil
        ) {
            (self.slektskap, self.omsorgsfunksjon) = (slektskap, omsorgsfunksjon)
            (self.referanseperson, self.merknad) = (referanseperson, merknad)
        }
    }

    /// A person around the child who is neither kin nor healthcare: a teacher.
    public struct ContactPerson: Sendable, Hashable {
        public var occupationRole: String?
        public var workingPlace: String?
        public var referanseperson: Person
        public var merknad: String?

        public init(
            occupationRole: String? = nil, workingPlace: String? = nil, referanseperson: Person, merknad: String? = nil
        ) {
            (self.occupationRole, self.workingPlace) = (occupationRole, workingPlace)
            (self.referanseperson, self.merknad) = (referanseperson, merknad)
        }
    }

    /// An institution outside healthcare: school, nursery, PPT, barnevern.
    public struct PatRelInst: Sendable, Hashable {
        public var nameInst: String?
        public var roleInst: String?
        public var contactPerson: String?
        public var merknad: String?

        public init(nameInst: String?, roleInst: String?, contactPerson: String? = nil, merknad: String? = nil) {
            (self.nameInst, self.roleInst, self.contactPerson, self.merknad) = (nameInst, roleInst, contactPerson, merknad)
        }
    }

    /// Who has consented to the referral. For a child this is no single flag: say who, and in which role.
    public struct Consent: Sendable, Hashable {
        /// List 3109: 1 yes, 2 no.
        public var consentStatus: CodedValue?
        /// A day.
        public var consentDate: DocumentTime?
        public var merknad: String?
        public var givenBy: String?

        public init(
            consentStatus: CodedValue?, consentDate: DocumentTime? = nil, merknad: String? = nil, givenBy: String? = nil
        ) {
            (self.consentStatus, self.consentDate, self.merknad, self.givenBy) = (consentStatus, consentDate, merknad, givenBy)
        }

        public init(_ answer: YesNo, givenBy: String, on consentDate: DocumentTime? = nil, merknad: String? = nil) {
            self.init(consentStatus: answer.coded, consentDate: consentDate, merknad: merknad, givenBy: givenBy)
        }
    }
}
