import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct BackupCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup", abstract: "Copy a node to be put back one day, while it runs.",
            discussion: """
                The copy holds the messages, the settings, certificates and the registry. It never holds a private key or the store key: \
                keep those apart, or nobody can read it. docs/KEEPING.md has the drill.
                """,
            subcommands: [Make.self, Verify.self], defaultSubcommand: Make.self)
    }
}

extension MsgGW.BackupCommand {
    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a backup in a new folder; it is there when this command says so, and has been read again.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The folder to make; there must be nothing of that name.", completion: .directory) var folder: String
        @Option(
            help: ArgumentHelp(
                "Put the keys of the payloads into this file, apart from the backup, in place of those that are there: nobody can then read in older backups what has been destroyed since. Without it they lie in the backup.",
                valueName: "file"))
        var keys: String?

        func run() async throws {
            try await reporting {
                let backup = Backup(try node.store(), try node.settings(), by: .command())
                let report = try backup.make(at: folder, keys: keys, now: Date())
                try output.print(report) { Self.text(report) }
                guard report.problems.isEmpty else {
                    throw Failure(
                        "the backup was made, and \(report.problems.count) things in it are not as they were written; see above, and run 'msggw store check'"
                    )
                }
            }
        }

        private static func text(_ report: Backup.Report) -> String {
            var lines = [
                "backup of \(report.made.formatted(.iso8601)) in \(report.folder)",
                "  \(report.messages) messages, \(report.payloads) payloads; \(report.files) files, \(report.bytes) bytes",
                report.keys.map { "  the keys of the payloads are in \($0)" } ?? "  the keys of the payloads are in the backup",
                "  private keys and the store key are not in it: keep copies of them apart",
            ]
            lines += report.withoutKeys.map { "  left out, since it holds a private key: \($0)" }
            lines += report.problems.map { "  wrong: \($0)" }
            return lines.joined(separator: "\n")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a backup again: every digest, the database, and with the store key every payload.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "The folder of the backup.", completion: .directory) var folder: String
        @Option(help: ArgumentHelp("The store key; without it only digests are compared.", valueName: "file")) var storeKey:
            String?
        @Option(help: ArgumentHelp("The keys of the payloads, when they lie apart.", valueName: "file")) var keys: String?

        func run() async throws {
            try await reporting {
                let check = try BackupCheck.run(folder, key: storeKey.map { try StoreKey(file: $0) }, keys: keys)
                try output.print(check) {
                    ([
                        "backup of \(check.node), \(check.made.formatted(.iso8601)), made by msggw \(check.program)",
                        "  \(check.messages) messages, \(check.payloads) payloads, \(check.files) files",
                    ] + (check.destroyed > 0 ? ["  \(check.destroyed) payloads whose keys have been destroyed since"] : [])
                        + check.problems.map { "  wrong: \($0)" }
                        + (check.problems.isEmpty
                            ? [check.isComplete ? "  good" : "  every digest holds; the payloads were not tried (no --store-key)"]
                            : []))
                        .joined(separator: "\n")
                }
                guard check.problems.isEmpty else {
                    throw Failure("the backup is not as it was written; see above, and take another one")
                }
            }
        }
    }
}
