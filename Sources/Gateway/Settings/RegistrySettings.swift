/// Where the addresses come from. Keys, types and defaults: ``keys``.
public struct RegistrySettings: Sendable, Hashable {
    public let file: String
    /// What is read together with ``file``.
    public let also: [String]

    /// nil: nothing is fetched.
    public let url: String?
    public let refresh: Duration
    /// nil means `trust.roots`.
    public let caFile: String?

    static let fileKey = SettingKey(
        "registry.file", .path, default: .text("registry.json"),
        "The address registry: parties with addresses and certificates, and agreements between them.")
    static let alsoKey = SettingKey(
        "registry.also", .pathList, default: .list([]),
        "More files of the same registry: areas, reforms, catchments, services, deputies, further parties.")
    static let urlKey = SettingKey(
        "registry.url", .text, default: nil,
        "An https address that the registry is fetched from: our own format or the national export. Without it nothing is fetched."
    )
    static let refreshKey = SettingKey(
        "registry.refresh", .integer(300...2_592_000), default: .integer(86_400), unit: "seconds",
        "How often it is fetched from registry.url.")
    static let caFileKey = SettingKey(
        "registry.caFile", .path, default: nil,
        "The issuers (PEM) that the certificate of registry.url must lead to. Without it trust.roots count.")
    static let keys = [fileKey, alsoKey, urlKey, refreshKey, caFileKey]

    /// All files of the registry, in the order they are read.
    public var files: [String] { [file] + also }

    init(_ reader: SettingsReader, environment: NodeEnvironment) throws(SettingsError) {
        self.file = reader.path(Self.fileKey) ?? reader.absolute("registry.json")
        self.also = reader.paths(Self.alsoKey)
        self.url = try reader.address(Self.urlKey, environment: environment)
        self.refresh = reader.seconds(Self.refreshKey)
        self.caFile = reader.path(Self.caFileKey)
    }
}
