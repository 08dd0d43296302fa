@testable import Envelope

/// Discharge summaries made by us. All persons are synthetic.
enum EpikriseExample {
    static let generated = HenvisningExample.generated

    /// A discharge from BUP to the GP, with a copy to the school health service.
    static func discharge(attachments: [Attachment] = [HenvisningExample.pdf]) -> Epikrise {
        let event = Epikrise.Event(
            .reportedEvent(Epikrise.ReportedEvent(startDateTime: generated, endDateTime: generated)),
            service: Epikrise.Service(
                medSpecialty: MedicalSpeciality.childPsychiatry.coded, admCat: AdmissionCategory.outpatient.simple),
            infItem: [Epikrise.InfItem(.mainDiagnosis, diagnosis: CodedValue("F93.0", "Separasjonsangst", list: 7110))],
            comment: [
                Epikrise.Comment(.course, "Ti samtaler.\nTo med skolen.\n\nGod bedring."),
                Epikrise.Comment(.followUp, "Skolehelsetjenesten følger opp."),
            ])
        let referral = Epikrise.ServReq(
            issueDate: generated, id: HenvisningExample.referral().referralID,
            diagnosis: [Epikrise.Diagnosis(CodedValue("P22", "Atferdssymptomer barn", list: 7170))])
        let report = Epikrise.ServRprt(
            issueDate: generated, msgDescr: "Epikrise BUP", servProvID: "b9270660-4567-11e7-9598-0800200c9a66",
            servReq: [referral], event: [event],
            patient: Epikrise.Patient(
                sex: Sex.female.simple, dateOfBirth: DocumentTime("2012-03-14"), name: "Testbarn, Kari", offID: "14831260190",
                typeOffID: PersonIDType.fnr.simple),
            servProvider: .servProvider(HenvisningExample.bup), copyDest: [Epikrise.CopyDest(HenvisningExample.bydel)],
            requester: .requester(HenvisningExample.gp), refDoc: attachments.map { Epikrise.RefDoc($0) })
        return Epikrise(
            genDate: generated, msgID: "f022ccd0-4567-11e7-9598-0800200c9a66", status: MessageStatus.test.simple,
            servRprt: report)
    }

    private static let cs = CodedValue("X", "En kode")
    private static let cv = CodedValue("Y1", "En kode", list: 7110, originalText: "med \"ord\"")
    private static let quantity = PhysicalQuantity(2.5, unit: "mg")
    private static let concept = Epikrise.Diagnosis(cv, modifier: [Epikrise.Modifier(name: cs, value: [cv, cv])])
    private static let additional = [Epikrise.AdditionalID("A-1", type: cs)]
    private static let address = Epikrise.Address(
        type: cs, streetAdr: "Testveien 1", postalCode: "0001", city: "OSLO", county: cs, country: cs, cityDistr: cs,
        teleAddress: ["tel:+4722000000"])
    private static let institution = Epikrise.Inst(
        name: "Sykehus", id: "1", typeID: cs,
        dept: [Epikrise.Dept(type: cs, name: "D", id: "3", typeID: cs, additionalID: additional)],
        hcPerson: [Epikrise.HCPerson(name: "P", id: "2", typeID: cs, additionalID: additional)], additionalID: additional)
    private static let inst = Epikrise.HCP(.inst(institution), medSpecialty: cv, address: address)
    private static let prof = Epikrise.HCP(
        .hcProf(
            Epikrise.HCProf(
                type: cs, position: cv, name: "L", qual: [cv, cv], id: "4", typeID: cs, additionalID: additional)))
    private static let related = Epikrise.RelServProvider(relation: cs, role: cs, hcp: prof)
    private static let text = Epikrise.Comment(heading: cs, textResultValue: "æøå <ikke> &\r\n  merking", textCode: [cv, cv])
    private static let markup = MixedContent([
        .text("før "),
        .element(
            MixedContent.Element(
                "div", namespace: MixedContent.xhtml,
                attributes: [
                    MixedContent.Attribute("class", value: "a\"b"),
                    MixedContent.Attribute("lang", namespace: "http://www.w3.org/XML/1998/namespace", value: "nb"),
                    MixedContent.Attribute("mark", namespace: "urn:mark", value: "1"),
                ],
                content: MixedContent([
                    .text(" inni "), .element(MixedContent.Element("br", namespace: MixedContent.xhtml)),
                    .element(MixedContent.Element("egen", namespace: "urn:egen", content: "tekst")),
                    .element(MixedContent.Element("uten", namespace: nil)),
                ]))),
        .text(" etter"),
    ])

