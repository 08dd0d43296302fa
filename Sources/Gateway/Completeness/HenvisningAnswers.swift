import Envelope
import Practice

extension AnswerGathering {
    /// What a referral answers.
    ///
    /// - Parameter names: of attachments that go along and are not in the document yet.
    init(_ referral: Henvisning, attached names: [String]) {
        let request = referral.servReq
        readTexts(request)
        readPatient(request.patient)
        readFamily(request.patient)
        readConsent(request.patient.consent)
        readCare(request)
        readRequest(request)
        readSender(request)
        search(Mentions.risk)
        search(Mentions.now)
        search(Mentions.before)
        search(Mentions.wishes)
        attached(names + referral.attachments.compactMap(\.description))
    }

    private mutating func readTexts(_ request: Henvisning.ServReq) {
        for reason in request.reasonAsText { text.add(reason.heading?.shown, reason.textResultValue) }
        for item in request.patient.infItem {
            switch item.kind {
            case .observation(let observation): text.add(item.type.shown, observation.description)
            case .medication(let medication): set(.medication, medication.drugID.shown, item.type.shown ?? "Legemidler")
            case .resultItem(let result): text.add(item.type.shown, result.comment)
            case nil: break
            }
        }
        for comment in request.comment { text.add(comment.heading.shown, comment.textResultValue) }
        for precaution in request.patient.patientPrecaution { text.add("Viktig å vite", precaution.precaution) }
        text.add("Kommentar", request.reqComment)
        text.add("Kommentar til hastegrad", request.reqServ.comment)
        text.add("Samtykke", request.patient.consent?.merknad)
        for person in request.patient.parorendeForesatt { text.add("Foresatte", person.merknad) }
        let problem = request.reasonAsText.filter { ["BUP-HG", "PROB"].contains($0.heading?.code) }
        set(.symptoms, under: problem.compactMap(\.heading?.shown))
        for (key, code, none) in [
            (AnswerKey.history, "ANAM", [String]()), (.bodilyStatus, "FUNN", []), (.triedSoFar, "TB", []),
            (.medication, "MEDB", ["legemid", "medisin", "medikament"]),
        ] {
            let types = request.patient.infItem.filter { $0.type.code == code }.compactMap(\.type.shown)
            set(key, under: types, none: none)
        }
        let past = request.patient.infItem.filter { ["ANAM", "TB"].contains($0.type.code) }.compactMap(\.type.shown)
        set(.earlierAssessments, text.answer(mentioning: Mentions.earlierAssessments, in: past))
        let measures = request.reasonAsText.filter { $0.heading?.code == "HJ" }.compactMap(\.heading?.shown)
        set(.triedSoFar, under: measures)
        set(
            .household,
            under: request.reasonAsText.filter { ["BUP-BM", "FA"].contains($0.heading?.code) }.compactMap(\.heading?.shown))
    }

    private mutating func readPatient(_ patient: Henvisning.Patient) {
        self.patient(
            name: patient.name, number: patient.offID, born: patient.dateOfBirth,
            address: (patient.address?.streetAdr, patient.address?.teleAddress ?? []), place: "Pasient")
        if let help = patient.assistertKommunikasjon.first {
            set(.language, help.behovTolkSprak?.shown ?? help.merknad, "Tolk")
        }
        set(.language, text.answer(mentioning: ["tolk", "snakker norsk", "norskspråklig", "språk"]))
    }

    private mutating func readFamily(_ patient: Henvisning.Patient) {
        let people = patient.parorendeForesatt
        let named = people.filter { !$0.referanseperson.name.isEmpty }
        if !named.isEmpty { set(.guardians, named.map(\.referanseperson.name.shown).joined(separator: ", "), "Foresatte") }
        // BUP must reach both: one without a number is none.
        if !named.isEmpty, named.allSatisfy({ !$0.referanseperson.telecoms.isEmpty }) {
            set(.guardianPhones, named.compactMap(\.referanseperson.telecoms.first?.address).joined(separator: ", "), "Foresatte")
        }
        let contacts =
            patient.patRelInst.compactMap { $0.contactPerson ?? $0.nameInst }
            + patient.contactPerson.map(\.referanseperson.name.shown)
        if !contacts.isEmpty { set(.contacts, contacts.joined(separator: ", "), "Kontaktpersoner") }
    }

    private mutating func readConsent(_ consent: Henvisning.Consent?) {
        guard let consent, consent.consentStatus?.code != YesNo.no.rawValue else { return }
        set(.consentGivenBy, consent.givenBy, "Samtykke")
        let said = [consent.givenBy, consent.merknad].compactMap { $0 }.joined(separator: ". ")
        if WrittenText.mentions(said, Mentions.consentWay) { set(.consentHow, said, "Samtykke") }
    }

    private mutating func readCare(_ request: Henvisning.ServReq) {
        for code in request.comment.flatMap(\.codedComment) {
            switch code.listNumber {
            case LivingSituation.number: set(.dailyCare, code.shown, "Omsorgssituasjon")
            case ParentalResponsibility.number: set(.parentalResponsibility, code.shown, "Omsorgssituasjon")
            default: break
            }
        }
        set(.parentalResponsibility, text.answer(mentioning: ["foreldreansvar"]))
        set(.dailyCare, text.answer(mentioning: ["bor hos", "bor sammen", "fosterhjem", "bor i institusjon"]))
    }

    private mutating func readRequest(_ request: Henvisning.ServReq) {
        set(.request, under: request.reasonAsText.filter { $0.heading?.code == "UTRED" }.compactMap(\.heading?.shown))
        set(.request, request.reqServ.purpose?.shown, "Ønsket tjeneste")
        set(.urgency, request.reqServ.priority.shown, "Hastegrad")
        let diagnoses = request.diagnosis.compactMap(\.concept.shown)
        if !diagnoses.isEmpty { set(.diagnosis, diagnoses.joined(separator: ", "), "Diagnose") }
        let copies = request.copyDest.map(\.hcp.addressPath.shown)
        if !copies.isEmpty { set(.copyReceivers, copies.joined(separator: ", "), "Kopimottakere") }
    }

    private mutating func readSender(_ request: Henvisning.ServReq) {
        let path = request.requester.hcp.addressPath
        let referring = request.patient.patRelHCP.filter { $0.relation.code == HCPRelation.referring.rawValue }
        for relation in referring {
            guard case .hcProf(let person) = relation.hcp.kind else { continue }
            set(.senderName, person.name, "Henvisende helsepersonell")
            if person.typeID?.code == PersonIDType.hpr.rawValue { set(.senderNumber, person.id, "Henvisende helsepersonell") }
            set(.senderPhone, relation.hcp.address?.teleAddress.first, "Henvisende helsepersonell")
        }
        set(.senderName, path.person?.name, "Avsender")
        set(.senderNumber, path.person?.hpr, "Avsender")
        set(.senderPhone, request.requester.hcp.address?.teleAddress.first, "Avsender")
        set(.replyAddress, path.communicationHERID, "Avsender")
    }
}
