import Envelope
import Foundation
import GRDB

/// What has been received: looked at without side effects, saved by whoever is to have it.
public struct Inbox: Sendable {
    let store: GatewayStore
    let intake: Intake
    let clock: NodeClock
    let pool: WorkPool
    let softwareVersion: String
    let actor: AuditActor
    let onStep: @Sendable (MessageRecord, MessageStep) -> Void

    /// A received message with its parts.
    public struct Entry: Sendable {
        public let message: MessageRecord
        public let attachments: [AttachmentEntry]
        /// The referral that it belongs to, as it went on.
        public let course: CourseReport?
    }

    public struct AttachmentEntry: Sendable, Hashable, Codable {
        public let title: String?
        public let mediaType: String
        public let bytes: Int
    }

    /// Messages received, newest first, receipts left out.
    public func list(limit: Int = 100) throws -> [MessageRecord] { try store.received(limit: limit) }

    /// A received message, for whoever looks at it; that they did is in the audit trail.
    public func show(_ id: String, purpose: ReadingPurpose? = nil) async throws -> Entry {
        try await store.received(id, for: Reading(by: actor, purpose: purpose, at: clock.now()))
    }

    /// Writes the message to a folder of its own below `folder` and answers the sender with a positive AppRec: the receiving
    /// side has it now. Saving again writes again and answers nothing.
    ///
    /// That it was filed is committed before anything is answered, so that nobody gets it twice because an answer could not be
    /// made. An answer that cannot be made now is due, and the daemon makes it later.
    ///
    /// - Parameter purpose: what a person saves it for. When a person does, that is in the audit trail before anything is written.
    /// - Throws: ``FilingError`` when the folder that a person named cannot be written.
    public func save(_ id: String, to folder: String, purpose: ReadingPurpose? = nil) async throws -> FiledMessage {
        let (message, parts) = try store.findReceived(id)
        if actor != .node {
            let reading = Reading(by: actor, purpose: purpose, at: clock.now())
            try await store.record(reading, of: message, how: "saved with \(parts.count - 1) attachments")
        }
        let filed: FiledMessage
        do {
            filed = try await pool.run { try Filing(vault: store.vault).write(message, parts, below: folder) }
        } catch let error as FilingError where actor == .node {
            // Nobody named the folder but the node's configuration.
            throw error.ofNode
        }
        if let filedMessage = try await markFiled(message) {
            do { try await answer(filedMessage) } catch { try await postpone(filedMessage, error) }
        }
        return filed
    }

    // MARK: - Filed, and said so

    /// The message as filed with its answer due; nil when somebody else filed it first.
    private func markFiled(_ message: MessageRecord) async throws -> MessageRecord? {
        // Saving again files nothing: asked first, since the ledger would write down that it did not apply.
        guard message.state == .opened, let filed = try await apply(.filed, to: message) else { return nil }
        onStep(filed.message, filed.step)
        return filed.message
    }

    /// Hands the AppRec that a filed message is due to this node's own intake, when its document asks for one.
    func answer(_ message: MessageRecord) async throws {
        guard let receipt = try await appRec(for: message, at: clock.now()) else { return try await settle(message) }
        do {
            _ = try await intake.submit(Submission(document: receipt))
        } catch let error as SubmissionError where error.code == .duplicate {
            // A crash between the receipt and the mark below: the receipt is on its way already.
        }
        try await apply(.receipted, to: message)
    }

    /// What could not be done now is due again in a while; the reason can be seen in the message's status.
    func postpone(_ message: MessageRecord, _ error: any Error) async throws {
        try await apply(.postponed(reason: "\(error)", until: clock.now() + 60), to: message)
    }

    /// Nothing is due by the node any more.
    func settle(_ message: MessageRecord) async throws { try await apply(.settled, to: message) }

    @discardableResult
    private func apply(_ event: MessageEvent, to message: MessageRecord) async throws -> Transition? {
        let now = clock.now()
        return try await store.commit { [actor] database in
            // What somebody else did meanwhile stands.
            guard try MessageRecord.fetch(database, id: message.id)?.state == message.state else { return nil }
            return try Ledger.apply(event, to: message.id, at: now, by: actor, in: database)
        }
    }

    /// The positive AppRec for a document that wants one; nil when it does not, or is a receipt itself.
    private func appRec(for message: MessageRecord, at now: Date) async throws -> [UInt8]? {
        try await pool.run {
            let document = try store.receivedDocument(message)
            let summary = try ClinicalDocument(parsing: document).summary
            if summary.ack == .no || message.kind == "APPREC" { return nil }
            // The id follows from the message, so that answering twice after a crash is one answer.
            let addresses = [summary.receiver] + summary.copyReceivers
            let receipt = try AppRec.answering(
                summary, status: .ok, id: "apprec-\(message.sender)-\(message.messageID)", generated: DocumentTime(now),
                as: addresses.first { $0.communicationHERID == message.receiver }, softwareName: "msggw",
                softwareVersion: softwareVersion)
            return try receipt.encoded()
        }
    }
}

extension MessageRecord {
    /// Messages that go by that name: `eb:MessageId`, the document's `MsgId`, ConversationId, or this node's own number, with
    /// or without `#`. Oldest first.
    static func find(_ database: Database, _ name: String) throws -> [MessageRecord] {
        if name.hasPrefix("#") { return try Int64(name.dropFirst()).flatMap { try fetch(database, id: $0) }.map { [$0] } ?? [] }
        var found = try fetchAll(
            database,
            sql: """
                SELECT DISTINCT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                WHERE name.kind IN ('message', 'document', 'conversation') AND name.value = ? ORDER BY message.id
                """, arguments: [name])
        // Others may have given a bare number as a name; then both are found, and whoever needs one is asked to say which.
        if let own = try Int64(name).flatMap({ try fetch(database, id: $0) }), !found.contains(where: { $0.id == own.id }) {
            found.append(own)
        }
        return found
    }
}
