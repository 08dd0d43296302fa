import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct Evidence: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Export what proves a message's way, for somebody without msggw.",
            discussion: """
                Writes a folder with the signed message, its receipts, certificates and audit records, and a script that checks \
                all of it with openssl and xmlsec1 alone. What the document says is not in it. That it was exported is written \
                into the audit trail.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or the document's MsgId.") var id: String
        @Argument(help: "The folder to make.", completion: .directory) var folder: String

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let summary = try await EvidenceExport(running).write(
                        id, to: URL(filePath: folder).standardizedFileURL.path, at: Date(), by: .command())
                    try output.print(summary) {
                        (["written to \(summary.folder); check it with: sh \(summary.folder)/verify.sh"]
                            + summary.missing.map { "  not in it: \($0)" }).joined(separator: "\n")
                    }
                }
            }
        }
    }
}
