import Envelope
import Foundation
import GRDB
import Native

/// The only code that writes what becomes of a message: its state, failure, attempts and history. Everything an event changes is
/// in the caller's commit, together with its record in the audit trail. Whose turn it is also moves in sets, which are no
/// events: ``DeliveryClaims`` takes leases, ``DeadlineWatch`` moves deadlines.
enum Ledger {
    /// Stores a new message with the names it goes by and its first event.
    ///
    /// - Parameter record: in the state it begins in: `taken` or, for a signal of its own, `sealed`; `opened` or, for a receipt,
    ///   `filed`. Its `id` is not looked at.
    /// - Returns: the message with the number that the store gave it.
    static func insert(
        _ record: MessageRecord, _ event: MessageEvent, at now: Date, by actor: AuditActor, in database: Database
    ) throws -> Transition {
        let stored = try insert(record, event, then: [], at: now, by: actor, in: database)
        return stored[0]
    }

    /// Stores a new message to which more has happened by the time that it is stored: the same facts as one event after the other,
    /// and one row.
    ///
    /// - Returns: what became of it, in order; the last one's message is as it lies in the store.
    static func insert(
        _ record: MessageRecord, _ event: MessageEvent, then others: [MessageEvent], at now: Date, by actor: AuditActor,
        in database: Database
    ) throws -> [Transition] {
        var stages = [(event: event, before: record, after: record)]
        for event in others {
            let before = stages[stages.count - 1].after
            guard let next = before.state.next(after: event.kind) else {
                throw StoreError(.damaged, reason: "a new message in \(before.state) cannot be \(event.kind.rawValue)")
            }
            var after = before
            change(&after, event, to: next, at: now)
            after.followDeadlines(from: before.state, at: now)
            stages.append((event, before, after))
        }
        let id = try insert(stages[stages.count - 1].after, database)
        var records: [AuditRecord] = []
        let transitions = try stages.enumerated().map { index, stage in
            var (before, message) = (stage.before, stage.after)
            (before.id, message.id) = (id, id)
            if index > 0 { try AlertBoard.follow(message, after: stage.event, from: before, at: now, in: database) }
            if !stage.event.kind.isWorkaday { records.append(auditRecord(of: stage.event, about: message, at: now, by: actor)) }
            return Transition(
                event: stage.event.kind, before: index > 0 ? before.state : nil, message: message,
                step: step(stage.event, at: now))
        }
        try AuditTrail.append(records, in: database)
        return transitions
    }

    /// Applies an event to a message: its state, what is due, its lease and its history, as ``MessageState/next(after:isSealed:)``
    /// has it.
    ///
    /// An event that does not apply changes nothing. That it came is recorded, with its evidence, once for each message and kind:
    /// nobody can make the trail grow without end.
    ///
    /// - Returns: what changed; nil when the event did not apply or there is no such message.
    @discardableResult
    static func apply(
        _ event: MessageEvent, to id: Int64, at now: Date, by actor: AuditActor, in database: Database
    ) throws -> Transition? {
        guard let record = try MessageRecord.fetch(database, id: id) else { return nil }
        return try apply(event, to: record, at: now, by: actor, in: database)
    }

    /// The same for a message that was read in this transaction, and has not been changed since.
    static func apply(
        _ event: MessageEvent, to message: MessageRecord, at now: Date, by actor: AuditActor, in database: Database
    ) throws -> Transition? {
        var record = message
        let id = record.id
        let before = record.state
        let isSealed = try [.released, .askedAgain].contains(event.kind) ? WireMessage.exists(database, message: id) : true
        guard let next = before.next(after: event.kind, isSealed: isSealed) else {
            try ignore(event, record, at: now, by: actor, database)
            return nil
        }
        let isRecorded = try mustRecord(event, record, changesState: next != before, database)
        let known = record
        change(&record, event, to: next, at: now)
        record.followDeadlines(from: known.state, at: now)
        try update(record, database)
        try AlertBoard.follow(record, after: event, from: known, at: now, in: database)
        if isRecorded {
            try AuditTrail.append(auditRecord(of: event, about: record, at: now, by: actor), in: database)
            try keepEvidence(of: event, record, at: now, database)
        }
        return Transition(event: event.kind, before: before, message: record, step: step(event, at: now))
    }

    private static func step(_ event: MessageEvent, at now: Date) -> MessageStep {
        MessageStep(at: now, what: event.kind.rawValue, detail: event.detail)
    }

    // MARK: - What an event changes

    private static func change(_ record: inout MessageRecord, _ event: MessageEvent, to next: MessageState, at now: Date) {
        if event.kind.endsAttempt {
            if record.state.isUnderWay || event.kind == .postponed { record.attempts += 1 }
            (record.leasedBy, record.leasedUntil, record.crashes) = (nil, nil, 0)
        }
        let wasFailed = record.state == .failed
        record.state = next
        record.updated = now
        switch event {
        case .postponed(let reason, let until): (record.due, record.failure) = (until ?? record.due ?? now, reason)
        case .handedOver(let until): (record.due, record.failure) = (until, nil)
        case .refused, .failed, .expired, .held, .cancelled: (record.due, record.failure) = (nil, event.detail)
        case .released:
            (record.due, record.failure, record.crashes) = (now, nil, 0)
            // The time to try begins anew: what had run out would end at once.
            record.tryingSince = now
        case .retried: record.due = now
        case .askedAgain:
            record.due = now
            // Whoever repeats its message can be reached again, or says so.
            if wasFailed { (record.failure, record.tryingSince) = (nil, now) }
        case .redirected(let destination):
            record.destination = destination
            record.tryingSince = now
            if next.isUnderWay { record.due = now }
        case .filed: (record.due, record.failure) = (now, nil)
        case .delivered, .accepted, .rejected, .sent, .receipted, .settled: (record.due, record.failure) = (nil, nil)
        case .leased(let incarnation, let until): (record.leasedBy, record.leasedUntil) = (incarnation, until)
        case .leaseReturned(let crashed):
            (record.leasedBy, record.leasedUntil) = (nil, nil)
            if crashed { record.crashes += 1 }
        case .taken, .sealed, .opened, .answeredUnknown, .read: break
        }
        if record.due == nil { (record.leasedBy, record.leasedUntil, record.wish) = (nil, nil, nil) }
    }

