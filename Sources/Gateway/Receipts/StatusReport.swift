import Envelope
import Foundation
import GRDB

/// What this node knows of a message: where it is, and every step with its time.
public struct StatusReport: Sendable, Codable {
    public struct Message: Sendable, Codable {
        public let number: Int64
        public let direction: MessageRecord.Direction
        public let state: MessageState
        public let kind: String
        public let messageID: String
        public let conversationID: String
        public let documentID: String
        public let sender: String
        public let receiver: String
        public let protection: String
        public let attempts: Int
        public let failure: String?
        public let nextAttempt: Date?
        public let receipts: Receipts
        /// The receiver's list, when one was asked.
        public let checklist: ChecklistSummary?
        /// Whether it might be shared, as decided at each checkpoint.
        public let consent: [ShownVerdict]?
        /// The referral that it belongs to, as it went on.
        public let course: CourseReport?
        /// What follows a discharge.
        public let followUp: FollowUpReport?
        public let steps: [MessageStep]
    }

    public let messages: [Message]
}

extension GatewayStore {
    /// Messages by own number, MessageId, document id or conversation.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is none.
    public func status(of name: String) throws -> StatusReport {
        let messages = try read { database in
            try MessageRecord.find(database, name).map { message in
                let trail = try AuditTrail.records(of: message.id, in: database)
                return StatusReport.Message(
                    number: message.id, direction: message.direction, state: message.state, kind: message.kind,
                    messageID: message.messageID, conversationID: message.conversationID, documentID: message.documentID,
                    sender: message.sender, receiver: message.receiver, protection: message.protection.rawValue,
                    attempts: message.attempts, failure: message.failure,
                    nextAttempt: message.direction == .out ? try message.nextAttempt(database) : nil,
                    receipts: Receipts(trail),
                    checklist: try ChecklistRows.fetch(database, message: message.id, vault: vault).map { ChecklistSummary($0) },
                    consent: message.direction == .out ? try ConsentRows.verdicts(of: message.id, in: database) : nil,
                    course: try CourseReport(of: message.id, in: database, vault: vault),
                    followUp: try FollowUpReport(of: message, in: database, vault: vault), steps: trail.map(\.step))
            }
        }
        guard !messages.isEmpty else {
            throw StoreError(
                .notFound,
                reason:
                    "this node has no message '\(name.prefix(80))'; give a MessageId, a document's MsgId, a ConversationId or a number"
            )
        }
        return StatusReport(messages: messages)
    }
}

extension MessageRecord {
    /// When it is tried next: not before its destination is.
    fileprivate func nextAttempt(_ database: Database) throws -> Date? {
        guard let due else { return nil }
        let opens = try Int64.fetchOne(
            database, sql: "SELECT closedUntil FROM destination WHERE name = ?", arguments: [destination])
        return max(due, opens.map { Date(microseconds: $0) } ?? due)
    }
}
