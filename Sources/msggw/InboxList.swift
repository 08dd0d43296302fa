import ArgumentParser
import Foundation
import Gateway

extension MsgGW.InboxCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List received messages, newest first.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "How many at the most.") var limit = 50

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
        }

        func run() async throws {
            try await reporting {
                let messages = try node.store().received(limit: limit)
                try output.print(messages.map { ReceivedMessage($0) }) {
                    messages.isEmpty ? "Nothing has been received." : messages.map(Self.line).joined(separator: "\n")
                }
            }
        }

        private static func line(_ message: MessageRecord) -> String {
            [
                "\(message.id)", message.created.formatted(.iso8601), message.state.rawValue, message.kind,
                "from \(message.sender) to \(message.receiver)", message.messageID,
            ].joined(separator: "  ")
        }
    }
}
