import Foundation

/// The answered checklist as it travels: the receiver sees the same list, with where in the message each answer stands, so that
/// nobody phones for what is already there. It carries the questions too: the receiver may have another version of the list.
///
/// It holds no answers, only their places; what the sender wrote as a reason is in it. It travels inside the sealed message.
public struct AnsweredChecklist: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        case answered = "besvart"
        case askedAndNone = "spurt-ingen"
        case notKnown = "ikke-kjent"
        case missing = "mangler"
    }

    public struct Line: Sendable, Hashable {
        public let id: String
        public let section: String
        public let question: String
        public let state: State
        /// Place in the message, or why it is not known.
        public let note: String
    }

    public let messageID: String
    public let checklistID: String
    public let version: String
    public let lines: [Line]
    public let wasUrgent: Bool
    public let anyway: SendAnyway?

    public init(_ report: CompletenessReport, messageID: String, decision: CompletenessReport.Decision) {
        self.messageID = messageID
        (checklistID, version) = (report.checklistID, report.version)
        wasUrgent = decision == .goesUrgently
        if case .goesAnyway(let anyway) = decision { self.anyway = anyway } else { anyway = nil }
        lines = report.lines.compactMap { line in
            let (state, note): (State, String)
            switch line.state {
            case .answered(let place): (state, note) = (.answered, place)
            case .askedAndNone(let place): (state, note) = (.askedAndNone, place)
            case .notKnown(let reason): (state, note) = (.notKnown, reason)
            case .missing: (state, note) = (.missing, "")
            case .notAsked: return nil
            }
            return Line(id: line.item.id, section: line.section, question: line.item.question, state: state, note: note)
        }
    }

    static let format = "msggw-answered-checklist/1"

    public var bytes: [UInt8] {
        CanonicalJSON.object([
            "format": .string(Self.format), "message": .string(messageID), "checklist": .string(checklistID),
            "version": .string(version), "urgent": .bool(wasUrgent),
            "anyway": anyway.map {
                .object(["reason": .string($0.reason), "by": .string($0.by), "at": .string(UTCText.write($0.at))])
            },
            "lines": .array(
                lines.map {
                    .object([
                        "id": .string($0.id), "section": .string($0.section), "question": .string($0.question),
                        "state": .string($0.state.rawValue), "note": $0.note.isEmpty ? nil : .string($0.note),
                    ])
                }),
        ]).bytes
    }

    /// - Returns: nil for anything that is not whole: the message is shown without the list then, never held up for it.
    public init?(parsing bytes: [UInt8]) {
        guard let json = try? CanonicalJSON(parsing: bytes), json["format"]?.text == Self.format,
            let message = json["message"]?.text, let checklist = json["checklist"]?.text, let version = json["version"]?.text
        else { return nil }
        (messageID, checklistID, self.version) = (message, checklist, version)
        wasUrgent = json["urgent"]?.boolean ?? false
        anyway = json["anyway"].flatMap { found in
            guard let reason = found["reason"]?.text, let by = found["by"]?.text, let at = found["at"]?.text.flatMap(UTCText.read)
            else { return nil }
            return SendAnyway(reason: reason, by: by, at: at)
        }
        if json["anyway"] != nil, anyway == nil { return nil }
        var lines: [Line] = []
        for item in json["lines"]?.items ?? [] {
            guard let id = item["id"]?.text, let section = item["section"]?.text, let question = item["question"]?.text,
                let state = item["state"]?.text.flatMap(State.init)
            else { return nil }
            lines.append(Line(id: id, section: section, question: question, state: state, note: item["note"]?.text ?? ""))
        }
        self.lines = lines
    }

    /// The list as text, for the sender before it goes and for the receiver who opens it. Bokmål.
    public var text: String {
        var out: [String] = []
        var section = ""
        if wasUrgent { out.append("Sendt som haster. Det som mangler, kan komme etterpå.") }
        if let anyway { out.append("Sendt selv om noe mangler, fordi: \(anyway.reason)") }
        for line in lines {
            if line.section != section {
                section = line.section
                out.append("\(section):")
            }
            out.append("  \(line.question) \(Self.shown(line))")
        }
        return out.joined(separator: "\n")
    }

    private static func shown(_ line: Line) -> String {
        switch line.state {
        case .answered: line.note.isEmpty ? "Besvart." : "Besvart, se \(line.note)."
        case .askedAndNone: "Spurt, ingen."
        case .notKnown: "Ikke kjent: \(line.note)"
        case .missing: "Mangler."
        }
    }
}
