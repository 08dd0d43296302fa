import ArgumentParser
import Gateway
import Practice

extension MsgGW.RegistryCommand {
    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which door has a message that a reform left undecided, under your name.",
            discussion: """
                The document and its receipts stay as they are, and a deadline keeps its time. A signed note says who has it now; \
                whoever follows the message sees it. The door must be of the same organisation.
                """)

        @OptionGroup var node: NodeOptions
        @Argument(help: "Messages under way, by any of their ids.") var messages: [String]
        @Option(
            name: .customLong("to"), help: ArgumentHelp("The door.", valueName: "HER-id"),
            transform: MsgGW.RegistryCommand.door)
        var door: DoorID

        func validate() throws { if messages.isEmpty { throw ValidationError("Name at least one message.") } }

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    say(try await HolderDesk(running).move(messages, to: door).joined(separator: "\n"))
                    running.wakeDaemon()
                }
            }
        }
    }
}
