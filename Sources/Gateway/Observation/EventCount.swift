import GRDB
import Synchronization

/// Counts what happened to messages by reading what the audit trail has got since somebody looked last. Writing costs nothing
/// more for it, and what commands did is counted too.
final class EventCount: Sendable {
    /// Read at one look. What is left over is counted at the next, so that no look takes long.
    static let largestLook: Int64 = 200_000

    private struct State {
        /// The last record that was counted.
        var last: Int64
        var counts: [String: Int]
    }

    private let state: Mutex<State>

    /// Begins to count after what the trail holds now.
    init(after database: Database) throws {
        // An event that has not happened yet is 0 and not missing, or its first would be no increase.
        let words = MessageEvent.Kind.allCases.filter { !$0.isWorkaday }.map { ($0.rawValue, 0) }
        state = Mutex(State(last: try AuditTrail.head(database).sequence, counts: Dictionary(uniqueKeysWithValues: words)))
    }

    func look(_ database: Database) throws -> [Sample] {
        try state.withLock { state in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT action, count(*) AS count, max(id) AS last FROM audit WHERE id > ? AND id <= ? GROUP BY action
                        """), arguments: [state.last, state.last + Self.largestLook])
            for row in rows {
                state.counts[row["action"], default: 0] += row["count"] as Int
                state.last = max(state.last, row["last"])
            }
            return state.counts.map { Sample([$0.key], Double($0.value)) }
        }
    }
}
