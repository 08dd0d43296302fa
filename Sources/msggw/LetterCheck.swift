import ArgumentParser
import Foundation
import Practice

extension MsgGW.LetterCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say how easy a text is to read, and what to write instead.",
            discussion: """
                Readability (LIX), long sentences, heavy words with better ones, abbreviations that nobody explained, who is \
                spoken to. Findings are in Norwegian, to whoever writes. The exit code is 1 when something must be put right.
                """)

        enum Reader: String, CaseIterable, ExpressibleByArgument {
            case family, young, part

            var profile: ReadingProfile {
                switch self {
                case .family: .guardians(.none)
                case .young: .young(.none)
                case .part: .part
                }
            }
        }

        @OptionGroup var output: OutputOptions
        @Argument(help: "The text, in UTF-8; - for standard input.", completion: .file()) var file: String
        @Option(
            help: ArgumentHelp("Which written Norwegian: nb (bokmål) or nn (nynorsk).", valueName: "nb|nn"),
            transform: writtenLanguage)
        var language: WrittenLanguage = .bokmal
        @Option(
            name: .customLong("for"),
            help:
                "Whom it speaks to: family (a letter to guardians), young (to one child or young person), part (a piece of a letter)."
        )
        var reader: Reader = .family

        func run() async throws {
            try await reporting {
                guard let text = String(data: try textFile(file), encoding: .utf8) else {
                    throw Failure("\(file) is no text in UTF-8; save it as plain text and try again")
                }
                let report = PlainLanguage(language, reader.profile).check(text)
                try output.print(Checked(report, of: text)) { Self.text(report, of: text) }
                if !report.musts.isEmpty { throw ExitCode.failure }
            }
        }

        private static func text(_ report: PlainReport, of text: String) -> String {
            var lines = [
                "score \(report.score) of 100, LIX \(report.lixTenths / 10),\(report.lixTenths % 10), \(report.words) words in \(report.sentences) sentences"
            ]
            for finding in report.findings {
                let excerpt = Checked.excerpt(finding, of: text).map { " «\($0)»" } ?? ""
                lines.append("\(finding.grade.rawValue.uppercased())  line \(finding.line)\(excerpt)")
                lines.append("      \(finding.what) \(finding.why)")
                lines.append("      \(finding.suggestion)")
            }
            if report.omitted > 0 { lines.append("and \(report.omitted) more") }
            return lines.joined(separator: "\n")
        }
    }

    /// What `check` prints in JSON.
    private struct Checked: Encodable {
        struct Finding: Encodable {
            let kind, grade: String
            let line: Int
            let excerpt: String?
            let what, why, suggestion: String
        }

        let rules, language: String
        let score, lixTenths, words, sentences, longWords, omitted: Int
        let findings: [Finding]

        init(_ report: PlainReport, of text: String) {
            (rules, language) = (report.rules, report.language.rawValue)
            (score, lixTenths, words, sentences) = (report.score, report.lixTenths, report.words, report.sentences)
            (longWords, omitted) = (report.longWords, report.omitted)
            findings = report.findings.map {
                Finding(
                    kind: $0.kind.rawValue, grade: $0.grade.rawValue, line: $0.line, excerpt: Self.excerpt($0, of: text),
                    what: $0.what, why: $0.why, suggestion: $0.suggestion)
            }
        }

        /// The place, on one line and short enough for a screen.
        static func excerpt(_ finding: PlainFinding, of text: String) -> String? {
            let words = finding.excerpt(in: text)?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
            return words.isEmpty ? nil : words.count <= 60 ? words : words.prefix(58) + " …"
        }
    }
}
