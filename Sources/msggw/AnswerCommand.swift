import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct AnswerCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "answer", abstract: "See what was answered to a referral, and get its letters.",
            subcommands: [Show.self], defaultSubcommand: Show.self)
    }
}

extension MsgGW.AnswerCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the answers to a referral: figures and days, the record, or the letters as files.",
            discussion: "That you looked, and what for, is written into the audit trail.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The referral: number, MessageId or the document's MsgId.") var referral: String
        @Flag(help: "Print the last answer's record, as JSON. It holds health data.") var record = false
        @Option(
            help: ArgumentHelp("Write the last answer's letters to this folder, readable.", valueName: "folder"),
            completion: .directory)
        var letters: String?
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                let store = try node.store()
                if record {
                    let bytes = try await store.answerRecord(to: referral, for: reader.reading)
                    return try FileHandle.standardOutput.write(contentsOf: bytes)
                }
                if let letters {
                    let folder = URL(filePath: letters).standardizedFileURL.path
                    let filed = try await store.writeLetters(to: referral, into: folder, for: reader.reading)
                    return try output.print(filed) {
                        (["saved in \(filed.folder)"] + filed.files.map { "  \($0)" }).joined(separator: "\n")
                    }
                }
                let answers = try await store.answers(to: referral, for: reader.reading)
                try output.print(answers) { answers.map(Self.text).joined(separator: "\n\n") }
            }
        }

        private static func text(_ answer: AnswerReport) -> String {
            var lines = [
                "answer        \(answer.number)  \(answer.kind), 9148 = \(answer.status)\(answer.ground.map { ", \($0)" } ?? "")",
                "referral      #\(answer.referral), received \(answer.receivedOn)", "status        #\(answer.message)",
                "decided       \(answer.decidedOn)", "given         \(answer.at.formatted(.iso8601))",
            ]
            if let forwarded = answer.forwarded { lines.append("handed over   #\(forwarded)") }
            if let last = answer.lastDay, let counted = answer.countedUntil {
                lines.append("complaint     until \(last), taken as in time until \(counted)")
            }
            let state = answer.isIntact.map { $0 ? "as given" : "NOT as given" } ?? "destroyed"
            lines.append("record        \(answer.digest), \(state)")
            for letter in answer.letters {
                let way = letter.message.map { "sent as #\($0)" } ?? "not sent"
                lines.append(
                    "letter        \(letter.reader) (\(letter.language)), \(way), score \(letter.score), LIX \(letter.lixTenths / 10),\(letter.lixTenths % 10)"
                )
            }
            return lines.joined(separator: "\n")
        }
    }
}
