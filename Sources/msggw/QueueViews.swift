import ArgumentParser
import Foundation
import Gateway

extension MsgGW.QueueCommand {
    /// Which messages.
    struct FilterOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp("Only to this node: an address, or scheme://host:port as the list shows it.", valueName: "address")
        )
        var destination: String?
        @Option(
            name: .customLong("older"),
            help: ArgumentHelp("Only taken longer ago than this: 90s, 15m, 4h, 2d.", valueName: "age"),
            transform: age)
        var older: Duration?

        func filter(states: [MessageState], limit: Int = .max) -> QueueFilter {
            QueueFilter(
                destination: destination.map(destinationName), states: states,
                takenBefore: older.map { Date() - TimeInterval($0.components.seconds) }, limit: limit)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what waits for delivery or for a person, oldest first.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var filter: FilterOptions
        @Option(
            help: ArgumentHelp(
                "taken, sealed, held or failed; may be repeated. Without it all but failed.", valueName: "state"))
        var state: [String] = []
        @Option(help: "How many at the most.") var limit = 100

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
            let known = QueueFilter.states.map(\.rawValue)
            for word in state where !known.contains(word) {
                throw ValidationError("'\(word.prefix(40))' is none of \(known.joined(separator: ", ")).")
            }
        }

        func run() async throws {
            try await reporting {
                let states = state.isEmpty ? [.taken, .sealed, .held] : state.compactMap(MessageState.init(rawValue:))
                let entries = try node.store().queue(filter.filter(states: states, limit: limit))
                try output.print(entries) {
                    entries.isEmpty ? "Nothing waits." : entries.map(\.line).joined(separator: "\n")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one message of the queue, with every step.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "#number, MessageId, or the document's MsgId.") var id: String

        /// What `queue show` prints in JSON for each message.
        private struct Shown: Encodable {
            let message: QueueEntry
            let steps: [MessageStep]
        }

        func run() async throws {
            try await reporting {
                let store = try node.store()
                let shown = try store.queued(id).map { entry in
                    Shown(message: entry, steps: try store.status(of: "#\(entry.number)").messages.flatMap(\.steps))
                }
                try output.print(shown) { shown.map(Self.text).joined(separator: "\n\n") }
            }
        }

        private static func text(_ shown: Shown) -> String {
            let steps = shown.steps.map { step in
                "  \(step.at.formatted(.iso8601))  \(step.what)\(step.detail.map { "  (\($0))" } ?? "")"
            }
            return ([shown.message.line, "  MessageId  \(shown.message.messageID)"] + steps).joined(separator: "\n")
        }
    }

    struct Shape: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how many wait for which node, by age.",
            discussion:
                "One line for each node; the columns are the time since a message was taken, then what is held and failed.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                let shape = try node.store().queueShape(at: Date())
                try output.print(shape) { Self.text(shape) }
            }
        }

        private static func text(_ shape: QueueShape) -> String {
            guard !shape.lines.isEmpty else { return "Nothing waits." }
            let heads = ["<5m", "<1h", "<4h", "<1d", "<4d", "older", "held", "failed"]
            let width = max(12, shape.lines.map(\.destination.count).max() ?? 0)
            func row(_ name: String, _ cells: [String]) -> String {
                name.padding(toLength: width, withPad: " ", startingAt: 0)
                    + cells.map { String(repeating: " ", count: max(1, 8 - $0.count)) + $0 }.joined()
            }
            let lines = shape.lines.map { line in
                row(
                    line.destination.isEmpty ? "no address" : line.destination,
                    (line.waiting + [line.held, line.failed]).map(String.init))
                    + (line.triedAt.map { "  tried again \($0.formatted(.iso8601)): \(line.reason ?? "no answer")" } ?? "")
            }
            return ([row("", heads)] + lines).joined(separator: "\n")
        }
    }
}
