import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Tells people what is pinned on the ``AlertBoard``: each route once for each cause and stage, and once when it is over. What
/// a route does not take now it is given again, and the others are told that it does not.
final class AlertSender: Service {
    /// Alerts in one look. What one mail holds of them is the sink's matter.
    static let batch = 5000
    /// From one mail to the same people to the next; what gathers meanwhile goes together.
    static let mailPause: Duration = .seconds(60)
    static let firstRetry: Duration = .seconds(30)
    static let longestRetry: Duration = .seconds(3600)
    /// So many failures one after another are told of elsewhere.
    static let failuresToTell = 2

    private struct Pace: Sendable {
        var failures = 0
        /// By ``NodeClock/uptime``: setting the clock neither floods nor silences.
        var notBefore: Duration?
    }

    /// What one look has to send on one route.
    private struct Load: Sendable {
        let route: AlertRoute
        var alerts: [Alert]
    }

    private let store: GatewayStore
    private let router: AlertRouter
    private let sinks: [AlertRoute.Sink: any AlertSink]
    private let clock: NodeClock
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let paces = Mutex<[String: Pace]>([:])

    init(
        store: GatewayStore, router: AlertRouter, sinks: [AlertRoute.Sink: any AlertSink], clock: NodeClock,
        heartbeats: Heartbeats, logger: Logger
    ) {
        (self.store, self.router, self.sinks) = (store, router, sinks)
        (self.clock, self.heartbeats, self.logger) = (clock, heartbeats, logger)
    }

    func run() async throws {
        var loop = LookLoop(name: "alerts", wakeUps: store.alerts.wakeUps, clock: clock, heartbeats: heartbeats)
        loop.limit = .seconds(300)
        await loop.run { _ in await self.look() }
    }

    /// Sends what can be sent now; returns when the next route may be tried.
    func look() async -> Date? {
        let now = clock.now()
        do {
            let (alerts, told) = try waiting()
            if alerts.isEmpty { return nil }
            let results = await send(loads(alerts, told))
            try await note(results, alerts: alerts, told: told, at: now)
            let uptime = clock.uptime()
            let names = Set(alerts.flatMap { router.routes(for: $0) }.map(\.name))
            let next = paces.withLock { paces in names.compactMap { paces[$0]?.notBefore }.filter { $0 > uptime }.min() }
            if let next { return clock.now() + (next - uptime).seconds }
            // A look takes at most ``batch``; what is left is looked at again at once.
            return alerts.count == Self.batch ? clock.now() : nil
        } catch {
            logger.error("Cannot look for alerts", metadata: [LogKey.reason: "\(error)"])
            return now + 5
        }
    }

    private func waiting() throws -> ([Alert], [Int64: Set<String>]) {
        try store.read { database in
            // Whatever the clock says: `due` is only a mark that there is something to tell.
            let alerts = try Alert.fetchAll(
                database,
                sql: """
                    SELECT * FROM alert WHERE due IS NOT NULL
                    ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, id LIMIT ?
                    """, arguments: [Self.batch])
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT alert, sink FROM alertSent JOIN alert ON id = alert WHERE due IS NOT NULL AND at IS NOT NULL")
            var told: [Int64: Set<String>] = [:]
            for row in rows { told[row["alert"], default: []].insert(row["sink"]) }
            return (alerts, told)
        }
    }

    /// What goes on which route now; a route that must wait gets nothing.
    private func loads(_ alerts: [Alert], _ told: [Int64: Set<String>]) -> [Load] {
        let uptime = clock.uptime()
        let paces = paces.withLock { $0 }
        var loads: [String: Load] = [:]
        for alert in alerts {
            for route in router.routes(for: alert) where !(told[alert.id]?.contains(route.name) ?? false) {
                if let notBefore = paces[route.name]?.notBefore, notBefore > uptime { continue }
                loads[route.name, default: Load(route: route, alerts: [])].alerts.append(alert)
            }
        }
        return loads.values.sorted { $0.route.name < $1.route.name }
    }

    /// Each route by itself: a mail server that does not answer holds up nobody else.
    private func send(_ loads: [Load]) async -> [(Load, String?)] {
        await withTaskGroup(of: (Load, String?).self) { group in
            for load in loads {
                group.addTask { [self] in
                    let shown = Array(load.alerts.prefix(load.route.sink == .log ? Self.batch : MailText.mostAlerts))
                    do {
                        try await sinks[load.route.sink]?.send(
                            shown, more: load.alerts.count - shown.count, to: load.route)
                        return (load, nil)
                    } catch {
                        return (load, "\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    // MARK: - What came of it

    private func note(
        _ results: [(Load, String?)], alerts: [Alert], told: [Int64: Set<String>], at now: Date
    ) async throws {
        var reached = told
        for (load, failure) in results {
            pace(load.route, failure)
            if failure == nil { for alert in load.alerts { reached[alert.id, default: []].insert(load.route.name) } }
        }
        let done = alerts.filter { alert in
            router.routes(for: alert).allSatisfy { reached[alert.id]?.contains($0.name) ?? false }
        }
        try await store.commit { database in
            let current = try Set(alerts.filter { try Self.isCurrent($0, database) }.map(\.id))
            for (load, failure) in results {
                for alert in load.alerts where current.contains(alert.id) {
                    try Self.mark(alert.id, load.route.name, failure, at: now, database)
                }
            }
            for alert in done where current.contains(alert.id) {
                try database.cachedStatement(sql: "UPDATE alert SET due = NULL WHERE id = ?").execute(arguments: [alert.id])
            }
            for (load, failure) in results where failure == nil {
                try AlertBoard.resolve(.sinkFailing, about: load.route.name, at: now, in: database)
            }
        }
        for (load, failure) in results {
            guard let failure else { continue }
            logger.error(
                "An alert could not be sent", metadata: [LogKey.sink: "\(load.route.name)", LogKey.reason: "\(failure)"])
            if paces.withLock({ $0[load.route.name]?.failures ?? 0 }) >= Self.failuresToTell {
                try await store.raise(.sinkFailing, about: .thing(load.route.name), at: now)
            }
        }
    }

    /// Whether what was sent is still what is to be told; otherwise it has to be sent as it is now.
    private static func isCurrent(_ sent: Alert, _ database: Database) throws -> Bool {
        let now = try Alert.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM alert WHERE id = ?"), arguments: [sent.id])
        return now?.stage == sent.stage && now?.resolvedAt == sent.resolvedAt
    }

    private static func mark(_ alert: Int64, _ route: String, _ failure: String?, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO alertSent (alert, sink, at, attempts, failure) VALUES (?, ?, ?, 1, ?)
                ON CONFLICT DO UPDATE SET at = excluded.at, attempts = attempts + 1, failure = excluded.failure
                """
        ).execute(arguments: [alert, route, failure == nil ? now.microseconds : nil, failure])
    }

    private func pace(_ route: AlertRoute, _ failure: String?) {
        let uptime = clock.uptime()
        paces.withLock { paces in
            var pace = paces[route.name] ?? Pace()
            if failure == nil {
                pace = Pace(failures: 0, notBefore: route.sink == .smtp ? uptime + Self.mailPause : nil)
            } else {
                pace.failures += 1
                let wait = Self.firstRetry * (1 << min(pace.failures - 1, 20))
                pace.notBefore = uptime + min(wait, Self.longestRetry)
            }
            paces[route.name] = pace
        }
    }
}

extension AlertSender: CustomStringConvertible {
    var description: String { "AlertSender" }
}

/// How much one message to people holds.
enum MailText {
    static let mostAlerts = 50
}
