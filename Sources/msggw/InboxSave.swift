import ArgumentParser
import Foundation
import Gateway

extension MsgGW.InboxCommand {
    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a received message and its attachments to a folder.",
            discussion: """
                The sender is then told that the receiving side has it (AppRec). What is written is readable: choose a folder \
                that belongs to whoever may read it. That you saved it, and what for, is written into the audit trail.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or the document's MsgId.") var id: String
        @Argument(
            help: "The folder to write it below; the message gets a folder of its own there.", completion: .directory)
        var folder: String
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let filed = try await running.inbox.save(
                        id, to: URL(filePath: folder).standardizedFileURL.path, purpose: reader.known)
                    running.wakeDaemon()
                    try output.print(filed) {
                        (["saved in \(filed.folder)"] + filed.files.map { "  \($0)" }).joined(separator: "\n")
                    }
                }
            }
        }
    }
}
