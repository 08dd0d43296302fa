import Envelope
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Signs the head of the audit trail: after about a thousand records, an hour after the first that is not signed, and when the
/// node stops.
public final class AuditCheckpointer: ServiceLifecycle.Service {
    static let mostRecords = 1000
    static let longestTime: TimeInterval = 3600

    private let store: GatewayStore
    private let keys: @Sendable () -> KeyRing
    private let node: String
    private let clock: NodeClock
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let wakeUps = WakeUps()
    /// Steps since the head was signed last; each is a record of its own.
    private let steps = Mutex(0)

    /// - Parameter keys: asked for each time: the node may get others while it runs.
    init(
        store: GatewayStore, keys: @autoclosure @escaping @Sendable () -> KeyRing, node: String, clock: NodeClock,
        heartbeats: Heartbeats, logger: Logger
    ) {
        (self.store, self.keys, self.node, self.clock) = (store, keys, node, clock)
        (self.heartbeats, self.logger) = (heartbeats, logger)
    }

    /// Called for every step that was committed.
    func noteStep() {
        let count = steps.withLock { count in
            count += 1
            return count
        }
        if count == 1 || count.isMultiple(of: Self.mostRecords) { wakeUps.poke() }
    }

    /// Called when a command may have written to the trail.
    func look() { wakeUps.poke() }

    public func run() async throws {
        let start = clock.now()
        let loop = LookLoop(name: "audit", wakeUps: wakeUps, clock: clock, heartbeats: heartbeats)
        await loop.run { [self] _ in await signIfDue(since: start) }
        await sign()
    }

    /// - Returns: when to look again; nil when everything is signed.
    func signIfDue(since start: Date) async -> Date? {
        do {
            let (head, last) = try store.read { (try AuditTrail.head($0), try AuditCheckpoint.last($0)) }
            let open = head.sequence - (last?.sequence ?? 0)
            guard open > 0 else { return nil }
            let due = (last.map { Date(microseconds: $0.microseconds) } ?? start) + Self.longestTime
            if open < Self.mostRecords, clock.now() < due { return due }
        } catch {
            logger.error("Cannot look at the audit trail", metadata: [LogKey.reason: "\(error)"])
            return clock.now() + 60
        }
        return await sign() ? nil : clock.now() + 60
    }

    /// Signs the head as it is now, unless it has been signed. Whether there is nothing left to do.
    @discardableResult
    func sign() async -> Bool {
        steps.withLock { $0 = 0 }
        do {
            let keys = keys()
            let party = keys.parties[0]
            let (head, last) = try store.read { (try AuditTrail.head($0), try AuditCheckpoint.last($0)) }
            guard head.sequence > (last?.sequence ?? 0) else { return true }
            let checkpoint = try AuditCheckpoint(
                of: head, at: clock.now(), node: node, party: party, with: keys.signing(for: party))
            try await store.commit { try checkpoint.insert($0) }
            return true
        } catch {
            logger.error("The audit trail cannot be signed", metadata: [LogKey.reason: "\(error)"])
            return false
        }
    }
}

extension AuditCheckpointer: CustomStringConvertible {
    public var description: String { "AuditCheckpointer" }
}
