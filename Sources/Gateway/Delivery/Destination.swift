import Foundation
import GRDB

/// Where messages go: scheme, host and port of the receiving node. What is at one of these is up or down together.
enum Destination {
    /// Of messages whose receiver has no endpoint now.
    static let unknown = ""

    /// `https://node.example:443` of an endpoint; ``unknown`` when it is no address.
    static func of(endpoint: String) -> String {
        guard let parts = URLComponents(string: endpoint), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty
        else { return unknown }
        let port = parts.port ?? (scheme == "http" ? 80 : 443)
        return "\(scheme)://\(host.lowercased()):\(port)"
    }
}

extension Registry {
    /// The destination of messages to that party.
    func destination(of herID: HERID) -> String { (try? party(herID))?.destination ?? Destination.unknown }

    func destination(of herID: String) -> String { HERID(herID).map { destination(of: $0) } ?? Destination.unknown }
}

/// One row of `destination`: one that does not answer.
struct DestinationRecord: FetchableRecord {
    let name: String
    let breaker: CircuitBreaker

    init(row: Row) {
        name = row["name"]
        breaker = CircuitBreaker(
            failures: row["failures"], failingSince: (row["failingSince"] as Int64?).map { Date(microseconds: $0) },
            opensAgainAt: (row["closedUntil"] as Int64?).map { Date(microseconds: $0) }, reason: row["reason"])
    }

    /// One that answers again needs no row.
    static func store(_ database: Database, _ name: String, _ breaker: CircuitBreaker) throws {
        guard breaker.isOpen else {
            try database.cachedStatement(sql: "DELETE FROM destination WHERE name = ?").execute(arguments: [name])
            return
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO destination (name, failures, failingSince, closedUntil, reason) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, failingSince = excluded.failingSince,
                  closedUntil = excluded.closedUntil, reason = excluded.reason
                """
        ).execute(arguments: [
            name, breaker.failures, breaker.failingSince?.microseconds, breaker.opensAgainAt?.microseconds, breaker.reason,
        ])
    }
}
