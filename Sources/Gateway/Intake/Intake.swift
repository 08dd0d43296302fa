import Envelope
import Foundation
import GRDB

/// Takes submissions. One is taken when its bytes and its rows are on the disk, and only then is the caller answered. One
/// object for all submissions under one version of the registry: as a value it was copied, with all it holds, for each.
public final class Intake: Sendable {
    let store: GatewayStore
    let registry: Registry
    let trust: PartnerTrust
    let hosted: Set<HERID>
    let limits: IntakeSettings
    let clock: NodeClock
    let ids: IDSource
    let pool: WorkPool
    let actor: AuditActor
    let observation: Observation
    let sealer: MessageSealer
    let direct: DirectDelivery
    let completeness: CompletenessDesk
    let sharing: SharingDesk
    let attachments: AttachmentDesk
    /// Called after the commit with what was taken.
    let onTaken: @Sendable (PreparedSubmission.Taken) -> Void

    init(
        store: GatewayStore, registry: Registry, trust: PartnerTrust, hosted: Set<HERID>, limits: IntakeSettings,
        clock: NodeClock, ids: IDSource, pool: WorkPool, actor: AuditActor, observation: Observation, sealer: MessageSealer,
        direct: DirectDelivery, completeness: CompletenessDesk, sharing: SharingDesk, attachments: AttachmentDesk,
        onTaken: @escaping @Sendable (PreparedSubmission.Taken) -> Void
    ) {
        (self.store, self.registry, self.trust, self.hosted) = (store, registry, trust, hosted)
        (self.limits, self.clock, self.ids, self.pool) = (limits, clock, ids, pool)
        (self.actor, self.observation, self.sealer, self.direct) = (actor, observation, sealer, direct)
        (self.completeness, self.sharing, self.attachments, self.onTaken) = (completeness, sharing, attachments, onTaken)
    }

    /// Checks a submission, stores it sealed, and says what was taken: one message for each receiver the document names.
    ///
    /// - Throws: ``SubmissionError``. Nothing of a refused submission stays.
    public func submit(_ submission: Submission) async throws -> [TakenMessage] {
        try await submit([submission]) { _, _ in }.taken[0]
    }

    /// The same for several that belong together, with what else has to be stored: all of it is in one commit, or nothing.
    ///
    /// - Parameter more: gets the messages of each submission as they were stored. It may be run again when the commit was shared
    ///   with others and taken back, so what it did is what it returns and nothing that it leaves elsewhere.
    func submit<More: Sendable>(
        _ submissions: [Submission], with more: @escaping @Sendable (Database, [[MessageRecord]]) throws -> More
    ) async throws -> (taken: [[TakenMessage]], more: More) {
        do { return try await take(submissions, with: more) } catch let error as SaidMeanwhile {
            store.said.note(error.words)
            return try await take(submissions, with: more)
        }
    }

    private func take<More: Sendable>(
        _ submissions: [Submission], with more: @escaping @Sendable (Database, [[MessageRecord]]) throws -> More
    ) async throws -> (taken: [[TakenMessage]], more: More) {
        let (now, start) = (clock.now(), ContinuousClock.now)
        let prepared = try await pool.run { [self] in try prepare(submissions, at: now) }
        let done: More
        do {
            let (taken, more) = try await store.commit { [actor, direct] database in
                let taken = try zip(prepared, submissions).map { prepared, submission in
                    let taken = try prepared.insert(database, by: actor, direct: direct)
                    for need in submission.needs {
                        try need.record(taken.transitions, by: actor, at: now, in: database)
                    }
                    return taken
                }
                let stored = taken.map { $0.transitions.filter { $0.before == nil }.map(\.message) }
                return (taken, try more(database, stored))
            }
            done = more
            for taken in taken { onTaken(taken) }
            observation.submitted(time: .now - start)
            for case let direct? in taken.map(\.direct) { await direct.admission.begin(direct.message) }
        } catch let error where error is SubmissionError || error is SaidMeanwhile {
            for prepared in prepared { prepared.discard(from: store.vault) }
            if (error as? SubmissionError)?.code == .duplicate { try await confirm(at: now) }
            throw error
        } catch {
            // A commit that fails may be on the disk all the same, so its payloads stay; what no row names is swept away later.
            throw Self.refusal(by: error)
        }
        let taken = prepared.map { prepared in
            prepared.messages.map {
                TakenMessage(
                    messageID: $0.record.messageID, conversationID: $0.record.conversationID, receiver: $0.receiver.herID,
                    receiverName: $0.receiver.name, remarks: $0.checked.remarks)
            }
        }
        return (taken, done)
    }

