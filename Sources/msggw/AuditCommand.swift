import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct AuditCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "audit", abstract: "Verify and export the trail of everything that happened on the node.",
            discussion: """
                Every change of a message's state and every reading of content is a record of a chain that cannot be changed \
                without that showing, as long as one of its heads is kept elsewhere: keep exports on another machine. Partners \
                with a 'strong' agreement keep heads too, in the Acknowledgments that this node sends them. Both commands work \
                whether the node runs or not.
                """,
            subcommands: [Verify.self, Export.self])
    }
}

extension MsgGW.AuditCommand {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Walk the whole trail and name the first record that is not what was written.",
            discussion: """
                Without --against a trail that was cut at its end, or written anew as a whole, cannot be told from a good one: \
                that takes a head that was kept elsewhere.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(
            help: ArgumentHelp(
                "An earlier export, or an Acknowledgment of this node that a partner kept. May be given several times.",
                valueName: "file"), completion: .file())
        var against: [String] = []

        func run() async throws {
            try await reporting {
                let report = try AuditVerifier(node.settings()).verify(node.store(), against: against)
                try output.print(report) { Self.text(report) }
                if let fault = report.firstBad { throw Failure("the audit trail is not sound: \(fault)") }
            }
        }

        private static func text(_ report: AuditReport) -> String {
            var lines = [
                "records      \(report.records), the last one is \(report.sequence)", "head         \(report.head)",
                "checkpoints  \(report.checkpoints), signed through record \(report.signedThrough)",
            ]
            lines += report.compared.map { "against      \($0.file): \($0.agreed) agree" }
            lines += report.faults.map { "WRONG        \($0)" }
            lines.append(report.isSound ? "sound" : "not sound")
            return lines.joined(separator: "\n")
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the trail as lines of JSON that can be verified without msggw.",
            discussion: "The first line says how. Keep the output where whoever can write this node's disk cannot.")

        @OptionGroup var node: NodeOptions
        @Option(help: ArgumentHelp("The first record.", valueName: "number")) var from: Int64?
        @Option(help: ArgumentHelp("The last record.", valueName: "number")) var to: Int64?

        func validate() throws {
            if let from, from < 1 { throw ValidationError("--from must be 1 or more.") }
            if let from, let to, to < from { throw ValidationError("--to must not be less than --from.") }
        }

        func run() async throws {
            try await reporting {
                try node.store().exportAudit(node: node.settings().node.name, from: from, to: to) { line in
                    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
                }
            }
        }
    }
}
