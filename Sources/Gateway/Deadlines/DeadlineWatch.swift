import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Sees to it that nothing is silently late: sleeps until the next time someone must be told, and pins up an alert for each
/// message and deadline: once before it passes, once when it has, and every day after that.
struct DeadlineWatch: Service {
    /// The longest sleep. A clock that jumps forward while it sleeps is noticed so much later at the most.
    static let longestSleep: TimeInterval = 300
    /// Messages that are looked at in one commit.
    static let batch = 200

    let store: GatewayStore
    let table: DeadlineTable
    let clock: NodeClock
    let heartbeats: Heartbeats
    let wakeUps: WakeUps
    let logger: Logger

    func run() async throws {
        let last = Last()
        await LookLoop(name: "deadlines", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats).run { await look(last, $0) }
    }

    /// One look. Returns when the next is due.
    private func look(_ last: Last, _ heartbeat: Heartbeat) async -> Date? {
        let now = clock.now()
        do {
            if last.isEarlier(now) { try await setRight(at: now) }
            while try await tellDue(at: now) == Self.batch { heartbeat.beat() }
            let next = try store.read { try Int64.fetchOne($0, sql: "SELECT min(warnAt) FROM message WHERE warnAt IS NOT NULL") }
            return min(next.map { Date(microseconds: $0) } ?? .distantFuture, now + Self.longestSleep)
        } catch {
            logger.error("Cannot look for deadlines", metadata: [LogKey.reason: "\(error)"])
            return now + 5
        }
    }

    /// Pins up what is due now; how many messages that were.
    func tellDue(at now: Date) async throws -> Int {
        let due = try store.read { database in
            try Int64.fetchAll(
                database, sql: "SELECT id FROM message WHERE warnAt <= ? ORDER BY warnAt LIMIT ?",
                arguments: [now.microseconds, Self.batch])
        }
        guard !due.isEmpty else { return 0 }
        try await store.commit { database in
            for id in due {
                guard let message = try MessageRecord.fetch(database, id: id) else { continue }
                try tell(message, at: now, database)
            }
        }
        return due.count
    }

    private func tell(_ message: MessageRecord, at now: Date, _ database: Database) throws {
        for event in DeadlineEvent.allCases {
            let stage = message.deadlines.stage(of: event, at: now, Deadlines.Subject(message), by: table)
            guard stage != .quiet else { continue }
            var subject = AlertSubject.message(message, until: message.deadlines[event])
            // Whose turn it is, when that is no longer the door that it was sent to.
            subject.receiver = try HolderRows.holder(of: message.id, database) ?? subject.receiver
            try AlertBoard.raise(AlertKind(event), about: subject, stage: stage.number, at: now, in: database)
        }
        try set(message.deadlines, of: message, at: now, database)
    }

    private func set(_ deadlines: Deadlines, of message: MessageRecord, at now: Date, _ database: Database) throws {
        var deadlines = deadlines
        let isWatched = message.state.isWatched
        deadlines.warnAt = isWatched ? deadlines.nextWarning(after: now, Deadlines.Subject(message), by: table) : nil
        try deadlines.write(database, message: message.id)
    }

    // MARK: - A clock that was ahead

    /// What was written by a clock that was ahead of now would silence the watch until that time comes: messages that were
    /// taken "later" than now get their deadlines from now, and what was told "later" counts as far as it is true.
    func setRight(at now: Date) async throws {
        try await store.commit { database in
            let ahead = try Int64.fetchAll(
                database, sql: "SELECT id FROM message WHERE warnAt IS NOT NULL AND created > ?", arguments: [now.microseconds])
            for id in ahead {
                guard let message = try MessageRecord.fetch(database, id: id) else { continue }
                var deadlines = message.deadlines
                let fresh = Deadlines.at(taken: now, Deadlines.Subject(message), by: table)
                for event in DeadlineEvent.allCases {
                    guard let end = deadlines[event], let new = fresh[event] else { continue }
                    deadlines[event] = min(end, new)
                }
                try set(deadlines, of: message, at: now, database)
            }
            let told = try Alert.fetchAll(
                database, sql: "SELECT * FROM alert WHERE resolvedAt IS NULL AND message IS NOT NULL AND lastAt > ?",
                arguments: [now.microseconds])
            for alert in told { try takeBack(alert, at: now, database) }
        }
    }

    private func takeBack(_ alert: Alert, at now: Date, _ database: Database) throws {
        guard let event = alert.kind.event, let number = alert.subject.message,
            let message = try MessageRecord.fetch(database, id: number)
        else { return }
        let stage = message.deadlines.stage(of: event, at: now, Deadlines.Subject(message), by: table)
        if stage == .quiet {
            try AlertBoard.resolve(alert.id, at: now, in: database)
        } else {
            try database.execute(
                sql: "UPDATE alert SET about = ?, lastAt = ? WHERE id = ?",
                arguments: [
                    try Alert.About(stage: min(stage.number, alert.stage), subject: alert.subject).json(), now.microseconds,
                    alert.id,
                ])
        }
        try set(message.deadlines, of: message, at: now, database)
    }

    private final class Last: Sendable {
        private let look = Mutex<Date?>(nil)

        /// Whether `now` is before the last look; so is the first look of all.
        func isEarlier(_ now: Date) -> Bool {
            look.withLock { last in
                defer { last = now }
                return last.map { now < $0 } ?? true
            }
        }
    }
}

extension DeadlineWatch: CustomStringConvertible {
    var description: String { "DeadlineWatch" }
}

extension DeadlineStage {
    /// Grows as it gets later: 0 the last warning, less for those before it, 1 passed, and one more for each day.
    var number: Int {
        switch self {
        case .quiet: .min
        case .near(let left): -left
        case .late(let days): 1 + days
        }
    }
}
