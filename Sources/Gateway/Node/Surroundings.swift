import Foundation

/// What a node takes from the world around it. A running node has the system's; a test or a simulation gives its own, and the
/// node then does the same thing every time.
public struct Surroundings: Sendable {
    public var clock: NodeClock
    /// Ids that others see: of messages, conversations, parts.
    public var ids: IDSource
    /// How messages leave; nil means libcurl with this node's settings.
    package var transport: (any MessageTransport)?
    /// Whether work that blocks has threads of its own, or is done where it is asked for.
    package var hasThreads = true

    public init(clock: NodeClock = .system, ids: IDSource = .random) { (self.clock, self.ids) = (clock, ids) }

    public static let system = Surroundings()

    func pool(threads count: Int) -> WorkPool { hasThreads ? WorkPool(threads: count) : WorkPool.inline }
}

/// Where new ids come from.
public struct IDSource: Sendable {
    /// A UUID in lower case. No two are the same.
    public let next: @Sendable () -> String

    public init(_ next: @escaping @Sendable () -> String) { self.next = next }

    public static let random = IDSource { UUID().uuidString.lowercased() }
}
