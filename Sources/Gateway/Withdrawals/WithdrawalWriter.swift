import Envelope
import Foundation
import Practice

/// Writes the dialogue messages with which a withdrawal goes to a holder, and the holder's answer comes back (HIS 1077).
struct WithdrawalWriter: Sendable {
    let intake: Intake
    let now: Date

    /// To the holder of a message that relied on the consent.
    ///
    /// - Parameters:
    ///   - isThere: whether the message is known to have arrived. Whoever may not have it learns of nobody by this.
    ///   - end: until when we wait for an answer.
    func notice(
        _ withdrawal: ConsentWithdrawal, _ signed: SignedBytes, about message: MessageRecord, isThere: Bool,
        child: ConsentRecord.Child, until end: Date
    ) throws -> Submission {
        guard let sender = HERID(message.sender), let receiver = HERID(message.receiver) else {
            throw SubmissionError(.receiverUnknown, "the message #\(message.id) names a party without a HER-id")
        }
        try reachable(receiver)
        let heading = MsgHead.Heading(
            messageID: intake.ids.next(), generated: DocumentTime(now), sender: try organisation(sender),
            receiver: try organisation(receiver), patient: isThere && child.name != nil ? Person(child) : nil,
            conversation: ConversationReference(parent: message.documentID, conversation: message.documentID))
        let document = try MsgHead.helsefagligDialog(
            heading, tema: .patient, emne: "Samtykke er trukket tilbake",
            text: Self.words(withdrawal, message, isThere: isThere, until: end))
        var submission = try made(document, receiver: receiver, "the withdrawal")
        if try readsNotices(from: sender, to: receiver) {
            submission.attachments = [
                try NodeNotice.attachment(
                    WithdrawalNotice(
                        document: message.documentID, message: message.messageID, sent: message.created.formatted(.iso8601),
                        signed: signed),
                    titled: "Samtykke trukket")
            ]
        }
        return submission
    }

    /// - Parameter told: the document that told of the withdrawal.
    func answer(_ answer: WithdrawalAnswer, to told: DocumentSummary) throws -> Submission {
        let heading = MsgHead.Heading(answering: told, messageID: intake.ids.next(), generated: DocumentTime(now))
        let document = try MsgHead.helsefagligDialog(
            heading, tema: .patient, emne: "Svar på at samtykke er trukket tilbake", text: answer.text)
        guard let sender = told.receiver.communicationHERID.flatMap({ HERID($0) }),
            let receiver = told.sender.communicationHERID.flatMap({ HERID($0) })
        else { throw SubmissionError(.receiverUnknown, "the withdrawal names a party without a HER-id") }
        var submission = try made(document, receiver: receiver, "the answer")
        if try readsNotices(from: sender, to: receiver) {
            submission.attachments = [
                try NodeNotice.attachment(WithdrawalReply(answer: Data(answer.bytes)), titled: "Svar på trukket samtykke")
            ]
        }
        return submission
    }

    private func made(_ document: MsgHead, receiver: HERID, _ name: String) throws -> Submission {
        var submission = Submission(document: try document.encoded(), receiver: receiver)
        submission.documentName = name
        submission.sharing = KnownSharing(tellsNothingNew: true)
        return submission
    }

    /// The checks that an intake makes: one who cannot be reached now must not stop the withdrawal itself.
    private func reachable(_ receiver: HERID) throws {
        _ = try intake.registry.activeParty(receiver, at: now)
        _ = try intake.registry.endpoint(for: receiver)
        _ = try intake.trust.trusted(receiver, use: .encryption, at: now)
    }

    /// Whether the receiver is a node of our kind, or says that it opens JSON. Others answer in words.
    private func readsNotices(from sender: HERID, to receiver: HERID) throws -> Bool {
        let formats = try intake.registry.party(receiver).capabilities.attachmentFormats
        if formats.isEmpty || formats.contains(NodeNotice.mediaType) { return true }
        return try intake.registry.agreement(between: sender, and: receiver).protection == .strong
    }

    func organisation(_ id: HERID) throws -> Organisation {
        var organisation = Organisation(try intake.registry.address(of: id))
        if let person = organisation.professional?.person.name.family {
            organisation.professional?.person.name = PersonName(shown: person)
        }
        return organisation
    }

    private static func words(
        _ withdrawal: ConsentWithdrawal, _ message: MessageRecord, isThere: Bool, until end: Date
    ) -> String {
        let sent = day(message.created)
        let what =
            isThere
            ? "Dere fikk en melding fra oss \(sent)" : "Vi prøvde å sende dere en melding \(sent), og vet ikke om den kom fram"
        let wish =
            withdrawal.asksDeletion
            ? "Familien ber dere slette den." : "Familien ber dere ikke slette den, men den skal ikke brukes til noe nytt."
        return """
            Samtykket som meldingen bygget på, er trukket tilbake.

            \(what) (meldingens id: \(message.documentID)). Ikke del den videre. \(wish)

            Svar oss på hva som skjer med den: stoppet, slettet, eller beholdt etter loven. Må dere beholde den, skriv hvilken lov og hvorfor. Familien får vite svaret.

            Vi venter svar senest \(day(end)).
            """
    }

    private static func day(_ time: Date) -> String { LetterDay(time)?.written(in: .bokmal) ?? OsloDay(at: time).description }
}

extension Person {
    /// The child of a consent, as a document names a patient.
    init(_ child: ConsentRecord.Child) {
        let type: PersonIDType? =
            switch child.identity?.scheme {
            case .fodselsnummer?: .fnr
            case .dNumber?: .dnr
            case .commonHelpNumber?: .fhn
            default: nil
            }
        self.init(
            name: PersonName(shown: child.name ?? ""), dateOfBirth: DocumentTime(child.birthDate.description),
            identifiers: type.flatMap { type in child.identity.map { [Identifier($0.value, type: type.coded)] } } ?? [])
    }
}
