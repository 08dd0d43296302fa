public import Foundation
import GRDB

/// Alerts as commands see them. It needs the store alone: also when a certificate has run out, one can see that it has.
extension GatewayStore {
    /// Open alerts, the worst first; with `all` those too that are over, newest first.
    public func alertReports(all: Bool = false, limit: Int = 100) throws -> [AlertReport] {
        try listAlerts(all: all, limit: limit).map { AlertReport($0, .asStored) }
    }

    /// A person says that it is over, or has been seen to another way: the alert is closed and, when it was about a deadline,
    /// nobody waits for that any more. It stands in the audit trail.
    ///
    /// A cause that goes on is raised again.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is no such open alert.
    public func resolveAlert(_ number: Int64, reason: String?, by actor: AuditActor, at now: Date) async throws -> AlertReport {
        try await commit { database in
            guard let alert = try Alert.fetch(database, number), alert.resolvedAt == nil else {
                throw StoreError(.notFound, reason: "there is no open alert \(number); see 'msggw alerts list'")
            }
            try AlertBoard.resolve(alert.id, at: now, in: database)
            if let event = alert.kind.event, let message = alert.subject.message {
                try Deadlines.clear(event, database, message: message)
            }
            try AuditTrail.append(
                AuditRecord(
                    at: now, by: actor, action: "alert closed", message: alert.subject.message,
                    messageID: alert.subject.messageID, detail: alert.key, purpose: reason),
                in: database)
            return AlertReport(try Alert.fetch(database, number) ?? alert, .asStored)
        }
    }

    func listAlerts(all: Bool = false, limit: Int = 100) throws -> [Alert] {
        let order = "CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, id"
        return try read { database in
            try Alert.fetchAll(
                database,
                sql: all
                    ? "SELECT * FROM alert ORDER BY id DESC LIMIT ?"
                    : "SELECT * FROM alert WHERE resolvedAt IS NULL ORDER BY \(order) LIMIT ?",
                arguments: [limit])
        }
    }

    /// Pins up a cause in a transaction of its own; see ``AlertBoard/raise(_:about:stage:at:in:)``.
    @discardableResult
    func raise(_ kind: AlertKind, about subject: AlertSubject, stage: Int = 0, at now: Date) async throws -> Bool {
        try await commit { try AlertBoard.raise(kind, about: subject, stage: stage, at: now, in: $0) }
    }

    @discardableResult
    func resolve(_ kind: AlertKind, about subject: String, at now: Date) async throws -> Bool {
        try await commit { try AlertBoard.resolve(kind, about: subject, at: now, in: $0) }
    }
}
