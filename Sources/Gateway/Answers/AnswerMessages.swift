import Envelope
import Foundation
import Practice

/// What goes out of one answer: the status to the referrer, a letter to the mailbox for each reader, the referral to its right door.
struct AnswerMessages: Sendable {
    let status: Submission
    let letters: [(reader: LetterReader, submission: Submission)]
    let referral: Submission?
    private(set) var remarks: [String] = []

    var submissions: [Submission] { [status] + letters.map(\.submission) + [referral].compactMap(\.self) }

    init(
        _ bundle: AnswerBundle, _ pages: [WrittenPage], _ referral: StoredReferral, _ handover: Submission?, desk: AnswerDesk,
        at now: Date
    ) throws {
        self.referral = handover
        let writer = AnswerWriter(desk: desk, referral: referral, now: now)
        var remarks: [String] = []
        status = try writer.status(bundle.status, pages, &remarks)
        letters = try writer.letters(pages, &remarks)
        self.remarks = remarks
    }
}

/// Writes the documents.
private struct AnswerWriter {
    let desk: AnswerDesk
    let referral: StoredReferral
    let now: Date

    // MARK: - To the referrer

    func status(_ text: StatusText, _ pages: [WrittenPage], _ remarks: inout [String]) throws -> Submission {
        let sender = try desk.party(referral.message.sender)
        let copies = try copyReceivers(&remarks)
        let status = HenvisningStatus(rawValue: text.status.code)
        var heading = try heading(to: sender, copies: copies)
        heading.conversation = ConversationReference(parent: referral.summary.messageID, conversation: referral.conversation)
        let document = try MsgHead.statusPaaHenvisning(heading, status: status, text: text.text, reaching: contact(text))
            .encoded()
        var submission = Submission(document: document, receiver: sender.herID)
        submission.documentName = "the status"
        submission.sharing = KnownSharing(referrers: Set(copies.map(\.herID)))
        let receivers = [sender] + copies
        for page in pages {
            let title = pages.count == 1 ? text.attachment : "\(text.attachment): \(page.page.letter.reader.label)"
            if let attachment = page.attachments(titled: title, openedBy: receivers).first {
                submission.attachments.append(attachment)
            } else {
                let remark =
                    "The letter is not attached to the status: \(receivers.map(\.name).joined(separator: ", ")) cannot open "
                    + "\(page.pdf == nil ? "HTML" : "PDF or HTML"). The status says in text what it says."
                if !remarks.contains(remark) { remarks.append(remark) }
            }
        }
        return submission
    }

    /// Who referred a child whose referral was handed over here: they wait for the answer too.
    private func copyReceivers(_ remarks: inout [String]) throws -> [RegisteredParty] {
        guard let referrer = referral.henvisning?.handover?.referrer, referrer != referral.message.sender else { return [] }
        do {
            guard let id = HERID(referrer) else { return [] }
            let party = try desk.registry.activeParty(id, at: now)
            _ = try desk.registry.endpoint(for: id)
            _ = try desk.trust.trusted(id, use: .encryption, at: now)
            return [party]
        } catch {
            remarks.append("The first referrer gets no copy of the status, and must be told in another way: \(error)")
            return []
        }
    }

    private func contact(_ text: StatusText) -> RollerRelatertNotat.Who {
        let contact = text.contact
        var person = Person(
            name: PersonName(shown: contact.name), identifiers: contact.hpr.map { [.hpr($0)] } ?? [],
            telecoms: [Telecom(text.contactAddress, type: TelecomKind.work.simple)])
        guard let hpr = contact.hpr, !hpr.isEmpty else {
            person.identifiers = []
            return .person(person)
        }
        return .professional(HealthcareProfessional(person))
    }

    // MARK: - To the family

    /// A letter of one reader is in no message of another: what a child keeps from its parents must not lie in theirs.
    func letters(
        _ pages: [WrittenPage], _ remarks: inout [String]
    ) throws -> [(reader: LetterReader, submission: Submission)] {
        guard let id = desk.settings.letters.mailbox else {
            remarks.append(
                "The letters to the family were not sent: this node knows no mailbox (letters.mailbox). Print them: msggw answer show \(referral.message.id) --letters FOLDER"
            )
            return []
        }
        let mailbox: RegisteredParty
        do {
            mailbox = try desk.registry.activeParty(id, at: now)
            _ = try desk.registry.endpoint(for: id)
            _ = try desk.trust.trusted(id, use: .encryption, at: now)
        } catch {
            remarks.append(
                "The letters to the family were not sent: \(error). Print them: msggw answer show \(referral.message.id) --letters FOLDER"
            )
            return []
        }
        return try pages.map { page in
            let letter = page.page.letter
            let document = try MsgHead.helsefagligDialog(
                heading(to: mailbox, copies: []), tema: .patient, emne: "Brev til \(letter.reader.label)",
                text: page.page.plainText
            ).encoded()
            var submission = Submission(document: document, receiver: id)
            submission.documentName = "the letter"
            submission.sharing = KnownSharing(letterTo: letter.reader)
            submission.attachments = page.attachments(titled: letter.title, openedBy: [mailbox])
            return (letter.reader, submission)
        }
    }

    // MARK: - Both

    private func heading(to receiver: RegisteredParty, copies: [RegisteredParty]) throws -> MsgHead.Heading {
        let known = referral.summary.patient
        let patient = Person(
            name: referral.patientName, dateOfBirth: known?.dateOfBirth, sex: known?.sex,
            identifiers: (known?.identifiers ?? []).map {
                Identifier($0.value, type: PersonIDType(rawValue: $0.type.code ?? "").coded)
            })
        let own = try desk.party(referral.message.receiver)
        return MsgHead.Heading(
            messageID: desk.intake.ids.next(), generated: DocumentTime(now), sender: try organisation(own),
            receiver: try organisation(receiver), copyReceivers: try copies.map { try organisation($0) }, patient: patient,
            processingStatus: referral.summary.processingStatus)
    }

    private func organisation(_ party: RegisteredParty) throws -> Organisation {
        var organisation = Organisation(try desk.registry.address(of: party.herID))
        if party.kind == .person { organisation.professional?.person.name = PersonName(shown: party.name) }
        return organisation
    }
}

extension WrittenPage {
    /// The letter in the forms that everyone can open, the best one first.
    func attachments(titled title: String, openedBy receivers: [RegisteredParty]) -> [SubmittedAttachment] {
        let forms = [pdf.map { ($0, "application/pdf") }, (Array(page.html.utf8), "text/html")].compactMap(\.self)
        return forms.filter { bytes, mediaType in
            receivers.allSatisfy { receiver in
                let capabilities = receiver.capabilities
                return (capabilities.attachmentFormats.isEmpty || capabilities.attachmentFormats.contains(mediaType))
                    && bytes.count <= capabilities.maxBytes ?? .max
            }
        }.map { SubmittedAttachment(HeldContent(source: .bytes($0), mediaType: $1), title: title) }
    }
}

extension LetterReader {
    /// In the name of what is attached, to a clinician.
    var label: String {
        switch self {
        case .adult, .youngWithGuardians: "pasienten"
        case .youngAlone: "pasienten, ikke til foresatte"
        case .guardians, .invitedGuardians: "foresatte"
        }
    }
}
