// The schema's order for what is in ServReq, one line for each element. Henvisning-v1.1.xsd, levels 2 to 4.

extension Henvisning.ServReq: ElementValue {
    static let blank: Self = {
        var blank = Self(
            servType: .blank, issueDate: .blank, ack: nil, msgDescr: .blank, id: "", patient: .blank, servProvider: .blank,
            requester: .blank, reqServ: .blank)
        blank.issueDate = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .one("ServType", \.servType, .cs),
        .optional("IssueDate", \.issueDate, .ts, required: true),
        .optional("PaymentCat", \.paymentCat, .cs),
        .optional("ReqComment", \.reqComment, .text),
        .optional("Ack", \.ack, .cs),
        .one("MsgDescr", \.msgDescr, .cs),
        .one("Id", \.id, .id, essential: true),
        .one("Patient", \.patient, .element, essential: true),
        .one("ServProvider", \.servProvider, .element, essential: true),
        .one("Requester", \.requester, .element, essential: true),
        .many("CopyDest", \.copyDest, .element),
        .many("RefDoc", \.refDoc, .element),
        .many("ReasonAsText", \.reasonAsText, .element),
        .many("Diagnosis", \.diagnosis, .element),
        .one("ReqServ", \.reqServ, .element),
        .many("Comment", \.comment, .element))
}

extension Henvisning.Party: ElementValue {
    static let blank = Self(hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .optional("ComMethod", \.comMethod, .cs),
        .one("HCP", \.hcp, .element, essential: true))
}

extension Henvisning.CopyDest: ElementValue {
    static let blank = Self(hcp: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .many("CopyDestRole", \.copyDestRole, .element),
        .one("HCP", \.hcp, .element, essential: true))
}

extension Henvisning.CopyDestRole: ElementValue {
    static let blank = Self(msgType: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("MsgType", \.msgType, .cs),
        .optional("ReqComMethod", \.reqComMethod, .cs),
        .optional("ActComMethod", \.actComMethod, .cs))
}

extension Henvisning.ReasonAsText: ElementValue {
    static let blank = Self(heading: nil, textResultValue: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Heading", \.heading, .cs),
        .optional("TextResultValue", \.textResultValue, .text),
        .many("TextCode", \.textCode, .cv))
}

extension Henvisning.Diagnosis: ElementValue {
    static let blank = Self(.blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Concept", \.concept, .cv),
        .many("Modifier", \.modifier, .element))
}

extension Henvisning.Modifier: ElementValue {
    static let blank = Self(name: .blank, value: [])
    static let layout = ElementLayout<Self>(
        .document,
        .one("Name", \.name, .cs),
        .many("Value", \.value, .cv, atLeastOne: true))
}

extension Henvisning.ReqServ: ElementValue {
    static let blank = Self(servType: .blank, priority: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("ServType", \.servType, .cs),
        .optional("Purpose", \.purpose, .cs),
        .optional("ReqDate", \.reqDate, .ts),
        .one("Priority", \.priority, .cs),
        .optional("Comment", \.comment, .text),
        .optional("Service", \.service, .element))
}

extension Henvisning.Service: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("ServId", \.servID, .cv),
        .optional("MedSpeciality", \.medSpeciality, .cv),
        .optional("AdmCat", \.admCat, .cs))
}

extension Henvisning.Comment: ElementValue {
    static let blank = Self(heading: .blank, textResultValue: "", codedComment: [])
    static let layout = ElementLayout<Self>(
        .document,
        .one("Heading", \.heading, .cs),
        .one("TextResultValue", \.textResultValue, .text),
        .many("CodedComment", \.codedComment, .cv, atLeastOne: true))
}
