import Envelope
import Foundation

extension Intake {
    /// Checks the plan of what follows a discharge, and gives each receiver their part of it.
    ///
    /// - Returns: the plan as a text to go along, when every receiver opens one.
    func planFollowUp(
        _ submission: Submission, _ summary: DocumentSummary, _ receivers: inout [PreparedSubmission.Receiver], at now: Date
    ) throws -> [SubmittedAttachment] {
        guard let plan = submission.followUp else { return [] }
        let parties = receivers.map(\.party)
        for (index, part) in try plan.planned(for: summary, to: parties, at: now).enumerated() {
            receivers[index].checked.followUp = part
        }
        if let unable = receivers.firstIndex(where: { !$0.opensText }) {
            receivers[unable].checked.lacks.append(
                "\(parties[unable].name) (\(parties[unable].herID)) åpner ikke tekstfiler. Planen ble ikke lagt ved; det som skal gjøres, må stå i epikrisen."
            )
            return []
        }
        let text = plan.text { id in parties.first { $0.herID.value == id }?.name ?? id }
        return [
            SubmittedAttachment(
                HeldContent(source: .bytes(Array(text.utf8)), mediaType: "text/plain"), title: "Oppfølgingsplan")
        ]
    }
}
