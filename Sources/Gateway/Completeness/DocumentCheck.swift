import Envelope
import Foundation
import Practice

/// A document, asked before it is sent: whether what its receiver needs is in it, and what in its text tells who the child is.
public struct DocumentCheck: Sendable {
    /// What it is in the rules; nil for receipts and what no rule is about.
    public let message: SharingMessage?
    /// What the receiver must be by the document's own kind; nil when the document does not say.
    public let namedReceiver: CareService?
    public let messageID: String
    public let isUrgent: Bool
    /// Whether a patient is named where the standard has its place.
    public let namesPatient: Bool
    public let text: WrittenText
    let answers: DocumentAnswers
    let born: OsloDay?

    /// - Parameter attachments: files that go along and are not in the document.
    /// - Throws: `EnvelopeError` for what is no document that is known.
    public init(_ document: [UInt8], attachments: [SubmittedAttachment] = []) throws(EnvelopeError) {
        self.init(try ClinicalDocument(parsing: document), attachments: attachments)
    }

    init(_ document: ClinicalDocument, attachments: [SubmittedAttachment]) {
        let summary = document.summary
        let gathered = Self.gathered(document, attachments.map(\.title))
        message = SharingMessage(summary)
        namedReceiver = Self.receiver(document)
        messageID = summary.messageID
        isUrgent = summary.isUrgent
        namesPatient = summary.patient != nil
        born = summary.patient?.dateOfBirth?.day.flatMap { OsloDay($0) }
        (text, answers) = (gathered.text, gathered.answers)
    }

    private static func gathered(_ document: ClinicalDocument, _ names: [String]) -> AnswerGathering {
        switch document {
        case .henvisning(let referral): AnswerGathering(referral, attached: names)
        case .epikrise(let report): AnswerGathering(report, attached: names)
        case .msgHead(let head): AnswerGathering(head, attached: names)
        case .appRec: AnswerGathering()
        }
    }

    private static func receiver(_ document: ClinicalDocument) -> CareService? {
        guard case .henvisning(let referral) = document else { return nil }
        let isPsychiatry = referral.servReq.reqServ.service?.medSpeciality?.code == MedicalSpeciality.childPsychiatry.rawValue
        return isPsychiatry || referral.type?.code == MessageType.henvisningBUP.rawValue ? .bup : nil
    }

    /// The list that a receiver of that kind has for this kind of message, answered; nil when it has none.
    ///
    /// - Parameter sender: a report that comes from PPT is one, whatever kind of message carries it.
    public func completeness(
        to receiver: CareService, from sender: CareService = .other, today: OsloDay, anyway: SendAnyway? = nil
    ) -> CheckedCompleteness? {
        guard let message = message?.seen(from: sender, hasAttachments: answers.answers[.reportFile] != nil),
            let list = Checklist.standard(for: message, to: receiver)
        else { return nil }
        let report = CompletenessCheck(list).report(on: answers, born: born, today: today)
        return CheckedCompleteness(report, decision: report.decision(isUrgent: isUrgent, anyway: anyway), of: messageID)
    }
}

/// A checklist, answered for one document, and what that means for it.
public struct CheckedCompleteness: Sendable, Hashable {
    public let report: CompletenessReport
    public let decision: CompletenessReport.Decision
    /// As it is kept with the message.
    public let answered: AnsweredChecklist

    init(_ report: CompletenessReport, decision: CompletenessReport.Decision, of messageID: String) {
        (self.report, self.decision) = (report, decision)
        answered = AnsweredChecklist(report, messageID: messageID, decision: decision)
    }

    public var waits: Bool { if case .waits = decision { true } else { false } }

    /// What must be there and is not, one line for each: the question, and why the receiver asks. Bokmål.
    public var lacks: [String] { report.missingThatMust.map { "\($0.item.question) \($0.item.why)" } }

    /// What ought to be there and is not.
    public var wants: [String] {
        report.missing.filter { $0.item.weight == .should }.map { "\($0.item.question) \($0.item.why)" }
    }
}
