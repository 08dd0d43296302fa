/// Where the addresses come from. Keys, types and defaults: ``keys``.
public struct RegistrySettings: Sendable, Hashable {
    public let file: String

    static let fileKey = SettingKey(
        "registry.file", .path, default: .text("registry.json"),
        "The address registry: parties with addresses and certificates, and agreements between them.")
    static let keys = [fileKey]

    init(_ reader: SettingsReader) {
        self.file = reader.path(Self.fileKey) ?? reader.absolute("registry.json")
    }
}
