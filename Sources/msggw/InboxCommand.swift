import ArgumentParser
import Envelope
import Foundation
import Gateway
import Logging

struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "See and save what the node has received.",
        subcommands: [List.self, Show.self, Save.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List received messages, newest first.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How many at the most.") var limit = 50

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let messages = try running.inbox.list(limit: limit)
                    try output.print(messages.map(ReceivedLine.init)) {
                        messages.isEmpty
                            ? "Nothing has been received."
                            : messages.map { message in
                                "\(message.id)  \(message.created.formatted(.iso8601))  \(message.state.rawValue)  \(message.kind)  from \(message.sender) to \(message.receiver)  \(message.messageID)"
                            }.joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a received message: its facts, or with --document the document itself.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or the document's MsgId.") var id: String
        @Flag(help: "Print the document as it came. It holds health data.") var document = false

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    if document {
                        FileHandle.standardOutput.write(Data(try running.inbox.document(id)))
                        return
                    }
                    let entry = try running.inbox.show(id)
                    try output.print(ReceivedMessage(entry)) { Self.text(entry) }
                }
            }
        }

        private static func text(_ entry: Inbox.Entry) -> String {
            let message = entry.message
            var lines = [
                "number        \(message.id)", "kind          \(message.kind)", "from          \(message.sender)",
                "to            \(message.receiver)", "MessageId     \(message.messageID)",
                "conversation  \(message.conversationID)",
                "document      \(message.documentID)", "received      \(message.created.formatted(.iso8601))",
                "state         \(message.state.rawValue)", "protection    \(message.protection.rawValue)",
            ]
            for (number, attachment) in entry.attachments.enumerated() {
                lines.append("attachment \(number + 1)  \(attachment.mediaType), \(attachment.bytes) bytes")
            }
            return lines.joined(separator: "\n")
        }
    }

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a received message and its attachments to a folder.",
            discussion: "The sender is then told that the receiving side has it (AppRec).")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or the document's MsgId.") var id: String
        @Argument(help: "The folder to write it below; the message gets a folder of its own there.") var folder: String

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let filed = try await running.inbox.save(id, to: URL(filePath: folder).standardizedFileURL.path)
                    running.wakeDaemon()
                    try output.print(filed) {
                        (["saved in \(filed.folder)"] + filed.files.map { "  \($0)" }).joined(separator: "\n")
                    }
                }
            }
        }
    }
}

private struct ReceivedLine: Encodable {
    let number: Int64
    let received: Date
    let state, kind, sender, receiver, messageID, documentID, conversationID: String

    init(_ message: MessageRecord) {
        (number, received, state, kind) = (message.id, message.created, message.state.rawValue, message.kind)
        (sender, receiver, messageID) = (message.sender, message.receiver, message.messageID)
        (documentID, conversationID) = (message.documentID, message.conversationID)
    }
}

private struct ReceivedMessage: Encodable {
    let message: ReceivedLine
    let attachments: [Inbox.AttachmentEntry]

    init(_ entry: Inbox.Entry) { (message, attachments) = (ReceivedLine(entry.message), entry.attachments) }
}

extension NodeOptions {
    /// The node's store and registry for one command, without serving anything.
    func opened(_ work: (Node) async throws -> Void) async throws {
        let running = try Node(try settings(), logger: Logger(label: "msggw", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await work(running)
        await running.stop()
    }
}
