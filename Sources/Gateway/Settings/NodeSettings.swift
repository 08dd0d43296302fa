import Foundation

/// Everything that can be set on a node, read once at start.
///
/// Options of the command count before `MSGGW_…` variables, these before `msggw.yaml` in the node folder. What nobody knows is
/// refused: a setting that is spelt wrong must not silently mean its default.
public struct NodeSettings: Sendable, Hashable {
    /// The settings file's name in the node folder.
    public static let fileName = "msggw.yaml"
    static let largestFile = 1 << 20

    /// The node folder, absolute.
    public let folder: String
    public let node: IdentitySettings
    public let parties: PartySettings
    public let http: HTTPSettings
    public let store: StoreSettings
    public let registry: RegistrySettings
    public let trust: TrustSettings
    public let delivery: DeliverySettings
    public let intake: IntakeSettings
    public let checks: CheckSettings
    public let filing: FilingSettings
    public let serve: ServeSettings
    public let log: LogSettings
    public let deadlines: DeadlineSettings
    public let alerts: AlertSettings
    public let metrics: MetricsSettings
    public let retention: RetentionSettings
    public let letters: LetterSettings
    public let attachments: AttachmentSettings

    /// Reads the settings of the node in `folder`.
    ///
    /// - Parameters:
    ///   - environment: the process's variables; only those that start with `MSGGW_` are looked at.
    ///   - flags: values given on the command line, by the setting's name: `http.port`. Lists are separated by commas.
    public init(folder: String, environment: [String: String], flags: [String: String] = [:]) throws(SettingsError) {
        let folder = URL(filePath: folder).standardizedFileURL.path
        let yaml = try NodeSettings.read("\(folder)/\(NodeSettings.fileName)", folder: folder)
        try self.init(yaml: yaml, folder: folder, environment: environment, flags: flags)
    }

    init(
        yaml: [UInt8], folder: String, environment: [String: String] = [:], flags: [String: String] = [:]
    ) throws(SettingsError) {
        let reader = SettingsReader(
            folder: folder,
            sources: [
                try SettingsSource(flags: flags), try SettingsSource(environment: environment),
                try SettingsSource(yaml: yaml, file: "\(folder)/\(NodeSettings.fileName)"),
            ])
        self.folder = folder
        self.node = IdentitySettings(reader)
        self.parties = try PartySettings(reader)
        self.http = try HTTPSettings(reader)
        self.store = StoreSettings(reader)
        self.registry = try RegistrySettings(reader, environment: node.environment)
        self.trust = try TrustSettings(reader, environment: node.environment)
        self.delivery = DeliverySettings(reader)
        self.intake = IntakeSettings(reader)
        self.checks = CheckSettings(reader)
        self.filing = try FilingSettings(reader)
        self.serve = ServeSettings(reader)
        self.log = LogSettings(reader)
        self.deadlines = try DeadlineSettings(reader)
        self.alerts = try AlertSettings(reader, environment: node.environment)
        self.metrics = try MetricsSettings(reader, http: http)
        self.retention = RetentionSettings(reader)
        self.letters = try LetterSettings(reader)
        self.attachments = try AttachmentSettings(reader)
    }

    private static func read(_ file: String, folder: String) throws(SettingsError) -> [UInt8] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: file) else {
            throw SettingsError(
                .fileMissing, place: file, reason: "is not there",
                remedy: "name the node's folder with --node" + (isFree(folder) ? ", or make one with: msggw init \(folder)" : ""))
        }
        guard let content = manager.contents(atPath: file) else {
            throw SettingsError(
                .fileUnreadable, place: file, reason: "cannot be read", remedy: "let the user that runs msggw read it")
        }
        guard content.count <= largestFile else {
            throw SettingsError(
                .malformed, place: file, reason: "is larger than 1 MiB", remedy: "this is hardly a settings file")
        }
        return [UInt8](content)
    }

    /// Whether `msggw init` would take the folder: it is not there, or empty.
    private static func isFree(_ folder: String) -> Bool {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder) else { return true }
        return (try? manager.contentsOfDirectory(atPath: folder))?.isEmpty ?? false
    }
}
