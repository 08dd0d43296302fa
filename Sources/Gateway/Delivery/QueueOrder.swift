import Foundation
import GRDB

/// What a person wants done with messages that wait.
public enum QueueOrder: Sendable, Hashable {
    /// Try now, and by the whole schedule from now on; also what has failed.
    case retry
    /// Nobody tries until it is released.
    case hold
    case release
    /// Nobody tries any more.
    case cancel
    /// To another address of the same receiver; nil means the registry's again.
    case redirect(endpoint: String?)
}

/// What came of it for one message.
public struct QueueResult: Sendable, Hashable, Codable {
    public enum Outcome: String, Sendable, Codable {
        case done
        /// An attempt is under way; it happens when that ends, unless it delivers the message.
        case later
        /// Nothing had to be done.
        case already
    }

    public let number: Int64
    public let messageID: String
    public let receiver: String
    public let outcome: Outcome
    public let state: MessageState
}

/// Why nothing was done, with what to do about it.
public struct QueueOrderError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The message is in a state in which the order means nothing.
        case notPossible
        /// The receiver may have the message: only who says so expressly may do it.
        case mayHaveArrived
        /// The document went out in another message since.
        case sentAgain
        case badAddress
        /// An attempt is under way.
        case underWay
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }
}

/// Carries out orders. Everything goes through the ``Ledger``, in the name of whoever ordered it.
public struct QueueDesk: Sendable {
    let store: GatewayStore
    /// Where receivers are; only a redirection back to it needs it.
    let registry: Registry?
    let actor: AuditActor
    let clock: NodeClock
    /// Plain HTTP to this machine is an address too: a test node's.
    let allowsPlainLoopback: Bool
    private static let atOnce = 500

    public init(
        store: GatewayStore, registry: Registry? = nil, actor: AuditActor, clock: NodeClock = .system,
        allowsPlainLoopback: Bool = false
    ) {
        (self.store, self.registry, self.actor, self.clock) = (store, registry, actor, clock)
        self.allowsPlainLoopback = allowsPlainLoopback
    }

    /// Does it with the messages of these names, or with none of them.
    ///
    /// - Parameter isConfirmed: whether it is done although the receiver may have the message.
    /// - Throws: ``QueueOrderError``; ``StoreError`` `.notFound`, `.ambiguous`.
    public func carryOut(_ order: QueueOrder, on names: [String], isConfirmed: Bool = false) async throws -> [QueueResult] {
        try check(order)
        let now = clock.now()
        return try await store.commit { database in
            try names.flatMap { name -> [QueueResult] in
                let messages = try QueueSelection.outgoing(named: name, database)
                if messages.count > 1, order.isForOne {
                    throw StoreError(
                        .ambiguous,
                        reason:
                            "'\(name.prefix(80))' means \(messages.count) messages (\(messages.map { "#\($0.id)" }.joined(separator: ", "))); give one of these numbers"
                    )
                }
                return try messages.map {
                    try step(order, isConfirmed: isConfirmed, at: now, in: database).carryOut(on: $0)
                }
            }
        }
    }

    /// Does it with all that the filter means, in pieces; what it means nothing for is left out.
    public func carryOut(_ order: QueueOrder, onAll filter: QueueFilter) async throws -> [QueueResult] {
        try check(order)
        let now = clock.now()
        var results: [QueueResult] = []
        var filter = filter
        filter.limit = .max
        let ids = try store.read { [filter] in try QueueSelection(filter).fetch($0).map(\.id) }
        for start in stride(from: 0, to: ids.count, by: Self.atOnce) {
            let some = ids[start..<min(start + Self.atOnce, ids.count)]
            results += try await store.commit { database in
                try some.compactMap { id in
                    guard let message = try MessageRecord.fetch(database, id: id) else { return nil }
                    do {
                        return try step(order, isConfirmed: false, at: now, in: database).carryOut(on: message)
                    } catch is QueueOrderError {
                        return nil
                    }
                }
            }
        }
        return results
    }

    private func step(_ order: QueueOrder, isConfirmed: Bool, at now: Date, in database: Database) -> QueueStep {
        QueueStep(order: order, isConfirmed: isConfirmed, registry: registry, actor: actor, now: now, database: database)
    }

    private func check(_ order: QueueOrder) throws(QueueOrderError) {
        guard case .redirect(let endpoint?) = order else { return }
        let parts = URLComponents(string: endpoint)
        let isLoopback = ["127.0.0.1", "localhost", "[::1]", "::1"].contains(parts?.host ?? "")
        guard Destination.of(endpoint: endpoint) != Destination.unknown, parts?.user == nil, parts?.fragment == nil,
            parts?.scheme == "https" || (parts?.scheme == "http" && isLoopback && allowsPlainLoopback)
        else {
            throw QueueOrderError(
                .badAddress, "'\(endpoint.prefix(80))' is no address of a node; give one like https://node.example/ebxml")
        }
    }
}

extension QueueOrder {
    /// Whether it needs the one message that is meant.
    var isForOne: Bool {
        switch self {
        case .cancel, .redirect: true
        case .retry, .hold, .release: false
        }
    }
}
