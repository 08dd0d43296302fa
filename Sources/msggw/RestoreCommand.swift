import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct RestoreCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Make a node folder of a backup, and say what is missing.",
            discussion: """
                What was not known to have arrived when the backup was made is held: it may have arrived since. What was to be filed is not \
                filed again. Look through 'msggw restore report', ask the partners, let the held messages go with 'msggw restore resend' or \
                'msggw queue', and end it with 'msggw restore settled'. docs/KEEPING.md has the drill, step by step.
                """,
            subcommands: [Run.self, Report.self, Resend.self, Settled.self], defaultSubcommand: Run.self)
    }
}

extension MsgGW.RestoreCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a backup back into a new folder.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "The folder of the backup.", completion: .directory) var backup: String
        @Option(help: ArgumentHelp("The node folder to make; nothing may be in it.", valueName: "folder"), completion: .directory)
        var into: String
        @Option(help: ArgumentHelp("The store key that the backup was made with.", valueName: "file")) var storeKey: String
        @Option(help: ArgumentHelp("The keys of the payloads, when they lie apart.", valueName: "file")) var keys: String?
        @Flag(help: "Put back what there is of a backup that is not whole.") var evenDamaged = false

        func run() async throws {
            try await reporting {
                let restore = Restore(backup, into: into, storeKeyFile: storeKey, keys: keys, by: .command())
                let report = try restore.run(at: Date(), evenDamaged: evenDamaged)
                try output.print(report) { text(report) }
            }
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is missing or unsure after a restoration, and whom to ask.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                let report = try node.store().restoreReport(at: Date(), node: try node.settings().folder)
                try output.print(report) { text(report) }
            }
        }
    }

    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the messages go that a restoration held.",
            discussion: """
                The same bytes go out under the same MessageId. A receiver that has them answers with the receipt it stored and shows \
                nothing twice, as long as it remembers repeats. What had not been sealed is sealed anew; a receiver that has it refuses it \
                as inconsistent, and the message then fails with that reason: it had arrived.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("Only those to this party.", valueName: "HER-id")) var to: String?

        func run() async throws {
            try await reporting {
                let receiver = try to.map { text in
                    guard let id = HERID(text) else {
                        throw ValidationError("'\(text.prefix(40))' is no HER-id: it has 1 to 10 digits.")
                    }
                    return id
                }
                let store = try node.store()
                let count = try await store.resendRestored(to: receiver, at: Date(), by: .command())
                store.wakeDaemon()
                try output.print(["released": count]) { "\(count) messages go out again" }
            }
        }
    }

    struct Settled: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that everything a restoration left unsure has been looked into.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await reporting { try await node.store().settleRestoration(at: Date(), by: .command()) }
        }
    }

    private static func text(_ report: RestoreReport) -> String {
        var lines = [
            "restored into \(report.folder) at \(report.restored.formatted(.iso8601))",
            "the backup is of \(report.made.formatted(.iso8601)); what happened after that is not known here",
        ]
        lines += report.problems.map { "wrong in the backup: \($0)" }
        lines += report.toPutBack.map { "put back: \($0)" } + report.remarks
        lines += list("held: may have been delivered since (msggw restore resend)", report.held, "to")
        lines += list(
            "received and perhaps filed since (look in the receiving system; msggw inbox save)", report.notFiled, "from")
        lines += list("delivered; an AppRec may have come since", report.unanswered, "to")
        if !report.filedSince.isEmpty {
            lines.append("filed after the backup, \(report.filedSince.count) folders; the store knows nothing of them:")
            lines += report.filedSince.prefix(50).map { "  \($0)" }
        }
        lines.append(
            "ask each of these for what it sent you and got a receipt for after \(report.made.formatted(.iso8601)), and what it has of yours:"
        )
        lines += report.partners.map { partner in
            let last = partner.lastReceived.map { "last from it \($0.formatted(.iso8601))" } ?? "nothing from it"
            return "  \(partner.party): \(partner.held) held, \(partner.unanswered) without an answer, \(last)"
        }
        lines.append("ask those who hand in documents here for what they handed in after that time: it is to be handed in again")
        lines.append("when all of it is settled: msggw restore settled")
        return lines.joined(separator: "\n")
    }

    private static func list(_ title: String, _ messages: [RestoreReport.Message], _ way: String) -> [String] {
        if messages.isEmpty { return [] }
        let shown = messages.prefix(50).map {
            "  #\($0.number)  \($0.since.formatted(.iso8601))  \($0.kind)  \(way) \($0.partner)  \($0.messageID)"
        }
        return ["\(title): \(messages.count)"] + shown + (messages.count > 50 ? ["  … all of them with --json"] : [])
    }
}
