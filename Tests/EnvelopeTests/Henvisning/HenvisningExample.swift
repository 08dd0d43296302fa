@testable import Envelope

/// Swift Testing has an `Attachment` of its own.
typealias Attachment = Envelope.Attachment

/// Referrals made by us. All persons are synthetic.
enum HenvisningExample {
    static let generated = DocumentTime("2026-05-20T13:42:10+02:00")!  // A constant that parses.
    static let gp = AddressPath(
        AddressPath.Unit("Testlegesenteret", [.herID("2001"), .organisationNumber("213456789")]),
        person: AddressPath.Person("Ola Testlege", [.personHERID("2002"), .hpr("9999998")]))
    static let bup = AddressPath(
        AddressPath.Unit("TESTSYKEHUSET HF", [.herID("1001")]), service: AddressPath.Unit("BUP Test", [.herID("1002")]))
    static let bydel = AddressPath(
        AddressPath.Unit("OSLO KOMMUNE", [.herID("3001")]), service: AddressPath.Unit("Skolehelsetjeneste", [.herID("3002")]))

    static let mother = Person(
        name: PersonName(family: "Testmor", given: "Anne"), telecoms: [.telephone("+47 90 00 00 00", .mobile)])

    static let patient = Henvisning.Patient(
        sex: Sex.female.simple, dateOfBirth: DocumentTime("2012-03-14"), name: "Testbarn, Kari", offID: "14831260190",
        typeOffID: PersonIDType.fnr.simple, infItem: [Henvisning.InfItem(.history, "Født til termin & frisk.")],
        patRelHCP: [
            Henvisning.PatRelHCP(
                .referring, name: "Ola Testlege", hpr: "9999998", profession: .doctor, telephone: "+47 22 00 00 00")
        ],
        parorendeForesatt: [
            Henvisning.ParorendeForesatt(
                slektskap: Kinship.mother.simple, omsorgsfunksjon: CareFunction.parent.simple, referanseperson: mother)
        ],
        consent: Henvisning.Consent(.yes, givenBy: "Begge foreldre, muntlig", on: DocumentTime("2026-05-18")))

    /// A referral to BUP as a GP's system would build it.
    static func referral(attachments: [Attachment] = [pdf]) -> Henvisning.BUPReferral {
        var referral = Henvisning.BUPReferral(
            messageID: "3f0c1a52-0001-4c6e-9a55-000000000001", referralID: "3f0c1a52-0001-4c6e-9a55-0000000000aa",
            generated: generated, from: gp, to: bup, patient: patient, priority: .elective, reasonChild: "Uro siden januar.")
        referral.isTest = true
        referral.copyReceivers = [bydel]
        referral.reasonSurroundings = "To hjem."
        referral.function = "Fravær 41 %."
        referral.expected = "Utredning."
        referral.diagnoses = [CodedValue("P22", "Atferdssymptomer barn", list: 7170)]
        referral.care = Henvisning.CareSituation(
            "Bor hos begge.", livesWith: .bothParents, parentalResponsibility: .shared, childWelfare: ChildWelfareInvolvement.none
        )
        referral.attachments = attachments
        return referral
    }

    static let pdf = Attachment(
        mimeType: "application/pdf", description: "Pedagogisk rapport", issued: DocumentTime("2026-05-02"), id: "r-1",
        content: .embedded(Array("%PDF-1.4\n".utf8)))
}
