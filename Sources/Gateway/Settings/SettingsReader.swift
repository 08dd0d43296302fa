import Configuration

/// Reads checked values with their precedence: options before environment before file before default.
struct SettingsReader: Sendable {
    /// The node folder, absolute; relative paths start here.
    let folder: String
    private let config: ConfigReader
    private let places: [String: String]

    init(folder: String, sources: [SettingsSource]) {
        self.folder = folder
        self.config = ConfigReader(providers: sources.map(SettingsReader.provider))
        self.places = sources.reversed().reduce(into: [:]) { $0.merge($1.places) { _, stronger in stronger } }
    }

    func text(_ key: SettingKey) -> String? {
        config.string(forKey: ConfigKey(key.name)) ?? fallback(key) { if case .text(let text) = $0 { text } else { nil } }
    }

    func integer(_ key: SettingKey) -> Int {
        let value = config.int(forKey: ConfigKey(key.name))
        return value ?? fallback(key) { if case .integer(let number) = $0 { number } else { nil } } ?? 0
    }

    func seconds(_ key: SettingKey) -> Duration { .seconds(integer(key)) }

    func list(_ key: SettingKey) -> [String] {
        let value = config.stringArray(forKey: ConfigKey(key.name))
        return value ?? fallback(key) { if case .list(let words) = $0 { words } else { nil } } ?? []
    }

    /// An address that begins with https://; in a test node http will do.
    func address(_ key: SettingKey, environment: NodeEnvironment) throws(SettingsError) -> String? {
        guard let url = text(key) else { return nil }
        let isPlain = url.hasPrefix("http://") && environment == .test
        guard url.hasPrefix("https://") || isPlain, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw error(
                .outOfRange, key, reason: "is \"\(url)\"", remedy: "it must be an address that begins with https://")
        }
        return url
    }

    func path(_ key: SettingKey) -> String? { text(key).map(absolute) }

    func paths(_ key: SettingKey) -> [String] { list(key).map(absolute) }

    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }

    /// An error about a value that is right by itself but not beside the others.
    func error(_ code: SettingsError.Code, _ key: SettingKey, reason: String, remedy: String) -> SettingsError {
        SettingsError(
            code, place: places[key.name] ?? "\(folder)/\(NodeSettings.fileName)", key: key.name, reason: reason, remedy: remedy)
    }

    private func fallback<Value>(_ key: SettingKey, _ unwrap: (SettingValue) -> Value?) -> Value? {
        // A key that is not in the table would be refused when someone writes it: only our own mistake leads here.
        precondition(SettingKey.byName[key.name] == key, "setting \(key.name) is not in the table")
        return key.fallback.flatMap(unwrap)
    }

    private static func provider(_ source: SettingsSource) -> any ConfigProvider {
        let values = source.values.map { name, value in
            let key = AbsoluteConfigKey(name.split(separator: ".").map(String.init))
            return (key, ConfigValue(content(value), isSecret: false))
        }
        return InMemoryProvider(name: source.name, values: Dictionary(uniqueKeysWithValues: values))
    }

    private static func content(_ value: SettingValue) -> ConfigContent {
        switch value {
        case .text(let text): .string(text)
        case .integer(let number): .int(number)
        case .list(let words): .stringArray(words)
        }
    }
}
