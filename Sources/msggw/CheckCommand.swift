import ArgumentParser
import Envelope
import Foundation
import Gateway
import Practice

extension MsgGW {
    /// What a document lacks before it is sent. It needs no node and changes nothing.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what the receiver will miss in a document, or what in it tells who the child is.",
            discussion: """
                The receiver's list is asked of a Henvisning, an Epikrise or a Hodemelding: what is answered, and where; what is \
                missing, and why the receiver needs it. An answer in free text is found by its words, so read it yourself. \
                Nothing is sent, stored or looked up.

                With --anonymous a message that should name nobody is looked through instead; plain text may be given too. \
                Words are not repeated unless --words is given.

                Exit codes: 0 it can go; 1 something has to be done first; 2 not readable; 64 wrong usage.
                """)

        @Argument(help: "The document; with --anonymous also a text file. - for standard input.", completion: .file())
        var file: String

        @Option(
            name: [.customShort("a"), .customLong("attach")],
            help: ArgumentHelp("A file that will go with it. 'FILE=Title' names it. May be repeated.", valueName: "file"),
            completion: .file())
        var attachments: [String] = []

        @Option(
            help: ArgumentHelp(
                "What the receiver is: \(CareService.allCases.map(\.rawValue).joined(separator: ", ")). A referral to BUP says so itself.",
                valueName: "kind"), transform: Self.service)
        var receiver: CareService?

        @Option(
            help: ArgumentHelp(
                "What the sender is: a dialogue message with an attachment from ppt is a report.", valueName: "kind"),
            transform: Self.service)
        var sender: CareService = .other

        @Flag(help: "Look for what tells who the child is, in the text and the attachments.") var anonymous = false
        @Flag(help: "You have looked at each finding, and it points to nobody. What is certain has to go all the same.")
        var lookedThrough = false
        @Flag(help: "Show the words that were found. They may be names.") var words = false

        @Option(help: ArgumentHelp("Why it should go although something is missing.", valueName: "reason"))
        var anyway: String?

        @OptionGroup var output: OutputOptions

        func validate() throws {
            if anonymous, anyway != nil { throw ValidationError("--anyway does not help with what tells who the child is.") }
            if !anonymous, lookedThrough || words { throw ValidationError("--looked-through and --words go with --anonymous.") }
            if let anyway, sendAnyway(anyway) == nil {
                throw ValidationError("--anyway takes a reason of at least \(SendAnyway.shortestReason) letters.")
            }
        }

        func run() async throws {
            let goes = anonymous ? try checkNameless() : try checkComplete()
            if !goes { throw ExitCode.failure }
        }

        // MARK: - Completeness

        private func checkComplete() throws -> Bool {
            let document = try document(read())
            guard let receiver = receiver ?? document.namedReceiver else {
                throw ValidationError("The document does not say what its receiver is: name it with --receiver.")
            }
            guard
                let checked = document.completeness(to: receiver, from: sender, today: today, anyway: anyway.flatMap(sendAnyway))
            else {
                try output.print(CompletenessResult(receiver: receiver)) {
                    "Mottakeren har ingen liste for denne typen melding. Den kan sendes."
                }
                return true
            }
            try output.print(CompletenessResult(checked, receiver: receiver)) { checked.shown }
            return !checked.waits
        }

        // MARK: - Anonymity

        private func checkNameless() throws -> Bool {
            let bytes = try read()
            let files = attachments.map { SubmittedAttachment(argument: $0) }
            let check: NamelessCheck
            if bytes.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) == UInt8(ascii: "<") {
                check = NamelessCheck(try document(bytes), attachments: files, today: today)
            } else if let text = String(validating: bytes, as: UTF8.self) {
                check = NamelessCheck(text: text, attachments: files, today: today)
            } else {
                throw unreadable("\(file) is neither a document nor UTF-8 text")
            }
            let outcome = check.outcome(isLookedThrough: lookedThrough)
            try output.print(AnonymityResult(check, outcome, words: words)) { check.shown(outcome, words: words) }
            return outcome == .cleared
        }

        // MARK: - Reading

        private var today: OsloDay { OsloDay(at: NodeClock.system.now()) }

        private func sendAnyway(_ reason: String) -> SendAnyway? {
            SendAnyway(reason: reason, by: AuditActor.command().text, at: NodeClock.system.now())
        }

        private func document(_ bytes: [UInt8]) throws -> DocumentCheck {
            do { return try DocumentCheck(bytes, attachments: attachments.map { SubmittedAttachment(argument: $0) }) } catch {
                throw unreadable("\(file) cannot be checked: \(error)")
            }
        }

        /// More is refused by every node.
        private static let largest = 104_857_600

        private func read() throws -> [UInt8] {
            do {
                let handle = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
                let bytes = try handle.read(upToCount: Self.largest + 1).map { [UInt8]($0) } ?? []
                guard bytes.count <= Self.largest else { throw unreadable("\(file) is larger than any document") }
                return bytes
            } catch let exit as ExitCode {
                throw exit
            } catch { throw unreadable("\(file) cannot be read: \(error.localizedDescription)") }
        }

        private func unreadable(_ reason: String) -> ExitCode {
            try? FileHandle.standardError.write(contentsOf: Data("msggw: \(reason)\n".utf8))
            return ExitCode(2)
        }

        static func service(_ text: String) throws -> CareService {
            guard let service = CareService(rawValue: text) else {
                throw ValidationError(
                    "'\(text.prefix(40))' is none of \(CareService.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return service
        }
    }
}
