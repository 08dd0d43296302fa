import Foundation
import GRDB
import Native

/// What a node takes from the world around it. A running node has the system's; a test or a simulation gives its own, and the
/// node then does the same thing every time.
public struct Surroundings: Sendable {
    public var clock: NodeClock
    /// Ids that others see: of messages, conversations, parts.
    public var ids: IDSource
    /// Who the audit trail names for what is done through the node: the daemon, or whoever runs a command.
    public var actor = AuditActor.node
    /// How messages leave; nil means libcurl with this node's settings.
    package var transport: (any MessageTransport)?
    /// Who says when work that blocks is done; nil means threads of its own.
    package var turns: (any Turns)?
    /// The rows of the store; nil means a database file in the store's folder, where a commit waits for the disk.
    package var database: (any DatabaseWriter)?
    /// Where the node counts what it does; nil means a book of its own.
    package var observation: Observation?
    /// A mistake that the simulation makes on purpose, to see that it would find it.
    package var planted: PlantedFault?

    public init(clock: NodeClock = .system, ids: IDSource = .system) { (self.clock, self.ids) = (clock, ids) }

    public static let system = Surroundings()

    func pool(threads count: Int, _ name: Observation.Pool? = nil) -> WorkPool {
        turns.map { WorkPool(turns: $0) } ?? WorkPool(threads: count, observed: name.flatMap { observation?.work(in: $0) })
    }
}

/// Gives turns to work that otherwise has threads: a simulation does everything on one thread, in an order of its own.
package protocol Turns: Sendable {
    /// Returns when it is the caller's turn to work, or throws when its node is no more.
    func turn() async throws
    /// Does `commit` when it is the store's turn. Not at once: what is asked for is not yet on the disk.
    func store(_ commit: @escaping @Sendable () -> Void)
}

/// Mistakes that lose or double messages. No setting and no command can reach them.
package enum PlantedFault: String, Sendable, CaseIterable {
    /// The Acknowledgment goes out while the message is still on its way to the disk.
    case acknowledgesBeforeCommit
    /// A message that is sent again is sealed again.
    case rebuildsBytes
    /// A repeat is known by its id, whoever sends it.
    case ignoresSenderOfRepeats
    /// What the node worked on when it died is nobody's turn any more.
    case neverReturnsLeases
    /// A receipt that comes when the message is no longer under way counts for nothing.
    case ignoresLateReceipts
}

/// Where new ids come from.
public struct IDSource: Sendable {
    /// A UUID in lower case. No two are the same.
    public let next: @Sendable () -> String

    public init(_ next: @escaping @Sendable () -> String) { self.next = next }

    /// Each begins with the time: ids of messages are keys of the store, and keys in no order at all cost a page of the log each.
    public static let system = IDSource {
        let millisecond = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        return (try? RandomUUID.text(millisecond: millisecond)) ?? UUID().uuidString.lowercased()
    }
}
