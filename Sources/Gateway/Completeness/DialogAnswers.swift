import Envelope
import Practice

extension AnswerGathering {
    /// What a message of question, answer or note answers: a report from PPT comes as one, with the report attached.
    init(_ head: MsgHead, attached names: [String]) {
        for (number, note) in (head.dialogmelding?.notater ?? []).enumerated() {
            let place = note.tema ?? note.temaKodet.shown ?? "Notat \(number + 1)"
            text.add("Tema", note.tema)
            text.add(place, note.tekst?.plain)
            text.add("Merknad", note.merknad)
        }
        for question in head.dialogmelding?.foresporsler ?? [] {
            text.add("Emne", question.emne)
            text.add("Spørsmål", question.sporsmal?.plain)
            text.add("Begrunnelse", question.begrunnelse)
        }
        if let person = head.patient {
            patient(
                name: person.name.isEmpty ? nil : person.name.shown, number: person.identifiers.nationalIdentity?.value,
                born: person.dateOfBirth, address: (person.address?.street, person.telecoms.map(\.address)), place: "Pasient")
        }
        let sender = head.sender.organisation
        set(.senderName, sender.addressPath.person?.name ?? sender.addressPath.shown, "Avsender")
        let phones = sender.telecoms + (sender.service?.telecoms ?? []) + (sender.professional?.person.telecoms ?? [])
        set(.senderPhone, phones.first?.address, "Avsender")
        set(.senderPhone, text.answer(mentioning: ["telefon", "ring "]))
        set(.replyAddress, sender.addressPath.communicationHERID, "Avsender")
        if case .given(let sentence, let place)? = text.answer(mentioning: ["samtykke", "samtykker"]) {
            set(.consentGivenBy, sentence, place)
            if WrittenText.mentions(sentence, Mentions.consentWay) { set(.consentHow, sentence, place) }
        }
        search(Mentions.risk)
        search(Mentions.now)
        search(Mentions.afterCare)
        attached(names + head.attachments.compactMap(\.description))
    }
}
