import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW.RegistryCommand {
    /// A node whose registry is changed.
    struct DeskOptions: ParsableArguments {
        @OptionGroup var node: NodeOptions

        func desk() throws -> RegistryDesk {
            RegistryDesk(store: try node.store(), settings: try node.settings().registry, actor: .command())
        }

        func wakeDaemon() throws { try node.settings().wakeDaemon() }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a registry: our own files, the national export, answers of its REST and SOAP interfaces.",
            discussion: """
                Kinds are told apart by content; certificates that were fetched may lie beside. What may be believed becomes a \
                new version; changes of keys, addresses and the like are held for 'approve'; what contradicts itself is \
                refused, and the exit code is then 1. A node that runs takes the new version at once.
                """)

        @OptionGroup var options: DeskOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Files. Those of our own format are read together.", completion: .file()) var files: [String]
        @Flag(help: "That a party is not in a list says nothing about it.") var part = false

        func validate() throws { if files.isEmpty { throw ValidationError("Name at least one file.") } }

        func run() async throws {
            try await reporting {
                let report = try await options.desk().take(files, isPart: part)
                try options.wakeDaemon()
                try output.print(report) { report.text }
                if report.isRefused {
                    throw Failure("some of it was refused: put it right where it comes from; nobody may approve it here")
                }
            }
        }
    }

    struct Held: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List changes that wait for somebody's word.")

        @OptionGroup var options: DeskOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                let held = try options.node.store().heldRegistryChanges()
                try output.print(held) { held.isEmpty ? "Nothing is held." : held.map(\.line).joined(separator: "\n") }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make held changes part of the registry, under your name.",
            discussion: """
                Ask the other side first, by another way than the one that the change came by: whoever has its key can read \
                what is sent to it. All that are named become one version.
                """)

        @OptionGroup var options: DeskOptions
        @Argument(help: "HER-ids, or 'lists' for agreements, areas and the like.") var subjects: [String]

        func validate() throws { if subjects.isEmpty { throw ValidationError("Name at least one HER-id.") } }

        func run() async throws {
            try await reporting {
                let version = try await options.desk().approve(subjects)
                say("version \(version)  \(subjects.joined(separator: ", "))")
                try options.wakeDaemon()
                say("A node that runs takes it at once; one that cannot says so with an alert.")
            }
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that held changes are not to be believed, under your name.")

        @OptionGroup var options: DeskOptions
        @Argument(help: "HER-ids, or 'lists'.") var subjects: [String]

        func validate() throws { if subjects.isEmpty { throw ValidationError("Name at least one HER-id.") } }

        func run() async throws {
            try await reporting {
                try await options.desk().reject(subjects)
                try options.wakeDaemon()
                say("rejected  \(subjects.joined(separator: ", "))")
            }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every version that changed a party, and what was held about it.")

        @OptionGroup var options: DeskOptions
        @OptionGroup var output: OutputOptions
        @Argument(
            help: ArgumentHelp("The party.", valueName: "HER-id"), transform: MsgGW.RegistryCommand.door)
        var id: DoorID

        private struct View: Encodable {
            let versions: [RegistryHistoryLine]
            let held: [HeldChange]
        }

        func run() async throws {
            try await reporting {
                let history = try options.node.store().registryHistory(of: HERID(id))
                guard !history.versions.isEmpty || !history.held.isEmpty else {
                    throw Failure("no version in the store has party \(id); nothing was imported, or it is not in the registry")
                }
                try output.print(View(versions: history.versions, held: history.held)) {
                    (history.versions.map { "version \($0.version)  \($0.day)  \($0.source)  \($0.actor)  \($0.change)" }
                        + history.held.map { "held  \($0.line)" }).joined(separator: "\n")
                }
            }
        }
    }
}

extension HeldChange {
    var line: String {
        let decided = decision.map { ", \($0)" + (decidedBy.map { " by \($0)" } ?? "") } ?? ""
        return "\(subject)  \(summary)  (\(suspicions.joined(separator: ", ")))  from \(source)\(decided)"
    }
}

extension RegistryImportReport {
    var text: String {
        var shown = lines.map(\.line)
        let counts = Dictionary(grouping: lines, by: \.verdict).mapValues(\.count)
        shown.append(
            "\(counts[.accepted] ?? 0) accepted, \(counts[.held] ?? 0) held, \(counts[.refused] ?? 0) refused; "
                + (version.map { "version \($0)" } ?? "nothing changed"))
        return shown.joined(separator: "\n")
    }
}

extension RegistryImportReport.Line {
    var line: String {
        "\(verdict.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0))  \(subject)  \(summary)"
            + (suspicions.isEmpty ? "" : "  (\(suspicions.joined(separator: ", ")))")
    }
}
