import Foundation
import GRDB
import Practice

/// Stops, in the transaction that stores a withdrawal, what waits because of the consent.
///
/// What has a lease is under way: somebody may be sending it at this moment. It is asked back when its attempt ends, and its receiver
/// counts as told too little until somebody has told them.
struct WithdrawalStop: Sendable {
    let withdrawal: ConsentWithdrawal
    let marks: [ChildMark]
    let registry: Registry
    let actor: AuditActor
    let now: Date

    static let reason = "the consent that it relied on was withdrawn"

    /// What would be done now.
    func plan(in database: Database) throws -> [(item: WithdrawalPlan.Item, message: MessageRecord)] {
        let holdings = try bound(database) + resting(database)
        return zip(WithdrawalPlan(withdrawal, holdings: holdings.map(\.holding)).items, holdings).map { ($0, $1.message) }
    }

    func carryOut(_ number: Int64, in database: Database) throws -> ([WithdrawnConsent.Message], [Transition]) {
        var done: [WithdrawnConsent.Message] = []
        var transitions: [Transition] = []
        for (item, message) in try plan(in: database) {
            guard let step = Self.shown(item.step) else { continue }
            if step == .stopped || step == .stoppedTell, let transition = try Self.stop(message, at: now, by: actor, in: database)
            {
                transitions.append(transition)
            }
            try keep(item, message, step, number, database)
            var rule: String?
            if case .goesOn(let id) = item.step { rule = id }
            done.append(
                WithdrawnConsent.Message(
                    number: message.id, messageID: message.messageID, receiver: message.receiver, step: step,
                    rule: rule))
        }
        return (done, transitions)
    }

    static func shown(_ step: WithdrawalPlan.Step) -> WithdrawnConsent.Message.Step? {
        switch step {
        case .stop: .stopped
        case .stopAndTell: .stoppedTell
        case .tell: .tell
        case .goesOn: .goesOn
        case .nothing: nil
        }
    }

    // MARK: - What there is

    private typealias Found = (holding: WithdrawalPlan.Holding, message: MessageRecord)

    /// Messages that rely on the consent.
    private func bound(_ database: Database) throws -> [Found] {
        try MessageRecord.fetchAll(
            database,
            sql: """
                SELECT \(MessageRecord.columns) FROM consentBinding JOIN message ON message.id = consentBinding.message
                WHERE consentBinding.digest = ? AND direction = 'out' ORDER BY message.id
                """, arguments: [withdrawal.consentDigest.description]
        ).map { (holding($0, consents: [withdrawal.consentDigest], rule: nil), $0) }
    }

    /// What is still under way about the same child and rests on the law: it goes on, and the family is told why.
    private func resting(_ database: Database) throws -> [Found] {
        var found: [Found] = []
        for mark in marks {
            let messages = try MessageRecord.fetchAll(
                database,
                sql: """
                    SELECT \(MessageRecord.columns) FROM sharing JOIN message ON message.id = sharing.message
                    WHERE sharing.child = ? AND state IN ('taken', 'sealed', 'held') AND message.id NOT IN (
                      SELECT message FROM consentBinding WHERE digest = ?) ORDER BY message.id
                    """, arguments: [mark.data, withdrawal.consentDigest.description])
            for message in messages {
                guard let rule = try ConsentRows.verdicts(of: message.id, in: database).last?.rule else { continue }
                found.append((holding(message, consents: [], rule: rule), message))
            }
        }
        return found
    }

    private func holding(_ message: MessageRecord, consents: Set<ConsentDigest>, rule: String?) -> WithdrawalPlan.Holding {
        let party = HERID(message.receiver).flatMap { try? registry.party($0) }
        let holder = party.map { KeptQuestion.Party($0, in: registry).named(.her) } ?? ConsentParty(.other)
        return WithdrawalPlan.Holding(
            messageID: message.messageID, holder: holder, state: Self.state(message), consents: consents, ruleID: rule)
    }

    private static func state(_ message: MessageRecord) -> WithdrawalPlan.Holding.State {
        let mayHaveArrived = message.leasedBy != nil || message.attempts > 0 || message.crashes > 0
        switch message.state {
        case .delivered, .accepted, .rejected, .sent: return .delivered
        case .taken: return message.leasedBy != nil ? .underWay : .queued
        case .sealed: return mayHaveArrived ? .underWay : .queued
        case .held: return mayHaveArrived ? .underWay : .held
        case .failed, .cancelled: return mayHaveArrived ? .underWay : .stopped
        case .opened, .filed: return .stopped
        }
    }

    // MARK: - Doing it

    /// Takes it out of the queue, or asks it back when somebody works on it.
    static func stop(
        _ message: MessageRecord, at now: Date, by actor: AuditActor, in database: Database
    ) throws -> Transition? {
        guard message.leasedBy == nil else {
            try database.execute(
                sql: "UPDATE message SET wish = ? WHERE id = ?",
                arguments: [MessageWish(.withdraw, by: actor).text, message.id])
            return nil
        }
        guard message.state.isUnderWay || message.state == .held else { return nil }
        return try Ledger.apply(.cancelled(reason: reason), to: message.id, at: now, by: actor, in: database)
    }

    /// What was never delivered is answered at once.
    private func keep(
        _ item: WithdrawalPlan.Item, _ message: MessageRecord, _ step: WithdrawnConsent.Message.Step, _ number: Int64,
        _ database: Database
    ) throws {
        var answer: WithdrawalAnswer?
        if case .stop = item.step {
            answer = try WithdrawalAnswer(
                to: withdrawal, messageID: message.messageID, holder: item.holding.holder, outcome: .stopped, at: now)
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO withdrawalAnswer (withdrawal, message, step, bytes) VALUES (?, ?, ?, ?)",
            arguments: [number, message.id, step.rawValue, answer.map { Data($0.bytes) }])
    }
}
