import ArgumentParser
import Gateway
import Practice

extension MsgGW {
    struct Forward: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand a referral over to the right door; the time to answer runs on.",
            discussion: """
                The referral goes on with all that was attached, and says when it was first received. The referrer gets a status \
                (9148 = 3) and the family a letter. Whom they can call here is in the answer file or said by the options.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The referral: number, MessageId or the document's MsgId.") var referral: String
        @Argument(help: "An answer of the kind forwarding, as JSON; the options count before it.", completion: .file())
        var answer: String?
        @Option(name: .customLong("to"), help: ArgumentHelp("Where it belongs.", valueName: "HER-id"), transform: herID)
        var door: HERID
        @Option(help: ArgumentHelp("Why, in a sentence to the family.", valueName: "text")) var reason: String?
        @Option(help: ArgumentHelp("Whom to call here: a name.", valueName: "name")) var contact: String?
        @Option(help: ArgumentHelp("The contact's profession.", valueName: "word")) var role: String?
        @Option(help: ArgumentHelp("The contact's direct number.", valueName: "number"), transform: phoneNumber)
        var phone: PhoneNumber?
        @Option(help: ArgumentHelp("The other door's number.", valueName: "number"), transform: phoneNumber)
        var doorPhone: PhoneNumber?
        @OptionGroup var options: AnswerOptions

        func run() async throws {
            try await reporting {
                var file = try answer.map { try AnswerFile(parsing: try textFile($0)) } ?? AnswerFile(kind: .forwarding)
                file.reason = reason ?? file.reason
                file.receiverPhone = doorPhone ?? file.receiverPhone
                if contact != nil || role != nil || phone != nil {
                    file.contact = AnswerFile.Person(
                        contact ?? file.contact?.name, role: role ?? file.contact?.role, phone: phone ?? file.contact?.phone)
                }
                var order = options.order(.forwarding, file)
                order.door = door
                try await node.give(order, to: referral, output)
            }
        }
    }
}

@Sendable private func phoneNumber(_ text: String) throws -> PhoneNumber {
    guard let number = PhoneNumber(text) else {
        throw ValidationError("'\(text.prefix(30))' is no telephone number: write 8 digits, or a country's code before it.")
    }
    return number
}
