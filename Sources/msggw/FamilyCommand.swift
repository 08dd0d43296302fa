import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW {
    struct FamilyCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "family", abstract: "Send what a family writes in the citizens' mailbox, and show what came of it.",
            discussion: """
                For the node that hosts the mailbox (letters.mailbox). Whoever runs the mailbox says who writes and who reads, \
                after they have logged in there; what each may do follows from the child's age. docs/FAMILY.md.
                """,
            subcommands: [Send.self, Status.self])
    }
}

extension MsgGW.FamilyCommand {
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a family's message to a service.",
            discussion: "It stands in a file, since everybody on a machine can read what stands on a command line.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The message: JSON, msggw-family-message/1.", completion: .file()) var file: String
        @OptionGroup(title: "By need") var need: NeedOptions

        private struct Taken: Encodable {
            let messageID, receiver, receiverName: String
        }

        func run() async throws {
            try await reporting {
                let sheet = try FamilySheet(parsing: readFile(file, limit: 1 << 20))
                try await node.opened { running in
                    let address = try need.address(on: running)
                    let taken = try await FamilyDesk(running).send(sheet, need: address)
                    running.wakeDaemon()
                    let result = Taken(
                        messageID: taken.messageID, receiver: taken.receiver.value, receiverName: taken.receiverName)
                    try output.print(result) {
                        ((address?.text ?? []) + ["taken  \(taken.messageID)  for \(taken.receiverName) (\(taken.receiver))"])
                            .joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show receipts and answers in words for the family, to those who may see them.",
            discussion: "Whoever may not is told what one is told of a message that does not exist.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The message: number, MessageId or the document's MsgId.") var message: String
        @Option(
            name: .customLong("as"), help: ArgumentHelp("Who reads: foresatt or ungdom.", valueName: "role"),
            transform: familyReader)
        var role: FamilyRights.Role
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let status = try await FamilyDesk(running).status(message, as: role, for: reader.reading)
                    try output.print(status) {
                        let receipts = status.receipts.map { "\($0.heading)\n  \($0.text)" }
                        let answers = status.answers.map { answer in
                            "Svar fra \(answer.sender)\(answer.title.map { ": \($0)" } ?? "")\n\(answer.text)"
                        }
                        return (receipts + answers).joined(separator: "\n")
                    }
                }
            }
        }
    }
}

@Sendable private func familyReader(_ text: String) throws -> FamilyRights.Role {
    guard let role = FamilyRights.Role(rawValue: text), role != .together else {
        throw ValidationError("'\(text.prefix(40))' is neither foresatt nor ungdom.")
    }
    return role
}
