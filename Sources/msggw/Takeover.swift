import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct Takeover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say to whoever discharged a child that you have taken over, or that it does not belong with you.",
            discussion: """
                A dialogue message goes back to the sender of the discharge summary, with whom to call: "tatt over" as list 7322 = 7, \
                "hører ikke til hos oss" as a deviation, list 8117 = 1. Until one of them has come the sender waits, and is told \
                when it is late.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The discharge summary: number, MessageId or the document's MsgId.") var summary: String
        @Option(help: ArgumentHelp("Who takes over, or whom to ask.", valueName: "name")) var by: String
        @Option(help: ArgumentHelp("A direct number to them.", valueName: "number")) var phone: String
        @Option(help: ArgumentHelp("It does not belong with you, for this reason.", valueName: "reason")) var notForUs: String?
        @Option(help: ArgumentHelp("With --not-for-us: who should have it.", valueName: "place")) var rightPlace: String?
        @Option(help: ArgumentHelp("What else the sender should know.", valueName: "text")) var text: String?

        func validate() throws {
            if let notForUs, notForUs.trimmingCharacters(in: .whitespaces).count < 10 {
                throw ValidationError("--not-for-us must say why, in at least 10 letters.")
            }
            if rightPlace != nil, notForUs == nil { throw ValidationError("--right-place goes with --not-for-us.") }
        }

        func run() async throws {
            try await reporting {
                var order = try TakeOverOrder(by: by, phone: phone)
                (order.refusal, order.rightPlace, order.text) = (notForUs, rightPlace, text)
                try await node.opened { running in
                    let taken = try await TakeOverDesk(running).say(order, about: summary)
                    running.wakeDaemon()
                    try output.print(Said(messageID: taken.messageID, receiver: taken.receiver.value, remarks: taken.remarks)) {
                        (["told  \(taken.messageID)  to \(taken.receiverName) (\(taken.receiver))"] + taken.remarks)
                            .joined(separator: "\n")
                    }
                }
            }
        }

        private struct Said: Encodable {
            let messageID, receiver: String
            let remarks: [String]
        }
    }

    struct FollowUp: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "follow-up",
            abstract: "Show what was planned for each receiver of a discharge summary, and who took over.",
            discussion:
                "On the sender's node, of what was sent with --follow-up. That you looked is written into the audit trail.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The discharge summary: number, MessageId or the document's MsgId.") var summary: String
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                let plans = try await node.store().followUp(of: summary, for: reader.reading)
                try output.print(plans) { plans.map(Self.text).joined(separator: "\n\n") }
            }
        }

        private static func text(_ plan: FollowUpTaskReport) -> String {
            (["#\(plan.message)  to \(plan.receiver)\(plan.basis.map { ", \($0)" } ?? "")"]
                + plan.tasks.map { "  \($0.by)  \($0.what)" }
                + plan.words.map { "  \($0.line)" }).joined(separator: "\n")
        }
    }
}

extension FollowUpReport {
    /// As lines below a message.
    var lines: [String] {
        var lines: [String] = []
        if let basis { lines.append("basis      \(basis)") }
        if let days, let last = days.last {
            lines.append("follow-up  \(days.count) to do, the last by \(last); see 'msggw follow-up'")
        }
        if let confirmBy { lines.append("take over  by \(confirmBy.formatted(.iso8601)): NOBODY YET") }
        return lines + words.map(\.line)
    }
}

extension FollowUpReport.Word {
    var line: String {
        let what = said == "taken" ? "taken over" : "NOT THEIRS"
        return "\(what) \(at.formatted(.iso8601))  \(by)\(contact.map { ": \($0)" } ?? "")  (#\(message))"
    }
}