    private static func refusal(by error: any Error) -> SubmissionError {
        SubmissionError(.store, "the store could not take the message: \(error)")
    }

    /// Whoever is told that a document was taken before believes it to be safe, so what tells it must be on the disk.
    private func confirm(at now: Date) async throws {
        do { try await store.confirm(at: now) } catch { throw Self.refusal(by: error) }
    }

    // MARK: - Checks

    private func prepare(_ submissions: [Submission], at now: Date) throws -> [PreparedSubmission] {
        var prepared: [PreparedSubmission] = []
        do {
            for submission in submissions { prepared.append(try prepare(submission, at: now)) }
        } catch {
            for prepared in prepared { prepared.discard(from: store.vault) }
            throw error
        }
        return prepared
    }

    private func prepare(_ submission: Submission, at now: Date) throws -> PreparedSubmission {
        guard submission.document.count <= limits.documentBytes else {
            throw SubmissionError(
                .tooLarge,
                "\(submission.documentName) has \(submission.document.count) bytes; this node takes at most \(limits.documentBytes) (intake.documentBytes)"
            )
        }
        guard submission.attachments.count <= limits.attachments else {
            throw SubmissionError(
                .tooLarge,
                "there are \(submission.attachments.count) attachments; at most \(limits.attachments) go in one message")
        }
        let (document, summary) = try readDocument(submission)
        let sender = try checkedSender(submission, summary, at: now)
        var receivers = try checkedReceivers(submission, summary, from: sender, at: now)
        let plan = try planFollowUp(submission, summary, &receivers, at: now)
        var carried = try attachments.carried(submission.attachments + plan, to: receivers)
        for receiver in receivers { try check(carried.files, fit: receiver) }
        try look(submission, document, summary, from: sender, to: &receivers, at: now)
        if submission.carriesConsent {
            let letter = try sharing.letter(about: summary.messageID, to: receivers)
            carried.files +=
                try letter.attachment.map { [try AttachmentFile($0, number: 0, limit: limits.attachmentBytes)] } ?? []
            carried.remarks += letter.remark.map { [$0] } ?? []
        }
        for index in receivers.indices { receivers[index].checked.lacks += carried.remarks }
        let carriesChecklist = submission.carriesChecklist && receivers.allSatisfy(\.opensText)
        var prepared = try PreparedSubmission(
            document: submission.document, files: carried.files, summary: summary, sender: sender, receivers: receivers,
            store: store,
            ids: ids, carriesChecklist: carriesChecklist,
            at: now)
        // Whoever is not there now may have another key by the time that they are.
        if prepared.messages.allSatisfy({ direct.answers($0.record.destination) }) {
            prepared.seal(submission.document, with: sealer, at: now)
        }
        return prepared
    }

    /// What is known of the message beside its form: whether the receiver will miss something, and whether it may be shared.
    private func look(
        _ submission: Submission, _ document: ClinicalDocument, _ summary: DocumentSummary, from sender: HERID,
        to receivers: inout [PreparedSubmission.Receiver], at now: Date
    ) throws {
        let party: RegisteredParty
        do { party = try registry.party(sender) } catch { throw SubmissionError(.senderNotHosted, "\(error)") }
        let checked = try completeness.look(submission, document, from: party, to: receivers, by: actor, at: now)
        let shared = try sharing.look(submission, document, summary, from: party, to: receivers, at: now)
        for (index, (part, sharing)) in zip(checked, shared).enumerated() {
            let followUp = receivers[index].checked.followUp
            let lacks = receivers[index].checked.lacks
            receivers[index].checked = part
            (receivers[index].checked.sharing, receivers[index].checked.followUp) = (sharing, followUp)
            receivers[index].checked.lacks += lacks
        }
        guard submission.carriesChecklist, let reader = receivers.firstIndex(where: { !$0.opensText }) else { return }
        let unable = receivers[reader].party
        receivers[reader].checked.lacks.append(
            "\(unable.name) (\(unable.herID)) åpner ikke tekstfiler. Sjekklisten ble ikke sendt med.")
    }

