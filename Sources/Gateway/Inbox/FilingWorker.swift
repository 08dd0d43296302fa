import Foundation
import GRDB
import Logging
import ServiceLifecycle

/// Hands received messages to their system: parties whose filing is a folder get each message as files there, and the sender
/// gets the AppRec. Messages of the other parties wait for `inbox save`.
public final class FilingWorker: Service {
    private let store: GatewayStore
    private let inbox: Inbox
    private let settings: FilingSettings
    private let clock: NodeClock
    private let pool: WorkPool
    private let wakeUps: WakeUps
    private let heartbeats: Heartbeats
    private let logger: Logger

    init(
        store: GatewayStore, inbox: Inbox, settings: FilingSettings, clock: NodeClock, pool: WorkPool, wakeUps: WakeUps,
        heartbeats: Heartbeats, logger: Logger
    ) {
        (self.store, self.inbox, self.settings, self.clock) = (store, inbox, settings, clock)
        (self.pool, self.wakeUps) = (pool, wakeUps)
        (self.heartbeats, self.logger) = (heartbeats, logger)
    }

    public func run() async throws {
        var loop = LookLoop(name: "filing", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats)
        // One document may be gigabytes.
        loop.limit = .seconds(900)
        await loop.run { [self] heartbeat in await fileDue(heartbeat) ? clock.now() + 60 : nil }
    }

    /// Files and answers what is due; whether something could not be done and has to be tried again.
    private func fileDue(_ heartbeat: Heartbeat) async -> Bool {
        var hasFailed = false
        while true {
            do {
                let now = clock.now().microseconds
                let due = try store.read { database in
                    try MessageRecord.fetchAll(
                        database, sql: "SELECT * FROM message WHERE due <= ? AND direction = 'in' ORDER BY due, id LIMIT 64",
                        arguments: [now])
                }
                if due.isEmpty { return hasFailed }
                for message in due {
                    if await !file(message) { hasFailed = true }
                    heartbeat.beat()
                }
            } catch {
                logger.error("Cannot look for messages to file", metadata: [LogKey.reason: "\(error)"])
                return true
            }
        }
    }

    private func file(_ message: MessageRecord) async -> Bool {
        do {
            if message.state == .filed {
                try await inbox.answer(message)
                return true
            }
            guard let receiver = HERID(message.receiver), case .folder(let folder) = settings.mode(for: receiver) else {
                // Nobody files it but the one who saves it.
                try await inbox.settle(message)
                return true
            }
            _ = try await inbox.save("#\(message.id)", to: folder + "/" + message.receiver)
            logger.notice(
                "Message moved on",
                metadata: [
                    LogKey.message: "\(message.messageID)", LogKey.state: "\(MessageState.filed.rawValue)", LogKey.step: "filed",
                ])
            return true
        } catch {
            logger.error(
                "Message could not be filed or answered",
                metadata: [LogKey.message: "\(message.messageID)", LogKey.reason: "\(error)"])
            // Moved behind the others: one that cannot be filed stops nobody else's.
            try? await inbox.postpone(message, error)
            return false
        }
    }
}
