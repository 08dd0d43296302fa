import TestSupport
import Testing

@testable import Gateway

@Suite("What the doctor says of converters")
struct AttachmentToolsTests {
    private static func findings(_ converters: String) throws -> [DoctorReport.Finding] {
        try findings("attachments", "attachments:\n  converters: [\(converters)]\n")
    }

    private static func findings(_ area: String, _ yaml: String) throws -> [DoctorReport.Finding] {
        var report = DoctorReport()
        AttachmentTools.examine(try NodeSettings(yaml: Array(yaml.utf8), folder: "/node"), &report)
        return report.findings.filter { $0.area == area }
    }

    @Test(
        "letters without a font or a program are a warning where they go to families, and said elsewhere",
        arguments: [
            ("fonts: [/no/such/font.ttf]\n  mailbox: 80000120", DoctorReport.Verdict.warning, "/no/such/font.ttf"),
            ("fonts: [/no/such/font.ttf]", .ok, "/no/such/font.ttf"),
            ("converter: [no-such-program]", .warning, "no-such-program"), ("converter: [sh]", .ok, "/sh"),
        ])
    func letters(setting: String, verdict: DoctorReport.Verdict, says: String) throws {
        let findings = try Self.findings("letters", "letters:\n  \(setting)\n")
        #expect(findings.map(\.verdict) == [verdict])
        #expect(findings[0].found.contains(says))
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
