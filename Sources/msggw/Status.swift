import ArgumentParser
import Foundation
import Gateway

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

        func run() async throws {
            try await reporting {
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
            for step in message.steps {
                let time = step.at.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
                lines.append("  \(time)  \(step.what)\(step.detail.map { "  (\($0))" } ?? "")")
            }
            return lines.joined(separator: "\n")
        }
    }
}
