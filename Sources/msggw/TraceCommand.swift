import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct Trace: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every step of a conversation on this node, and what the receipts say of the other.",
            discussion: """
                All messages of the conversation, oldest first, with their receipts, attempts and deadlines, then every step in \
                the order of time. Steps marked 'there' are what the other node signed, by its clock. No content is read.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "MessageId, the document's MsgId, ConversationId, or the node's own number.") var id: String

        func run() async throws {
            try await reporting {
                let trace = try node.store().trace(of: id)
                try output.print(trace) { Self.text(trace) }
            }
        }

        private static func text(_ trace: Gateway.Trace) -> String {
            var lines: [String] = []
            for message in trace.messages {
                let way = message.direction == .out ? "out" : "in "
                lines.append(
                    "#\(message.number) \(way) \(message.kind)  \(message.sender) -> \(message.receiver)  \(message.state.rawValue)\(answer(message))"
                )
                lines.append("    MessageId \(message.messageID)")
                if !message.documentID.isEmpty { lines.append("    document  \(message.documentID)") }
                if let failure = message.failure { lines.append("    last error: \(failure) (attempts: \(message.attempts))") }
                if let due = message.due { lines.append("    next: \(due.formatted(.iso8601))") }
                lines += deadlines(message.deadlines)
            }
            lines.append("")
            for step in trace.steps {
                let time = step.at.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
                let place = step.place == .here ? "     " : "there"
                lines.append(
                    "\(time)  \(place)  #\(step.number)  \(step.what)\(step.detail.map { "  (\($0))" } ?? "")\(by(step))")
            }
            return lines.joined(separator: "\n")
        }

        private static func answer(_ message: Gateway.Trace.Message) -> String {
            message.answers.map { "  (answers #\($0))" } ?? ""
        }

        private static func deadlines(_ deadlines: Gateway.Trace.Deadlines) -> [String] {
            [("delivered", deadlines.delivered), ("accepted", deadlines.accepted), ("answered", deadlines.answered)].compactMap {
                name, time in time.map { "    to be \(name) by \($0.formatted(.iso8601))" }
            }
        }

        private static func by(_ step: Gateway.Trace.Step) -> String {
            guard let actor = step.actor, actor != "node" else { return "" }
            return "  by \(actor)"
        }
    }
}
