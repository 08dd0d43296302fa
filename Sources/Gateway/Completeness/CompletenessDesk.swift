import Envelope
import Foundation
import Practice

/// Asks a submission its receivers' lists.
struct CompletenessDesk: Sendable {
    let mode: CheckSettings.Mode
    let registry: Registry

    /// - Throws: ``SubmissionError`` `.incomplete` with the missing lines, when that is required, it is not urgent and nobody says why
    ///   it should go all the same.
    func look(
        _ submission: Submission, _ document: ClinicalDocument, from sender: RegisteredParty,
        to receivers: [PreparedSubmission.Receiver], by actor: AuditActor, at now: Date
    ) throws(SubmissionError) -> [CheckedSubmission.Part] {
        let anyway = try anyway(submission, by: actor, at: now)
        guard mode != .off, SharingMessage(document.summary) != nil else {
            return receivers.map { _ in CheckedSubmission.Part() }
        }
        let check = DocumentCheck(document, attachments: submission.attachments)
        let from = CareService(sender, in: registry)
        var parts: [CheckedSubmission.Part] = []
        for receiver in receivers {
            let asked = check.completeness(
                to: CareService(receiver.party, in: registry), from: from, today: OsloDay(at: now), anyway: anyway)
            guard let asked else {
                parts.append(CheckedSubmission.Part())
                continue
            }
            if asked.waits, mode == .require {
                throw SubmissionError(
                    .incomplete,
                    "\(receiver.party.name) (\(receiver.party.herID)) mangler dette: \(asked.lacks.joined(separator: " ")) Fyll det ut, eller send med --anyway og en grunn."
                )
            }
            parts.append(
                CheckedSubmission.Part(
                    checklist: asked.answered,
                    lacks: asked.lacks.map { "\(receiver.party.name) (\(receiver.party.herID)) mangler: \($0)" }))
        }
        return parts
    }

    private func anyway(
        _ submission: Submission, by actor: AuditActor, at now: Date
    ) throws(SubmissionError) -> SendAnyway? {
        guard let reason = submission.anyway else { return nil }
        guard let anyway = SendAnyway(reason: reason, by: actor.text, at: now) else {
            throw SubmissionError(
                .incomplete, "the reason for sending anyway says nothing: write at least \(SendAnyway.shortestReason) letters")
        }
        return anyway
    }
}
