import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW {
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show where a message is, and every step with its time.",
            discussion: """
                Outgoing: taken (on this node's disk), sealed, delivered (the receiver's node has it), accepted or rejected (the \
                receiver's system says so); or failed, held (a person must act), cancelled. Incoming: opened (on this node's disk), filed (the receiving side has \
                it). It works whether the node runs or not.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "MessageId, the document's MsgId, ConversationId, or the node's own number.") var id: String
        @Flag(help: "Show the receiver's list as it was answered. That you looked is written into the audit trail.")
        var checklist = false
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                if checklist {
                    let list = try await node.store().answeredChecklist(of: id, for: reader.reading)
                    return try output.print(ShownChecklist(list)) { list.text }
                }
                let report = try node.store().status(of: id)
                try output.print(report) { report.messages.map(Self.text).joined(separator: "\n\n") }
            }
        }

        private static func text(_ message: StatusReport.Message) -> String {
            var lines = [
                "\(message.direction == .out ? "outgoing" : "incoming")  \(message.kind)  \(message.state.rawValue)",
                "  MessageId  \(message.messageID)", "  document   \(message.documentID)", "  from       \(message.sender)",
                "  to         \(message.receiver)",
            ]
            if let failure = message.failure { lines.append("  last error \(failure)") }
            if let next = message.nextAttempt { lines.append("  next try   \(next.formatted(.iso8601))") }
            let receipts = message.receipts
            let known = [
                ("taken", receipts.taken), ("delivered", receipts.delivered), ("accepted", receipts.accepted),
                ("rejected", receipts.rejected), ("read", receipts.read),
            ].compactMap { name, time in time.map { "\(name) \($0.formatted(.iso8601))" } }
            lines.append("  receipts   \(known.isEmpty ? "none" : known.joined(separator: ", "))")
            if let list = message.checklist {
                let missing = list.missing.isEmpty ? "" : "; mangler: \(list.missing.joined(separator: " "))"
                let why = (list.wasUrgent ? ", urgent" : "") + (list.wentAnyway ? ", sent anyway" : "")
                lines.append("  checklist  \(list.checklist): \(list.answered) of \(list.asked) answered\(why)\(missing)")
            }
            for verdict in message.consent ?? [] {
                let why = [verdict.rule.map { "rule \($0)" }, verdict.needs?.joined(separator: ", "), verdict.refused]
                    .compactMap { $0 }.joined(separator: ", ")
                let by = verdict.consents.map { "consent \($0.count)" } ?? (verdict.emergency == true ? "emergency" : why)
                lines.append("  sharing    \(verdict.checkpoint): \(verdict.decision)\(by.isEmpty ? "" : "  (\(by))")")
            }
            for line in (message.course?.lines ?? []) + (message.followUp?.lines ?? []) { lines.append("  \(line)") }
            for step in message.steps {
                let time = step.at.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
                lines.append("  \(time)  \(step.what)\(step.detail.map { "  (\($0))" } ?? "")")
            }
            return lines.joined(separator: "\n")
        }
    }
}

/// `msggw status --checklist --json`.
private struct ShownChecklist: Encodable {
    struct Line: Encodable {
        let id, section, question, state: String
        let note: String?
    }

    let checklist, version: String
    let anyway: String?
    let lines: [Line]

    init(_ list: AnsweredChecklist) {
        (checklist, version, anyway) = (list.checklistID, list.version, list.anyway?.reason)
        lines = list.lines.map {
            Line(
                id: $0.id, section: $0.section, question: $0.question, state: $0.state.rawValue,
                note: $0.note.isEmpty ? nil : $0.note)
        }
    }
}
