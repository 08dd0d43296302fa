import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct ReferralCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "referral", abstract: "Follow a referral from its first message to its answer.",
            subcommands: [Show.self], defaultSubcommand: Show.self)
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
