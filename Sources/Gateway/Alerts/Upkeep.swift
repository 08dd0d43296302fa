import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Looks after what wears out or fails by itself: certificates and revocation lists that run out, the disk, the store, partners'
/// nodes that do not answer.
struct Upkeep: Service {
    static let pause: TimeInterval = 300
    /// Certificates and lists are read again so often.
    static let expiryPause: TimeInterval = 3600
    /// Alerts that are over and about no message are kept so long; the others go with their message.
    static let keepTime: TimeInterval = 400 * 86_400
    /// Percent free below which it is critical.
    static let almostFull = 3

    let store: GatewayStore
    /// What runs out, read anew each time.
    let expiries: @Sendable () -> [Expiry]
    /// Percent of the store's disk that is free; nil when nobody can say.
    let freePercent: @Sendable () -> Int?
    let settings: AlertSettings
    let sender: AlertSender
    let clock: NodeClock
    let heartbeats: Heartbeats
    let logger: Logger

    func run() async throws {
        let state = State()
        var loop = LookLoop(name: "upkeep", wakeUps: WakeUps(), clock: clock, heartbeats: heartbeats)
        loop.limit = .seconds(900)
        await loop.run { _ in await look(state) }
    }

    func look(_ state: State = State()) async -> Date? {
        let now = clock.now()
        let (full, free) = (settings.diskPercent, freePercent())
        let wearing = state.mustReadExpiries(at: now) ? try? await sender.pool.run { [expiries] in expiries() } : nil
        do {
            try await store.commit { database in
                try GatewayStore.proveThatItCommits(at: now, in: database)
                try AlertBoard.resolve(.storeFailing, about: "store", at: now, in: database)
                try Self.destinations(settings.unreachableTime, at: now, database)
                if let free {
                    let causes = free < full ? [(AlertSubject.thing("store", figure: free), free < Self.almostFull ? 1 : 0)] : []
                    try AlertBoard.keep(.diskNearlyFull, causes, at: now, in: database)
                }
                guard let wearing else { return }
                try Self.forget(before: now - Self.keepTime, database)
                for kind in [AlertKind.certificateExpiring, .partnerCertificateExpiring, .revocationListExpiring] {
                    try AlertBoard.keep(
                        kind, wearing.filter { $0.kind == kind }.compactMap { $0.cause(at: now) }, at: now, in: database)
                }
            }
        } catch {
            logger.critical("The store takes no commit", metadata: [LogKey.reason: "\(error)"])
            await sender.cry(.storeFailing, about: .thing("store"), at: now)
            return now + 30
        }
        return now + Self.pause
    }

    /// What the queue has found out about partners' nodes. Told again after a day, and every day.
    private static func destinations(_ limit: Duration, at now: Date, _ database: Database) throws {
        let rows = try Row.fetchAll(
            database, sql: "SELECT name, failingSince FROM destination WHERE failingSince <= ?",
            arguments: [(now - limit.seconds).microseconds])
        let causes = rows.map { row -> (AlertSubject, Int) in
            let since = now.timeIntervalSince(Date(microseconds: row["failingSince"]))
            return (.destination(row["name"], minutes: Int(since / 60)), Int(since / 86_400))
        }
        try AlertBoard.keep(.destinationUnreachable, causes, at: now, in: database)
    }

    private static func forget(before limit: Date, _ database: Database) throws {
        let old = try Int64.fetchAll(
            database,
            sql: "SELECT id FROM alert WHERE resolvedAt < ? AND due IS NULL AND message IS NULL LIMIT 1000",
            arguments: [limit.microseconds])
        for id in old {
            try database.execute(sql: "DELETE FROM alertSent WHERE alert = ?", arguments: [id])
            try database.execute(sql: "DELETE FROM alert WHERE id = ?", arguments: [id])
        }
    }

    final class State: Sendable {
        private let read = Mutex<Date?>(nil)

        func mustReadExpiries(at now: Date) -> Bool {
            read.withLock { read in
                // Also when the clock was set back.
                if let last = read, now >= last, now < last + Upkeep.expiryPause { return false }
                read = now
                return true
            }
        }
    }
}

extension Upkeep: CustomStringConvertible {
    var description: String { "Upkeep" }
}

extension AlertBoard {
    /// Makes these the open causes of that kind: pins up what is new or worse, takes down what is not among them.
    static func keep(_ kind: AlertKind, _ causes: [(AlertSubject, Int)], at now: Date, in database: Database) throws {
        let keys = Set(causes.map { Alert.key(kind, $0.0.key) })
        let open = try Alert.fetchAll(
            database, sql: "SELECT * FROM alert WHERE kind = ? AND resolvedAt IS NULL", arguments: [kind.rawValue])
        for alert in open where !keys.contains(alert.key) { try resolve(alert.id, at: now, in: database) }
        for (subject, stage) in causes { try raise(kind, about: subject, stage: stage, at: now, in: database) }
    }
}
