import ArgumentParser
import Gateway
import Practice

extension MsgGW {
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reject a referral: a status to the referrer, letters to the family, and the record.",
            discussion: """
                All three are made from the answer, a JSON file (see samples/flow2). Who the child is, who referred and when it came is \
                taken from the referral. What the law or the family needs and the answer lacks is said in Norwegian, all of it, and \
                nothing is sent.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The referral: number, MessageId or the document's MsgId.") var referral: String
        @Argument(help: "The answer, as JSON; - for standard input.", completion: .file()) var answer: String
        @OptionGroup var options: AnswerOptions
        @Option(
            help: ArgumentHelp(
                "The family's bydel, whose services the letter names when the answer has none (letters.services).",
                valueName: "bydel"))
        var area: String?
        @Option(help: ArgumentHelp("What the child needs, to find the right ones: 'angst'.", valueName: "words")) var need:
            String = ""

        func run() async throws {
            try await reporting {
                var order = options.order(.rejection, try AnswerFile(parsing: try textFile(answer)))
                (order.area, order.need) = (area, need)
                try await node.give(order, to: referral, output)
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept a referral: who is responsible, with a direct number, and the expected course.",
            discussion:
                "A status to the referrer, letters to the family and the record are made from the answer (see samples/flow2).")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The referral: number, MessageId or the document's MsgId.") var referral: String
        @Argument(help: "The answer, as JSON; - for standard input.", completion: .file()) var answer: String
        @OptionGroup var options: AnswerOptions

        func run() async throws {
            try await reporting {
                try await node.give(
                    options.order(.acceptance, try AnswerFile(parsing: try textFile(answer))), to: referral, output)
            }
        }
    }
}
