// The schema's order for the report, its parties and its patient. Epikrise-v1.2.xsd.

extension Epikrise.ServRprt: ElementValue {
    static let blank: Self = {
        var blank = Self(
            servType: .blank, issueDate: .blank, status: .blank, ack: nil, msgDescr: "", servProvID: nil, patient: .blank,
            servProvider: .blank, requester: .blank)
        blank.issueDate = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .one("ServType", \.servType, .cs),
        .optional("IssueDate", \.issueDate, .ts, required: true),
        .optional("ApprDate", \.apprDate, .ts),
        .one("Status", \.status, .cs),
        .optional("Priority", \.priority, .cs),
        .optional("Ack", \.ack, .cs),
        .one("MsgDescr", \.msgDescr, .text),
        .optional("ServProvId", \.servProvID, .id),
        .many("ServReq", \.servReq, .element),
        .many("Event", \.event, .element),
        .one("Patient", \.patient, .element, essential: true),
        .one("ServProvider", \.servProvider, .element, essential: true),
        .many("CopyDest", \.copyDest, .element),
        .one("Requester", \.requester, .element, essential: true),
        .many("RelServProvider", \.relServProvider, .element),
        .many("RefDoc", \.refDoc, .element))
}

extension Epikrise.ServReq: ElementValue {
    static let blank: Self = {
        var blank = Self(servType: .blank, issueDate: .blank, msgDescr: .blank, id: "", diagnosis: [])
        blank.issueDate = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .one("ServType", \.servType, .cs),
        .optional("IssueDate", \.issueDate, .ts, required: true),
        .optional("ReceiptDate", \.receiptDate, .ts),
        .optional("ReqComment", \.reqComment, .text),
        .one("MsgDescr", \.msgDescr, .cs),
        .one("Id", \.id, .id),
        .many("ReasonAsText", \.reasonAsText, .element),
        .many("Diagnosis", \.diagnosis, .element, atLeastOne: true))
}

extension Epikrise.Comment: ElementValue {
    static let blank = Self(textResultValue: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Heading", \.heading, .cs),
        .optional("TextResultValue", \.textResultValue, .any),
        .many("TextCode", \.textCode, .cv))
}

extension Epikrise.Patient: ElementValue {
    static let blank = Self(name: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Sex", \.sex, .cs),
        .optional("DateOfBirth", \.dateOfBirth, .ts),
        .optional("DateOfDeath", \.dateOfDeath, .ts),
        .optional("Name", \.name, .text),
        .optional("IdByServProvider", \.idByServProvider, .id),
        .optional("IdByRequester", \.idByRequester, .id),
        .optional("OffId", \.offID, .id),
        .optional("TypeOffId", \.typeOffID, .cs),
        .many("PatientPrecaution", \.patientPrecaution, .element),
        .many("PatientRelParty", \.patientRelParty, .element),
        .many("PatRelHCP", \.patRelHCP, .element),
        .many("AdditionalId", \.additionalID, .element),
        .optional("Address", \.address, .element))
}

extension Epikrise.PatientRelParty: ElementValue {
    static let blank = Self(relation: .blank, name: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Relation", \.relation, .cs),
        .optional("Name", \.name, .text),
        .optional("RelPartyOffId", \.relPartyOffID, .id),
        .optional("Address", \.address, .element))
}

extension Epikrise.HCP: ElementValue {
    static let blank: Self = {
        var blank = Self(.inst(.blank))
        blank.kind = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.kind,
            ElementAlternative("Inst", .element, make: Kind.inst) { if case .inst(let inst) = $0 { inst } else { nil } },
            ElementAlternative("HCProf", .element, make: Kind.hcProf) { if case .hcProf(let prof) = $0 { prof } else { nil } }),
        .optional("MedSpecialty", \.medSpecialty, .cv),
        .optional("Address", \.address, .element))
}

extension Epikrise.Inst: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Name", \.name, .text),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("Dept", \.dept, .element),
        .many("HCPerson", \.hcPerson, .element),
        .many("AdditionalId", \.additionalID, .element))
}

extension Epikrise.HCProf: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("Position", \.position, .cv),
        .optional("Name", \.name, .text),
        .many("Qual", \.qual, .cv),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("AdditionalId", \.additionalID, .element))
}

extension Epikrise.Party: ElementValue {
    static let blank = Self(hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .optional("ComMethod", \.comMethod, .cs),
        .one("HCP", \.hcp, .element, essential: true))
}

extension Epikrise.CopyDest: ElementValue {
    static let blank = Self(hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .many("CopyDestRole", \.copyDestRole, .element),
        .one("HCP", \.hcp, .element, essential: true))
}

extension Epikrise.PatRelHCP: ElementValue {
    static let blank = Self(relation: .blank, hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Relation", \.relation, .cs),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts),
        .one("HCP", \.hcp, .element))
}

extension Epikrise.RelServProvider: ElementValue {
    static let blank = Self(relation: .blank, hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Relation", \.relation, .cs),
        .optional("Role", \.role, .cs),
        .one("HCP", \.hcp, .element))
}

extension Epikrise.Origin: ElementValue {
    static let blank = Self(hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .one("HCP", \.hcp, .element))
}
