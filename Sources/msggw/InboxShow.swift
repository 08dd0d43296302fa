import ArgumentParser
import Envelope
import Foundation
import Gateway

extension MsgGW.InboxCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a received message: its facts, or with --document the document itself.",
            discussion: "That you looked, and what for, is written into the audit trail.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or the document's MsgId.") var id: String
        @Flag(help: "Print the document as it came. It holds health data.") var document = false
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                let store = try node.store()
                let reading = reader.reading
                if document {
                    let bytes = try await store.receivedDocument(id, for: reading)
                    try FileHandle.standardOutput.write(contentsOf: Data(bytes))
                    return
                }
                let entry = try await store.received(id, for: reading)
                let holder = try store.holder(of: entry.message.id)
                let shown = ReceivedMessage(
                    entry.message, holder: holder, attachments: entry.attachments, course: entry.course)
                try output.print(shown) {
                    Self.text(entry, holder)
                }
            }
        }

        private static func text(_ entry: Inbox.Entry, _ holder: String?) -> String {
            let message = entry.message
            var lines = [
                "number        \(message.id)", "kind          \(message.kind)", "from          \(message.sender)",
                "to            \(message.receiver)", "MessageId     \(message.messageID)",
                "conversation  \(message.conversationID)", "document      \(message.documentID)",
                "received      \(message.created.formatted(.iso8601))", "state         \(message.state.rawValue)",
                "protection    \(message.protection.rawValue)",
            ]
            if let holder, holder != message.receiver { lines.append("now with      \(holder)") }
            for (number, attachment) in entry.attachments.enumerated() {
                lines.append("attachment \(number + 1)  \(attachment.mediaType), \(attachment.bytes) bytes")
            }
            return (lines + (entry.course?.lines ?? [])).joined(separator: "\n")
        }
    }
}
