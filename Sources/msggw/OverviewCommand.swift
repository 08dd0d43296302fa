import ArgumentParser
import Envelope
import Foundation
import Gateway

extension MsgGW {
    struct Overview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show who shared what about a child with whom, on what basis, who opened it, and what comes next.",
            discussion: """
                It shows the messages of this node, nothing of what stands in them. Name the child by one of its messages, or give \
                '-' and write the identity number on standard input: what stands on a command line everybody on the machine \
                can read. That you asked, and what for, is written into the audit trail of each message that is shown. The first \
                time it looks through everything that the node holds, which takes a while.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(
            help: ArgumentHelp(
                "A message about the child (number, MessageId or the document's MsgId), or '-' for an identity number on standard input.",
                valueName: "child"))
        var child: String
        @OptionGroup var reader: ReaderOptions

        func validate() throws {
            guard (try? IdentityNumber(child, rule: .from2032)) == nil else {
                throw ValidationError(
                    "An identity number must not stand on the command line, where others can read it. Give '-' and write it on standard input."
                )
            }
        }

        func run() async throws {
            try await reporting {
                let subject = try child == "-" ? OverviewSubject.number(Self.number()) : .message(child)
                try await node.opened { running in
                    let overview = try await running.overview(for: reader.reading).overview(of: subject)
                    try output.print(overview) { overview.text }
                }
            }
        }

        private static func number() throws -> IdentityNumber {
            let line = readLine().map { $0.filter { !$0.isWhitespace } } ?? ""
            do { return try IdentityNumber(line, rule: .from2032) } catch {
                throw Failure("what stands on standard input is no identity number: \(error.reason)")
            }
        }
    }
}
