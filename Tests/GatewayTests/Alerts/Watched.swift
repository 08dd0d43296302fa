import Envelope
import Foundation
import GRDB
import Logging
import NodeTestSupport
import Synchronization
import TestSupport

@testable import Gateway

/// A store with messages whose deadlines are watched, a clock that the test moves, and a sink that keeps what it is given.
final class Watched: Sendable {
    let scratch: ScratchFolder
    let store: GatewayStore
    let clock: TestClock
    let heartbeats: Heartbeats
    let logs = LogLines()
    let sink = KeepingSink()
    let pool = WorkPool(threads: 1)

    init(at time: String = "2026-11-23T09:00:00Z", deadlines: DeadlineTable = DeadlineTable()) throws {
        scratch = try ScratchFolder()
        clock = TestClock(at: try Date(time, strategy: .iso8601))
        heartbeats = Heartbeats(clock: clock.clock)
        store = try Self.open(scratch, deadlines)
    }

    static func open(_ scratch: ScratchFolder, _ deadlines: DeadlineTable = DeadlineTable()) throws -> GatewayStore {
        let file = scratch.path + "/store.key"
        if !FileManager.default.fileExists(atPath: file) { try scratch.write(StoreKey.newFile(), to: "store.key") }
        return try GatewayStore(
            folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: file), deadlines: deadlines)
    }

    /// Puts a message into the store as it is when it has just been taken or opened.
    func put(
        _ kind: MessageType = .henvisningBUP, _ direction: MessageRecord.Direction = .out, urgent: Bool = false,
        document: String = UUID().uuidString, sender: String = "80000601", receiver: String = "80000401"
    ) async throws -> MessageRecord {
        let now = clock.now
        return try await store.commit { [store] database in
            var record = MessageRecord(
                id: 0, direction: direction, state: direction == .out ? .taken : .opened, kind: kind.rawValue,
                messageID: UUID().uuidString, conversationID: UUID().uuidString, documentID: document, documentGenerated: "",
                cpaID: "", sender: sender, receiver: receiver, protection: .strong, created: now, updated: now,
                due: now, attempts: 0, failure: nil, answers: nil, priority: urgent ? 0 : 1)
            record.deadlines = Deadlines.at(taken: now, Deadlines.Subject(record), by: store.deadlines)
            return try Ledger.insert(
                record, direction == .out ? .taken : .opened(detail: nil, digest: []), at: now, by: .node, in: database
            ).message
        }
    }

    /// What happens to a message, one event after the other.
    func happen(_ message: MessageRecord, _ events: MessageEvent...) async throws {
        let now = clock.now
        try await store.commit { database in
            for event in events { try Ledger.apply(event, to: message.id, at: now, by: .node, in: database) }
        }
    }

    func deadlines(_ message: MessageRecord) throws -> Deadlines {
        try store.read { try MessageRecord.fetch($0, id: message.id)?.deadlines ?? Deadlines() }
    }

    var watch: DeadlineWatch {
        DeadlineWatch(
            store: store, table: store.deadlines, clock: clock.clock, heartbeats: heartbeats, wakeUps: WakeUps(),
            logger: logs.logger)
    }

    /// Looks as the watch does when it wakes.
    func tell() async throws { while try await watch.tellDue(at: clock.now) > 0 {} }

    func open() throws -> [String] { try store.listAlerts().map { "\($0.severity.rawValue) \($0.kind.rawValue)" }.sorted() }

    func sender(
        _ sinks: Set<AlertRoute.Sink> = [.log], operators: [String] = [], contacts: [String: String] = [:]
    ) throws -> AlertSender {
        AlertSender(
            store: store,
            router: AlertRouter(
                sinks: sinks, operators: operators.compactMap(MailAddress.init),
                contacts: Dictionary(
                    uniqueKeysWithValues: contacts.compactMap { id, address in
                        HERID(id).map { ($0, [MailAddress(address)].compactMap(\.self)) }
                    }), parent: { _ in nil }),
            sinks: Dictionary(uniqueKeysWithValues: sinks.map { ($0, sink) }), clock: clock.clock, heartbeats: heartbeats,
            pool: pool, logger: logs.logger)
    }
}

/// Keeps what it is given, or refuses it.
final class KeepingSink: AlertSink {
    private struct State {
        var sent: [String] = []
        var refused: Set<String> = []
        var failingParts: [String: [String]] = [:]
    }

    private let state = Mutex(State())

    /// `route kind stage` of each alert, with `over` when it has ended.
    var sent: [String] { state.withLock(\.sent) }

    func refuse(_ route: String) { state.withLock { _ = $0.refused.insert(route) } }
    func accept(_ route: String) { state.withLock { _ = $0.refused.remove(route) } }
    /// Addresses that are refused although the route works.
    func fail(_ parts: [String], of route: String) { state.withLock { $0.failingParts[route] = parts } }
    func forget() { state.withLock { $0.sent = [] } }

    struct Refusal: Error, CustomStringConvertible { let description = "not now" }

    func send(_ alerts: [Alert], more: Int, to route: AlertRoute) async throws -> [String] {
        try state.withLock { state in
            if state.refused.contains(route.name) { throw Refusal() }
            state.sent += alerts.map { alert in
                "\(route.name) \(alert.kind.rawValue) " + (alert.resolvedAt == nil ? "\(alert.stage)" : "over")
            }
            return state.failingParts[route.name] ?? []
        }
    }
}
