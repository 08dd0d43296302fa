import Gateway

/// What the demo shows, in its order.
enum DemoScene: CaseIterable {
    case referral
    case report
    case discharge

    /// For people, before it begins.
    var announcement: String {
        switch self {
        case .referral: "Flow 1. The GP hands in a referral to BUP with two attachments:"
        case .report: "Flow 3. PPT, which has no system for national messages, sends its report as the PDF it is to BUP and GP:"
        case .discharge: "Flow 4. BUP sends the discharge summary to the GP and to all who must follow up:"
        }
    }

    /// For sentences about it.
    var what: String {
        switch self {
        case .referral: "the referral"
        case .report: "PPT's report"
        case .discharge: "the discharge summary"
        }
    }

    /// - Parameter nodes: the GP's, BUP's and Oslo's.
    /// - Returns: the messages whose end is waited for.
    func play(_ nodes: [Node], _ cast: DemoCast) async throws -> [TakenMessage] {
        switch self {
        case .referral:
            try await nodes[0].intake.submit(
                Submission(
                    documentAt: cast.document, attachments: cast.attachments.map { SubmittedAttachment(path: $0) },
                    limits: nodes[0].settings.intake))
        case .report: try await nodes[2].intake.submit(nodes[2].submission(of: ReportFolder(at: cast.report)))
        case .discharge:
            try await nodes[1].intake.submit(Submission(documentAt: cast.discharge, limits: nodes[1].settings.intake))
        }
    }
}
