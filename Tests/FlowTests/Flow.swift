import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

/// One of the flows that must always work, with its sample: who hands in what, and who gets it. docs/FLOWS.md is the table of them.
enum Flow: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case referral = "flow 1, referral"
    case report = "flow 3, PPT's report"
    case discharge = "flow 4, discharge summary"

    var testDescription: String { rawValue }

    var sender: Site.Name {
        switch self {
        case .referral: .gp
        case .report: .oslo
        case .discharge: .bup
        }
    }

    /// HER-ids, the receiver's first.
    var receivers: [String] {
        switch self {
        case .referral: ["80000401"]
        case .report: ["80000401", "80000601"]
        case .discharge: ["80000601", "80000203", "80000303", "80000110"]
        }
    }

    /// - Parameters:
    ///   - node: the sender's.
    ///   - extra: a file that goes along.
    func submission(from node: Node, extra: String? = nil) throws -> Submission {
        let samples = Repository.root.appending(path: "samples").path
        var submission =
            switch self {
            case .referral:
                Submission(
                    document: try Referral.document(), attachments: Referral.attachments.map { SubmittedAttachment(path: $0) })
            case .report: try node.submission(of: ReportFolder(at: samples + "/flow3"))
            case .discharge: Submission(document: Array(try Data(contentsOf: URL(filePath: samples + "/flow4/epikrise.xml"))))
            }
        if let extra { submission.attachments.append(SubmittedAttachment(path: extra)) }
        return submission
    }
}
