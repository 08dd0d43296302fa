import ArgumentParser
import Foundation
import Gateway

extension MsgGW.QueueCommand {
    /// What all orders have in common: which node, which messages, how the result is printed.
    struct OrderOptions: ParsableArguments {
        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "#number, MessageId, or the document's MsgId.") var ids: [String] = []

        func carryOut(_ order: QueueOrder, isConfirmed: Bool = false) async throws {
            try await perform { try await $0.carryOut(order, on: ids, isConfirmed: isConfirmed) }
        }

        func carryOut(_ order: QueueOrder, onAll filter: QueueFilter) async throws {
            try await perform { try await $0.carryOut(order, onAll: filter) }
        }

        private func perform(_ work: (QueueDesk) async throws -> [QueueResult]) async throws {
            try await reporting {
                let settings = try node.settings()
                let store = try node.store()
                let desk = QueueDesk(
                    store: store, registry: try Registry.current(settings.registry, in: store), actor: .command(),
                    allowsPlainLoopback: settings.node.environment == .test)
                let results = try await work(desk)
                settings.wakeDaemon()
                try output.print(results) {
                    results.isEmpty ? "There is no such message." : results.map(\.line).joined(separator: "\n")
                }
            }
        }
    }

    /// All messages of a kind instead of named ones.
    struct ManyOptions: ParsableArguments {
        @OptionGroup var filter: FilterOptions
        @Flag(help: "Every one, instead of named ones.") var all = false

        var isGiven: Bool { all || filter.destination != nil || filter.older != nil }

        func check(_ ids: [String]) throws {
            guard ids.isEmpty == isGiven else {
                throw ValidationError("Name messages, or say --destination, --older or --all.")
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try now, and by the whole schedule from now on.",
            discussion: """
                Also takes up again what has failed, with the bytes that were made then, unless the document was handed in \
                again since. Its node is asked at once. With --destination, --older or --all only what waits.
                """)

        @OptionGroup var order: OrderOptions
        @OptionGroup var many: ManyOptions

        func validate() throws { try many.check(order.ids) }

        func run() async throws {
            if many.isGiven {
                try await order.carryOut(.retry, onAll: many.filter.filter(states: [.taken, .sealed]))
            } else {
                try await order.carryOut(.retry)
            }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hold messages: nobody tries until they are released.",
            discussion: "One that is being sent at this moment is held when that has ended, unless it was delivered.")

        @OptionGroup var order: OrderOptions
        @OptionGroup var many: ManyOptions

        func validate() throws { try many.check(order.ids) }

        func run() async throws {
            if many.isGiven {
                try await order.carryOut(.hold, onAll: many.filter.filter(states: [.taken, .sealed]))
            } else {
                try await order.carryOut(.hold)
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let held messages go on; their schedule begins anew.")

        @OptionGroup var order: OrderOptions
        @OptionGroup var many: ManyOptions

        func validate() throws { try many.check(order.ids) }

        func run() async throws {
            if many.isGiven {
                try await order.carryOut(.release, onAll: many.filter.filter(states: [.held]))
            } else {
                try await order.carryOut(.release)
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End messages that were not delivered.",
            discussion: """
                What was sent once without a receipt may have arrived all the same: then --yes is needed, and a late receipt still \
                counts. The document may be handed in again afterwards.
                """)

        @OptionGroup var order: OrderOptions
        @Flag(help: "Although the receiver may have it.") var yes = false

        func validate() throws {
            guard !order.ids.isEmpty else { throw ValidationError("Name the messages.") }
        }

        func run() async throws { try await order.carryOut(.cancel, isConfirmed: yes) }
    }

    struct Redirect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a message to another address of the same receiver.",
            discussion: """
                For a partner whose node answers elsewhere. The bytes stay as they are: nobody but the receiver can read them, and \
                only its signature counts as delivery. To another receiver nothing is redirected, since the document names \
                the one that it is for: cancel it and hand in a document for the other.
                """)

        @OptionGroup var order: OrderOptions
        @Option(
            help: ArgumentHelp("The address of the node, or 'registry' for the one that the registry has.", valueName: "address"))
        var to: String
        @Flag(help: "Although the receiver may have it.") var yes = false

        func validate() throws {
            guard !order.ids.isEmpty else { throw ValidationError("Name the messages.") }
        }

        func run() async throws {
            try await order.carryOut(.redirect(endpoint: to == "registry" ? nil : to), isConfirmed: yes)
        }
    }
}

extension QueueResult {
    fileprivate var line: String {
        let what =
            switch outcome {
            case .done: "now \(state.rawValue)"
            case .later: "is being sent; done when that has ended, unless it is delivered"
            case .already: "was so already: \(state.rawValue)"
            }
        return "#\(number)  \(messageID)  to \(receiver)  \(what)"
    }
}
