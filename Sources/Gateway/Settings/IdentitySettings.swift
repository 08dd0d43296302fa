/// Whether real health data passes through.
public enum NodeEnvironment: String, Sendable, Hashable, CaseIterable {
    case production, test
}

/// Who the node is. Keys, types and defaults: ``keys``.
public struct IdentitySettings: Sendable, Hashable {
    /// A name for operators, in logs and on `/health`; nothing is decided by it.
    public let name: String
    public let environment: NodeEnvironment

    static let nameKey = SettingKey(
        "node.name", .text, default: .text("msggw"), "A name for operators; it appears in logs and never in messages.")
    static let environmentKey = SettingKey(
        "node.environment", .choice(NodeEnvironment.allCases.map(\.rawValue)), default: .text("production"),
        "In test, checks that need the world outside may be switched off; never let real messages into a test node.")
    static let keys = [nameKey, environmentKey]

    init(_ reader: SettingsReader) {
        self.name = reader.text(Self.nameKey) ?? "msggw"
        self.environment = reader.text(Self.environmentKey).flatMap(NodeEnvironment.init) ?? .production
    }
}
