// The schema's order for what is in Patient. Henvisning-v1.1.xsd levels 3 and 4, poKomponent 2009-06-30, felleskomponent1.

extension Henvisning.Patient: ElementValue {
    static let blank = Self(name: nil)

    static let layout = ElementLayout<Self>(
        .document,
        .optional("BasisForHealthServices", \.basisForHealthServices, .cs),
        .optional("Sex", \.sex, .cs),
        .optional("DateOfBirth", \.dateOfBirth, .ts),
        .optional("DateOfDeath", \.dateOfDeath, .ts),
        .optional("Name", \.name, .text),
        .optional("IdByRequester", \.idByRequester, .id),
        .optional("OffId", \.offID, .id),
        .optional("TypeOffId", \.typeOffID, .cs),
        .many("PatientPrecaution", \.patientPrecaution, .element),
        .many("InfItem", \.infItem, .element),
        .many("PatRelHCP", \.patRelHCP, .element),
        .many("AssistertKommunikasjon", \.assistertKommunikasjon, .element, in: .po),
        .many("ParorendeForesatt", \.parorendeForesatt, .element, in: .po),
        .many("ContactPerson", \.contactPerson, .element),
        .many("PatRelInst", \.patRelInst, .element),
        .optional("Consent", \.consent, .element),
        .many("AdditionalId", \.additionalID, .element),
        .optional("Address", \.address, .element))
}

extension Henvisning.PatientPrecaution: ElementValue {
    static let blank = Self("")
    static let layout = ElementLayout<Self>(
        .document,
        .one("Precaution", \.precaution, .text),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts))
}

extension Henvisning.PatRelHCP: ElementValue {
    static let blank = Self(relation: .blank, hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Relation", \.relation, .cs),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts),
        .one("HCP", \.hcp, .element))
}

extension Henvisning.AssistertKommunikasjon: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .po,
        .optional("PersonTolkebehov", \.personTolkebehov, .element),
        .optional("Horselsvikt", \.horselsvikt, .boolean),
        .optional("Synsvikt", \.synsvikt, .boolean),
        .optional("BehovTolkSprak", \.behovTolkSprak, .cs),
        .optional("PreferertTolk", \.preferertTolk, .element),
        .optional("BehovOpphortDato", \.behovOpphortDato, .ts),
        .optional("Merknad", \.merknad, .text))
}

extension Henvisning.ParorendeForesatt: ElementValue {
    static let blank = Self(referanseperson: .blank)
    static let layout = ElementLayout<Self>(
        .po,
        .optional("Slektskap", \.slektskap, .cs),
        .optional("Omsorgsfunksjon", \.omsorgsfunksjon, .cs),
        .one("Referanseperson", \.referanseperson, .element),
        .optional("Merknad", \.merknad, .text))
}

extension Henvisning.ContactPerson: ElementValue {
    static let blank = Self(referanseperson: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("OccupationRole", \.occupationRole, .text),
        .optional("WorkingPlace", \.workingPlace, .text),
        .one("Referanseperson", \.referanseperson, .element),
        .optional("Merknad", \.merknad, .text))
}

extension Henvisning.PatRelInst: ElementValue {
    static let blank = Self(nameInst: nil, roleInst: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("NameInst", \.nameInst, .text),
        .optional("RoleInst", \.roleInst, .text),
        .optional("ContactPerson", \.contactPerson, .text),
        .optional("Merknad", \.merknad, .text))
}

extension Henvisning.Consent: ElementValue {
    static let blank = Self(consentStatus: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("ConsentStatus", \.consentStatus, .cv),
        .optional("ConsentDate", \.consentDate, .day),
        .optional("Merknad", \.merknad, .text),
        .optional("GivenBy", \.givenBy, .text))
}

extension Person: ElementValue {
    static let blank = Person(name: PersonName())
    /// `fk1:Person`.
    static let layout = ElementLayout<Self>(
        .fk1,
        .optional("FamilyName", \.name.family, .text),
        .optional("MiddleName", \.name.middle, .text),
        .optional("GivenName", \.name.given, .text),
        .optional("DateOfBirth", \.dateOfBirth, .day),
        .optional("Sex", \.sex, .cs),
        .optional("Nationality", \.nationality, .cs),
        .many("Ident", \.identifiers, .element),
        .optional("Address", \.address, .element),
        .many("TeleCom", \.telecoms, .element))
}

extension Identifier: ElementValue {
    static let blank = Identifier("", type: .blank)
    /// `fk1:Ident`.
    static let layout = ElementLayout<Self>(
        .fk1,
        .one("Id", \.value, .id),
        .one("TypeId", \.type, .cv))
}

extension PostalAddress: ElementValue {
    static let blank = PostalAddress()
    /// `fk1:Address`.
    static let layout = ElementLayout<Self>(
        .fk1,
        .optional("Type", \.type, .cs),
        .optional("StreetAdr", \.street, .text),
        .optional("PostalCode", \.postalCode, .text),
        .optional("City", \.city, .text),
        .optional("Postbox", \.postbox, .text),
        .optional("County", \.county, .cs),
        .optional("Country", \.country, .cs))
}

extension Telecom: ElementValue {
    static let blank = Telecom("")
    /// `fk1:TeleCom`.
    static let layout = ElementLayout<Self>(
        .fk1,
        .optional("TypeTelecom", \.type, .cs),
        .one("TeleAddress", \.address, .url))
}
