import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct ReferralCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "referral", abstract: "Follow a referral from its first message to its answer.",
            subcommands: [Show.self, StatusSend.self], defaultSubcommand: Show.self)
    }
}

extension MsgGW.ReferralCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show a referral's course: the first message, each later one, its answers, and until when it must be answered.",
            discussion: """
                Changes, additions and cancellations belong to a referral by its ServReq/Id, when they come from whoever sent it. It works on \
                the sender's node and on the receiver's.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Number, MessageId or MsgId of any of its messages, or its ServReq/Id.") var referral: String

        func run() async throws {
            try await reporting {
                let course = try node.store().course(of: referral)
                try output.print(course) { course.lines.joined(separator: "\n") }
            }
        }
    }
}

extension MsgGW.ReferralCommand {
    struct StatusSend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Tell the referrer where the referral is, and whom to call (list 9148).",
            discussion: """
                1: called to care. 2: a right to care, the time is to come. It tells the referrer alone: the family gets its letters with 'msggw accept'. Handing over \
                (3) and rejecting (4) are 'msggw forward' and 'msggw reject'. What cannot follow an earlier answer is refused.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The referral: number, MessageId or the document's MsgId.") var referral: String
        @Option(help: ArgumentHelp("List 9148: 1 or 2.", valueName: "code")) var code: String
        @Option(help: ArgumentHelp("Whom the referrer may call.", valueName: "name")) var contact: String
        @Option(help: ArgumentHelp("A direct number to them.", valueName: "number")) var phone: String
        @Option(help: ArgumentHelp("What else the referrer should know: when, where, who.", valueName: "text")) var text: String?

        func run() async throws {
            try await reporting {
                var order = try StatusOrder(code, contact: contact, phone: phone)
                order.text = text
                try await node.opened { running in
                    let taken = try await StatusDesk(running).send(order, to: referral)
                    running.wakeDaemon()
                    try output.print(taken.map(Sent.init)) {
                        taken.map { "status  \($0.messageID)  for \($0.receiverName) (\($0.receiver))" }.joined(separator: "\n")
                    }
                }
            }
        }

        private struct Sent: Encodable {
            let messageID, receiver: String

            init(_ taken: TakenMessage) { (messageID, receiver) = (taken.messageID, taken.receiver.value) }
        }
    }
}
