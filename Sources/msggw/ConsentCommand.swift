import ArgumentParser
import Envelope
import Foundation
import Gateway
import Practice

extension MsgGW {
    struct ConsentCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consent",
            abstract: "Record what families have said about sharing, take it back, and ask what may be shared.",
            discussion: """
                A consent is a FHIR R4 Consent as JSON; docs/CONSENT.md has its elements and samples/consent one to begin with. It is \
                signed with the key of the party that recorded it, stored sealed, and verified each time that it is looked at. \
                Whether messages are held to it, consent.check says.
                """,
            subcommands: [
                Record.self, List.self, Show.self, Withdraw.self, Received.self, Answer.self, Ask.self, Situation.self,
                Carried.self,
            ])
    }
}

extension MsgGW.ConsentCommand {
    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a consent or an objection and store it.",
            discussion: "A change of one that is recorded is a new file with the same id and a higher meta.versionId.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The FHIR Consent, as JSON.", completion: .file()) var file: String

        func run() async throws {
            try await reporting {
                let bytes = try readFile(file, limit: 1 << 20)
                try await node.opened { running in
                    let recorded = try await running.consents.record(bytes)
                    try output.print(recorded) {
                        (["recorded  \(recorded.consent.line)"] + recorded.deviations.map { "passed over: \($0)" })
                            .joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what is recorded, without the names of persons.",
            discussion: "Each record's signature is verified; one that does not hold is an error.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("Only those about the patient of this document.", valueName: "document"), completion: .file())
        var about: String?

        func run() async throws {
            try await reporting {
                let document = try about.map { try readFile($0, limit: 100 << 20) }
                try await node.opened { running in
                    let listed = try running.consents.list(about: document)
                    try output.print(listed) {
                        listed.isEmpty ? "No consent is recorded." : listed.map(\.line).joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a consent, or with --fhir the record itself.",
            discussion: "That you looked, and what for, is written into the audit trail.")

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The consent's id.") var id: String
        @Flag(help: "Print the newest record as it was signed. It holds names.") var fhir = false
        @OptionGroup var reader: ReaderOptions

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let shown = try await running.consents.show(id, for: reader.reading)
                    if fhir { return say(shown.last?.fhir ?? "") }
                    try output.print(shown) { shown.map(\.text).joined(separator: "\n") }
                }
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a consent or an objection back: what waits because of it is stopped at once.",
            discussion: """
                Anyone whose word it rests on may take it back, from 16 years the young person alone. Whoever has or may have a \
                message that relied on it is told in a message of its own, and answers; 'msggw consent show' has the answers. \
                The same command once more changes nothing, and tells whoever could not be told before.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The consent's id.") var id: String
        @Option(
            help: ArgumentHelp(
                "Who takes it back: \(ConsentRecord.GiverRole.allCases.map(\.rawValue).joined(separator: ", ")).",
                valueName: "role"),
            transform: role)
        var by: ConsentRecord.GiverRole
        @Option(help: ArgumentHelp("How they said it: 'muntlig, notert av lege 1'.", valueName: "text")) var how: String
        @Option(
            help: ArgumentHelp("Only for this receiver. May be repeated.", valueName: "HER-id"), transform: receiverHERID)
        var receiver: [HERID] = []
        @Flag(help: "Receivers need not delete what they have.") var keep = false

        func run() async throws {
            try await reporting {
                try await node.opened { running in
                    let withdrawn = try await running.consents.withdraw(
                        id, by: by, how: how, receivers: receiver, asksDeletion: !keep)
                    try output.print(withdrawn) {
                        (["withdrawn  \(withdrawn.consent)"] + withdrawn.messages.map(\.line) + withdrawn.remarks)
                            .joined(separator: "\n")
                    }
                }
            }
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Ask whether a document may be shared with a receiver now.",
            discussion: "Exit codes: 0 it may; 1 something is needed first; 2 it may not; 64 wrong usage.")

        private struct Answer: Encodable {
            let decision, words: String
        }

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The document.", completion: .file()) var document: String
        @Option(help: ArgumentHelp("The receiver.", valueName: "HER-id"), transform: receiverHERID) var receiver: HERID
        @Option(help: ArgumentHelp("How many files go along.", valueName: "number")) var attachments = 0
        @Option(help: ArgumentHelp("Why it cannot wait for a consent.", valueName: "reason")) var emergency: String?

        func run() async throws {
            try await reporting {
                let bytes = try readFile(document, limit: 100 << 20)
                try await node.opened { running in
                    let decision = try running.consents.decide(
                        bytes, to: receiver, attachments: attachments, emergency: emergency)
                    let (word, code): (String, Int32) =
                        switch decision {
                        case .allowed: ("allowed", 0)
                        case .needs: ("needs", 1)
                        case .refused: ("refused", 2)
                        }
                    try output.print(Answer(decision: word, words: decision.words)) { decision.words }
                    if code != 0 { throw ExitCode(code) }
                }
            }
        }
    }
}

extension ListedConsent {
    var line: String {
        let kind = stance == "deny" ? "objection" : scope == "treatment" ? "treatment" : "consent"
        return
            "\(id)  version \(version)  \(state.rawValue)  \(kind): \(information.joined(separator: ", ")) from \(from.joined(separator: ", ")) to \(to.joined(separator: ", ")), until \(validUntil), given by \(givenBy.joined(separator: ", "))"
    }
}

extension WithdrawnConsent.Message {
    fileprivate var line: String {
        let what =
            switch step {
            case .stopped: "stopped: nobody got it"
            case .stoppedTell: "stopped; it may have arrived: \(way)"
            case .tell: "delivered: \(way)"
            case .goesOn: "goes on by the rule \(rule ?? ""): tell the family why"
            }
        return "#\(number)  \(messageID)  to \(receiver)  \(what)"
    }

    private var way: String { told.map { "the receiver is told in #\($0)" } ?? "tell the receiver" }
}

@Sendable private func role(_ text: String) throws -> ConsentRecord.GiverRole {
    guard let role = ConsentRecord.GiverRole(rawValue: text) else {
        throw ValidationError(
            "'\(text.prefix(40))' is none of \(ConsentRecord.GiverRole.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return role
}

@Sendable private func receiverHERID(_ text: String) throws -> HERID {
    guard let id = HERID(text) else { throw ValidationError("'\(text.prefix(40))' is no HER-id: it has 1 to 10 digits.") }
    return id
}

func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    do {
        let bytes = try FileHandle(forReadingFrom: URL(filePath: path)).read(upToCount: limit + 1).map { [UInt8]($0) } ?? []
        guard bytes.count <= limit else { throw Failure("\(path) is larger than any that is read here") }
        return bytes
    } catch let failure as Failure {
        throw failure
    } catch { throw Failure("\(path) cannot be read: \(error.localizedDescription)") }
}
