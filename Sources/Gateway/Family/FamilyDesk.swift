import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Sends what a family writes in the citizens' mailbox to a service, and shows what came of it to those who may see it.
public struct FamilyDesk: Sendable {
    let store: GatewayStore
    let intake: Intake
    let registry: Registry
    let mailbox: HERID?
    let environment: NodeEnvironment

    public init(_ node: Node) {
        (store, intake, registry) = (node.store, node.intake, node.registry)
        (mailbox, environment) = (node.settings.letters.mailbox, node.settings.node.environment)
    }

    /// - Parameter need: how the receiver was found, when the sheet does not name it.
    /// - Throws: ``FamilyRights/Refusal``, ``SubmissionError``. Nothing of a refused message stays.
    public func send(_ sheet: FamilySheet, need: NeedAddress? = nil) async throws -> TakenMessage {
        let now = intake.clock.now()
        let sender = try own()
        try FamilyRights(sheet.role, isKept: sheet.isKept, born: sheet.born).checkWriting(at: now)
        guard let receiver = need?.receiver ?? sheet.receiver, need == nil || sheet.receiver == nil || sheet.receiver == receiver
        else {
            throw SubmissionError(
                .receiverUnclear,
                "the family's message names no receiver, or another one than the need: give 'to' or a need and a place")
        }
        let isOwn = sheet.writer.identityNumber == sheet.child.identityNumber
        if sheet.role == .youngPerson, !isOwn { throw Self.unusable("writer is not the child, and the role is 'ungdom'") }
        if sheet.role == .guardian, isOwn { throw Self.unusable("writer is the child, and the role is 'foresatt'") }
        let notice = FamilyNotice(role: sheet.role, keptFromGuardians: sheet.isKept)
        var submission = try submission(sheet, from: sender, to: receiver, notice, at: now)
        submission.needs = need.map { [$0] } ?? []
        let mark =
            try ChildMark.all(
                of: ConsentRecord.Child(
                    identity: PartyIdentity(.fodselsnummer, sheet.writer.identityNumber), birthDate: sheet.born),
                under: store.vault.key
            ).first?.bytes ?? []
        let taken = try await intake.submit([submission]) { database, stored in
            for message in stored.joined() { try notice.insert(message: message.id, writer: mark, database) }
        }
        guard let message = taken.taken.first?.first else { throw Self.unusable("it has no receiver") }
        return message
    }

    /// Whoever hosts others besides must not write in a family's name for them.
    private func own() throws(SubmissionError) -> HERID {
        guard let mailbox, intake.hosted.contains(mailbox) else {
            throw SubmissionError(
                .senderNotHosted,
                "this node does not host the citizens' mailbox; set letters.mailbox to its HER-id on the node that does, and send from there"
            )
        }
        return mailbox
    }

    private static func unusable(_ reason: String) -> SubmissionError {
        SubmissionError(.documentUnreadable, "the family's message cannot be used: \(reason)")
    }

    // MARK: - The message

    private func submission(
        _ sheet: FamilySheet, from sender: HERID, to receiver: HERID, _ notice: FamilyNotice, at now: Date
    ) throws -> Submission {
        let writer = try person(sheet.writer, "writer")
        var child = try person(sheet.child, "child")
        child.dateOfBirth = DocumentTime(sheet.born.description)
        let organisations: (from: Organisation, to: Organisation)
        do {
            let writing = WithdrawalWriter(intake: intake, now: now)
            organisations = (try writing.organisation(sender), try writing.organisation(receiver))
        } catch { throw SubmissionError(.receiverUnknown, "the family's message names a party that nobody knows (to): \(error)") }
        let heading = MsgHead.Heading(
            messageID: try documentID(of: sheet, to: receiver), generated: DocumentTime(now), sender: organisations.from,
            receiver: organisations.to, patient: child)
        let document = try MsgHead.helsefagligDialog(
            heading, tema: .patient, emne: sheet.title, text: Self.words(sheet),
            roller: [RollerRelatertNotat(.person(writer), rolleNotat: RolleNotat.author.coded)]
        ).encoded()
        var submission = Submission(document: document, sender: sender, receiver: receiver)
        submission.documentName = "the family's message"
        submission.sharing = KnownSharing(
            message: .familySubmission, sender: sheet.role == .guardian ? .guardian : .youngPerson)
        let formats = try registry.party(receiver).capabilities.attachmentFormats
        let isOurs = try registry.agreement(between: sender, and: receiver).protection == .strong
        if isOurs || formats.isEmpty || formats.contains(NodeNotice.mediaType) {
            submission.attachments = [try NodeNotice.attachment(notice, titled: "Fra familien")]
        }
        return submission
    }

    private func person(_ person: FamilySheet.Person, _ place: String) throws(SubmissionError) -> Person {
        do {
            let number = try IdentityNumber(person.identityNumber)
            try number.check(allowedIn: environment == .test ? .test : .production)
            return Person(
                name: PersonName(family: person.familyName, given: person.givenName),
                identifiers: [Identifier(number.value, type: PersonIDType(rawValue: number.kind.rawValue).coded)])
        } catch { throw Self.unusable("\(place).identityNumber: \(error.reason); correct it") }
    }

    /// Handed in again, because nobody knew whether it worked, it is the same message.
    private func documentID(of sheet: FamilySheet, to receiver: HERID) throws -> String {
        let fields = [
            FamilySheet.format, sheet.role.rawValue, sheet.writer.identityNumber, sheet.writer.name, sheet.child.identityNumber,
            sheet.child.name, sheet.born.description, "\(sheet.isKept)", receiver.value, sheet.title, sheet.text,
        ]
        return ReportFolder.documentID(of: Array(try JSONEncoder().encode(fields)))
    }

    /// What a reader sees who has no use for the attachment.
    private static func words(_ sheet: FamilySheet) -> String {
        let who =
            switch sheet.role {
            case .guardian: "Skrevet av \(sheet.writer.name), foresatt til \(sheet.child.name)."
            case .youngPerson: "Skrevet av \(sheet.writer.name), som meldingen gjelder."
            case .together: "Skrevet av \(sheet.writer.name). \(sheet.child.name) og foresatte står sammen om meldingen."
            }
        let kept =
            sheet.isKept
            ? " \(sheet.writer.givenName) ber om at foresatte ikke får vite dette. Ta ikke kontakt med dem om det." : ""
        return """
            \(sheet.text)

            \(who)\(kept)
            Svar på denne meldingen, så kommer svaret til rett person i innbyggernes postkasse.
            """
    }
}
