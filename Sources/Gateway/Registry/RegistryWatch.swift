import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Sees to it that a running node works by the newest version of its registry, whoever made it: a command, or the refresh.
///
/// One exchange between messages: what is under way keeps what it began with. A version that the node could not start with is
/// told of and left alone; the node goes on by the one that it has.
final class RegistryWatch: Service {
    /// What a command that cannot wake the node has put into the store is seen within this time, and a version that was refused is
    /// tried again.
    static let pause: TimeInterval = 300

    private let current: CurrentRegistry
    private let store: GatewayStore
    private let clock: NodeClock
    private let wakeUps: WakeUps
    private let heartbeats: Heartbeats
    /// Reading a national registry takes seconds: never where messages wait.
    private let pool: WorkPool
    private let logger: Logger
    /// Called when messages may go another way.
    private let onExchange: @Sendable () -> Void
    private let refused = Mutex<(version: Int?, at: Date)?>(nil)

    init(
        _ current: CurrentRegistry, store: GatewayStore, clock: NodeClock, wakeUps: WakeUps, heartbeats: Heartbeats,
        pool: WorkPool, logger: Logger, onExchange: @escaping @Sendable () -> Void
    ) {
        (self.current, self.store, self.clock, self.wakeUps) = (current, store, clock, wakeUps)
        (self.heartbeats, self.pool, self.logger, self.onExchange) = (heartbeats, pool, logger, onExchange)
    }

    func run() async throws {
        let loop = LookLoop(
            name: "registry versions", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats, limit: .seconds(1800))
        await loop.run { [self] _ in await look() }
    }

    /// - Returns: when to look again.
    @discardableResult
    func look() async -> Date {
        let now = clock.now()
        do {
            let version = try store.registryVersion()
            guard version != current.view.version, !isRefused(version, at: now) else { return now + Self.pause }
            do {
                guard let view = try await pool.run({ [current] in try current.newer(at: now) }) else { return now + Self.pause }
                try await take(view, at: now)
            } catch let error where error is RegistryError || error is KeyError {
                try await refuse(version, "\(error)", at: now)
            }
        } catch {
            logger.error("Cannot look for a new version of the registry", metadata: [LogKey.reason: "\(error)"])
        }
        return now + Self.pause
    }

    private func isRefused(_ version: Int?, at now: Date) -> Bool {
        refused.withLock { refused in
            guard let last = refused, last.version == version else { return false }
            // Also when the clock was set back.
            return now >= last.at && now < last.at + Self.pause
        }
    }

    private func take(_ view: RegistryView, at now: Date) async throws {
        let before = current.view
        // In this order: a message that is taken meanwhile is put where the new version says, or is moved by the commit.
        current.exchange(view)
        do {
            try await store.commit { database in
                try Waiting.follow(view.registry, before: before.registry, at: now, in: database)
                try AlertBoard.keep(.registryRefused, [], at: now, in: database)
            }
        } catch {
            // The next look takes it again, wholly.
            current.exchange(before)
            throw error
        }
        refused.withLock { $0 = nil }
        logger.notice(
            "The node works by a new version of the registry",
            metadata: ["version": "\(view.version.map(String.init) ?? "files")"])
        for warning in view.keys.warnings { logger.warning("Needs someone's eye", metadata: ["warning": "\(warning)"]) }
        onExchange()
    }

    private func refuse(_ version: Int?, _ reason: String, at now: Date) async throws {
        let name = version.map { "version \($0)" } ?? "the files"
        logger.error(
            "The node cannot work by the newest version of the registry, and goes on by what it has",
            metadata: ["version": "\(name)", LogKey.reason: "\(reason)"])
        refused.withLock { $0 = (version, now) }
        try await store.commit { database in
            try AlertBoard.keep(.registryRefused, [(AlertSubject.thing(name), 0)], at: now, in: database)
        }
    }

    /// Messages that wait when the registry changes.
    private enum Waiting {
        /// Whatever waits goes where its receiver is now, and what waits for a receiver that has changed is tried at once: what
        /// stopped it may be mended.
        static func follow(_ registry: Registry, before: Registry, at now: Date, in database: Database) throws {
            let receivers = try String.fetchAll(
                database,
                sql: "SELECT DISTINCT receiver FROM message WHERE direction = 'out' AND due IS NOT NULL AND endpoint IS NULL")
            for receiver in receivers {
                guard let id = HERID(receiver), (try? before.party(id)) != (try? registry.party(id)) else { continue }
                try database.execute(
                    sql: """
                        UPDATE message SET destination = ?, due = min(due, ?) WHERE receiver = ? AND direction = 'out'
                          AND due IS NOT NULL AND endpoint IS NULL AND leasedBy IS NULL
                        """, arguments: [registry.destination(of: receiver), now.microseconds, receiver])
            }
        }
    }
}

extension RegistryWatch: CustomStringConvertible {
    var description: String { "RegistryWatch" }
}
