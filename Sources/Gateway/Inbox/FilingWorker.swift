import Foundation
import GRDB
import Logging
import ServiceLifecycle

/// Hands received messages to their system: parties whose filing is a folder get each message as files there, and the sender
/// gets the AppRec. Messages of the other parties wait for `inbox save`.
public final class FilingWorker: Service {
    private let store: GatewayStore
    /// By the registry of that moment.
    private let inbox: @Sendable () -> Inbox
    private let settings: FilingSettings
    /// Whose folder it belongs in.
    private let holder: @Sendable (MessageRecord) async throws -> String
    private let clock: NodeClock
    private let pool: WorkPool
    private let wakeUps: WakeUps
    private let heartbeats: Heartbeats
    private let logger: Logger

    init(
        store: GatewayStore, inbox: @escaping @Sendable () -> Inbox, settings: FilingSettings, clock: NodeClock, pool: WorkPool,
        wakeUps: WakeUps,
        heartbeats: Heartbeats, logger: Logger,
        holder: @escaping @Sendable (MessageRecord) async throws -> String
    ) {
        self.holder = holder
        (self.store, self.inbox, self.settings, self.clock) = (store, inbox, settings, clock)
        (self.pool, self.wakeUps) = (pool, wakeUps)
        (self.heartbeats, self.logger) = (heartbeats, logger)
    }

    public func run() async throws {
        var loop = LookLoop(name: "filing", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats)
        // One document may be gigabytes.
        loop.limit = .seconds(900)
        await loop.run { [self] heartbeat in await fileDue(heartbeat) }
    }

    /// Files and answers what is due, and says when to look again: what could not be done now falls due later, also after the
    /// next start.
    private func fileDue(_ heartbeat: Heartbeat) async -> Date? {
        do {
            while true {
                let now = clock.now().microseconds
                let (due, next) = try store.read { database in
                    (
                        try MessageRecord.fetchAll(
                            database.cachedStatement(
                                sql:
                                    "SELECT \(MessageRecord.columns) FROM message WHERE due <= ? AND direction = 'in' ORDER BY due, id LIMIT 64"
                            ),
                            arguments: [now]),
                        try Int64.fetchOne(
                            database.cachedStatement(
                                sql: "SELECT due FROM message WHERE due > ? AND direction = 'in' ORDER BY due LIMIT 1"),
                            arguments: [now])
                    )
                }
                if due.isEmpty { return next.map { Date(microseconds: $0) } }
                for message in due {
                    // What is left is due after the next start.
                    if Task.isShuttingDownGracefully { return nil }
                    try await file(message)
                    heartbeat.beat()
                }
            }
        } catch {
            logger.error("Cannot file now", metadata: [LogKey.reason: "\(error)"])
            return clock.now() + 60
        }
    }

    /// Files or answers one message; when that cannot be done, it is due later.
    ///
    /// - Throws: when not even that can be written down. Whoever went on would meet the same message again at once, for ever.
    private func file(_ message: MessageRecord) async throws {
        do {
            if message.state == .filed {
                try await inbox().answer(message)
                return
            }
            guard let receiver = HERID(message.receiver), case .folder(let folder) = settings.mode(for: receiver) else {
                // Nobody files it but the one who saves it.
                try await inbox().settle(message)
                return
            }
            _ = try await inbox().save("#\(message.id)", to: folder + "/" + holder(message))
            logger.notice(
                "Message moved on",
                metadata: [
                    LogKey.message: "\(message.messageID)", LogKey.state: "\(MessageState.filed.rawValue)", LogKey.step: "filed",
                ])
        } catch {
            logger.error(
                "Message could not be filed or answered",
                metadata: [LogKey.message: "\(message.messageID)", LogKey.reason: "\(error)"])
            // Moved behind the others: one that cannot be filed stops nobody else's.
            try Task.checkCancellation()
            try await inbox().postpone(message, error)
        }
    }
}
