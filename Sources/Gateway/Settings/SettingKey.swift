/// One setting: its name, what it may hold, its default and what it means.
///
/// ``all`` is the only list of settings there is. The template of `msggw.yaml`, the names of environment variables and
/// options, and the checks of what someone wrote are all made from it.
public struct SettingKey: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case text
        /// One of these words.
        case choice([String])
        /// A whole number in the unit of ``SettingKey/unit``.
        case integer(ClosedRange<Int>)
        /// A file or folder; relative ones start at the node folder.
        case path
        case textList
        /// Files or folders; relative ones start at the node folder.
        case pathList
    }

    /// Section and name: `http.port`.
    public let name: String
    public let kind: Kind
    /// What holds when nothing is set; nil when the setting is then absent.
    public let fallback: SettingValue?
    /// What a number counts: seconds, bytes, connections.
    public let unit: String?
    /// One sentence for the operator.
    public let meaning: String

    init(_ name: String, _ kind: Kind, default fallback: SettingValue?, unit: String? = nil, _ meaning: String) {
        (self.name, self.kind, self.fallback, self.unit, self.meaning) = (name, kind, fallback, unit, meaning)
    }

    /// Every setting, in the order of the template.
    public static let all: [SettingKey] =
        IdentitySettings.keys + PartySettings.keys + HTTPSettings.keys + StoreSettings.keys + RegistrySettings.keys
        + TrustSettings.keys + DeliverySettings.keys + IntakeSettings.keys + CheckSettings.keys + FilingSettings.keys
        + RetentionSettings.keys + ServeSettings.keys + LogSettings.keys + MetricsSettings.keys + DeadlineSettings.keys
        + AlertSettings.keys + LetterSettings.keys + AttachmentSettings.keys

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The part before the point.
    public var section: String { String(name.prefix { $0 != "." }) }

    /// The part after the point.
    public var field: String { String(name.drop { $0 != "." }.dropFirst()) }

    /// `http.maxBodyBytes` is `MSGGW_HTTP_MAX_BODY_BYTES`.
    public var environmentName: String {
        var words = SettingKey.environmentPrefix
        for character in name {
            if character.isUppercase { words.append("_") }
            words.append(character == "." ? "_" : Character(character.uppercased()))
        }
        return words
    }

    static let environmentPrefix = "MSGGW_"
    /// Variables with our prefix that are no settings: they steer the build, the tests and the test PKI.
    static let otherVariables: Set<String> = [
        "MSGGW_CERT_NOT_AFTER", "MSGGW_CERT_NOT_BEFORE", "MSGGW_SHARED", "MSGGW_STRICT",
    ]
}

/// What a setting holds, before an area gives it its own type.
public enum SettingValue: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case list([String])
}

extension SettingKey {
    /// What the kind allows, in words that complete "must be …".
    var expectation: String {
        switch kind {
        case .text: "a text"
        case .path: "a path"
        case .choice(let words): words.joined(separator: " or ")
        case .integer(let range):
            "a whole number" + (unit.map { " of \($0)" } ?? "") + " from \(range.lowerBound) to \(range.upperBound)"
        case .textList, .pathList: "a list"
        }
    }

    /// Reads one word as this setting's value.
    func value(ofText text: String, at place: String) throws(SettingsError) -> SettingValue {
        guard !text.isEmpty else {
            throw SettingsError(.missing, place: place, key: name, reason: "has no value", remedy: "it must be \(expectation)")
        }
        switch kind {
        case .text, .path: return .text(text)
        case .choice(let words):
            if words.contains(text) { return .text(text) }
            let hint = Spelling.nearest(to: text, in: words).map { ", did you mean \($0)?" } ?? ""
            throw SettingsError(
                .outOfRange, place: place, key: name, reason: "is \"\(text)\"", remedy: "it must be \(expectation)\(hint)")
        case .integer(let range):
            guard let number = Int(text) else {
                throw SettingsError(
                    .wrongType, place: place, key: name, reason: "is \"\(text)\"", remedy: "it must be \(expectation)")
            }
            guard range.contains(number) else {
                throw SettingsError(
                    .outOfRange, place: place, key: name, reason: "is \(number)", remedy: "it must be \(expectation)")
            }
            return .integer(number)
        case .textList, .pathList:
            throw SettingsError(
                .wrongType, place: place, key: name, reason: "is one word, not a list", remedy: "write \(field): [\(text)]")
        }
    }

    /// Reads several words as this setting's value.
    func value(ofList words: [String], at place: String) throws(SettingsError) -> SettingValue {
        guard kind == .textList || kind == .pathList else {
            throw SettingsError(
                .wrongType, place: place, key: name, reason: "is a list", remedy: "it must be \(expectation)")
        }
        guard !words.contains("") else {
            throw SettingsError(
                .missing, place: place, key: name, reason: "has an empty entry", remedy: "remove it or fill it in")
        }
        return .list(words)
    }

    /// Reads what stands in an environment variable or behind an option, where a list is separated by commas.
    func value(ofArgument text: String, at place: String) throws(SettingsError) -> SettingValue {
        guard kind == .textList || kind == .pathList else { return try value(ofText: text, at: place) }
        let words = text.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
        return try value(ofList: words, at: place)
    }
}
