@testable import Envelope

extension HenvisningExample {
    private static let cs = CodedValue("X", "En kode")
    private static let cv = CodedValue("Y1", "En kode", list: 7110, originalText: "med \"ord\"")
    private static let quantity = PhysicalQuantity(2.5, unit: "mg")
    private static let person = Person(
        name: PersonName(family: "Rástoš", middle: "M", given: "Iŋgá"), dateOfBirth: DocumentTime("1980-02-29"), sex: cs,
        nationality: cs, identifiers: [Identifier("14831260190", type: PersonIDType.fnr.coded)],
        address: PostalAddress(
            type: cs, street: "Testveien 1", postalCode: "0001", city: "OSLO", postbox: "Pb 1", county: cs, country: cs),
        telecoms: [Telecom("tel:+4790000000", type: cs), Telecom("mailto:test@example.invalid")])
    private static let additional = [Henvisning.AdditionalID("A-1", type: cs), Henvisning.AdditionalID("A-2", type: cs)]
    private static let address = Henvisning.Address(
        type: cs, streetAdr: "Testveien 1", postalCode: "0001", city: "OSLO", county: cs, country: cs, cityDistr: cs,
        teleAddress: ["tel:+4722000000", "tel:+4722000001"])

    private static let inst = Henvisning.HCP(
        .inst(
            Henvisning.Inst(
                name: "Sykehus", id: "1", typeID: cs, additionalID: additional,
                hcPerson: [Henvisning.HCPerson(name: "P", id: "2", typeID: cs, additionalID: additional)],
                dept: [Henvisning.Dept(type: cs, name: "D", id: "3", typeID: cs, additionalID: additional)])),
        medSpeciality: cv, address: address)
    private static let prof = Henvisning.HCP(
        .hcProf(Henvisning.HCProf(type: cs, name: "L", id: "4", typeID: cs, additionalID: additional)), medSpeciality: cv,
        address: address)

    private static let clinInv = Henvisning.ClinInv(cv, spec: [cv, cv])

    private static func result(_ outcome: Henvisning.ResultItem.Outcome) -> Henvisning.InfItem {
        let item = Henvisning.ResultItem(
            outcome, servType: cs, invDate: generated, comment: "k", devResultInd: cs, clinInv: clinInv)
        return Henvisning.InfItem(
            .resultItem(item), type: cs, startDateTime: generated, endDateTime: generated, orgDate: generated)
    }

    private static let infItems: [Henvisning.InfItem] = [
        result(.textResult(Henvisning.TextResult(Henvisning.Result(heading: cs, textResultValue: "t", textCode: cv)))),
        result(.textResult(Henvisning.TextResult(nil))),
        result(.interval(Henvisning.Interval(low: quantity, high: PhysicalQuantity(text: "1.50", unit: "g")))),
        result(.dateResult(Henvisning.DateResult(generated))),
        result(.numResult(Henvisning.NumResult(quantity, arithmeticComp: cs))),
        Henvisning.InfItem(
            .medication(
                Henvisning.Medication(
                    drugID: CodedValue(nil, list: 7180, originalText: "Prednisolon"), comment: "k", status: cs,
                    intendedDuration: quantity, quantitySupplied: quantity, unitDose: quantity, dosageText: "1 x 2")), type: cs),
        Henvisning.InfItem(.observation(Henvisning.Observation(description: "  d\r\n\te ", comment: "")), type: cs),
    ]

    private static let patientWithAll = Henvisning.Patient(
        basisForHealthServices: cs, sex: cs, dateOfBirth: DocumentTime("2012"), dateOfDeath: DocumentTime("2025-01"),
        name: "Testbarn, Kari", idByRequester: "J-1", offID: "14831260190", typeOffID: cs,
        patientPrecaution: [Henvisning.PatientPrecaution("Allergi", startDateTime: generated, endDateTime: generated)],
        infItem: infItems,
        patRelHCP: [
            Henvisning.PatRelHCP(relation: cs, startDateTime: generated, endDateTime: generated, hcp: prof),
            Henvisning.PatRelHCP(relation: cs, hcp: inst),
        ],
        assistertKommunikasjon: [
            Henvisning.AssistertKommunikasjon(
                personTolkebehov: person, horselsvikt: true, synsvikt: false, behovTolkSprak: cs, preferertTolk: person,
                behovOpphortDato: generated, merknad: "m")
        ],
        parorendeForesatt: [
            Henvisning.ParorendeForesatt(slektskap: cs, omsorgsfunksjon: cs, referanseperson: person, merknad: "m")
        ],
        contactPerson: [
            Henvisning.ContactPerson(
                occupationRole: "Lærer", workingPlace: "Test skole", referanseperson: person, merknad: "m")
        ],
        patRelInst: [Henvisning.PatRelInst(nameInst: "PPT", roleInst: "PPT", contactPerson: "S", merknad: "m")],
        consent: Henvisning.Consent(
            consentStatus: cv, consentDate: DocumentTime("2026-05-18"), merknad: "m", givenBy: "Begge"),
        additionalID: additional, address: address)

    /// Every element of the schema at least once.
    static let everything: Henvisning = {
        var henvisning = referral().henvisning()
        henvisning.msgVersion = "1"
        henvisning.servReq.paymentCat = cs
        henvisning.servReq.reqComment = "merk"
        henvisning.servReq.patient = patientWithAll
        henvisning.servReq.requester.role = cs
        henvisning.servReq.copyDest.append(
            Henvisning.CopyDest(
                role: cs, copyDestRole: [Henvisning.CopyDestRole(msgType: cs, reqComMethod: cs, actComMethod: cs)],
                hcp: Henvisning.HCP(bydel)))
        henvisning.servReq.refDoc += [
            Henvisning.RefDoc(mimeType: "image/png", body: .fileReference("cid:part-1@example.invalid")),
            Henvisning.RefDoc(issueDate: generated, msgType: DocumentKind.reference.simple, id: "ref", body: nil),
            Henvisning.RefDoc(msgType: DocumentKind.xml.simple, description: "tom", body: .xml(nil)),
        ]
        henvisning.servReq.reasonAsText.append(
            Henvisning.ReasonAsText(heading: nil, textResultValue: "æøå <ikke> & ]]>", textCode: [cv, cv]))
        henvisning.servReq.diagnosis.append(
            Henvisning.Diagnosis(cv, modifier: [Henvisning.Modifier(name: cs, value: [cv, cv])]))
        henvisning.servReq.reqServ.reqDate = generated
        henvisning.servReq.reqServ.comment = "k"
        henvisning.servReq.reqServ.service?.servID = cv
        return henvisning
    }()
}
