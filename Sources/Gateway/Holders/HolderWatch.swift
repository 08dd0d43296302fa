import Foundation
import GRDB
import Logging
import Practice
import ServiceLifecycle
import Synchronization

/// Sees to it that what is under way has somebody who opens it: when a day of reform begins in Oslo, and when a door has not opened a
/// message in its working hours. It looks when the node starts, when the registry is exchanged, at midnight in Oslo, and when a turn
/// ends. Where the registry has no reform, no deputies and nothing under way at a door that has ended, it does nothing.
final class HolderWatch: Service {
    private let current: CurrentRegistry
    private let store: GatewayStore
    private let settings: NodeSettings
    private let clock: NodeClock
    let wakeUps: WakeUps
    private let heartbeats: Heartbeats
    private let pool: WorkPool
    private let logger: Logger
    private let plan = Mutex<Plan?>(nil)

    /// What a version of the registry says about holders.
    private struct Plan: Sendable {
        let version: Int?
        /// nil when nothing in it moves anything by itself.
        let doors: DoorRegistry?
        /// How long, at the least, doors with deputies have; 0 where one may be closed.
        var deputed: [String: TimeInterval] = [:]
        /// Doors of areas that have ended: what comes there has another holder at once.
        var ended: Set<String> = []
    }

    init(
        _ current: CurrentRegistry, store: GatewayStore, settings: NodeSettings, clock: NodeClock, wakeUps: WakeUps,
        heartbeats: Heartbeats, pool: WorkPool, logger: Logger
    ) {
        (self.current, self.store, self.settings, self.clock) = (current, store, settings, clock)
        (self.wakeUps, self.heartbeats, self.pool, self.logger) = (wakeUps, heartbeats, pool, logger)
    }

    func run() async throws {
        let loop = LookLoop(name: "holders", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats, limit: .seconds(1800))
        await loop.run { [self] _ in await look() }
    }

    /// A step of a message was committed: one that comes to a door that is watched is looked at.
    func note(_ message: MessageRecord, _ step: MessageStep) {
        guard step.what == MessageEvent.Kind.opened.rawValue || step.what == MessageEvent.Kind.delivered.rawValue else { return }
        guard let plan = plan.withLock({ $0 }), plan.doors != nil else { return }
        if plan.ended.contains(message.receiver) { wakeUps.poke() }
        // Before that no turn can end, and at midnight everything is looked at anyway.
        if let seconds = plan.deputed[message.receiver] { wakeUps.poke(for: step.at + seconds) }
    }

    /// Who has it, asked before it is given to a receiving system. What comes to a door that has ended is moved first.
    func holder(of message: MessageRecord) async throws -> String {
        guard let plan = plan.withLock({ $0 }), plan.doors != nil else { return message.receiver }
        if plan.ended.contains(message.receiver) { await look() }
        return try store.holder(of: message.id) ?? message.receiver
    }

    /// - Returns: when to look again.
    @discardableResult
    func look() async -> Date {
        let now = clock.now()
        let midnight = OsloTime.time(OsloTime.day(of: now) + 1, hour: 0)
        do {
            let view = current.view
            var plan = try await plan(of: view, at: now)
            guard let doors = plan.doors else {
                try await tell(ReformRun.Stuck(), [], at: now)
                return midnight
            }
            let stuck = try await ReformRun(store: store, view: view, doors: doors, pool: pool).run(at: now)
            let round = try await DeputyRound(
                store: store, view: view, doors: doors, hosted: Set(settings.parties.hosted),
                hours: WorkingHours(store.deadlines.calendar)
            ).run(at: now)
            try await tell(stuck, round.unopened, at: now)
            (plan.deputed, plan.ended) = (Self.deputed(doors), Self.ended(doors, at: now))
            self.plan.withLock { [plan] in $0 = plan }
            return min(midnight, round.next ?? .distantFuture)
        } catch {
            logger.error("Cannot look who has what is under way", metadata: [LogKey.reason: "\(error)"])
            return now + 60
        }
    }

    // MARK: - What the registry says

    private func plan(of view: RegistryView, at now: Date) async throws -> Plan {
        let known = plan.withLock { $0 }
        if let known, known.version == view.version, known.doors != nil { return known }
        guard try hasDeputiesOrReforms(view.version) || hasEnded(view.registry, at: now) else {
            let empty = Plan(version: view.version, doors: nil)
            plan.withLock { $0 = empty }
            return empty
        }
        let desk = RegistryDesk(store: store, settings: settings.registry, actor: .node, clock: clock)
        let doors = try await pool.run { DoorRegistry(try desk.book()) }
        return Plan(version: view.version, doors: doors)
    }

    /// Asked before a whole registry is read: most days of most nodes nothing moves.
    private func hasDeputiesOrReforms(_ version: Int?) throws -> Bool {
        guard version != nil else { return !settings.registry.also.isEmpty }
        let lists = try store.read { database in
            try Data.fetchOne(
                database, sql: "SELECT lists FROM registryVersion WHERE lists IS NOT NULL ORDER BY number DESC LIMIT 1")
        }
        guard let lists else { return false }
        let book = try RegistryFiles.book([[UInt8](lists)], names: ["the lists of the registry"], folders: [])
        return !book.deputies.isEmpty || !book.geography.reforms.isEmpty
    }

    private func hasEnded(_ registry: Registry, at now: Date) throws -> Bool {
        try store.read { try HolderRows.doors($0) }.contains { door in
            !((try? registry.party(HERID(door)))?.isActive(at: now) ?? false)
        }
    }

    private static func deputed(_ doors: DoorRegistry) -> [String: TimeInterval] {
        let lines = doors.book.deputies.map {
            ($0.door.description, $0.closures.isEmpty ? TimeInterval($0.workingHours) * 3600 : 0)
        }
        return Dictionary(lines) { min($0, $1) }
    }

    private static func ended(_ doors: DoorRegistry, at now: Date) -> Set<String> {
        let day = DoorDay(inOsloAt: now)
        let areas = Set(doors.book.geography.reforms.filter { $0.effective <= day }.flatMap(\.ends))
        guard !areas.isEmpty else { return [] }
        return Set(doors.doors.map(\.id).filter { doors.area(of: $0).map(areas.contains) ?? false }.map(\.description))
    }

    // MARK: - What somebody must be told

    private func tell(_ stuck: ReformRun.Stuck, _ unopened: [Int64], at now: Date) async throws {
        try await store.commit { database in
            for (kind, doors) in [(AlertKind.doorUndecided, stuck.undecided), (.doorStranded, stuck.stranded)] {
                let causes = doors.sorted { $0.key < $1.key }.map {
                    (AlertSubject.thing($0.key.description, figure: $0.value), 0)
                }
                try AlertBoard.keep(kind, causes, at: now, in: database)
            }
            let messages = try unopened.compactMap { try MessageRecord.fetch(database, id: $0) }
            try AlertBoard.keep(.notOpened, messages.map { (.message($0), 0) }, at: now, in: database)
        }
    }
}

extension HolderWatch: CustomStringConvertible {
    var description: String { "HolderWatch" }
}
