public import Foundation
import GRDB

/// What follows a discharge, as it is shown: on what basis a receiver has the summary, what they are to do, and who took over.
public struct FollowUpReport: Sendable, Hashable, Codable {
    public struct Word: Sendable, Hashable, Codable {
        /// This node's number of the message that says it.
        public let message: Int64
        public let at: Date
        /// `taken`, `refused`.
        public let said: String
        /// HER-id of whoever says it.
        public let by: String
        /// Who took over there, and under which number.
        public let contact: String?
    }

    /// The sender's; absent when there was no plan.
    public let basis: String?
    /// Whether somebody must say that they take over, and until when; absent when they have, or when nobody needs to.
    public let confirm: Bool?
    public let confirmBy: Date?
    /// Days by which something is to be done, in order.
    public let days: [String]?
    public let words: [Word]
}

extension FollowUpReport {
    /// nil when nothing follows it, as far as this node knows.
    init?(of message: MessageRecord, in database: Database, vault: PayloadVault) throws {
        guard message.kind == "EPIKRISE" else { return nil }
        let plan = try Row.fetchOne(database, sql: "SELECT * FROM followUp WHERE message = ?", arguments: [message.id])
        let said = try Row.fetchAll(
            database,
            sql: """
                SELECT takeOver.*, message.created, message.sender FROM takeOver JOIN message ON message.id = takeOver.answer
                WHERE about = ? ORDER BY answer
                """, arguments: [message.id])
        if plan == nil, said.isEmpty { return nil }
        (basis, confirm) = (plan?["basis"], plan?["confirm"])
        confirmBy = plan == nil ? nil : message.answerBy
        days = try plan == nil ? nil : FollowUpTasks.of(message.id, database, vault).map(\.by).sorted()
        words = try said.map { row in
            let answer: Int64 = row["answer"]
            let document = try PartRecord.fetch(database, message: answer).first
            let sealed: Data? = row["contact"]
            let contact: String? =
                if let sealed, let document { try vault.text(of: Array(sealed), with: document.payload) } else { nil }
            return Word(
                message: answer, at: Date(microseconds: row["created"]), said: row["said"], by: row["sender"], contact: contact)
        }
    }
}

/// What was planned for a receiver, opened.
enum FollowUpTasks {
    static func of(_ message: Int64, _ database: Database, _ vault: PayloadVault) throws -> [FollowUpPlan.Task] {
        let sealed = try Data.fetchOne(
            database, sql: "SELECT tasks FROM followUp WHERE message = ? AND tasks IS NOT NULL", arguments: [message])
        guard let sealed, let document = try PartRecord.fetch(database, message: message).first else { return [] }
        return try JSONDecoder().decode(
            [FollowUpPlan.Task].self, from: Data(try vault.text(of: Array(sealed), with: document.payload).utf8))
    }
}

/// The plan of one receiver, with what is to be done.
public struct FollowUpTaskReport: Sendable, Hashable, Codable {
    public let message: Int64
    public let receiver: String
    public let basis: String?
    public let tasks: [FollowUpPlan.Task]
    public let words: [FollowUpReport.Word]
}

extension GatewayStore {
    /// The plan for each receiver of a discharge summary that goes by that name; that somebody looked is in the audit trail.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is no such plan.
    public func followUp(of name: String, for reading: Reading) async throws -> [FollowUpTaskReport] {
        let planned = try read { database in
            try MessageRecord.find(database, name).filter { try TakeOverStep.isPlanned(database, $0.id) }
        }
        guard !planned.isEmpty else {
            throw StoreError(
                .notFound, reason: "'\(name.prefix(80))' is no discharge summary that was sent with a follow-up plan")
        }
        try await commit { database in
            for message in planned {
                try AuditTrail.append(
                    AuditRecord(
                        at: reading.at, by: reading.actor, action: MessageEvent.Kind.read.rawValue, message: message.id,
                        messageID: message.messageID, state: message.state, detail: "follow-up plan",
                        purpose: reading.purpose?.text),
                    in: database)
            }
        }
        if reading.actor != .node { WakePipe.poke(folder: folder) }
        return try read { database in
            try planned.map { message in
                let report = try FollowUpReport(of: message, in: database, vault: vault)
                return FollowUpTaskReport(
                    message: message.id, receiver: message.receiver, basis: report?.basis,
                    tasks: try FollowUpTasks.of(message.id, database, vault), words: report?.words ?? [])
            }
        }
    }
}
