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
                let store = try node.store()
                let messages = try store.received(limit: limit)
                let holders = try messages.map { try store.holder(of: $0.id) }
                try output.print(zip(messages, holders).map { ReceivedMessage($0, holder: $1) }) {
                    messages.isEmpty
                        ? "Nothing has been received." : zip(messages, holders).map(Self.line).joined(separator: "\n")
                }
            }
        }

        private static func line(_ message: MessageRecord, _ holder: String?) -> String {
            let held = holder.flatMap { $0 == message.receiver ? nil : ", now with \($0)" } ?? ""
            return [
                "\(message.id)", message.created.formatted(.iso8601), message.state.rawValue, message.kind,
                "from \(message.sender) to \(message.receiver)\(held)", message.messageID,
            ].joined(separator: "  ")
        }
    }
}
