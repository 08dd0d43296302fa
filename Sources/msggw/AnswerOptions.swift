import ArgumentParser
import Foundation
import Gateway
import Practice

/// What every answer to a referral takes.
struct AnswerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("In which written Norwegian the letters are: nb (bokmål) or nn (nynorsk).", valueName: "nb|nn"),
        transform: writtenLanguage)
    var language: WrittenLanguage = .bokmal
    @Option(
        help: ArgumentHelp(
            "What the guardians may see: byAge; invited (the young person, 16 or more, wants them to have the letter); keptOut.",
            valueName: "byAge|invited|keptOut"), transform: guardianAccess)
    var guardians: LetterReader.Guardians = .byAge
    @Option(help: ArgumentHelp("The child's age, when the referral states no day of birth.", valueName: "years")) var age: Int?
    @Option(
        help: ArgumentHelp("Send it although something must be put right, for this reason; it is kept.", valueName: "reason"))
    var anyway: String?

    func order(_ kind: AnswerFile.Kind, _ file: AnswerFile) -> AnswerOrder {
        var order = AnswerOrder(kind, file)
        (order.language, order.guardians, order.age, order.anyway) = (language, guardians, age, anyway)
        return order
    }
}

@Sendable private func guardianAccess(_ text: String) throws -> LetterReader.Guardians {
    guard let guardians = LetterReader.Guardians(rawValue: text) else {
        throw ValidationError("'\(text.prefix(20))' is not known: write byAge, invited or keptOut.")
    }
    return guardians
}

extension NodeOptions {
    /// Gives the answer and says what came of it; what it lacks is said one thing a line.
    func give(_ order: AnswerOrder, to referral: String, _ output: OutputOptions) async throws {
        try await opened { running in
            let given: GivenAnswer
            do { given = try await AnswerDesk(running).give(order, to: referral) } catch let error as AnswerError
                where !error.lacks.isEmpty
            {
                throw lacking(LetterRefusal(error.lacks))
            }
            running.wakeDaemon()
            try output.print(given) { Self.text(given) }
        }
    }

    private static func text(_ given: GivenAnswer) -> String {
        var lines = ["\(given.kind)  9148 = \(given.status)  record \(given.digest.prefix(16))"]
        for message in given.messages {
            lines.append("\(message.what.rawValue)  \(message.messageID)  for \(message.receiverName) (\(message.receiver))")
        }
        for letter in given.letters {
            let how = [letter.isPDF ? "PDF" : "HTML", letter.isSent ? "sent to the mailbox" : "not sent"].joined(separator: ", ")
            lines.append(
                "letter to \(letter.reader) (\(letter.language)): \(how), score \(letter.score), LIX \(letter.lixTenths / 10),\(letter.lixTenths % 10)"
            )
        }
        if let lastDay = given.lastDay { lines.append("the family can complain until \(lastDay)") }
        return (lines + given.remarks).joined(separator: "\n")
    }
}
