import Foundation

/// Several alerts as one mail: subject and plain text.
struct MailText: Sendable {
    /// More than these are only counted.
    static let mostAlerts = 50

    let subject: String
    let text: String

    /// - Parameters:
    ///   - alerts: at least one, the worst first.
    ///   - node: the node's name.
    init(_ alerts: [Alert], more: Int, node: String, isForClinicians: Bool, names: AlertNames) {
        let texts = alerts.map { alert in (isForClinicians ? alert.bokmal(names) : nil) ?? alert.english(names) }
        let count = alerts.count + more
        let worst = alerts.filter { $0.resolvedAt == nil }.map(\.severity).max()
        let words = isForClinicians ? Words.bokmal : Words.english
        let mark = worst == .critical ? "\(words.urgent): " : ""
        let rest = count > 1 ? " \(words.andMore(count - 1))" : ""
        subject = "[\(Self.line(node))] \(mark)\(texts.first?.title ?? "")\(rest)"
        var lines = [words.greeting(Self.line(node)), ""]
        for (number, text) in zip(1..., texts) {
            lines.append(count > 1 ? "\(number). \(text.title)" : text.title)
            lines += text.facts.map { "   \($0.name): \(Self.line($0.value))" }
            lines += ["   \(words.toDo): \(text.action)", ""]
        }
        if more > 0 { lines += [words.moreOpen(more), ""] }
        lines.append(words.noAnswer)
        self.text = lines.joined(separator: "\r\n") + "\r\n"
    }

    /// A name from the settings in one line.
    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private struct Words: Sendable {
        let urgent: String
        let toDo: String
        let noAnswer: String
        let greeting: @Sendable (String) -> String
        let andMore: @Sendable (Int) -> String
        let moreOpen: @Sendable (Int) -> String

        static let english = Words(
            urgent: "CRITICAL", toDo: "To do",
            noAnswer: "Sent by a machine; nobody reads answers. No personal data is sent by mail.",
            greeting: { "From the message gateway \($0):" }, andMore: { "(and \($0) more)" },
            moreOpen: { "\($0) more are open; see: msggw alerts list" })
        static let bokmal = Words(
            urgent: "HASTER", toDo: "Gjør dette",
            noAnswer: "Sendt automatisk, og ingen leser svar. Personopplysninger sendes aldri på e-post.",
            greeting: { "Fra meldingsporten \($0):" }, andMore: { "(og \($0) til)" },
            moreOpen: { "\($0) til venter. De som drifter systemet, har hele listen." })
    }
}
