import ArgumentParser
import Foundation
import Gateway

extension MsgGW.ConsentCommand {
    struct Carried: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the consents that came along with a received message, and whether they hold.",
            discussion: """
                One holds when the party that recorded it has signed it, with a certificate of its organisation, and when it is bound to this \
                message by its digest. The exit code is 1 when one does not. That you looked, and what for, is written into the \
                audit trail.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The received message: number, MessageId or the document's MsgId.") var message: String
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let carried = try await running.consents.carried(by: message, for: reader.reading)
                    try output.print(carried) {
                        carried.isEmpty ? "No consent came along." : carried.map(\.text).joined(separator: "\n")
                    }
                    if carried.contains(where: { $0.finding != .holds }) { throw ExitCode.failure }
                }
            }
        }
    }
}

extension CarriedConsent {
    fileprivate var text: String {
        guard let consent, let summary else { return "does not hold: \(finding.rawValue)" }
        return "holds  \(consent.line)\n\(summary)"
    }
}
