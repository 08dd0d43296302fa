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

    /// What came of it.
    private struct Outcome: Sendable {
        let load: Load
        /// nil when they were told.
        var failure: String?
        /// Parts of the route that did not work although others did.
        var refused: [String] = []
    }

    private let store: GatewayStore
    let router: AlertRouter
    let sinks: [AlertRoute.Sink: any AlertSink]
    private let clock: NodeClock
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let paces = Mutex<[String: Pace]>([:])
    /// What waits for mail servers and the like; never what a message waits for.
    let pool: WorkPool
    private let nextCry = Mutex<Duration?>(nil)

    init(
        store: GatewayStore, router: AlertRouter, sinks: [AlertRoute.Sink: any AlertSink], clock: NodeClock,
        heartbeats: Heartbeats, pool: WorkPool, logger: Logger
    ) {
        self.pool = pool
        (self.store, self.router, self.sinks) = (store, router, sinks)
        (self.clock, self.heartbeats, self.logger) = (clock, heartbeats, logger)
    }

    /// With the ways of telling people that the settings name.
    ///
    /// - Throws: ``KeyError`` when a password, a token or the trusted issuers cannot be read.
    convenience init(
        _ settings: NodeSettings, store: GatewayStore, registry: @escaping @Sendable () -> Registry, surroundings: Surroundings,
        heartbeats: Heartbeats, logger: Logger
    ) throws {
        let pool = surroundings.turns.map { WorkPool(turns: $0) } ?? WorkPool(threads: 2)
        let sinks = try AlertSinks(
            settings: settings, names: AlertNames(registry), ids: surroundings.ids, clock: surroundings.clock, pool: pool,
            logger: logger
        ).make()
        let router = AlertRouter(
            sinks: Set(sinks.keys), operators: settings.alerts.operators, contacts: settings.alerts.contacts,
            parent: { try? registry().party($0).parent })
        self.init(
            store: store, router: router, sinks: sinks, clock: surroundings.clock, heartbeats: heartbeats, pool: pool,
            logger: logger)
    }

    /// Ends calls that are under way; what they carried is told after the next start.
    func shutDown() async {
        for sink in sinks.values { sink.cancel() }
        await pool.shutDown()
    }

    func run() async throws {
        var loop = LookLoop(name: "alerts", wakeUps: store.alerts.wakeUps, clock: clock, heartbeats: heartbeats)
        // Mail servers take their time; that is no reason to restart a node.
        loop.limit = .seconds(900)
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
    private func send(_ loads: [Load]) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            for load in loads {
                group.addTask { [self] in
                    let shown = Array(load.alerts.prefix(load.route.sink == .log ? Self.batch : MailText.mostAlerts))
                    do {
                        guard let sink = sinks[load.route.sink] else { return Outcome(load: load, failure: "is not set up") }
                        let refused = try await sink.send(shown, more: load.alerts.count - shown.count, to: load.route)
                        return Outcome(load: load, refused: refused)
                    } catch {
                        return Outcome(load: load, failure: "\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    // MARK: - What came of it

    private func note(
        _ outcomes: [Outcome], alerts: [Alert], told: [Int64: Set<String>], at now: Date
    ) async throws {
        var reached = told
        for outcome in outcomes {
            pace(outcome.load.route, outcome.failure)
            guard outcome.failure == nil else { continue }
            for alert in outcome.load.alerts { reached[alert.id, default: []].insert(outcome.load.route.name) }
        }
        let done = alerts.filter { alert in
            router.routes(for: alert).allSatisfy { reached[alert.id]?.contains($0.name) ?? false }
        }
        let failing = failing(outcomes)
        try await store.commit { database in
            let current = try Set(alerts.filter { try Self.isCurrent($0, database) }.map(\.id))
            for outcome in outcomes {
                for alert in outcome.load.alerts where current.contains(alert.id) {
                    try Self.mark(alert.id, outcome.load.route.name, outcome.failure, at: now, database)
                }
            }
            for alert in done where current.contains(alert.id) {
                try database.cachedStatement(sql: "UPDATE alert SET due = NULL WHERE id = ?").execute(arguments: [alert.id])
            }
            try Self.tellOfSinks(failing, outcomes, at: now, database)
        }
    }

    /// What others are told of: routes that failed again and again, and addresses that were refused. Each is logged.
    private func failing(_ outcomes: [Outcome]) -> Set<String> {
        var failing: Set<String> = []
        for outcome in outcomes {
            let name = outcome.load.route.name
            if let failure = outcome.failure {
                logger.error("An alert could not be sent", metadata: [LogKey.sink: "\(name)", LogKey.reason: "\(failure)"])
                if paces.withLock({ $0[name]?.failures ?? 0 }) >= Self.failuresToTell { failing.insert(name) }
            }
            for part in outcome.refused {
                logger.error("An alert was refused", metadata: [LogKey.sink: "\(name) \(part)"])
                failing.insert("\(name) \(part)")
            }
        }
        return failing
    }

    private static func tellOfSinks(
        _ failing: Set<String>, _ outcomes: [Outcome], at now: Date, _ database: Database
    ) throws {
        for name in failing.sorted() { try AlertBoard.raise(.sinkFailing, about: .thing(name), at: now, in: database) }
        let working = outcomes.filter { $0.failure == nil }.map(\.load.route.name)
        if working.isEmpty { return }
        let open = try Alert.fetchAll(
            database, sql: "SELECT * FROM alert WHERE kind = ? AND resolvedAt IS NULL",
            arguments: [AlertKind.sinkFailing.rawValue])
        for alert in open {
            guard let name = alert.subject.thing, !failing.contains(name) else { continue }
            // The route, or one of its addresses.
            let works = working.contains { name == $0 || name.hasPrefix($0 + " ") }
            if works { try AlertBoard.resolve(alert.id, at: now, in: database) }
        }
    }

    /// Whether what was sent is still what is to be told; otherwise it has to be sent as it is now.
    private static func isCurrent(_ sent: Alert, _ database: Database) throws -> Bool {
        let now = try Alert.fetch(database, sent.id)
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

extension AlertSender {
    /// Whether an hour has passed since the last time.
    func mayCry() -> Bool {
        let uptime = clock.uptime()
        return nextCry.withLock { next in
            if let next, uptime < next { return false }
            next = uptime + .seconds(3600)
            return true
        }
    }
}

extension AlertSender: CustomStringConvertible {
    var description: String { "AlertSender" }
}
