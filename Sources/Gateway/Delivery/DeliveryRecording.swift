import Envelope
import Foundation
import GRDB
import Native

/// How what happened in delivery becomes rows: one commit each, through the ``Ledger``.
enum DeliveryRecording {
    /// What a commit changed, to be told after it.
    struct Change: Sendable {
        let message: MessageRecord
        let step: MessageStep
    }

    struct Written: Sendable {
        var changes: [Change] = []
        /// When the message is due again; nil when it is not.
        var due: Date?
    }

    /// The bytes that go out, before they do. nil when somebody took the message back meanwhile.
    static func keepSealed(_ wire: WireMessage, _ id: Int64, at now: Date, in database: Database) throws -> Change? {
        let message = try MessageRecord.fetch(database, id: id)
        guard let message, message.wish == nil else { return nil }
        guard let sealed = try Ledger.apply(wire.sealed(under: message.protection), to: message, at: now, by: .node, in: database)
        else { return nil }
        try wire.insert(database, message: id)
        return Change(message: sealed.message, step: sealed.step)
    }

    /// The end of an attempt: what became of the message, and what it showed of its destination.
    ///
    /// - Parameter breaker: of the destination, when it has to be stored.
    static func end(
        _ settlement: Settlement, of message: MessageRecord, evidence: [UInt8]?, _ breaker: CircuitBreaker?, at now: Date,
        in database: Database
    ) throws -> Written {
        var written = Written()
        if let breaker {
            try DestinationRecord.store(database, message.destination, breaker)
            try tell(of: message.destination, breaker, settlement, at: now, in: database)
        }
        let current = try MessageRecord.fetch(database, id: message.id)
        let wish = current?.wish
        let event = event(of: settlement, evidence: evidence)
        if let current, let transition = try Ledger.apply(event, to: current, at: now, by: .node, in: database) {
            if event.kind != .leaseReturned {
                written.changes.append(Change(message: transition.message, step: transition.step))
            }
            written.due = transition.message.due
            if case .postponed(let error, _) = settlement { try tell(of: transition.message, error, at: now, in: database) }
            try keepEvidence(evidence, of: event, before: message, at: now, in: database)
            if written.due != nil, let wish {
                try fulfil(wish, of: message.id, at: now, &written, in: database)
            }
        } else {
            // Settled another way meanwhile; what is left is the lease.
            try database.cachedStatement(sql: "UPDATE message SET leasedBy = NULL, leasedUntil = NULL WHERE id = ?")
                .execute(arguments: [message.id])
            written.due = try MessageRecord.fetch(database, id: message.id)?.due
        }
        return written
    }

    /// A signal that came by itself, whether an attempt is under way or not.
    static func take(
        _ settlement: Settlement, about id: Int64, evidence: [UInt8]?, at now: Date, in database: Database
    ) throws -> [Change] {
        switch settlement {
        case .delivered, .failed:
            let event = event(of: settlement, evidence: evidence)
            guard let transition = try Ledger.apply(event, to: id, at: now, by: .node, in: database) else { return [] }
            return [Change(message: transition.message, step: transition.step)]
        case .held(let error), .postponed(let error, _):
            // A refusal that others may mend: the attempts go on. An attempt under way writes down what it comes to itself.
            // Each reason counts once: a partner cannot make the trail grow by saying one after the other.
            guard let evidence, let message = try MessageRecord.fetch(database, id: id), message.leasedBy == nil,
                try !AuditTrail.has(MessageEvent.Kind.postponed.rawValue, saying: "\(error)", of: id, in: database),
                let transition = try Ledger.apply(
                    event(of: settlement, evidence: nil), to: id, at: now, by: .node, in: database)
            else { return [] }
            try ReceiptRecord(kind: .messageError, direction: .in, at: now, bytes: evidence).insert(database, message: id)
            return [Change(message: transition.message, step: transition.step)]
        case .sent, .handedOver, .givenBack: return []
        }
    }

