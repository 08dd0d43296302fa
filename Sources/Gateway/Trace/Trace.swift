import Envelope
import Foundation
import GRDB

/// Everything this node knows about a conversation, in the order in which it happened.
public struct Trace: Sendable, Codable, Hashable {
    /// A message of the conversation.
    public struct Message: Sendable, Codable, Hashable {
        public let number: Int64
        public let direction: MessageRecord.Direction
        public let state: MessageState
        public let kind: String
        public let messageID: String
        public let conversationID: String
        public let documentID: String
        public let sender: String
        public let receiver: String
        public let attempts: Int
        /// When somebody has to do something with it next.
        public let due: Date?
        public let failure: String?
        /// The number of the message that it answers.
        public let answers: Int64?
        public let receipts: Receipts
        public let deadlines: Deadlines
    }

    /// By when it should have come so far; absent when nobody waits for it, or no longer.
    public struct Deadlines: Sendable, Codable, Hashable {
        public let delivered: Date?
        public let accepted: Date?
        public let answered: Date?
    }

    /// One thing that happened, here or, by its own word, on the other node.
    public struct Step: Sendable, Codable, Hashable {
        public enum Place: String, Sendable, Codable { case here, there }

        public let at: Date
        /// `there` is what a signed receipt says of the other node, by that node's clock.
        public let place: Place
        /// Of the message.
        public let number: Int64
        public let what: String
        public let detail: String?
        /// Who did it; absent for what a receipt says.
        public let actor: String?
        /// In the audit trail; absent for what a receipt says.
        public let record: Int64?
    }

    public let messages: [Message]
    public let steps: [Step]
}

extension GatewayStore {
    /// The way of every message of a conversation.
    ///
    /// - Parameter name: MessageId, document id (a referral's id), ConversationId, or own number.
    /// - Throws: ``StoreError`` `.notFound` when there is none.
    public func trace(of name: String) throws -> Trace {
        try read { database in
            let found = try MessageRecord.find(database, name)
            guard !found.isEmpty else {
                throw StoreError(
                    .notFound,
                    reason:
                        "this node has no message '\(name.prefix(80))'; give a MessageId, a document's MsgId, a ConversationId or a number"
                )
            }
            let messages = try Self.conversation(of: found, database)
            var steps: [Trace.Step] = []
            var shown: [Trace.Message] = []
            for message in messages {
                let trail = try AuditTrail.records(of: message.id, in: database)
                shown.append(Trace.Message(message, Receipts(trail)))
                steps += trail.map { Trace.Step($0, message) }
                steps += try Self.told(about: message, database)
            }
            // By time; what happened at the same time in the order of the trail.
            steps.sort { ($0.at, $0.record ?? .max) < ($1.at, $1.record ?? .max) }
            return Trace(messages: shown, steps: steps)
        }
    }

    /// The messages with everything in their conversations, oldest first.
    private static func conversation(of found: [MessageRecord], _ database: Database) throws -> [MessageRecord] {
        var byNumber: [Int64: MessageRecord] = [:]
        for message in found { byNumber[message.id] = message }
        let conversations = Set(found.map(\.conversationID)).filter { !$0.isEmpty }.sorted()
        for id in conversations {
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'conversation' AND name.value = ? ORDER BY message.id
                    """)
            for message in try MessageRecord.fetchAll(statement, arguments: [id]) { byNumber[message.id] = message }
        }
        return byNumber.values.sorted { $0.id < $1.id }
    }

    /// What the receipts of a message that went out say of the node that gave them.
    private static func told(about message: MessageRecord, _ database: Database) throws -> [Trace.Step] {
        guard message.direction == .out else { return [] }
        let statement = try database.cachedStatement(
            sql: "SELECT bytes FROM receipt WHERE message = ? AND direction = 'in' AND kind = 'acknowledgment' ORDER BY id")
        return try Data.fetchAll(statement, arguments: [message.id]).compactMap { bytes in
            guard let signal = try? EbXMLMessage(parsing: Array(bytes)), case .acknowledgment(let receipt) = signal.content else {
                return nil
            }
            return Trace.Step(
                at: receipt.timestamp.date, place: .there, number: message.id, what: "received by \(message.receiver)",
                detail: "Acknowledgment \(signal.header.messageID)", actor: nil, record: nil)
        }
    }
}

extension Trace.Step {
    fileprivate init(_ record: AuditRecord, _ message: MessageRecord) {
        let purpose = record.purpose.map { "purpose: \($0)" }
        let detail = [record.detail, purpose].compactMap { $0 }.joined(separator: "; ")
        self.init(
            at: record.at, place: .here, number: message.id, what: record.action, detail: detail.isEmpty ? nil : detail,
            actor: record.actor, record: record.sequence)
    }
}

extension Trace.Message {
    fileprivate init(_ message: MessageRecord, _ receipts: Receipts) {
        self.init(
            number: message.id, direction: message.direction, state: message.state, kind: message.kind,
            messageID: message.messageID, conversationID: message.conversationID, documentID: message.documentID,
            sender: message.sender, receiver: message.receiver, attempts: message.attempts, due: message.due,
            failure: message.failure, answers: message.answers,
            receipts: receipts,
            deadlines: Trace.Deadlines(
                delivered: message.deliverBy, accepted: message.acceptBy, answered: message.answerBy))
    }
}
