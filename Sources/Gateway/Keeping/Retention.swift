import Foundation
import GRDB
import Logging
import ServiceLifecycle

/// Destroys what has been kept long enough: by hand, and once a day of the node's own accord.
///
/// A clock that leaps ahead would make everything old at once. After more than ``leap`` without a run, the first one waits a
/// day longer and says so; whoever runs it by hand has to say that the clock is right.
public struct Retention: Sendable {
    static let leap: TimeInterval = 3 * 86_400
    static let wait: TimeInterval = 86_400

    let store: GatewayStore
    let settings: RetentionSettings
    let actor: AuditActor

    public init(_ store: GatewayStore, _ settings: RetentionSettings, by actor: AuditActor) {
        (self.store, self.settings, self.actor) = (store, settings, actor)
    }

    /// What would be destroyed at that time. Nothing is changed.
    public func report(at now: Date) throws -> RetentionReport { try RetentionRun(store, settings, by: actor, at: now).report() }

    /// - Parameter isSureOfClock: whether a person has looked at the clock.
    /// - Throws: ``StoreError`` `.inUse` while a backup is being made, `.clock` when it may have leapt.
    public func run(at now: Date, isSureOfClock: Bool) throws -> RetentionReport {
        let last = try store.read { try Fact.date($0, .retentionRan) }
        if let last, !isSureOfClock, now.timeIntervalSince(last) > Self.leap || now < last - Self.wait {
            throw StoreError(
                .clock,
                reason:
                    "by this machine's clock it is \(now.formatted(.iso8601)), and retention last ran at \(last.formatted(.iso8601)); if the clock is right, run it with --clock-is-right"
            )
        }
        return try RetentionRun(store, settings, by: actor, at: now).run()
    }

    /// The daily run: it waits a day when the clock may have leapt.
    ///
    /// - Returns: nil when it waits.
    func runDaily(at now: Date) throws -> RetentionReport? {
        let (last, waits) = try store.read { (try Fact.date($0, .retentionRan), try Fact.date($0, .retentionWaits)) }
        let hasLeapt = last.map { now.timeIntervalSince($0) > Self.leap || now < $0 - Self.wait } ?? false
        // A clock that goes on as it should for a day after its leap is believed.
        let isBelieved = waits.map { now.timeIntervalSince($0) >= Self.wait && now.timeIntervalSince($0) <= Self.leap } ?? false
        let connection = try store.keepingConnection()
        if hasLeapt, !isBelieved {
            if waits.map({ now.timeIntervalSince($0) > Self.leap || now < $0 }) ?? true {
                try connection.write { try Fact.set($0, .retentionWaits, now) }
            }
            return nil
        }
        if waits != nil { try connection.write { try Fact.set($0, .retentionWaits, nil as String?) } }
        return try RetentionRun(store, settings, by: actor, at: now).run()
    }
}

/// Runs retention each day at its hour, Norwegian time.
struct RetentionService: Service {
    let retention: Retention
    let clock: NodeClock
    let pool: WorkPool
    let logger: Logger

    func run() async throws {
        guard retention.settings.mode == .daily else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await clock.sleep(Self.next(after: clock.now(), hour: retention.settings.hour))
                } catch { return }
                await runOnce()
            }
        }
    }

    private func runOnce() async {
        do {
            let now = clock.now()
            guard let report = try await pool.run({ [retention] in try retention.runDaily(at: now) }) else {
                logger.warning(
                    "Retention waits a day: the clock may have leapt. If it is right, run 'msggw retention run --clock-is-right'")
                return
            }
            var metadata: Logger.Metadata = ["unfinished": "\(report.unfinished.messages)"]
            for line in report.lines { metadata[line.kind.rawValue] = "\(line.messages)" }
            logger.notice("Retention destroyed what has been kept long enough", metadata: metadata)
        } catch {
            logger.error("Retention could not run; it is tried again tomorrow", metadata: [LogKey.reason: "\(error)"])
        }
    }

    /// The next time that it is that hour in Norway.
    static func next(after now: Date, hour: Int) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        if let oslo = TimeZone(identifier: "Europe/Oslo") { calendar.timeZone = oslo }
        return calendar.nextDate(
            after: now, matching: DateComponents(hour: hour, minute: 0, second: 0), matchingPolicy: .nextTime)
            ?? now + 86_400
    }
}

extension RetentionService: CustomStringConvertible {
    var description: String { "Retention" }
}
