import ArgumentParser
import Foundation
import Gateway

extension MsgGW {
    struct Doctor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look at everything a node needs, and say what is wrong and what to do.",
            discussion: """
                Configuration, clock, trust, registry, TLS, disk, store, queue, keys and certificates, and each partner: it is \
                sent a real, signed message that carries nothing (an ebXML Ping) and must answer it, signed. Works whether the \
                node runs or not. Ends with 1 when something is wrong, with 0 when all is well or only needs someone's eye.
                """)

        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Ask every party of other nodes, not one of each endpoint.") var allPartners = false
        @Flag(help: "Ask no partner.") var noPartners = false

        func validate() throws {
            if allPartners, noPartners { throw ValidationError("Give either '--all-partners' or '--no-partners'.") }
        }

        func run() async throws {
            try await reporting {
                let doctor = Gateway.Doctor(
                    folder: URL(filePath: node.folder).standardizedFileURL.path,
                    environment: ProcessInfo.processInfo.environment)
                let report = await doctor.examine(asking: noPartners ? .none : allPartners ? .all : .endpoints)
                try output.print(report) { Self.text(report) }
                if report.verdict == .wrong { throw ExitCode.failure }
            }
        }

        private static func text(_ report: DoctorReport) -> String {
            var lines: [String] = []
            for finding in report.findings {
                lines.append("\(mark(finding.verdict))  \(finding.area): \(finding.found)")
                if let remedy = finding.remedy { lines.append("       -> \(remedy)") }
            }
            let wrong = report.findings.filter { $0.verdict == .wrong }.count
            let warnings = report.findings.filter { $0.verdict == .warning }.count
            lines.append("\(wrong) wrong, \(warnings) to look at, \(report.findings.count - wrong - warnings) in order")
            return lines.joined(separator: "\n")
        }

        private static func mark(_ verdict: DoctorReport.Verdict) -> String {
            switch verdict {
            case .ok: "ok   "
            case .warning: "look "
            case .wrong: "WRONG"
            }
        }
    }
}
