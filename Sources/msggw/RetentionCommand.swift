import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct RetentionCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retention", abstract: "Destroy what has been kept long enough, or count what would be destroyed.",
            discussion: """
                How long each kind of record is kept is set in retention.*; docs/KEEPING.md says why. Nothing unfinished is ever \
                touched. Without a subcommand it counts.
                """,
            subcommands: [Report.self, Run.self], defaultSubcommand: Report.self)
    }
}

extension MsgGW.RetentionCommand {
    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count what would be destroyed now. Nothing is changed.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                let report = try Retention(try node.store(), try node.settings().retention, by: .command()).report(at: Date())
                try output.print(report) { text(report) }
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy what has been kept long enough: keys, rows and files.",
            discussion: """
                It works beside the running node, in small steps, and waits for no one. What is destroyed cannot be brought back, \
                except from a backup that holds its keys (see docs/KEEPING.md).
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Go on although the clock has moved more than three days since the last run: you have looked at it.")
        var clockIsRight = false

        func run() async throws {
            try await reporting {
                let retention = Retention(try node.store(), try node.settings().retention, by: .command())
                let report = try retention.run(at: Date(), isSureOfClock: clockIsRight)
                try output.print(report) { text(report) }
            }
        }
    }

    private static func text(_ report: RetentionReport) -> String {
        var lines = [report.isDone ? "destroyed:" : "would be destroyed:"]
        for line in report.lines {
            let days = line.days.map { "after \($0) days" } ?? "never"
            let oldest = line.oldest.map { ", at rest since \($0.formatted(.iso8601))" } ?? ""
            let bytes = line.bytes > 0 ? ", \(line.bytes) bytes" : ""
            lines.append("  \(line.kind.rawValue) (\(days)): \(line.messages)\(bytes)\(oldest)")
        }
        if let oldest = report.unfinished.oldest {
            lines.append(
                "kept because they are not finished: \(report.unfinished.messages), the oldest since \(oldest.formatted(.iso8601)); see 'msggw queue list'"
            )
        }
        if report.isLogEmpty == false {
            lines.append("the database's log could not be emptied while others were reading; the next run does it")
        }
        return lines.joined(separator: "\n")
    }
}
