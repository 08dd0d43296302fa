import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct StatisticsCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "statistics", abstract: "Figures about referrals for leaders, without persons.",
            discussion: """
                Referrals by what was answered and by kind of referrer, days to answer, what was missing, and how often the referrer was \
                asked for more. A count below five is shown as <5, and - stands for one from which such a count could be worked \
                out. Whole months that are over; that you asked is written into the audit trail.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(
            help: ArgumentHelp("The first month: 2026-01. Without it January of the year of the last one.", valueName: "month"),
            transform: month)
        var from: StatisticsMonth?
        @Option(help: ArgumentHelp("The last month. Without it the last that is over.", valueName: "month"), transform: month)
        var to: StatisticsMonth?
        @Flag(help: "Print one figure a line, separated by commas.") var csv = false
        @OptionGroup var reader: ReaderOptions

        func validate() throws {
            if csv, output.json { throw ValidationError("Give --json or --csv, not both.") }
        }

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    do {
                        let figures = try await running.statistics(for: reader.reading).statistics(from: from, to: to)
                        if csv { return say(figures.csv) }
                        try output.print(figures) { figures.text }
                    } catch let error as StatisticsError { throw Failure(error.description) }
                }
            }
        }
    }
}

@Sendable private func month(_ text: String) throws -> StatisticsMonth {
    guard let month = StatisticsMonth(text) else {
        throw ValidationError("'\(text.prefix(20))' is no month: write it as 2026-01.")
    }
    return month
}
