// The schema's order for events and what is in them. Epikrise-v1.2.xsd.

extension Epikrise.Event: ElementValue {
    static let blank = Self()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.kind, required: false,
            ElementAlternative("PlannedEvent", .element, make: Kind.plannedEvent) {
                if case .plannedEvent(let event) = $0 { event } else { nil }
            },
            ElementAlternative("ReportedEvent", .element, make: Kind.reportedEvent) {
                if case .reportedEvent(let event) = $0 { event } else { nil }
            }),
        .optional("ServType", \.servType, .cs),
        .optional("Recipient", \.recipient, .cs),
        .optional("Priority", \.priority, .cs),
        .optional("AdmOutcome", \.admOutcome, .cs),
        .optional("ExpDuration", \.expDuration, .pq),
        .many("Event", \.event, .element),
        .optional("Service", \.service, .element),
        .many("RelServProvider", \.relServProvider, .element),
        .many("AssRequest", \.assRequest, .element),
        .many("EventLocation", \.eventLocation, .element),
        .many("InfItem", \.infItem, .element),
        .many("Comment", \.comment, .element),
        .many("CodedComment", \.codedComment, .element))
}

extension Epikrise.ReportedEvent: ElementValue {
    static let blank: Self = {
        var blank = Self(startDateTime: .blank)
        blank.startDateTime = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .optional("StartDateTime", \.startDateTime, .ts, required: true),
        .optional("EndDateTime", \.endDateTime, .ts))
}

extension Epikrise.PlannedEvent: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("PlanningStage", \.planningStage, .cs),
        .optional("StatusOfPlan", \.statusOfPlan, .cs),
        .optional("PlanComment", \.planComment, .text),
        .optional("PlanningDate", \.planningDate, .ts),
        .optional("ScheduledDate", \.scheduledDate, .ts),
        .optional("AdviceSentTo", \.adviceSentTo, .cs),
        .optional("ExpectedDelay", \.expectedDelay, .pq),
        .optional("CommentExpDuration", \.commentExpDuration, .text),
        .optional("Preparation", \.preparation, .text),
        .optional("Advice", \.advice, .text),
        .optional("TransportArr", \.transportArr, .element))
}

extension Epikrise.TransportArr: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Responsibility", \.responsibility, .cs),
        .optional("Status", \.status, .cs),
        .optional("TransportRequirement", \.transportRequirement, .cv),
        .optional("EscortRequired", \.escortRequired, .cs),
        .optional("Comment", \.comment, .text))
}

extension Epikrise.Service: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("ServId", \.servID, .cv),
        .optional("MedSpecialty", \.medSpecialty, .cv),
        .optional("AdmCat", \.admCat, .cs))
}

extension Epikrise.AssRequest: ElementValue {
    static let blank = Self(msgType: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("IssueDate", \.issueDate, .ts),
        .one("MsgType", \.msgType, .cs),
        .optional("Id", \.id, .id))
}

extension Epikrise.EventLocation: ElementValue {
    static let blank = Self(location: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Role", \.role, .cs),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts),
        .one("Location", \.location, .element))
}

extension Epikrise.Location: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("Description", \.description, .text),
        .optional("Inst", \.inst, .element),
        .optional("Address", \.address, .element),
        .many("SubLocation", \.subLocation, .element))
}

extension Epikrise.SubLocation: ElementValue {
    static let blank = Self(type: .blank, place: "")
    static let layout = ElementLayout<Self>(
        .document,
        .one("Type", \.type, .cs),
        .one("Place", \.place, .text))
}

extension Epikrise.InfItem: ElementValue {
    static let blank: Self = {
        var blank = Self(.observation(.blank), type: .blank)
        blank.kind = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.kind,
            ElementAlternative("ResultItem", .element, make: Kind.resultItem) {
                if case .resultItem(let item) = $0 { item } else { nil }
            },
            ElementAlternative("Medication", .element, make: Kind.medication) {
                if case .medication(let medication) = $0 { medication } else { nil }
            },
            ElementAlternative("Observation", .element, make: Kind.observation) {
                if case .observation(let observation) = $0 { observation } else { nil }
            }),
        .one("Type", \.type, .cs),
        .optional("StartDateTime", \.startDateTime, .ts),
        .optional("EndDateTime", \.endDateTime, .ts),
        .optional("OrgDate", \.orgDate, .ts),
        .optional("Origin", \.origin, .element),
        .many("RelHCProvider", \.relHCProvider, .element))
}

extension Epikrise.Observation: ElementValue {
    static let blank = Self()
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Description", \.description, .any),
        .optional("Comment", \.comment, .text),
        .optional("CodedDescr", \.codedDescr, .element))
}

extension Epikrise.Medication: ElementValue {
    static let blank = Self(drugID: .blank, status: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("DrugId", \.drugID, .cv),
        .optional("DosageCoded", \.dosageCoded, .cv),
        .optional("Comment", \.comment, .text),
        .one("Status", \.status, .cs),
        .optional("Form", \.form, .cv),
        .optional("RouteOfAdm", \.routeOfAdm, .cv),
        .optional("IntendedDuration", \.intendedDuration, .pq),
        .optional("QuantitySupplied", \.quantitySupplied, .pq),
        .optional("UnitDose", \.unitDose, .pq),
        .optional("DosageText", \.dosageText, .text))
}

extension Epikrise.ResultItem: ElementValue {
    static let blank: Self = {
        var blank = Self(.textResult(.blank), clinInv: .blank)
        blank.outcome = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.outcome,
            ElementAlternative("TextResult", .element, make: Outcome.textResult) {
                if case .textResult(let result) = $0 { result } else { nil }
            },
            ElementAlternative("Interval", .element, make: Outcome.interval) {
                if case .interval(let interval) = $0 { interval } else { nil }
            },
            ElementAlternative("NumResult", .element, make: Outcome.numResult) {
                if case .numResult(let result) = $0 { result } else { nil }
            },
            ElementAlternative("DateResult", .element, make: Outcome.dateResult) {
                if case .dateResult(let result) = $0 { result } else { nil }
            }),
        .optional("ServType", \.servType, .cs),
        .optional("InvDate", \.invDate, .ts),
        .optional("Comment", \.comment, .text),
        .optional("DevResultInd", \.devResultInd, .cs),
        .one("ClinInv", \.clinInv, .element),
        .optional("DiagComment", \.diagComment, .element))
}

extension Epikrise.TextResult: ElementValue {
    static let blank = Self(nil)
    static let layout = ElementLayout<Self>(.document, .optional("Result", \.result, .element))
}