    /// What somebody asked for while the message was under way.
    private static func fulfil(
        _ wish: String, of id: Int64, at now: Date, _ written: inout Written, in database: Database
    ) throws {
        guard let wish = MessageWish(wish),
            let transition = try Ledger.apply(wish.event, to: id, at: now, by: wish.actor, in: database)
        else { return }
        written.changes.append(Change(message: transition.message, step: transition.step))
        written.due = transition.message.due
    }

    private static func event(of settlement: Settlement, evidence: [UInt8]?) -> MessageEvent {
        switch settlement {
        case .delivered(let receipt): .delivered(receiptID: receipt.receiptID, evidence: receipt.evidence)
        case .sent: .sent
        case .handedOver(let due): .handedOver(until: due)
        case .postponed(let error, let due): .postponed(reason: "\(error)", until: due)
        case .failed(let error, .schedule): .expired(reason: "nobody tries any longer; the last error: \(error)")
        case .failed(let error, .refused):
            if let evidence { .refused(reason: error.reason, evidence: evidence) } else { .failed(reason: "\(error)") }
        case .held(let error): .held(reason: "\(error)")
        case .givenBack: .leaseReturned(crashed: false)
        }
    }

    /// A signed refusal that ends nothing yet is kept too, once for each reason.
    private static func keepEvidence(
        _ evidence: [UInt8]?, of event: MessageEvent, before message: MessageRecord, at now: Date, in database: Database
    ) throws {
        guard let evidence, event.kind != .refused, event.kind != .delivered, message.failure != event.detail else { return }
        try ReceiptRecord(kind: .messageError, direction: .in, at: now, bytes: evidence).insert(database, message: message.id)
    }

    // MARK: - Telling people

    /// Minutes without an answer after which someone is told, and told again.
    static let unreachable = [15, 240, 1440]

    private static func tell(
        of destination: String, _ breaker: CircuitBreaker, _ settlement: Settlement, at now: Date, in database: Database
    ) throws {
        guard breaker.isOpen, let since = breaker.failingSince else {
            try AlertBoard.resolve(.destinationUnreachable, about: destination, at: now, in: database)
            return
        }
        let minutes = max(0, Int(now.timeIntervalSince(since) / 60))
        var stage = unreachable.count { $0 <= minutes } - 1
        // What does not mend itself is not waited for.
        if case .postponed(let error, _) = settlement, error.class == .needsPerson { stage = max(stage, 0) }
        guard stage >= 0 else { return }
        try AlertBoard.raise(
            .destinationUnreachable, about: .destination(destination, minutes: minutes), stage: stage, at: now, in: database)
    }

    private static func tell(of message: MessageRecord, _ error: DeliveryError, at now: Date, in database: Database) throws {
        guard error.class == .needsPerson, error.code.meaning.shows != .down else { return }
        var subject = AlertSubject.message(message)
        subject.codes = [error.code.rawValue]
        try AlertBoard.raise(.messageObstructed, about: subject, at: now, in: database)
    }

    // MARK: - Giving up

    static let endingAtOnce = 200

    /// Messages to a destination that is not there, whose time is over: no more than ``endingAtOnce`` in one commit.
    static let overdue = """
        SELECT id FROM message WHERE destination = ? AND direction = 'out' AND due IS NOT NULL
          AND coalesce(tryingSince, created) <= ? AND leasedBy IS NULL AND state <> 'sent' LIMIT \(endingAtOnce)
        """

    static func giveUp(
        _ destination: String, _ settlement: Settlement, since cutoff: Date, at now: Date, in database: Database
    ) throws -> [Change] {
        let overdue = try Int64.fetchAll(
            database.cachedStatement(sql: overdue), arguments: [destination, cutoff.microseconds])
        return try overdue.compactMap { id in
            try Ledger.apply(event(of: settlement, evidence: nil), to: id, at: now, by: .node, in: database).map {
                Change(message: $0.message, step: $0.step)
            }
        }
    }
}