    private static func result(_ outcome: Epikrise.ResultItem.Outcome) -> Epikrise.InfItem {
        Epikrise.InfItem(
            .resultItem(
                Epikrise.ResultItem(
                    outcome, servType: cs, invDate: generated, comment: "k", devResultInd: cs,
                    clinInv: Epikrise.ClinInv(cv, spec: [cv]), diagComment: concept)),
            type: cs, startDateTime: generated, endDateTime: generated, orgDate: generated,
            origin: Epikrise.Origin(role: cs, hcp: inst), relHCProvider: [related])
    }

    private static let infItems: [Epikrise.InfItem] = [
        result(.textResult(Epikrise.TextResult(text))), result(.textResult(Epikrise.TextResult(nil))),
        result(.interval(Epikrise.Interval(low: quantity, high: quantity))),
        result(.numResult(Epikrise.NumResult(quantity, arithmeticComp: cs))),
        result(.dateResult(Epikrise.DateResult(generated))),
        Epikrise.InfItem(
            .medication(
                Epikrise.Medication(
                    drugID: cv, dosageCoded: cv, comment: "k", status: cs, form: cv, routeOfAdm: cv, intendedDuration: quantity,
                    quantitySupplied: quantity, unitDose: quantity, dosageText: "1 x 2")), type: cs),
        Epikrise.InfItem(
            .observation(Epikrise.Observation(description: markup, comment: "k", codedDescr: concept)), type: cs),
    ]

    private static let planned = Epikrise.PlannedEvent(
        planningStage: cs, statusOfPlan: cs, planComment: "p", planningDate: generated, scheduledDate: generated,
        adviceSentTo: cs, expectedDelay: quantity, commentExpDuration: "c", preparation: "f", advice: "r",
        transportArr: Epikrise.TransportArr(
            responsibility: cs, status: cs, transportRequirement: cv, escortRequired: cs, comment: "t"))

    private static let location = Epikrise.EventLocation(
        role: cs, startDateTime: generated, endDateTime: generated,
        location: Epikrise.Location(
            type: cs, description: "sted", inst: institution, address: address,
            subLocation: [Epikrise.SubLocation(type: cs, place: "rom")]))

    /// Every element of the schema at least once.
    static let everything: Epikrise = {
        var epikrise = discharge()
        epikrise.msgVersion = "1"
        epikrise.servRprt.apprDate = generated
        epikrise.servRprt.priority = cs
        epikrise.servRprt.servReq[0].receiptDate = generated
        epikrise.servRprt.servReq[0].reqComment = "k"
        epikrise.servRprt.servReq[0].reasonAsText = [text]
        epikrise.servRprt.servReq[0].diagnosis.append(concept)
        epikrise.servRprt.event.append(
            Epikrise.Event(
                .plannedEvent(planned), recipient: cs, priority: cs, admOutcome: cs, expDuration: quantity,
                event: [Epikrise.Event(), epikrise.servRprt.event[0]], service: Epikrise.Service(servID: cv, admCat: cs),
                relServProvider: [related], assRequest: [Epikrise.AssRequest(issueDate: generated, msgType: cs, id: "a")],
                eventLocation: [location], infItem: infItems, comment: [text], codedComment: [concept]))
        epikrise.servRprt.patient = Epikrise.Patient(
            sex: cs, dateOfBirth: DocumentTime("2012-03-14"), dateOfDeath: generated, name: "Testbarn, Kari",
            idByServProvider: "S-1", idByRequester: "R-1", offID: "14831260190", typeOffID: cs,
            patientPrecaution: [Epikrise.PatientPrecaution("Allergi", startDateTime: generated, endDateTime: generated)],
            patientRelParty: [
                Epikrise.PatientRelParty(relation: cs, name: "Testmor, Anne", relPartyOffID: "1", address: address)
            ],
            patRelHCP: [Epikrise.PatRelHCP(relation: cs, startDateTime: generated, endDateTime: generated, hcp: inst)],
            additionalID: additional, address: address)
        epikrise.servRprt.copyDest[0].role = cs
        epikrise.servRprt.copyDest[0].copyDestRole = [
            Epikrise.CopyDestRole(msgType: cs, reqComMethod: cs, actComMethod: cs)
        ]
        epikrise.servRprt.relServProvider = [related]
        return epikrise
    }()
}
