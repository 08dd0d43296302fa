import Envelope
public import Foundation
import GRDB
import Practice

/// Withdrawals that others have told this node of: shown, and answered when a person has decided.
public struct WithdrawalDesk: Sendable {
    let store: GatewayStore
    let intake: Intake
    let actor: AuditActor

    public init(_ node: Node) { (store, intake, actor) = (node.store, node.intake, node.intake.actor) }

    /// What a person has decided about a message whose consent was taken back.
    public enum Decision: Sendable, Hashable {
        /// Nobody uses it, and nobody gets it; there is nothing to delete.
        case stopped
        /// Deleted where it was kept; what the gateway has of it is destroyed with the answer.
        case deleted
        /// With the law named, and a reason that the family can read.
        case keptByLaw(String, paragraph: String?, reason: String)
    }

    // MARK: - Looking

    public func list() throws -> [ReceivedWithdrawal] {
        try store.read { database in try HeldWithdrawal.all(database).map { try ReceivedWithdrawal($0, database) } }
    }

    // MARK: - Answering

    /// Answers the withdrawal that the message of this number told; or writes down what a holder said in words, when this node told them.
    ///
    /// - Throws: ``ConsentDeskError``, ``SubmissionError``; nothing is stored or destroyed then.
    public func answer(_ name: String, _ decision: Decision) async throws -> AnsweredWithdrawal {
        let number = try store.read { try MessageRecord.find($0, name).map(\.id) }
        for id in number {
            if let held = try store.read({ try HeldWithdrawal.told(by: id, $0) }) { return try await answer(held, decision) }
        }
        for id in number {
            if let noted = try await note(what: decision, saidAbout: id) { return noted }
        }
        throw ConsentDeskError(
            .notFound,
            "'\(name.prefix(80))' is no message that tells of a withdrawal; see 'msggw consent received' and 'consent show'")
    }