    private func readDocument(_ submission: Submission) throws -> (ClinicalDocument, DocumentSummary) {
        let document: ClinicalDocument
        do { document = try ClinicalDocument(parsing: submission.document) } catch {
            throw SubmissionError(
                .documentUnreadable,
                "\(submission.documentName) cannot be sent: \(error.reason)\(error.place.map { " (\($0))" } ?? "")")
        }
        let summary = document.summary
        if let reference = summary.contentIDs.first {
            throw SubmissionError(
                .documentUnreadable,
                "\(submission.documentName) refers to a part of its own (cid:\(reference.prefix(80))); leave attachments out of it and hand them over as files"
            )
        }
        return (document, summary)
    }

    private func checkedSender(_ submission: Submission, _ summary: DocumentSummary, at now: Date) throws -> HERID {
        guard let sender = summary.sender.communicationHERID.flatMap({ HERID($0) }) else {
            throw SubmissionError(.documentUnreadable, "the document names no sender with a HER-id; add it and try again")
        }
        if let wanted = submission.sender, wanted != sender {
            throw SubmissionError(.senderDiffers, "the document's sender is \(sender), not \(wanted); correct one of them")
        }
        guard hosted.contains(sender) else {
            throw SubmissionError(
                .senderNotHosted,
                "the document's sender \(sender) is not hosted by this node; add it to parties.hosted with its keys, or hand the document to its own node"
            )
        }
        return sender
    }

    private func checkedReceivers(
        _ submission: Submission, _ summary: DocumentSummary, from sender: HERID, at now: Date
    ) throws -> [PreparedSubmission.Receiver] {
        let paths = [summary.receiver] + summary.copyReceivers
        let named = try paths.map { path -> HERID in
            guard let id = path.communicationHERID.flatMap({ HERID($0) }) else {
                throw SubmissionError(.documentUnreadable, "the document names a receiver without a HER-id; add it and try again")
            }
            return id
        }
        if let wanted = submission.receiver, !named.contains(wanted) {
            throw SubmissionError(
                .receiverDiffers, "the document is addressed to \(named[0]), not to \(wanted); correct one of them")
        }
        for need in submission.needs where !named.contains(need.receiver) {
            throw SubmissionError(
                .receiverDiffers,
                "the document is addressed to \(named[0]), and for the need '\(need.need)' the receiver is \(need.receiver); correct the document, or the need and place"
            )
        }
        var seen: Set<HERID> = []
        return try named.filter { seen.insert($0).inserted }.map { try receiver($0, from: sender, at: now) }
    }

    /// A message is taken only for someone who can be reached now: known, active, with an address and a certificate.
    private func receiver(_ id: HERID, from sender: HERID, at now: Date) throws -> PreparedSubmission.Receiver {
        do {
            let party = try registry.activeParty(id, at: now)
            _ = try registry.endpoint(for: id)
            _ = try trust.trusted(id, use: .encryption, at: now)
            return PreparedSubmission.Receiver(party: party, agreement: try registry.agreement(between: sender, and: id))
        } catch {
            let code: SubmissionError.Code =
                if error.isTemporary {
                    .tryLater
                } else if error.code == .unknownParty {
                    .receiverUnknown
                } else {
                    .receiverCannotReceive
                }
            let remedy =
                code == .receiverUnknown ? "; look for the right one with 'msggw registry search' and correct the document" : ""
            throw SubmissionError(code, "the receiver cannot get this message\(remedy): \(error)")
        }
    }

    private func check(_ files: [AttachmentFile], fit receiver: PreparedSubmission.Receiver) throws {
        if let limit = receiver.party.capabilities.maxBytes, let large = files.first(where: { $0.length > limit }) {
            throw SubmissionError(
                .tooLarge,
                "\(large.path) has \(large.length) bytes and \(receiver.party.name) (\(receiver.party.herID)) takes at most \(limit) in one attachment"
            )
        }
        // Base64 inside the document: what other systems in the field take (18 MB a file, 50 MB a message on the wire).
        if receiver.agreement.protection == .national, let large = files.first(where: { $0.length > 18_000_000 }) {
            throw SubmissionError(
                .tooLarge,
                "\(large.path) has \(large.length) bytes; \(receiver.party.name) (\(receiver.party.herID)) gets attachments inside the document, at most 18000000 bytes each"
            )
        }
    }
}
