import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW.RegistryCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a party with all that it has from its parent, and what is held about it.")

        @OptionGroup var source: Source
        @Argument(help: ArgumentHelp("The party.", valueName: "HER-id"), transform: MsgGW.RegistryCommand.door) var id: DoorID
        @Option(
            help: ArgumentHelp("Whether it is valid on that day; today when absent.", valueName: "day"),
            transform: MsgGW.RegistryCommand.day)
        var date: DoorDay?

        func run() async throws {
            try await reporting {
                let registry = try source.registry()
                guard let door = registry.complete(id) else {
                    throw Failure("party \(id) is not in the registry; look for it with 'msggw registry search'")
                }
                var lines = DoorView(registry: registry, door: door, day: date ?? MsgGW.RegistryCommand.today).lines
                if source.files.isEmpty {
                    for held in try source.node.store().heldRegistryChanges() where held.subject == id.description {
                        lines.append("venter på godkjenning: \(held.line)")
                    }
                }
                say(lines.joined(separator: "\n"))
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what differs between two registry files, and what an import would hold or refuse.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "The older file.", completion: .file()) var old: String
        @Argument(help: "The newer file.", completion: .file()) var new: String

        func run() async throws {
            try await reporting {
                let (before, after) = (
                    try MsgGW.RegistryCommand.given([old]), try MsgGW.RegistryCommand.given([new])
                )
                let report = RegistryComparison.report(from: before, to: after, today: MsgGW.RegistryCommand.today)
                try output.print(report) { report.isEmpty ? "Nothing differs." : report.map(\.line).joined(separator: "\n") }
            }
        }
    }

    struct DryRun: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dry-run", abstract: "Say what a day would bring, without doing any of it.",
            discussion: """
                Who follows whom, where nobody answers, and what becomes of the node's messages and deadlines that are under way. \
                The exit code is 1 unless everything has its door.
                """)

        @OptionGroup var source: Source
        @Option(
            help: ArgumentHelp("The day, such as the first of a reform.", valueName: "day"),
            transform: MsgGW.RegistryCommand.day)
        var date: DoorDay
        @Option(help: ArgumentHelp("Only this need. May be repeated.", valueName: "need")) var need: [String] = []

        func run() async throws {
            try await reporting {
                let registry = try source.registry()
                let known = registry.needs.filter { $0.reach != [.assignment] }.map(\.need)
                for name in need where !known.contains(Need(name)) {
                    throw Failure(
                        "there is no need '\(name.prefix(40))' that follows a place; there are \(known.map(\.id).joined(separator: ", "))"
                    )
                }
                let run = Practice.DryRun(
                    registry, on: date, needs: need.isEmpty ? known : need.map { Need($0) },
                    inFlight: source.files.isEmpty ? try source.node.store().inFlight() : [],
                    decided: MsgGW.RegistryCommand.today)
                say(run.report(in: registry).joined(separator: "\n"))
                if !run.isClean { throw Failure("not everything has its door on \(date); see GAP, UNDECIDED and STRANDED above") }
            }
        }
    }
}
