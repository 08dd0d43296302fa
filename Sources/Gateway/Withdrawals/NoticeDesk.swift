import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Stores messages with which another node tells this one something, and does in the same commit what follows from it.
struct NoticeDesk: Sendable {
    let store: GatewayStore
    let intake: Intake
    let signing: ConsentSigning
    let answerDays: Int

    /// - Returns: as ``InboxEntry/insert(_:)``, and what else changed.
    func keep(
        _ entry: InboxEntry, _ opened: OpenedMessage, _ notice: NodeNotice, at now: Date
    ) async throws -> [Transition] {
        switch notice.content {
        case .family(let family):
            return try await store.commit { database in
                let changes = try entry.insert(database)
                if let message = changes.first?.message { try family.insert(message: message.id, writer: [], database) }
                return changes
            }
        case .withdrawalAnswer(let reply):
            let heard = HeardAnswer(reply, about: notice.about, from: opened.sender, to: opened.receiver, at: now)
            return try await store.commit { database in
                let changes = try entry.insert(database)
                if let told = changes.first?.message { try heard.take(told, database) }
                return changes
            }
        case .withdrawal(let notice):
            return try await keep(entry, opened, told(notice, opened, at: now), at: now)
        }
    }

    /// nil when its signature, or what it says of itself, does not hold.
    private func told(_ notice: WithdrawalNotice, _ opened: OpenedMessage, at now: Date) -> ToldWithdrawal? {
        guard opened.summary.conversation?.parent == notice.document,
            let withdrawal = try? ConsentWithdrawal(parsing: notice.signed.bytes), withdrawal.recordedBy.identity != nil,
            signing.check(at: now)(notice.signed.bytes, notice.signed.consentSignature) == withdrawal.recordedBy.identity
        else { return nil }
        return ToldWithdrawal(
            notice: notice, withdrawal: withdrawal, sender: opened.sender, receiver: opened.receiver, now: now)
    }

    private func keep(
        _ entry: InboxEntry, _ opened: OpenedMessage, _ told: ToldWithdrawal?, at now: Date
    ) async throws -> [Transition] {
        guard let told else {
            return try await store.commit { database in
                let changes = try entry.insert(database)
                if let message = changes.first?.message {
                    try AuditTrail.append(
                        AuditRecord(
                            at: now, by: .node, action: "withdrawal refused", message: message.id,
                            messageID: message.messageID, state: message.state, detail: "its signature does not hold"),
                        in: database)
                }
                return changes
            }
        }
        if try store.read({ try told.isAway($0) }), let changes = try await answerAtOnce(entry, opened, told, at: now) {
            return changes
        }
        return try await store.commit { [store, answerDays] database in
            var changes = try entry.insert(database)
            guard let message = changes.first?.message else { return changes }
            let (outcome, stopped) = try told.take(told: message, database)
            changes += stopped
            if outcome != .refused, outcome != .known {
                try message.expectAnswer(within: answerDays, at: now, by: store.deadlines, in: database)
            }
            return changes
        }
    }

    /// What never came here has nothing that a person could decide: the answer is in the commit that holds the question.
    ///
    /// - Returns: nil when it cannot be answered so; nothing is stored then.
    private func answerAtOnce(
        _ entry: InboxEntry, _ opened: OpenedMessage, _ told: ToldWithdrawal, at now: Date
    ) async throws -> [Transition]? {
        guard let party = try? intake.registry.party(told.receiver),
            let answer = try? WithdrawalAnswer(
                to: told.withdrawal, messageID: told.notice.message,
                holder: KeptQuestion.Party(party, in: intake.registry).named(.her), outcome: .stopped, at: now),
            let submission = try? WithdrawalWriter(intake: intake, now: now).answer(answer, to: opened.summary)
        else { return nil }
        do {
            return try await intake.submit([submission]) { database, stored in
                let changes = try entry.insert(database)
                guard let message = changes.first?.message, let sent = stored.first?.first,
                    case (.away(let row), _) = try told.take(told: message, database)
                else { throw SubmissionError(.tryLater, "the message came meanwhile") }
                try HeldWithdrawal.answer(answer, to: row, by: sent.id, database)
                return changes
            }.more
        } catch let error as SubmissionError where error.code != .store {
            // Nothing of it stays; without an answer it waits for a person.
            return nil
        }
    }
}

/// A holder's answer on its way into the store.
struct HeardAnswer: Sendable {
    private let reply: WithdrawalReply
    private let about: String
    private let sender: HERID
    private let receiver: HERID
    private let now: Date

    init(_ reply: WithdrawalReply, about: String, from sender: HERID, to receiver: HERID, at now: Date) {
        (self.reply, self.about, self.sender, self.receiver, self.now) = (reply, about, sender, receiver, now)
    }

    /// Believed of the one message whose receiver says it, and of the withdrawal that it was told of. The last answer stands.
    func take(_ message: MessageRecord, _ database: Database) throws {
        let told = try Row.fetchOne(
            database,
            sql: """
                SELECT withdrawalAnswer.withdrawal, withdrawalAnswer.message, withdrawal.withdrawalID, relied.messageID
                FROM name JOIN message ON message.id = name.message JOIN withdrawalAnswer ON withdrawalAnswer.told = message.id
                JOIN withdrawal ON withdrawal.id = withdrawalAnswer.withdrawal
                JOIN message AS relied ON relied.id = withdrawalAnswer.message
                WHERE name.kind = 'document' AND name.value = ? AND message.direction = 'out' AND message.receiver = ?
                  AND message.sender = ?
                """, arguments: [about, sender.value, receiver.value])
        guard !about.isEmpty, let told, let answer = try? WithdrawalAnswer(parsing: Array(reply.answer)),
            answer.withdrawalID == told["withdrawalID"], answer.messageID == told["messageID"]
        else { return try note("answer to a withdrawal refused", message, "nobody here asked for it", database) }
        try database.execute(
            sql: "UPDATE withdrawalAnswer SET bytes = ?, heard = ? WHERE withdrawal = ? AND message = ?",
            arguments: [
                Data(answer.bytes), message.id, told["withdrawal"] as Int64, told["message"] as Int64,
            ])
        let relied: Int64 = told["message"]
        try note("withdrawal answered", message, "\(answer.outcome.word), about #\(relied)", database)
    }

    private func note(_ action: String, _ message: MessageRecord, _ detail: String, _ database: Database) throws {
        try AuditTrail.append(
            AuditRecord(
                at: now, by: .node, action: action, message: message.id, messageID: message.messageID, state: message.state,
                detail: detail), in: database)
    }
}

extension WithdrawalAnswer.Outcome {
    /// As commands and the audit trail say it.
    var word: String {
        switch self {
        case .stopped: "stopped"
        case .deleted: "deleted"
        case .keptByLaw: "kept by law"
        }
    }
}
