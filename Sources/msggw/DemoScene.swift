import Foundation
import Gateway
import Practice

/// What the demo shows, in its order.
enum DemoScene: CaseIterable {
    case referral
    case report
    case rejection
    case misdirected
    case handOver
    case discharge
    case consent
    case merger

    /// What came of a scene.
    struct Played {
        /// Messages whose end is waited for.
        var messages: [String] = []
        /// For people, when they have come to their end.
        var words: [String] = []
    }

    /// For people, before it begins.
    var announcement: String {
        switch self {
        case .referral: "Flow 1. The GP hands in a referral to BUP with two attachments:"
        case .report: "Flow 3. PPT, which has no system for national messages, sends its report as the PDF it is to BUP and GP:"
        case .rejection:
            "Flow 2. BUP rejects the referral: a status to the GP, and letters in plain words to the family's mailbox:"
        case .misdirected: "A wrong addressee. The GP sends BUP a second referral, which belongs elsewhere:"
        case .handOver: "BUP hands it over to the right door. The clock runs on, and GP and family are told:"
        case .discharge: "Flow 4. BUP sends the discharge summary to the GP and to all who must follow up:"
        case .consent: "Consent. The GP records what the parents have said, asks, and they take it back:"
        case .merger: "A reform. Who is the contact point of Sagene today, and after bydeler have merged?"
        }
    }

    /// For sentences about it.
    var what: String {
        switch self {
        case .referral: "the referral"
        case .report: "PPT's report"
        case .rejection: "the rejection"
        case .misdirected: "the second referral"
        case .handOver: "the hand-over"
        case .discharge: "the discharge summary"
        case .consent: "the consent"
        case .merger: "the reform"
        }
    }

    /// - Parameter nodes: the GP's, BUP's and Oslo's.
    func play(_ nodes: [Node], _ cast: DemoCast) async throws -> Played {
        switch self {
        case .referral:
            return try await submit(
                Submission(
                    documentAt: cast.document, attachments: cast.attachments.map { SubmittedAttachment(path: $0) },
                    limits: nodes[0].settings.intake), nodes[0])
        case .report: return try await submit(nodes[2].submission(of: ReportFolder(at: cast.report)), nodes[2])
        case .rejection:
            return try await answer(AnswerOrder(.rejection, cast.answer("avslag")), to: DemoCast.referralID, nodes[1])
        case .misdirected: return try await submit(Submission(document: cast.secondReferral()), nodes[0])
        case .handOver:
            var order = AnswerOrder(.forwarding, try cast.answer("videresendt"))
            order.file.reason = "Skolehelsetjenesten i bydelen tar imot barn som har det vanskelig på skolen."
            (order.file.receiver, order.file.receiverPhone) = (nil, PhoneNumber("22 00 03 03"))
            order.door = HERID("80000303")
            return try await answer(order, to: DemoCast.secondReferralID, nodes[1])
        case .discharge:
            return try await submit(Submission(documentAt: cast.discharge, limits: nodes[1].settings.intake), nodes[1])
        case .consent: return Played(words: try await consent(nodes[0], cast))
        case .merger: return Played(words: try merger(cast))
        }
    }

    private func submit(_ submission: Submission, _ node: Node) async throws -> Played {
        Played(messages: try await node.intake.submit(submission).map(\.messageID))
    }

    private func answer(_ order: AnswerOrder, to referral: String, _ node: Node) async throws -> Played {
        let given = try await AnswerDesk(node).give(order, to: referral)
        let letters = given.letters.map { "  letter to \($0.reader): LIX \($0.lixTenths / 10), score \($0.score) of 100" }
        let end = given.lastDay.map { ["  the family can complain until \($0)"] } ?? []
        return Played(messages: given.messages.map(\.messageID), words: letters + end + given.remarks.map { "  \($0)" })
    }

    private func consent(_ gp: Node, _ cast: DemoCast) async throws -> [String] {
        let document = [UInt8](try Data(contentsOf: URL(filePath: cast.document)))
        guard let receiver = HERID("80000401") else { return [] }
        var recorded: [RecordedConsent] = []
        for file in cast.consents {
            recorded.append(try await gp.consents.record([UInt8](try Data(contentsOf: URL(filePath: file)))))
        }
        let before = try gp.consents.decide(document, to: receiver, attachments: 2)
        _ = try await gp.consents.withdraw(recorded[0].consent.id, by: .guardian, how: "muntlig, notert av legen")
        let after = try gp.consents.decide(document, to: receiver, attachments: 2)
        return [before, after].flatMap { decision in
            decision.words.split(separator: "\n").map { "  \($0)" } + [""]
        }.dropLast()
    }

    private func merger(_ cast: DemoCast) throws -> [String] {
        let registry = DoorRegistry(try RegistryFiles.book(cast.registryFiles))
        return try ["2026-11-22", "2028-01-01"].flatMap { text -> [String] in
            guard let day = DoorDay(text) else { return [] }
            let address = try NeedAddress("contact-point", for: .named("Sagene"), on: day, in: registry)
            return address.text.map { "  \($0)" } + [""]
        }.dropLast()
    }
}
