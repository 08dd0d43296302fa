import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Records what families have said, shows it, takes it back, and answers whether a document may be shared.
public struct ConsentDesk: Sendable {
    let sharing: SharingDesk
    let registry: Registry
    let clock: NodeClock
    let ids: IDSource
    let actor: AuditActor
    /// Takes what goes to holders when something is taken back.
    let intake: Intake
    /// Working days within which they should answer.
    let answerDays: Int
    /// Called after the commit with what became of messages.
    let onTransition: @Sendable (Transition) -> Void

    var book: ConsentBook { sharing.book }
    var store: GatewayStore { sharing.book.store }

    // MARK: - Recording

    /// Signs a consent in the name of the hosted party that recorded it, and stores it.
    ///
    /// - Parameter bytes: a FHIR R4 Consent as JSON.
    /// - Throws: ``ConsentDeskError``; nothing is stored then.
    public func record(_ bytes: [UInt8]) async throws -> RecordedConsent {
        let now = clock.now()
        let reading = try Self.read(bytes, at: now)
        let record = reading.record
        let signed = try SignedConsent(record) { try book.signing.sign($0, as: record.recordedBy.identity) }
        let verified: VerifiedConsent
        do {
            verified = try signed.verified(by: book.signing.check(at: now), digester: ConsentSigning.digester)
        } catch { throw ConsentDeskError(.notOurs, "the consent cannot be signed so that it holds: \(error)") }
        let marks = try ChildMark.all(of: record.child, under: store.vault.key)
        guard !marks.isEmpty else {
            throw ConsentDeskError(
                .contradicts, "the child has neither a number nor a name in it, so nobody could find the consent")
        }
        let payload = try book.sealed(SignedBytes(signed.bytes, signed.signature))
        try await store.commit { [actor] database in
            try Self.refuseKnown(verified, in: database)
            try ConsentRows.insert(verified, payload, marks: marks, at: now, in: database)
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "consent recorded", detail: "\(record.id) version \(record.version)",
                    digest: verified.digest.value), in: database)
        }
        return RecordedConsent(
            consent: ListedConsent(verified, isNewest: true, withdrawals: [], at: now),
            deviations: reading.deviations.map(\.description))
    }

    private static func read(_ bytes: [UInt8], at now: Date) throws(ConsentDeskError) -> ConsentRecord.Reading {
        let reading: ConsentRecord.Reading
        do {
            reading = try ConsentRecord.read(bytes)
            try reading.record.check()
        } catch { throw ConsentDeskError(.unreadable, "the consent cannot be recorded: \(error.description)") }
        // A clock that runs a little before ours is no lie.
        guard reading.record.givenAt <= now + 300 else {
            throw ConsentDeskError(.contradicts, "the consent says that it is given in the future: correct dateTime")
        }
        return reading
    }

    private static func refuseKnown(_ consent: VerifiedConsent, in database: Database) throws {
        let id = consent.record.id
        if try ConsentRows.hasDigest(consent.digest, in: database) {
            throw ConsentDeskError(.known, "this consent is recorded already: \(id)")
        }
        if let newest = try ConsentRows.newestVersion(of: id, in: database), consent.record.version <= newest {
            throw ConsentDeskError(
                .contradicts,
                "\(id) is recorded as version \(newest) with other words; a change of it must have a higher meta.versionId")
        }
    }

    // MARK: - Showing

    /// What is recorded, without the names of persons.
    ///
    /// - Parameter document: only those about this document's patient.
    public func list(about document: [UInt8]? = nil) throws -> [ListedConsent] {
        let now = clock.now()
        let known: ConsentBook.Known
        if let document {
            let child = try Self.child(of: ClinicalDocument(parsing: document).summary)
            let found = try book.known(about: child)
            known = ConsentBook.Known(
                consents: found.consents.filter { $0.record.child.isSame(as: child) }, withdrawals: found.withdrawals)
        } else {
            let (rows, withdrawn) = try store.read { database in
                let rows = try ConsentRows.all(in: database)
                return (rows, try ConsentRows.withdrawals(of: rows.map(\.id), in: database))
            }
            known = try book.opened(rows, withdrawn)
        }
        return Self.listed(known, at: now)
    }

    static func child(of summary: DocumentSummary) throws(ConsentDeskError) -> ConsentRecord.Child {
        guard let child = KeptQuestion.child(of: summary) else {
            throw ConsentDeskError(.wrongDocument, "the document does not say who the patient is and when the patient was born")
        }
        return child
    }

    private static func listed(_ known: ConsentBook.Known, at now: Date) -> [ListedConsent] {
        let newest = Dictionary(known.consents.map { ($0.record.id, $0.record.version) }) { max($0, $1) }
        return known.consents.map { consent in
            ListedConsent(
                consent, isNewest: newest[consent.record.id] == consent.record.version,
                withdrawals: known.withdrawals.filter { $0.consentDigest == consent.digest }, at: now)
        }
    }

    /// Every version of a consent, with the record itself. That it was read is in the audit trail first.
    public func show(_ id: String, for reading: Reading) async throws -> [ShownConsent] {
        let known = try versions(of: id)
        try await store.commit { database in
            try AuditTrail.append(
                AuditRecord(
                    at: reading.at, by: reading.actor, action: "consent read", detail: id, purpose: reading.purpose?.text),
                in: database)
        }
        store.wakeDaemon()
        let withdrawals = try shownWithdrawals(known)
        return zip(Self.listed(known, at: clock.now()), known.consents).map { listed, consent in
            ShownConsent(
                consent: listed, summary: consent.record.summary, fhir: String(decoding: consent.signed.bytes, as: UTF8.self),
                withdrawals: withdrawals[consent.digest] ?? [])
        }
    }

    func versions(of id: String) throws -> ConsentBook.Known {
        let (rows, withdrawn) = try store.read { database in
            let rows = try ConsentRows.versions(of: id, in: database)
            return (rows, try ConsentRows.withdrawals(of: rows.map(\.id), in: database))
        }
        guard !rows.isEmpty else {
            throw ConsentDeskError(
                .notFound, "no consent has the id '\(id.prefix(80))'; 'msggw consent list' shows those that are recorded")
        }
        return try book.opened(rows, withdrawn)
    }

    // MARK: - Asking

    /// Whether a document may be shared with a receiver now, whatever `consent.check` says.
    public func decide(
        _ document: [UInt8], to receiver: HERID, attachments: Int = 0, emergency: String? = nil, isLookedThrough: Bool = false
    ) throws -> ConsentDecision {
        let read = try ClinicalDocument(parsing: document)
        let summary = read.summary
        guard let sender = summary.sender.communicationHERID.flatMap({ HERID($0) }) else {
            throw ConsentDeskError(.wrongDocument, "the document names no sender with a HER-id")
        }
        let isCleared =
            SharingMessage(summary) == .anonymousDiscussion && attachments == 0
            && SharingDesk.isNameless(read, [], isLookedThrough: isLookedThrough, at: clock.now())
        do {
            let kept = try KeptQuestion(
                summary, attachments: attachments, from: registry.party(sender), to: registry.party(receiver),
                in: registry, isCopy: summary.receiver.communicationHERID != receiver.value, emergency: emergency,
                isCleared: isCleared)
            guard let kept else {
                throw ConsentDeskError(.wrongDocument, "no rule about sharing is about a document of this kind")
            }
            return try sharing.decide(kept, .submission, at: clock.now()).decision
        } catch is KeptQuestion.Missing {
            throw ConsentDeskError(
                .wrongDocument, "the document does not say when the child was born, so nobody can say who must consent")
        }
    }
}
