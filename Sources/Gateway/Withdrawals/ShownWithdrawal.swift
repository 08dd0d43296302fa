public import Foundation
import GRDB
import Practice

/// A withdrawal as it is shown: what became of each message that relied on the consent, as far as its holder has said so.
public struct ShownWithdrawal: Sendable, Codable, Hashable {
    public struct Holder: Sendable, Codable, Hashable {
        /// This node's number of the message, and its `eb:MessageId`; absent when its record was destroyed.
        public let number: Int64
        public let messageID: String?
        public let receiver: String?
        public let step: WithdrawnConsent.Message.Step
        /// This node's number of the message that told the holder, and its state.
        public let told: Int64?
        public let toldState: String?
        /// This node's number of the message that the holder answered in.
        public let heard: Int64?
        /// `stopped`, `deleted` or `kept by law`; absent while nobody has answered.
        public let answer: String?
        /// For the family, bokmål.
        public let text: String?
        public let answeredAt: Date?
        /// Until when an answer is waited for.
        public let until: Date?

        var mustBeTold: Bool { (step == .tell || step == .stoppedTell) && told == nil && answer == nil }

        var withdrawn: WithdrawnConsent.Message {
            WithdrawnConsent.Message(
                number: number, messageID: messageID ?? "", receiver: receiver ?? "", step: step, rule: nil, told: told)
        }
    }

    public let id: String
    public let at: Date
    /// The role of whoever took it back.
    public let by: String
    public let asksDeletion: Bool
    public let holders: [Holder]

    /// Everybody who has or may have something has answered.
    public var isComplete: Bool { holders.allSatisfy { $0.step == .goesOn || $0.answer != nil } }

    static func rows(of withdrawal: Int64, in database: Database) throws -> [Holder] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT given.message, given.step, given.bytes, given.told, given.heard, message.messageID, message.receiver,
                  letter.state, letter.answerBy
                FROM withdrawalAnswer AS given LEFT JOIN message ON message.id = given.message
                LEFT JOIN message AS letter ON letter.id = given.told
                WHERE given.withdrawal = ? ORDER BY given.message
                """, arguments: [withdrawal]
        ).map { row in
            let answer = (row["bytes"] as Data?).flatMap { try? WithdrawalAnswer(parsing: Array($0)) }
            return Holder(
                number: row["message"], messageID: row["messageID"], receiver: row["receiver"],
                step: WithdrawnConsent.Message.Step(rawValue: row["step"]) ?? .tell, told: row["told"], toldState: row["state"],
                heard: row["heard"], answer: answer?.outcome.word, text: answer?.text, answeredAt: answer?.at,
                until: (row["answerBy"] as Int64?).map { Date(microseconds: $0) })
        }
    }
}

extension ConsentRows {
    static func withdrawal(_ id: String, in database: Database) throws -> ConsentRow? {
        try Row.fetchOne(database, sql: "SELECT * FROM withdrawal WHERE withdrawalID = ?", arguments: [id]).map {
            ConsentRow($0, consent: "consent")
        }
    }
}

extension ConsentDesk {
    /// By the digest of the version of the consent that they take back.
    func shownWithdrawals(_ known: ConsentBook.Known) throws -> [ConsentDigest: [ShownWithdrawal]] {
        try store.read { database in
            try Dictionary(grouping: known.withdrawals, by: \.consentDigest).mapValues { withdrawals in
                try withdrawals.compactMap { withdrawal in
                    guard let row = try ConsentRows.withdrawal(withdrawal.id, in: database) else { return nil }
                    return ShownWithdrawal(
                        id: withdrawal.id, at: withdrawal.at, by: withdrawal.by.role.rawValue,
                        asksDeletion: withdrawal.asksDeletion,
                        holders: try ShownWithdrawal.rows(of: row.id, in: database))
                }
            }
        }
    }
}
