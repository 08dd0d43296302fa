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
    let onStep: @Sendable (MessageRecord, MessageStep) -> Void

    /// A received message with its parts.
    public struct Entry: Sendable {
        public let message: MessageRecord
        public let attachments: [AttachmentEntry]
    }

    public struct AttachmentEntry: Sendable, Hashable, Codable {
        public let title: String?
        public let mediaType: String
        public let bytes: Int
    }

    /// Messages received, newest first, receipts left out.
    public func list(limit: Int = 100) throws -> [MessageRecord] { try store.received(limit: limit) }

    public func show(_ id: String) throws -> Entry { try store.received(id) }

    /// The document as it came, for whoever reads it on the screen.
    public func document(_ id: String) throws -> [UInt8] { try store.receivedDocument(id) }

    /// Writes the message to a folder of its own below `folder` and answers the sender with a positive AppRec: the receiving
    /// side has it now. Saving again writes again and answers nothing.
    public func save(_ id: String, to folder: String) async throws -> FiledMessage {
        let (message, parts) = try store.findReceived(id)
        let filed = try await pool.run { try Filing(vault: store.vault).write(message, parts, below: folder) }
        try await answer(message, filed)
        return filed
    }

    // MARK: - Filed, and said so

    /// Marks the message as filed and, when its document asks for it, hands an AppRec to this node's own intake.
    func answer(_ message: MessageRecord, _ filed: FiledMessage) async throws {
        guard message.state == .opened else { return }
        let now = clock.now()
        if let receipt = try await appRec(for: message, at: now) {
            do {
                _ = try await intake.submit(Submission(document: receipt))
            } catch let error as SubmissionError where error.code == .duplicate {
                // A crash between the receipt and the mark below: the receipt is on its way already.
            }
        }
        var changed = message
        changed.state = .filed
        (changed.due, changed.updated) = (nil, now)
        let record = changed
        let step = MessageStep(at: now, what: "filed", detail: filed.folder)
        try await store.commit { database in
            try record.update(database)
            try MessageStep.record(database, message: record.id, at: now, step.what, step.detail)
        }
        onStep(record, step)
    }

    /// The positive AppRec for a document that wants one; nil when it does not, or is a receipt itself.
    private func appRec(for message: MessageRecord, at now: Date) async throws -> [UInt8]? {
        try await pool.run {
            let document = try document(String(message.id))
            let summary = try ClinicalDocument(parsing: document).summary
            if summary.ack == .no || message.kind == "APPREC" { return nil }
            // The id follows from the message, so that answering twice after a crash is one answer.
            let addresses = [summary.receiver] + summary.copyReceivers
            let receipt = try AppRec.answering(
                summary, status: .ok, id: "apprec-\(message.messageID)", generated: DocumentTime(now),
                as: addresses.first { $0.communicationHERID == message.receiver }, softwareName: "msggw",
                softwareVersion: softwareVersion)
            return try receipt.encoded()
        }
    }
}

extension MessageRecord {
    /// Messages that go by that name: own number, `eb:MessageId`, the document's `MsgId`, ConversationId. Oldest first.
    static func find(_ database: Database, _ name: String) throws -> [MessageRecord] {
        if let own = Int64(name), let message = try fetch(database, id: own) { return [message] }
        return try fetchAll(
            database,
            sql:
                "SELECT DISTINCT message.* FROM name JOIN message ON message.id = name.message WHERE name.kind IN ('message', 'document', 'conversation') AND name.value = ? ORDER BY message.id",
            arguments: [name])
    }
}
