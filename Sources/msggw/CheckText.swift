import Gateway
import Practice

extension CheckedCompleteness {
    /// The list as the sender reads it. Bokmål.
    var shown: String {
        var parts = [report.title, answered.text]
        if !lacks.isEmpty {
            parts.append((["Dette mangler:"] + lacks.map { "  - \($0)" }).joined(separator: "\n"))
        }
        if !wants.isEmpty {
            parts.append((["Dette bør også være med:"] + wants.map { "  - \($0)" }).joined(separator: "\n"))
        }
        let end =
            switch decision {
            case .goes: "Alt som må være med, er med. Den kan sendes."
            case .goesUrgently: "Den haster og kan sendes nå. Det som mangler, kan komme etterpå."
            case .goesAnyway: "Den kan sendes. Mottakeren ser hvorfor noe mangler."
            case .waits: "Fyll ut det som mangler, eller send den med --anyway og en grunn."
            }
        return (parts + [end]).joined(separator: "\n\n")
    }
}

extension NamelessCheck {
    /// One line for each finding: place, line:column, kind, sureness, suggestion. Bokmål.
    func shown(_ outcome: Outcome, words showsWords: Bool) -> String {
        var lines = findings.map { found in
            let words = showsWords && !found.words.isEmpty ? "  «\(found.words)»" : ""
            return
                "\(found.place)  \(found.line):\(found.column)  \(found.finding.kind.name)  \(found.finding.sureness.name)  \(found.finding.suggestion)\(words)"
        }
        switch outcome {
        case .cleared:
            lines.append(findings.isEmpty ? "Kontrollen fant ingenting." : "Forfatteren har sett på alt kontrollen fant.")
        case .asksAuthor:
            lines.append("Se på hvert sted. Peker ingen av dem på noen, gå videre med --looked-through.")
        case .stopped: lines.append("Det som er sikkert, må bort før saken kan drøftes uten navn.")
        }
        return (lines + [AnonymityReport.reminder]).joined(separator: "\n")
    }
}

extension IdentifyingFinding.Sureness {
    /// Bokmål, for the author.
    var name: String {
        switch self {
        case .possible: "mulig"
        case .likely: "trolig"
        case .certain: "sikker"
        }
    }

    var code: String {
        switch self {
        case .possible: "possible"
        case .likely: "likely"
        case .certain: "certain"
        }
    }
}

/// `msggw check --json`.
struct CompletenessResult: Encodable {
    struct Line: Encodable {
        let id, section, question, state, why, weight: String
        let note: String?
    }

    let receiver: String
    let checklist, version, decision: String?
    let lines: [Line]

    init(receiver: CareService) {
        (self.receiver, checklist, version, decision, lines) = (receiver.rawValue, nil, nil, nil, [])
    }

    init(_ checked: CheckedCompleteness, receiver: CareService) {
        self.receiver = receiver.rawValue
        (checklist, version) = (checked.report.checklistID, checked.report.version)
        decision =
            switch checked.decision {
            case .goes: "goes"
            case .goesUrgently: "goesUrgently"
            case .goesAnyway: "goesAnyway"
            case .waits: "waits"
            }
        let asked = Dictionary(checked.report.lines.map { ($0.item.id, $0.item) }) { first, _ in first }
        lines = checked.answered.lines.map { line in
            Line(
                id: line.id, section: line.section, question: line.question, state: line.state.rawValue,
                why: asked[line.id]?.why ?? "", weight: asked[line.id]?.weight.rawValue ?? "",
                note: line.note.isEmpty ? nil : line.note)
        }
    }
}

/// `msggw check --anonymous --json`.
struct AnonymityResult: Encodable {
    struct Item: Encodable {
        let place: String
        let line, column: Int
        let kind, sureness, suggestion: String
        let words: String?
    }

    let outcome: String
    let findings: [Item]

    init(_ check: NamelessCheck, _ outcome: NamelessCheck.Outcome, words: Bool) {
        self.outcome = "\(outcome)"
        findings = check.findings.map { found in
            Item(
                place: found.place, line: found.line, column: found.column, kind: found.finding.kind.rawValue,
                sureness: found.finding.sureness.code, suggestion: found.finding.suggestion, words: words ? found.words : nil)
        }
    }
}
