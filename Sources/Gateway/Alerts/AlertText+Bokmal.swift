import Envelope
import Foundation

extension Alert {
    /// For the named person of a party, who is no technician; nil for what only operators are told.
    func bokmal(_ names: AlertNames) -> AlertText? {
        guard let (headline, remedy) = words else { return nil }
        let isOver = resolvedAt != nil
        var facts: [(String, String)] = []
        if let id = subject.messageID { facts.append(("Melding", id)) }
        if let sender = subject.sender { facts.append(("Fra HER-id", names.organisation(sender))) }
        if let receiver = subject.receiver { facts.append(("Til HER-id", names.organisation(receiver))) }
        if let codes = subject.codes, !codes.isEmpty { facts.append(("Kvitteringen sier", Self.explained(codes))) }
        if let until = subject.until { facts.append(("Frist", OsloTime.text(until))) }
        facts.append(("Varsel nr.", "\(id)"))
        return AlertText(
            title: isOver ? "I orden: \(headline)" : headline, facts: facts,
            action: isOver ? "Du trenger ikke gjøre noe mer." : remedy)
    }

    private var words: (String, String)? {
        let document = subject.documentKind.map { MessageType.names[$0] ?? $0 } ?? "melding"
        let isPast = stage > 0
        switch kind {
        case .deliveryLate:
            return (
                isPast ? "Ikke levert innen fristen: \(document)" : "Ikke levert ennå: \(document)",
                "Mottakeren har ikke bekreftet at meldingen er kommet fram. Er den ikke stoppet, sendes den fortsatt automatisk. Ring mottakeren hvis saken ikke kan vente."
            )
        case .acceptanceLate where subject.direction == .in:
            return (
                isPast ? "Ikke hentet innen fristen: \(document)" : "Venter på å bli hentet: \(document)",
                "Meldingen er kommet, men er ikke lest inn i fagsystemet hos dere. Hent den, så får avsenderen kvittering."
            )
        case .acceptanceLate:
            return (
                isPast ? "Ikke bekreftet innen fristen: \(document)" : "Ikke bekreftet ennå: \(document)",
                "Systemet hos mottakeren har ikke bekreftet at meldingen er lest inn. Ring mottakeren og spør om de har den."
            )
        case .answerLate where isDischarge:
            return (
                "Ingen har tatt over ennå: \(document)",
                "Ingen hos mottakeren har bekreftet at de tar over oppfølgingen. Ring mottakeren og avtal hvem som følger opp. Er det avtalt på telefon, si fra til dem som drifter systemet, med nummeret på varselet."
            )
        case .answerLate: return answer(document, isPast)
        case .messageFailed:
            return (
                "Ikke sendt: \(document)",
                "Meldingen kom ikke fram, og det blir ikke forsøkt igjen. Ring mottakeren hvis saken ikke kan vente. Send dokumentet på nytt når feilen er rettet; de som drifter systemet, vet hvorfor det stoppet."
            )
        case .messageHeld:
            return (
                "Stoppet til noen avgjør: \(document)",
                "Meldingen er ikke sendt. De som drifter systemet, er varslet. Ring mottakeren hvis saken ikke kan vente."
            )
        case .documentRejected:
            return (
                "Avvist av mottakerens system: \(document)",
                "Dette er en teknisk avvisning: dokumentet er ikke lest inn hos mottakeren. Det er ikke et avslag på henvisningen. Rett dokumentet og send det på nytt, eller ring mottakeren."
            )
        case .notOpened:
            return (
                "Ingen har åpnet: \(document)",
                "Verken mottakeren eller noen av stedfortrederne har åpnet meldingen i arbeidstiden sin. Ring mottakeren."
            )
        case .receiptUnclear:
            return (
                "Uklar kvittering: \(document)",
                "Kvitteringen fra mottakerens system sier verken ja eller nei. Ring mottakeren og spør om de har meldingen."
            )
        case .referralStray:
            return (
                "Hører ikke til en henvisning dere har fra denne avsenderen: \(document)",
                "Meldingen endrer, utfyller eller trekker tilbake en henvisning som ikke er kommet, eller som noen andre har sendt. Den har ikke endret noe. Ring avsenderen og spør hvilken henvisning det gjelder."
            )
        case .answerCrossed:
            return (
                "Henvisningen er både trukket tilbake og besvart: \(document)",
                "Tilbaketrekking og svar ble sendt omtrent samtidig. Ring den andre parten og avtal hva som gjelder. Bli enige om hvem som gir familien beskjed."
            )
        case .followUpRefused:
            return (
                "Mottakeren tar ikke over oppfølgingen: \(document)",
                "Mottakeren sier at oppfølgingen ikke hører til hos dem. Les meldingen, finn ut hvem som tar over, og send den dit. Gi familien beskjed."
            )
        case .messageObstructed, .destinationUnreachable, .certificateExpiring, .partnerCertificateExpiring,
            .revocationListExpiring, .diskNearlyFull, .storeFailing, .sinkFailing, .registryHeld, .registryRefused,
            .doorUndecided, .doorStranded,
            .loopStopped, .test:
            return nil
        }
    }

    private func answer(_ document: String, _ isPast: Bool) -> (String, String) {
        let isReferral = DeadlineTable.referrals.contains { $0.rawValue == subject.documentKind }
        if subject.direction == .in {
            return (
                isPast ? "Ikke besvart innen fristen: \(document)" : "Skal besvares snart: \(document)",
                (isReferral
                    ? "Henvisningen skal være vurdert og besvart innen fristen (pasient- og brukerrettighetsloven § 2-2). Vurder den, og send svar til henviseren og pasienten. "
                    : "Send svar til den som spør. ")
                    + "Er svaret gitt i brev eller på telefon, si fra til dem som drifter systemet, med nummeret på varselet."
            )
        }
        return (
            isPast ? "Svaret er ikke kommet innen fristen: \(document)" : "Svaret er ikke kommet ennå: \(document)",
            (isReferral ? "Ring mottakeren og spør om henvisningen er vurdert. " : "Ring mottakeren og spør. ")
                + "Er svaret kommet i brev eller på telefon, si fra til dem som drifter systemet, med nummeret på varselet."
        )
    }

    private static func explained(_ codes: [String]) -> String {
        codes.map { code in AppRecError(rawValue: code).displayName.map { "\(code) \($0)" } ?? code }.joined(separator: ", ")
    }
}
