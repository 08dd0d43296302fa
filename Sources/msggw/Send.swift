import ArgumentParser
import Foundation
import Gateway
import Logging

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand a clinical document and its attachments to the node.",
        discussion: """
            The document names its sender and receivers. The message is taken when this command says so: it is then on the disk
            and goes out as soon as the node runs, also when it does not run now.
            """)

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The document: Henvisning, Epikrise, or a Hodemelding with its content, as XML.")
    var document: String

    @Option(
        name: [.customShort("a"), .customLong("attach")],
        help:
            "A file to go with it, in its ordinary format (PDF, JPEG, PNG, TIFF, HEIC, DOCX, ODT, text). Write 'FILE=Title' to name it."
    )
    var attachments: [String] = []

    @Option(name: .customLong("from"), help: "HER-id that the document must name as its sender.")
    var sender: String?

    @Option(name: .customLong("to"), help: "HER-id that the document must name as a receiver.")
    var receiver: String?

    func run() async throws {
        try await reporting {
            let submission = Submission(
                document: try read(document), attachments: attachments.map(attachment), sender: try id(sender, "--from"),
                receiver: try id(receiver, "--to"))
            let running = try Node(
                try node.settings(), logger: Logger(label: "msggw", factory: { _ in SwiftLogNoOpLogHandler() }))
            let taken = try await running.intake.submit(submission)
            running.wakeDaemon()
            await running.stop()
            try output.print(taken.map(Taken.init)) {
                taken.map { "taken  \($0.messageID)  for \($0.receiverName) (\($0.receiver))" }.joined(separator: "\n")
                    + "\nFollow it with: msggw status \(taken[0].messageID) --node \(node.folder)"
            }
        }
    }

    private struct Taken: Encodable {
        let messageID, conversationID, receiver: String

        init(_ taken: TakenMessage) {
            (messageID, conversationID, receiver) = (taken.messageID, taken.conversationID, taken.receiver.value)
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SubmissionError(.documentUnreadable, "the document \(path) cannot be read; check the path and try again")
        }
        return Array(data)
    }

    private func attachment(_ argument: String) -> SubmittedAttachment {
        guard let mark = argument.lastIndex(of: "="), !FileManager.default.fileExists(atPath: argument) else {
            return SubmittedAttachment(path: argument)
        }
        return SubmittedAttachment(path: String(argument[..<mark]), title: String(argument[argument.index(after: mark)...]))
    }

    private func id(_ text: String?, _ option: String) throws -> HERID? {
        guard let text else { return nil }
        guard let id = HERID(text) else { throw ValidationError("\(option) takes a HER-id (digits), not '\(text.prefix(40))'") }
        return id
    }
}
