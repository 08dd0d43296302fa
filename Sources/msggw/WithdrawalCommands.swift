import ArgumentParser
import Foundation
import Gateway

extension MsgGW.ConsentCommand {
    struct Received: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List consents that others have told this node were taken back.",
            discussion: "Each is about a message that came here. What becomes of it a person decides: 'msggw consent answer'.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let listed = try WithdrawalDesk(running).list()
                    try output.print(listed) {
                        listed.isEmpty ? "Nobody has told of a withdrawal." : listed.map(\.line).joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer that a consent was taken back: what becomes of the message that relied on it.",
            discussion: """
                With the number of the message that told of it the answer goes to whoever sent it. With --deleted what the \
                gateway has of the message is destroyed in the same step; delete it in your own system first. With the number \
                of a message that told a holder, what the holder said in words is written down.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The message that told of it: number, MessageId or the document's MsgId.") var message: String
        @Flag(help: "It is deleted.") var deleted = false
        @Flag(help: "It never came, or nobody used it.") var stopped = false
        @Option(help: ArgumentHelp("It must be kept by this law.", valueName: "law")) var keptBy: String?
        @Option(help: ArgumentHelp("Where in the law.", valueName: "§")) var paragraph: String?
        @Option(help: ArgumentHelp("Why it must be kept, in words that the family can read.", valueName: "reason")) var because:
            String?

        func validate() throws {
            guard [deleted, stopped, keptBy != nil].count(where: { $0 }) == 1 else {
                throw ValidationError("Give one of --deleted, --stopped and --kept-by.")
            }
            if keptBy != nil, because == nil { throw ValidationError("Give --because with --kept-by: the family reads it.") }
        }

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let decision: WithdrawalDesk.Decision =
                        if let keptBy {
                            .keptByLaw(keptBy, paragraph: paragraph, reason: because ?? "")
                        } else {
                            deleted ? .deleted : .stopped
                        }
                    let answered = try await WithdrawalDesk(running).answer(message, decision)
                    try output.print(answered) {
                        let way = answered.sent.map { "answered in \($0)" } ?? "written down"
                        return "\(answered.answer)  \(way)\n\(answered.text)"
                    }
                }
            }
        }
    }
}

extension ReceivedWithdrawal {
    fileprivate var line: String {
        let about = message.map { "about #\($0)" } ?? "about a message that never came"
        let state = answer ?? "waits for an answer\(until.map { " until \($0.formatted(.iso8601))" } ?? "")"
        let on = handedOn.isEmpty ? "" : "; handed on as \(handedOn.map { "#\($0)" }.joined(separator: ", ")): tell them"
        return "#\(notice)  from \(sender) to \(receiver)  \(about)  \(asksDeletion ? "asks deletion  " : "")\(state)\(on)"
    }
}

extension ShownConsent {
    var text: String {
        let taken = withdrawals.flatMap { withdrawal in
            ["  taken back \(withdrawal.at.formatted(.iso8601)) by \(withdrawal.by)"] + withdrawal.holders.map(\.line)
        }
        return ([consent.line, "  \(summary)"] + taken)
            .joined(separator: "\n")
    }
}

extension ShownWithdrawal.Holder {
    fileprivate var line: String {
        let state =
            if let text {
                text
            } else if step == .goesOn {
                "goes on: it rests on the law"
            } else if let told {
                "told in #\(told) (\(toldState ?? "gone")), no answer yet\(until.map { ", waited for until \($0.formatted(.iso8601))" } ?? "")"
            } else {
                "must be told by a person"
            }
        return "    #\(number)  to \(receiver ?? "?")  \(state)"
    }
}