    // MARK: - What is written down

    private static func mustRecord(
        _ event: MessageEvent, _ record: MessageRecord, changesState: Bool, _ database: Database
    ) throws -> Bool {
        if event.kind.isWorkaday { return false }
        if changesState { return true }
        if case .leaseReturned(crashed: false) = event { return false }
        // Filing that fails for the same reason every minute is one fact.
        if case .postponed(let reason, _) = event, record.direction == .in, record.failure == reason { return false }
        return try !event.kind.isRecordedOnce || !AuditTrail.has(event.kind.rawValue, of: record.id, in: database)
    }

    private static func ignore(
        _ event: MessageEvent, _ record: MessageRecord, at now: Date, by actor: AuditActor, _ database: Database
    ) throws {
        let action = "ignored \(event.kind.rawValue)"
        guard !event.kind.isWorkaday, event.kind != .leaseReturned,
            try !AuditTrail.has(action, of: record.id, in: database)
        else { return }
        let detail = ["in \(record.state.rawValue)", event.detail].compactMap { $0 }.joined(separator: ": ")
        try AuditTrail.append(
            AuditRecord(
                at: now, by: actor, action: action, message: record.id, messageID: record.messageID, state: record.state,
                detail: detail, purpose: event.purpose, digest: digest(of: event)),
            in: database)
        try keepEvidence(of: event, record, at: now, database)
    }

    private static func auditRecord(
        of event: MessageEvent, about record: MessageRecord, at now: Date, by actor: AuditActor
    ) -> AuditRecord {
        AuditRecord(
            at: now, by: actor, action: event.kind.rawValue, message: record.id, messageID: record.messageID,
            state: record.state, detail: event.detail, purpose: event.purpose, digest: digest(of: event))
    }

    /// SHA-256 of what the event is about: the bytes that go out, the signal that came, what the sender signed.
    private static func digest(of event: MessageEvent) -> [UInt8]? {
        switch event {
        case .sealed(_, let digest), .opened(_, let digest): digest
        default: event.evidence.map { Digest.of($0.bytes, .sha256) }
        }
    }

    private static func keepEvidence(of event: MessageEvent, _ record: MessageRecord, at now: Date, _ database: Database) throws {
        guard let evidence = event.evidence else { return }
        try ReceiptRecord(kind: evidence.kind, direction: .in, at: now, bytes: evidence.bytes).insert(
            database, message: record.id)
    }

    // MARK: - Rows

    /// - Returns: the number that the store gave it.
    private static func insert(_ record: MessageRecord, _ database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO message (direction, state, kind, messageID, conversationID, documentID, documentGenerated, cpaID,
                  sender, receiver, protection, created, updated, due, attempts, failure, answers, priority, destination,
                  leasedBy, leasedUntil, deliverBy, acceptBy, answerBy, warnAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.run(
            .string(record.direction.rawValue), .string(record.state.rawValue), .string(record.kind), .string(record.messageID),
            .string(record.conversationID), .string(record.documentID), .string(record.documentGenerated), .string(record.cpaID),
            .string(record.sender), .string(record.receiver), .string(record.protection.rawValue), .time(record.created),
            .time(record.updated), .time(record.due), .integer(record.attempts), .text(record.failure), .integer(record.answers),
            .integer(record.priority), .string(record.destination), .integer(record.leasedBy), .time(record.leasedUntil),
            .time(record.deliverBy), .time(record.acceptBy), .time(record.answerBy), .time(record.warnAt))
        let id = database.lastInsertedRowID
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO name (kind, value, message)
                SELECT column1, column2, ?4 FROM (VALUES ('message', ?1), ('document', ?2), ('conversation', ?3)) WHERE column2 <> ''
                """
        ).run(.string(record.messageID), .string(record.documentID), .string(record.conversationID), .number(id))
        return id
    }

    /// Writes what may change.
    private static func update(_ record: MessageRecord, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE message SET state = ?, updated = ?, due = ?, attempts = ?, failure = ?, destination = ?, tryingSince = ?,
                  leasedBy = ?, leasedUntil = ?, crashes = ?, wish = ?, deliverBy = ?, acceptBy = ?, answerBy = ?, warnAt = ? WHERE id = ?
                """
        ).run(
            .string(record.state.rawValue), .time(record.updated), .time(record.due), .integer(record.attempts),
            .text(record.failure), .string(record.destination), .time(record.tryingSince), .integer(record.leasedBy),
            .time(record.leasedUntil), .integer(record.crashes), .text(record.wish), .time(record.deliverBy),
            .time(record.acceptBy), .time(record.answerBy), .time(record.warnAt), .number(record.id))
    }
}

/// What an event came to.
struct Transition: Sendable {
    let event: MessageEvent.Kind
    /// nil for a new message.
    let before: MessageState?
    /// As it is now.
    let message: MessageRecord
    /// The event as `msggw status` shows it.
    let step: MessageStep
}
