import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW {
    struct RegistryCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "registry", abstract: "Find the right door, and keep the address registry.",
            discussion: """
                Asks the registry that the node works by: the newest version in its store; while nothing has been imported, \
                registry.file and registry.also. With --file it asks those files and needs no node. Answers are in Norwegian: \
                they are for whoever sends.
                """,
            subcommands: [
                Resolve.self, Search.self, Show.self, Diff.self, DryRun.self, Import.self, Held.self, Approve.self, Reject.self,
                History.self, Move.self,
            ])
    }
}

extension MsgGW.RegistryCommand {
    /// Which registry is asked.
    struct Source: ParsableArguments {
        @OptionGroup var node: NodeOptions
        @Option(
            name: .customLong("file"),
            help: ArgumentHelp(
                "A registry file to ask in place of the node's; several are read together.", valueName: "file"),
            completion: .file())
        var files: [String] = []

        func book() throws -> DoorBook {
            if !files.isEmpty { return try given(files) }
            return try RegistryDesk(store: try node.store(), settings: try node.settings().registry, actor: .command()).book()
        }

        func registry() throws -> DoorRegistry { DoorRegistry(try book()) }
    }

    /// Files that the command line names: what is wrong with them is no fault of the node's configuration.
    static func given(_ files: [String]) throws -> DoorBook {
        do { return try RegistryFiles.book(files) } catch { throw Failure(error.description) }
    }

    @Sendable static func day(_ text: String) throws -> DoorDay {
        guard let day = DoorDay(text) else {
            throw ValidationError("'\(text.prefix(40))' is no day; write it as 2028-01-01.")
        }
        return day
    }

    @Sendable static func door(_ text: String) throws -> DoorID {
        guard let id = DoorID(text) else {
            throw ValidationError("'\(text.prefix(40))' is no HER-id: it has 1 to 10 digits.")
        }
        return id
    }

    static var today: DoorDay { DoorDay(inOsloAt: NodeClock.system.now()) }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who meets a need for somebody who lives there, and why.",
            discussion: """
                Names one door only when exactly one fits; otherwise it says what stands in the way, and the exit code is 1. \
                Needs are 'contact-point', 'bup', 'school-health', 'ppt', 'gp', and what the registry adds. A protected \
                address is answered without looking at any place.
                """)

        @OptionGroup var source: Source
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("What is needed, such as 'bup'.", valueName: "need")) var need: String
        @OptionGroup var place: PlaceOptions
        @Option(
            help: ArgumentHelp("The GP that the register of patients and their GPs names.", valueName: "HER-id"),
            transform: MsgGW.RegistryCommand.door)
        var gp: DoorID?
        @Option(
            help: ArgumentHelp("Who would have been right on that day; today when absent.", valueName: "day"),
            transform: MsgGW.RegistryCommand.day)
        var date: DoorDay?

        func validate() throws {
            guard [place.area != nil, place.isProtected, gp != nil].count(where: { $0 }) == 1 else {
                throw ValidationError("Say where with --area NAME, or --protected, or who with --gp HER-id.")
            }
        }

        func run() async throws {
            try await reporting {
                let registry = try source.registry()
                let day = date ?? MsgGW.RegistryCommand.today
                let resolution = Resolver(registry).resolve(
                    Need(need), for: place.place, on: day, gp: gp.map { .door($0) } ?? .unknown)
                let view = ResolutionView(resolution, in: registry)
                try output.print(view) { view.text.joined(separator: "\n") }
                if resolution.door != nil { return }
                if case .none(.unknownNeed) = resolution.outcome {
                    let known = registry.needs.map(\.need.id).joined(separator: ", ")
                    throw Failure("there is no need '\(need.prefix(40))' in the registry; there are \(known)")
                }
                throw Failure("no receiver was named: \(resolution.outcome.summary)")
            }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find services by what they do: 'angst 14 år Sagene'.",
            discussion: "Place and age may stand in the text. The contact point of the area is named too.")

        @OptionGroup var source: Source
        @OptionGroup var output: OutputOptions
        @Argument(help: "What is looked for, in ordinary words.") var text: [String]
        @Option(help: ArgumentHelp("Where, when it does not stand in the text.", valueName: "name")) var area: String?
        @Option(help: ArgumentHelp("How old the child is, when it does not stand in the text.", valueName: "years")) var age: Int?
        @Option(
            help: ArgumentHelp("What is there on that day; today when absent.", valueName: "day"),
            transform: MsgGW.RegistryCommand.day)
        var date: DoorDay?

        func validate() throws {
            if text.isEmpty { throw ValidationError("Say what you look for.") }
            if let age, !(0...120).contains(age) { throw ValidationError("--age must be from 0 to 120.") }
        }

        func run() async throws {
            try await reporting {
                let registry = try source.registry()
                let day = date ?? MsgGW.RegistryCommand.today
                let search = ServiceSearch(registry)
                let answer = search.search(
                    text.joined(separator: " "), area: try area.map { try located($0, in: registry, on: day) }, age: age, on: day)
                let view = SearchView(answer, search)
                try output.print(view) { view.text }
            }
        }

        private func located(_ name: String, in registry: DoorRegistry, on day: DoorDay) throws -> AreaID {
            let areas = registry.book.geography.areas(named: name)
            let now = areas.filter { $0.period.contains(day) }
            if let only = now.count == 1 ? now[0] : areas.count == 1 ? areas[0] : nil { return only.id }
            throw Failure(
                areas.isEmpty
                    ? "there is no area '\(name.prefix(40))' in the registry; write the name of a bydel or municipality"
                    : "'\(name.prefix(40))' means several areas: \(areas.map(\.id.value).joined(separator: ", ")); say which by its number"
            )
        }
    }
}

/// Where the child lives, as the command line says it.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Name or number of the bydel or municipality where the child lives.", valueName: "name"))
    var area: String?
    @Flag(name: .customLong("protected"), help: "The address is protected: no place is looked at.") var isProtected = false

    var place: Place { isProtected ? .protected : area.map { .named($0) } ?? .unknown }
}