    private func answer(_ held: HeldWithdrawal, _ decision: Decision) async throws -> AnsweredWithdrawal {
        let now = intake.clock.now()
        try refuse(decision, after: held)
        guard let receiver = HERID(held.receiver),
            let told = try store.read({ try MessageRecord.fetch($0, id: held.notice) })
        else { throw ConsentDeskError(.notFound, "the message that told of the withdrawal is not in the store any more") }
        let party = try intake.registry.party(receiver)
        let answer = try Self.answer(
            decision, to: held.withdrawalID, messageID: held.messageID,
            holder: KeptQuestion.Party(party, in: intake.registry).named(.her), at: now)
        let document = try ClinicalDocument(parsing: store.receivedDocument(told))
        let submission = try WithdrawalWriter(intake: intake, now: now).answer(answer, to: document.summary)
        let (taken, destroyed) = try await intake.submit([submission]) { [actor] database, stored -> DestroyedContent? in
            guard let sent = stored.first?.first, let before = try HeldWithdrawal.told(by: held.notice, database) else {
                return nil
            }
            try refuse(decision, after: before)
            try HeldWithdrawal.answer(answer, to: held.id, by: sent.id, database)
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "withdrawal answered", message: told.id, messageID: told.messageID,
                    state: told.state, detail: answer.outcome.word, digest: nil), in: database)
            guard decision == .deleted, let message = held.message else { return nil }
            return try destroy(message, at: now, database)
        }
        if let destroyed { try store.delete([destroyed]) }
        store.wakeDaemon()
        return AnsweredWithdrawal(
            notice: held.notice, message: held.message, answer: answer.outcome.word, text: answer.text,
            sent: taken.first?.first?.messageID)
    }

    private static func answer(
        _ decision: Decision, to withdrawal: String, messageID: String, holder: ConsentParty, at now: Date
    ) throws -> WithdrawalAnswer {
        let outcome: WithdrawalAnswer.Outcome =
            switch decision {
            case .stopped: .stopped
            case .deleted: .deleted
            case .keptByLaw(let law, let paragraph, let reason):
                .keptByLaw(SharingRules.LegalBasis(law: law, paragraph: paragraph, certainty: .recalled), reason: reason)
            }
        do {
            return try WithdrawalAnswer(to: withdrawal, messageID: messageID, holder: holder, outcome: outcome, at: now)
        } catch {
            throw ConsentDeskError(
                .contradicts,
                "what is kept by law needs the law's name, and a reason of at least 10 letters that the family can read")
        }
    }

    /// What was deleted cannot be kept, and nothing is deleted twice. What was kept may be deleted later.
    private func refuse(_ decision: Decision, after held: HeldWithdrawal) throws(ConsentDeskError) {
        switch held.answer?.outcome {
        case nil: break
        case .keptByLaw? where decision == .deleted: break
        case let outcome?:
            throw ConsentDeskError(.known, "it was answered already: \(outcome.word); see 'msggw consent received'")
        }
        guard decision != .stopped || held.message == nil else {
            throw ConsentDeskError(
                .contradicts,
                "the message is here, as #\(held.message ?? 0): say that it is deleted, or kept by which law and why")
        }
    }

    /// What the gateway has of a message that its receiver says is deleted.
    private func destroy(_ id: Int64, at now: Date, _ database: Database) throws -> DestroyedContent? {
        guard let message = try MessageRecord.fetch(database, id: id) else { return nil }
        guard message.state == .filed, message.due == nil else {
            throw SubmissionError(
                .tryLater,
                "#\(id) has not been filed yet, and would be given to somebody as it is deleted: save it (msggw inbox save #\(id)) or let the node file it first"
            )
        }
        let content = try DestroyedContent.destroy(database, message: id, at: now)
        try database.execute(sql: "UPDATE message SET purged = ? WHERE id = ?", arguments: [now.microseconds, id])
        try AuditTrail.append(
            AuditRecord(
                at: now, by: actor, action: "content destroyed", message: id, messageID: message.messageID, state: message.state,
                detail: "its consent was withdrawn; \(content.payloads) payloads, \(content.bytes) bytes"), in: database)
        return content
    }

    // MARK: - What a holder says in words

    /// A holder without a node of our kind answers in a letter, or by telephone.
    ///
    /// - Parameter letter: this node's number of the message that told them.
    private func note(what decision: Decision, saidAbout letter: Int64) async throws -> AnsweredWithdrawal? {
        let now = intake.clock.now()
        let row = try store.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT given.withdrawal, given.message, given.bytes, withdrawal.withdrawalID, message.messageID, message.receiver
                    FROM withdrawalAnswer AS given JOIN withdrawal ON withdrawal.id = given.withdrawal
                    JOIN message ON message.id = given.message WHERE given.told = ?
                    """, arguments: [letter])
        }
        guard let row, let receiver = HERID(row["receiver"] as String) else { return nil }
        guard (row["bytes"] as Data?) == nil else {
            throw ConsentDeskError(.known, "the holder has answered already; see 'msggw consent show'")
        }
        let party = try intake.registry.party(receiver)
        let answer = try Self.answer(
            decision, to: row["withdrawalID"], messageID: row["messageID"],
            holder: KeptQuestion.Party(party, in: intake.registry).named(.her), at: now)
        let (withdrawal, message): (Int64, Int64) = (row["withdrawal"], row["message"])
        try await store.commit { [actor] database in
            try database.execute(
                sql: "UPDATE withdrawalAnswer SET bytes = ? WHERE withdrawal = ? AND message = ? AND bytes IS NULL",
                arguments: [Data(answer.bytes), withdrawal, message])
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "withdrawal answered", message: letter,
                    detail: "\(answer.outcome.word), about #\(message), as the holder said"), in: database)
            try AlertBoard.settle(.answered, of: letter, at: now, in: database)
        }
        store.wakeDaemon()
        return AnsweredWithdrawal(notice: letter, message: message, answer: answer.outcome.word, text: answer.text, sent: nil)
    }
}

/// A withdrawal that another node has told this one of.
public struct ReceivedWithdrawal: Sendable, Codable, Hashable {
    /// This node's number of the message that told it.
    public let notice: Int64
    public let at: Date
    public let sender: String
    public let receiver: String
    /// This node's number of the message that it is about; absent when that never came.
    public let message: Int64?
    /// MsgId of that document.
    public let document: String
    public let asksDeletion: Bool
    /// `stopped`, `deleted` or `kept by law`; absent while a person has to decide.
    public let answer: String?
    public let text: String?
    /// Until when the sender waits for the answer.
    public let until: Date?
    /// Messages in which it was handed on from here: their receivers must be told by this node's people.
    public let handedOn: [Int64]

    init(_ held: HeldWithdrawal, _ database: Database) throws {
        (notice, at, sender, receiver, message) = (held.notice, held.at, held.sender, held.receiver, held.message)
        (document, asksDeletion) = (held.document, held.asksDeletion)
        (answer, text) = (held.answer?.outcome.word, held.answer?.text)
        until = try MessageRecord.fetch(database, id: held.notice)?.deadlines.answerBy
        handedOn = try Int64.fetchAll(
            database,
            sql: """
                SELECT message.id FROM answer JOIN message ON message.id = answer.forwarded
                WHERE answer.referral = ? AND (state <> 'cancelled' OR attempts > 0) ORDER BY message.id
                """, arguments: [held.message])
    }
}

/// What came of answering a withdrawal.
public struct AnsweredWithdrawal: Sendable, Codable, Hashable {
    public let notice: Int64
    /// The message that it is about.
    public let message: Int64?
    public let answer: String
    /// For the family, bokmål.
    public let text: String
    /// `eb:MessageId` of the answer; absent when it was only written down.
    public let sent: String?
}
