import Foundation
import Gateway
import Practice

/// Who plays in the demo, and the documents of the flows.
struct DemoCast: Sendable {
    /// Node names and what people call them; the first sends, the second receives.
    static let titles = ["gp": "GP office", "bup": "BUP", "oslo": "Oslo"]

    let registry: String
    let document: String
    let attachments: [String]
    let report: String
    let discharge: String
    /// To share, and to the treatment: two things.
    let consents: [String]
    let registryFiles: [String]
    private let answers: String
    static let referralID = "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a01"
    static let secondReferralID = "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a02"

    /// - Throws: naming the first file that is not there, before anything is made.
    init(samples: String) throws {
        registry = samples + "/registry/oslo.json"
        document = samples + "/flow1/henvisning.xml"
        attachments = [samples + "/flow1/pedagogisk-rapport.pdf", samples + "/flow1/spoerreskjema.jpg"]
        report = samples + "/flow3"
        discharge = samples + "/flow4/epikrise.xml"
        consents = ["samtykke", "samtykke-helsehjelp"].map { "\(samples)/consent/\($0).json" }
        answers = samples + "/flow2"
        registryFiles = [registry, samples + "/registry/oslo-services.json"]
        for file in [document, report, discharge, answers] + consents + registryFiles + attachments
        where !FileManager.default.isReadableFile(atPath: file) {
            throw Failure(
                "\(file) is not there or cannot be read; run the demo from the repository's folder, or name the samples with --samples"
            )
        }
    }

    /// Makes the three node folders; returns them, the sender's first.
    func makeNodes(below folder: String, pki: String) throws -> [String] {
        let ports = try FreePorts.take(3)
        let site = DemoSite(
            folder: folder, pki: pki, registry: URL(filePath: registry).standardizedFileURL.path,
            settings: ["letters.mailbox": "80000120"])
        return try site.make([
            DemoSite.Plan(
                name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601", "80000602"], filesItself: true),
            DemoSite.Plan(
                name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401", "80000402"], filesItself: true),
            DemoSite.Plan(
                name: "oslo", port: ports[2], organisation: "80000100",
                hosted: ["80000203", "80000303", "80000110", "80000120"], filesItself: true),
        ])
    }

    func answer(_ name: String) throws -> AnswerFile { try AnswerFile(parsing: try textFile("\(answers)/\(name).json")) }

    /// The same referral under another id, for one that went to the wrong door.
    func secondReferral() throws -> [UInt8] {
        let text = try String(contentsOfFile: document, encoding: .utf8)
        return Array(
            text.replacing(Self.referralID, with: Self.secondReferralID)
                .replacing("a3c1f0b2-8d46-4e7e-8f19-5b7d20c94e11", with: Self.secondReferralID).utf8)
    }

    /// A path as one would type it here.
    static func shown(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }
}

extension String {
    /// Filled with spaces for a table; never shortened.
    func column(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
