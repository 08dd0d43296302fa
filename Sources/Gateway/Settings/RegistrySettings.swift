/// Where the addresses come from. Keys, types and defaults: ``keys``.
public struct RegistrySettings: Sendable, Hashable {
    public let file: String
    /// What is read together with ``file``.
    public let also: [String]

    static let fileKey = SettingKey(
        "registry.file", .path, default: .text("registry.json"),
        "The address registry: parties with addresses and certificates, and agreements between them.")
    static let alsoKey = SettingKey(
        "registry.also", .pathList, default: .list([]),
        "More files of the same registry: areas, reforms, catchments, services, deputies, further parties.")
    static let keys = [fileKey, alsoKey]

    /// All files of the registry, in the order they are read.
    public var files: [String] { [file] + also }

    init(_ reader: SettingsReader) {
        self.file = reader.path(Self.fileKey) ?? reader.absolute("registry.json")
        self.also = reader.paths(Self.alsoKey)
    }
}
