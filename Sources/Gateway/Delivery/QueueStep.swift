import Foundation
import GRDB

/// One order for one message, in a transaction.
struct QueueStep {
    let order: QueueOrder
    let isConfirmed: Bool
    let registry: Registry?
    let actor: AuditActor
    let now: Date
    let database: Database

    func carryOut(on message: MessageRecord) throws -> QueueResult {
        switch order {
        case .retry: try retry(message)
        case .hold: try hold(message)
        case .release: try release(message)
        case .cancel: try cancel(message)
        case .redirect(let endpoint): try redirect(message, to: endpoint)
        }
    }

    // MARK: - Orders

    private func retry(_ message: MessageRecord) throws -> QueueResult {
        switch message.state {
        case .taken, .sealed:
            if message.leasedBy != nil { return result(message, .already) }
            try apply(.retried, to: message)
        case .failed:
            try refuseSecondCopy(of: message)
            try apply(.released, to: message)
        case .held:
            throw QueueOrderError(.notPossible, "#\(message.id) is held; let it go on with: msggw queue release #\(message.id)")
        default: throw cannot("be tried again", message)
        }
        try beginSchedule(message)
        return try result(message.id, .done)
    }

    private func hold(_ message: MessageRecord) throws -> QueueResult {
        switch message.state {
        case .held: return result(message, .already)
        case .taken, .sealed:
            if message.leasedBy != nil { return try wish(.hold, message) }
            try apply(MessageWish(.hold, by: actor).event, to: message)
            return try result(message.id, .done)
        default: throw cannot("be held", message)
        }
    }

    private func release(_ message: MessageRecord) throws -> QueueResult {
        if message.leasedBy != nil, message.wish != nil {
            try database.execute(sql: "UPDATE message SET wish = NULL WHERE id = ?", arguments: [message.id])
            return try result(message.id, .done)
        }
        guard message.state == .held else {
            if message.state.isUnderWay { return result(message, .already) }
            throw cannot("be released", message)
        }
        try refuseSecondCopy(of: message)
        try apply(.released, to: message)
        try beginSchedule(message)
        return try result(message.id, .done)
    }

    private func cancel(_ message: MessageRecord) throws -> QueueResult {
        guard message.state.isUnderWay || message.state == .held else {
            if message.state == .cancelled { return result(message, .already) }
            throw cannot("be cancelled", message)
        }
        try confirm("cancel", message)
        if message.leasedBy != nil { return try wish(.cancel, message) }
        try apply(MessageWish(.cancel, by: actor).event, to: message)
        return try result(message.id, .done)
    }

    private func redirect(_ message: MessageRecord, to endpoint: String?) throws -> QueueResult {
        guard message.state.isUnderWay || message.state == .held || message.state == .failed else {
            throw cannot("be redirected", message)
        }
        guard message.leasedBy == nil else {
            throw QueueOrderError(
                .underWay, "#\(message.id) is being sent now; hold it first: msggw queue hold #\(message.id)")
        }
        try confirm("redirect", message)
        if message.state == .failed {
            try refuseSecondCopy(of: message)
            try apply(.released, to: message)
        }
        let destination = endpoint.map { Destination.of(endpoint: $0) } ?? registry?.destination(of: message.receiver)
        try database.execute(sql: "UPDATE message SET endpoint = ? WHERE id = ?", arguments: [endpoint, message.id])
        try apply(.redirected(destination: destination ?? Destination.unknown), to: message)
        try beginSchedule(message)
        return try result(message.id, .done)
    }

    // MARK: - What may be done

    /// What has been sent once may have arrived, with the receipt lost or still under way.
    private func confirm(_ verb: String, _ message: MessageRecord) throws {
        let wasTried = message.attempts > 0 || message.leasedBy != nil || message.crashes > 0
        guard !isConfirmed, wasTried, try WireMessage.exists(database, message: message.id) else { return }
        throw QueueOrderError(
            .mayHaveArrived,
            "#\(message.id) was sent \(message.attempts) times without a receipt, so \(message.receiver) may have it; ask them first. To \(verb) it all the same: --yes"
        )
    }

    /// A document that failed may have been handed in again, and then goes out, or has gone, as another message.
    private func refuseSecondCopy(of message: MessageRecord) throws {
        guard !message.documentID.isEmpty else { return }
        let other = try Int64.fetchOne(
            database,
            sql: """
                SELECT message.id FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'document' AND name.value = ? AND direction = 'out' AND sender = ? AND receiver = ?
                  AND message.id <> ? AND state NOT IN ('failed', 'cancelled')
                """, arguments: [message.documentID, message.sender, message.receiver, message.id])
        guard let other else { return }
        throw QueueOrderError(
            .sentAgain,
            "the document of #\(message.id) was handed in again and is message #\(other); the receiver would get it twice")
    }

    private func cannot(_ what: String, _ message: MessageRecord) -> QueueOrderError {
        QueueOrderError(.notPossible, "#\(message.id) is \(message.state.rawValue) and cannot \(what)")
    }

    // MARK: - Doing it

    private func apply(_ event: MessageEvent, to message: MessageRecord) throws {
        guard try Ledger.apply(event, to: message.id, at: now, by: actor, in: database) != nil else {
            throw cannot("be changed so", message)
        }
    }

    /// The schedule begins anew, and its destination is tried at once.
    private func beginSchedule(_ message: MessageRecord) throws {
        try database.cachedStatement(sql: "UPDATE message SET tryingSince = ? WHERE id = ?")
            .execute(arguments: [now.microseconds, message.id])
        try database.cachedStatement(sql: "UPDATE destination SET closedUntil = ? WHERE name = ? AND closedUntil > ?")
            .execute(arguments: [now.microseconds, message.destination, now.microseconds])
    }

    /// An attempt is under way: nothing changes under its hands.
    private func wish(_ kind: MessageWish.Kind, _ message: MessageRecord) throws -> QueueResult {
        try database.execute(
            sql: "UPDATE message SET wish = ? WHERE id = ?", arguments: [MessageWish(kind, by: actor).text, message.id])
        return try result(message.id, .later)
    }

    private func result(_ message: MessageRecord, _ outcome: QueueResult.Outcome) -> QueueResult {
        QueueResult(
            number: message.id, messageID: message.messageID, receiver: message.receiver, outcome: outcome, state: message.state)
    }

    private func result(_ id: Int64, _ outcome: QueueResult.Outcome) throws -> QueueResult {
        guard let message = try MessageRecord.fetch(database, id: id) else {
            throw StoreError(.notFound, reason: "there is no message #\(id)")
        }
        return result(message, outcome)
    }
}
