import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct AlertsCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "alerts", abstract: "See what someone must act on, close it, and try how people are told.",
            discussion: "Without a subcommand it lists. docs/ALERTS.md says what is told, to whom, and how often.",
            subcommands: [List.self, Resolve.self, Test.self], defaultSubcommand: List.self)
    }
}

extension MsgGW.AlertsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List open alerts, the worst first.",
            discussion: "It works whether the node runs or not, and also when a certificate has run out.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "List those too that are over, newest first.") var all = false
        @Option(help: "How many at the most.") var limit = 100

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be 1 or more.") }
        }

        func run() async throws {
            try await reporting {
                let alerts = try node.store().alertReports(all: all, limit: limit)
                try output.print(alerts) {
                    alerts.isEmpty ? "Nobody has to act." : alerts.map(Self.text).joined(separator: "\n\n")
                }
            }
        }

        private static func text(_ alert: AlertReport) -> String {
            var lines = ["\(alert.number)  \(alert.severity.rawValue)  \(alert.title)"]
            if let id = alert.messageID { lines.append("  message   \(id)" + (alert.message.map { " (#\($0))" } ?? "")) }
            if let sender = alert.sender, let receiver = alert.receiver { lines.append("  parties   \(sender) to \(receiver)") }
            if let codes = alert.codes, !codes.isEmpty { lines.append("  codes     \(codes.joined(separator: ", "))") }
            if let until = alert.until { lines.append("  until     \(OsloTime.text(until)) in Oslo") }
            lines.append("  since     \(OsloTime.text(alert.firstAt)) in Oslo")
            if let resolved = alert.resolvedAt {
                lines.append("  over      \(OsloTime.text(resolved)) in Oslo")
            } else {
                lines.append("  to do     \(alert.action)")
            }
            return lines.joined(separator: "\n")
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close an alert that has been seen to.",
            discussion: """
                Of a deadline it says that nobody waits any more: the answer came by letter or telephone. What still goes on is \
                raised again. Who closed it and why stands in the audit trail.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The alert's number.") var number: Int64
        @Option(help: "Why, for the audit trail; no names and no numbers of persons.") var reason: String?

        func run() async throws {
            try await reporting {
                let closed = try await node.store().resolveAlert(
                    number, reason: reason, by: .command(), at: NodeClock.system.now())
                try node.settings().wakeDaemon()
                try output.print(closed) { "Closed \(closed.number): \(closed.title)" }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test alert by mail and webhook, to everyone who is set.",
            discussion: "Says for each of them whether it was taken. A mail server that took a mail may still not deliver it.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                var trials: [AlertTrial] = []
                try await node.opened { trials = await $0.trialOfAlerts() }
                try output.print(trials) {
                    trials.isEmpty
                        ? "Only the log is told: set alerts.smtpServer or alerts.webhook."
                        : trials.map { "\($0.route): \($0.isDone ? "taken" : "not taken, \($0.reason ?? "")")" }
                            .joined(separator: "\n")
                }
                if trials.contains(where: { !$0.isDone }) { throw ExitCode.failure }
            }
        }
    }
}
