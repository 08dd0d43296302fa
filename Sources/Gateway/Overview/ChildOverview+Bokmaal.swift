import Foundation

extension ChildOverview {
    /// As people read it.
    public var text: String {
        var lines = ["Hvem har delt hva om barnet, med hvem. Bare det som har gått gjennom denne noden, vises her."]
        if messages.isEmpty { lines.append("Noden har ingen meldinger om dette barnet.") }
        for message in messages { lines += [""] + message.lines }
        if unknown > 0 {
            lines += [
                "",
                "\(unknown) meldinger kan ikke knyttes til noe barn: innholdet er slettet, eller kan ikke leses. De er ikke med.",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// `22.11.2026 kl. 14.03`, by the clock on the wall in Norway.
    static func written(_ time: Date) -> String {
        let day = OsloTime.day(of: time)
        let seconds = Int(time.timeIntervalSince(OsloTime.time(day, hour: 0)))
        // On the day on which the clock is changed, hours are counted from midnight as it was.
        let shown = seconds + OsloTime.offset(at: time) - OsloTime.offset(at: OsloTime.time(day, hour: 0))
        return "\(two(day.day)).\(two(day.month)).\(day.year) kl. \(two(shown / 3600)).\(two(shown % 3600 / 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

extension ChildOverview.Message {
    fileprivate var lines: [String] {
        var lines = ["\(ChildOverview.written(at))  \(title)  (#\(number))"]
        func add(_ name: String, _ text: String) {
            lines.append("  \(name.padding(toLength: 10, withPad: " ", startingAt: 0))\(text)")
        }
        add("fra", sender.line)
        add("til", receiver.line)
        add("status", status)
        add("grunnlag", basis?.line ?? noBasis)
        for opened in opened {
            add("åpnet av", "\(opened.by), \(ChildOverview.written(opened.at))\(opened.purpose.map { " (\($0))" } ?? "")")
        }
        if opened.isEmpty, direction == .in { add("åpnet av", "ingen har åpnet den her ennå") }
        if let answered { add("svar", "\(answered.word), \(answered.decidedOn)") }
        add("videre", step)
        if let contact {
            add(
                "kontakt",
                [contact.name, contact.role, contact.phone.map { "tlf. \($0)" }].compactMap(\.self).joined(separator: ", "))
        }
        if isFoundByName {
            add("obs", "Meldingen har ikke fødselsnummer. Den er funnet på navn og fødselsdato. Sjekk at det er samme barn.")
        }
        return lines
    }

    private var status: String {
        switch state {
        case .taken, .sealed: "er ikke framme ennå; noden prøver"
        case .delivered: "er framme hos mottakeren\(on(receipts.delivered)); systemet der har ikke bekreftet"
        case .accepted: "er tatt imot i mottakerens system\(on(receipts.accepted))"
        case .rejected: "ble avvist av mottakerens system\(on(receipts.rejected)); innholdet er ikke lest der"
        case .failed: "kom ikke fram"
        case .held: "er holdt tilbake"
        case .cancelled: "ble trukket tilbake før den kom fram"
        case .sent: "er sendt"
        case .opened: "er mottatt, og ligger her"
        case .filed: "er mottatt, og lagt i systemet her"
        }
    }

    private func on(_ time: Date?) -> String { time.map { " \(ChildOverview.written($0))" } ?? "" }

    private var noBasis: String {
        direction == .in ? "avsenderens grunnlag følger ikke med meldingen" : "ble ikke vurdert da den ble sendt"
    }

    private var step: String {
        let within = deadline.map { " innen \(ChildOverview.written($0))" } ?? ""
        return switch nextStep {
        case .deliver: "skal være framme\(within)"
        case .person: "et menneske her må se på den"
        case .confirm: "mottakerens system skal bekrefte\(within)"
        case .file: "skal legges i systemet her\(within)"
        case .theirAnswer: "mottakeren skal svare\(within)"
        case .ourAnswer: "skal besvares herfra\(within)"
        case .none: "ingenting gjenstår"
        }
    }
}

extension ChildOverview.Party {
    fileprivate var line: String { name.map { "\($0) (\(herID))" } ?? "HER-id \(herID)" }
}

extension ChildOverview.Answered {
    fileprivate var word: String {
        switch kind {
        case "rejection": "avslag"
        case "acceptance": "inntak"
        case "forwarding": "sendt videre til riktig sted"
        default: kind
        }
    }
}

extension ChildOverview.Basis {
    fileprivate var line: String {
        if emergency { return "nødsituasjon: liv eller helse (skal gjennomgås)" }
        if !consents.isEmpty {
            let ids = consents.map { $0.id ?? "ikke lenger her, \($0.digest.prefix(16))" }.joined(separator: ", ")
            return "samtykke (\(ids))"
        }
        let law = law.map { "\($0)\(rule.map { " (regel \($0))" } ?? "")" }
        return switch decision {
        case "allowed": law ?? "tillatt"
        case "needs": "samtykke mangler"
        default: "ikke tillatt"
        }
    }
}
