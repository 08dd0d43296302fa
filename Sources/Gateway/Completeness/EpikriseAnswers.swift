import Envelope
import Practice

extension AnswerGathering {
    /// What a discharge summary answers.
    init(_ report: Epikrise, attached names: [String]) {
        let body = report.servRprt
        let places = readTexts(body)
        patient(
            name: body.patient.name, number: body.patient.offID, born: body.patient.dateOfBirth,
            address: (body.patient.address?.streetAdr, body.patient.address?.teleAddress ?? []), place: "Pasient")
        for (key, codes) in [
            (AnswerKey.treatmentGiven, ["FO"]), (.assessmentNow, ["VU"]), (.followUpPlan, ["OP"]), (.toldFamily, ["IP"]),
        ] {
            set(key, under: codes.compactMap { places[$0] })
        }
        set(.medication, under: [places["ME"]].compactMap { $0 }, none: ["legemid", "medisin", "medikament"])
        set(.medication, text.answer(mentioning: ["legemid", "medisin", "medikament"]))
        let people = body.patient.patientRelParty.filter { $0.name?.isEmpty == false }
        if !people.isEmpty {
            set(.guardians, people.compactMap(\.name).joined(separator: ", "), "Foresatte")
            let phones = people.compactMap { $0.address?.teleAddress.first }
            if phones.count == people.count { set(.guardianPhones, phones.joined(separator: ", "), "Foresatte") }
        }
        let sender = body.servProvider.hcp
        set(.senderName, sender.addressPath.person?.name ?? sender.addressPath.shown, "Avsender")
        set(.senderPhone, sender.address?.teleAddress.first, "Avsender")
        set(.senderPhone, body.patient.patRelHCP.compactMap { $0.hcp.address?.teleAddress.first }.first, "Behandler")
        set(.replyAddress, sender.addressPath.communicationHERID, "Avsender")
        search(Mentions.risk)
        search(Mentions.now)
        search(Mentions.afterCare)
        attached(names + report.attachments.compactMap(\.description))
    }

    /// - Returns: what each heading is called in this document, by its code.
    private mutating func readTexts(_ body: Epikrise.ServRprt) -> [String: String] {
        var places: [String: String] = [:]
        func read(_ event: Epikrise.Event) {
            for comment in event.comment {
                text.add(comment.heading?.shown, comment.textResultValue?.plainText)
                if let code = comment.heading?.code { places[code] = comment.heading?.shown ?? "teksten" }
            }
            for item in event.infItem {
                switch item.kind {
                case .observation(let observation): text.add(item.type.shown, observation.description?.plainText)
                case .medication(let medication): set(.medication, medication.drugID.shown, item.type.shown ?? "Legemidler")
                case .resultItem, nil: break
                }
            }
            for inner in event.event { read(inner) }
        }
        for event in body.event { read(event) }
        return places
    }
}
