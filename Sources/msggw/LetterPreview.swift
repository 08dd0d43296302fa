import ArgumentParser
import Foundation
import Gateway
import Practice

extension MsgGW.LetterCommand {
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the letter that an answer to a referral makes for one reader.",
            discussion: """
                What the answer lacks is said, all of it, and nothing is shown. What the node takes from the referral (the \
                child's name, the referrer, the day it came) stands in brackets where the file does not have it. The exit code is 1 when the \
                letter would not be sent as it is.
                """)

        enum Form: String, EnumerableFlag {
            case text, html

            static func help(for value: Self) -> ArgumentHelp? {
                value == .text ? "As plain text." : "As the page that the family gets."
            }
        }

        @Argument(help: "The answer, as JSON; - for standard input.", completion: .file()) var answer: String
        @Option(
            help: ArgumentHelp(
                "To whom: \(LetterReader.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "reader"),
            transform: letterReader)
        var reader: LetterReader
        @Option(
            help: ArgumentHelp("Which written Norwegian: nb (bokmål) or nn (nynorsk).", valueName: "nb|nn"),
            transform: writtenLanguage)
        var language: WrittenLanguage = .bokmal
        @Flag var form: Form = .text
        @Option(
            help: ArgumentHelp("Also write it as PDF, as the family gets it, to this file.", valueName: "file"),
            completion: .file())
        var pdf: String?

        func run() async throws {
            try await reporting {
                guard let today = LetterDay(NodeClock.system.now()) else {
                    throw Failure("the clock shows a year that no letter can name")
                }
                let file = try AnswerFile(parsing: try textFile(answer)).withPlaceholders(on: today)
                do {
                    let written = try file.answer(.standard)
                    let letter = written.letter(language, to: reader)
                    say(form == .html ? letter.html : letter.plainText)
                    try writePages(letter)
                    let reading = letter.reading()
                    for finding in reading.findings where finding.grade != .hint {
                        let excerpt = finding.excerpt(in: letter.plainText).map { " «\($0.prefix(60))»" } ?? ""
                        warn("\(finding.grade.rawValue) line \(finding.line)\(excerpt): \(finding.what) \(finding.suggestion)")
                    }
                    for (field, report) in AnswerBundle.findings(written, language) {
                        for finding in report.musts { warn("must \(field): \(finding.what) \(finding.suggestion)") }
                    }
                    warn("score \(reading.score) of 100, LIX \(reading.lixTenths / 10),\(reading.lixTenths % 10)")
                    _ = try AnswerBundle(written, to: [(reader, language)], sha256: { $0 })
                } catch let error as LetterRefusal {
                    throw lacking(error)
                }
            }
        }

        private func writePages(_ letter: Letter) throws {
            guard let pdf else { return }
            let pages: [UInt8]
            do { pages = try LetterPages(fonts: LetterPages.standardFonts).pdf(of: letter) } catch {
                throw Failure("The letter was not made into PDF: \(error).")
            }
            guard FileManager.default.createFile(atPath: pdf, contents: Data(pages), attributes: [.posixPermissions: 0o600])
            else { throw Failure("\(pdf) cannot be written; name a file in a folder that you may write") }
        }
    }
}

@Sendable private func letterReader(_ text: String) throws -> LetterReader {
    guard let reader = LetterReader(rawValue: text) else {
        let known = LetterReader.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(text.prefix(40))' is no reader: write one of \(known).")
    }
    return reader
}

/// A line on standard error.
func warn(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data("msggw: \(line)\n".utf8)) }

/// Says what an answer lacks, one thing a line.
func lacking(_ refusal: LetterRefusal) -> ExitCode {
    for lack in refusal.lacks { warn("\(lack.what) \(lack.remedy)") }
    if refusal.lacks.contains(.tooHardToRead) { warn("What is marked is shown by: msggw letter preview ANSWER --reader READER") }
    return .failure
}
