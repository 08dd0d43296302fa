import TestSupport
import Testing

@testable import Gateway

@Suite("What the doctor says of converters")
struct AttachmentToolsTests {
    private static func findings(_ converters: String) throws -> [DoctorReport.Finding] {
        var report = DoctorReport()
        let settings = try NodeSettings(yaml: Array("attachments:\n  converters: [\(converters)]\n".utf8), folder: "/node")
        AttachmentTools.examine(settings, &report)
        return report.findings
    }

    @Test("each that is set, and whether it is there; one that is missing is a warning with a remedy")
    func examined() throws {
        let findings = try Self.findings("'docx=sh {input}', 'heic=no-such-program {input}'").filter {
            !$0.found.contains("unshare")
        }
        #expect(findings.map(\.verdict) == [.ok, .warning])
        #expect(findings[0].found.hasPrefix("docx is made into PDF by /"))
        #expect(findings[1].found.contains("no-such-program") && findings[1].remedy?.contains("attachments.converters") == true)
    }

    @Test("that none is set is said, and is no fault")
    func none() throws {
        let findings = try Self.findings("")
        #expect(findings.map(\.verdict) == [.ok] && findings[0].found.contains("no converter is set"))
    }
}
