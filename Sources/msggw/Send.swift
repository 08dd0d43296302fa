import ArgumentParser
import Gateway

extension MsgGW {
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand a clinical document and its attachments to the node.",
            discussion: """
                The document names its sender and receivers. The message is taken when this command says so: it is then on the \
                disk and goes out as soon as the node runs, also when it does not run now. Whatever is refused is refused \
                whole, and the reason is told.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The document: Henvisning, Epikrise, or a Hodemelding with its content, as XML.", completion: .file())
        var document: String?

        @Option(
            help: ArgumentHelp(
                "Instead of a document: a folder with a report (a PDF, say) and a small JSON file that says whom it is about and who gets it, or that JSON file. docs/REPORTS.md.",
                valueName: "folder"), completion: .directory)
        var report: String?

        @Option(
            name: [.customShort("a"), .customLong("attach")],
            help: ArgumentHelp(
                "A file to go with it, in its ordinary format (PDF, JPEG, PNG, TIFF, HEIC, DOCX, ODT, text). 'FILE=Title' names it for its reader. May be repeated.",
                valueName: "file"), completion: .file())
        var attachments: [String] = []

        @Option(
            name: .customLong("from"),
            help: ArgumentHelp("The sender that the document must name.", valueName: "HER-id"), transform: herID)
        var sender: HERID?

        @Option(
            name: .customLong("to"),
            help: ArgumentHelp("A receiver that the document must name.", valueName: "HER-id"), transform: herID)
        var receiver: HERID?

        @OptionGroup(title: "By need") var need: NeedOptions

        @Option(
            help: ArgumentHelp("Why it should go although something that the receiver needs is missing.", valueName: "reason"))
        var anyway: String?

        @Option(
            help: ArgumentHelp(
                "Why it cannot wait for a consent: life or health is at stake. It is gone through afterwards.",
                valueName: "reason"))
        var emergency: String?

        @Flag(help: "Of a message that names nobody: you have looked at each finding of 'msggw check --anonymous'.")
        var lookedThrough = false

        @Option(
            help: ArgumentHelp(
                "Of a discharge summary: JSON that says who does what by when, and on what basis each receiver has it. docs/FLOWS.md.",
                valueName: "file"), completion: .file())
        var followUp: String?

        @Flag(help: "Let the receiver have its list, answered, as a text among the attachments.") var withChecklist = false
        @Flag(help: "Let the receiver have the consents that the message relies on, as they were signed.") var withConsent = false

        func validate() throws {
            switch (document, report) {
            case (nil, nil): throw ValidationError("Give a document, or --report with a folder.")
            case (_?, _?): throw ValidationError("Give a document or --report, not both.")
            case (nil, _?) where !attachments.isEmpty || sender != nil || receiver != nil:
                throw ValidationError("With --report the JSON file says what is attached, who sends and who receives.")
            default: break
            }
        }

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let submission = try submission(on: running)
                    let taken = try await running.intake.submit(submission)
                    running.wakeDaemon()
                    try say(taken, of: submission)
                }
            }
        }

        private func say(_ taken: [TakenMessage], of submission: Submission) throws {
            try output.print(taken.map(Taken.init)) {
                (submission.needs.flatMap(\.text)
                    + taken.map { "taken  \($0.messageID)  for \($0.receiverName) (\($0.receiver))" }
                    + taken.map { "Follow it with: msggw status \($0.messageID) --node \(node.folder)" }
                    + taken.flatMap(\.remarks))
                    .joined(separator: "\n")
            }
        }

        private func submission(on node: Node) throws -> Submission {
            var submission = try addressed(on: node)
            (submission.anyway, submission.carriesChecklist) = (anyway, withChecklist)
            submission.carriesConsent = withConsent
            (submission.emergency, submission.isLookedThrough) = (emergency, lookedThrough)
            submission.followUp = try followUp.map { try FollowUpPlan(parsing: Array(textFile($0))) }
            return submission
        }

        private func addressed(on node: Node) throws -> Submission {
            if let report { return try node.submission(of: ReportFolder(at: report, to: need.receiver)) }
            let submission = try Submission(
                documentAt: document ?? "", attachments: attachments.map { SubmittedAttachment(argument: $0) }, sender: sender,
                receiver: receiver, limits: node.settings.intake)
            guard let address = try need.address(on: node) else { return submission }
            return try node.addressed(submission, to: address)
        }

        private struct Taken: Encodable {
            let messageID, conversationID, receiver: String
            let remarks: [String]

            init(_ taken: TakenMessage) {
                (messageID, conversationID, receiver) = (taken.messageID, taken.conversationID, taken.receiver.value)
                remarks = taken.remarks
            }
        }
    }
}

@Sendable func herID(_ text: String) throws -> HERID {
    guard let id = HERID(text) else { throw ValidationError("'\(text.prefix(40))' is no HER-id: it has 1 to 10 digits.") }
    return id
}
