import Foundation
import GRDB

extension AlertBoard {
    /// Draws the conclusions from an event, in the commit that holds it: that a message failed, is held or was rejected is
    /// pinned up; what has ended, also by a late receipt, is taken down. ``Ledger`` calls it for every event.
    ///
    /// - Parameters:
    ///   - message: as it is after the event.
    ///   - before: as it was.
    static func follow(
        _ message: MessageRecord, after event: MessageEvent, from before: MessageRecord, at now: Date, in database: Database
    ) throws {
        let subject = AlertSubject.message(message)
        if case .answeredUnknown = event { try raise(.receiptUnclear, about: subject, at: now, in: database) }
        for waited in DeadlineEvent.allCases where before.deadlines[waited] != nil {
            guard message.deadlines[waited] == nil || (before.state.isWatched && !message.state.isWatched) else { continue }
            try resolve(AlertKind(waited), about: subject.key, at: now, in: database)
        }
        guard message.state != before.state else { return }
        if before.failure != nil, before.state.isUnderWay, message.state != .sealed {
            try resolve(.messageObstructed, about: subject.key, at: now, in: database)
        }
        switch before.state {
        case .failed: try resolve(.messageFailed, about: subject.key, at: now, in: database)
        case .held: try resolve(.messageHeld, about: subject.key, at: now, in: database)
        case .rejected: try resolve(.documentRejected, about: subject.key, at: now, in: database)
        case .taken, .sealed, .delivered, .accepted, .cancelled, .sent, .opened, .filed: break
        }
        switch message.state {
        case .failed: try raise(.messageFailed, about: subject, at: now, in: database)
        case .held: try raise(.messageHeld, about: subject, at: now, in: database)
        case .rejected:
            var rejected = subject
            if case .rejected(let codes?) = event { rejected.codes = codes.components(separatedBy: ", ") }
            try raise(.documentRejected, about: rejected, at: now, in: database)
            try resolve(.receiptUnclear, about: subject.key, at: now, in: database)
        case .accepted: try resolve(.receiptUnclear, about: subject.key, at: now, in: database)
        case .taken, .sealed, .delivered, .cancelled, .sent, .opened, .filed: break
        }
    }

    /// Nobody waits for that any more, although no event of the message says so: it was answered, or a person says that it was.
    static func settle(_ event: DeadlineEvent, of message: Int64, at now: Date, in database: Database) throws {
        try Deadlines.clear(event, database, message: message)
        try resolve(AlertKind(event), about: "#\(message)", at: now, in: database)
    }
}
