/// Why the node's settings cannot be used. One line, which names where the value stands, the key and the remedy.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// There is no settings file: not a node folder.
        case fileMissing
        case fileUnreadable
        /// The file is not YAML, or not a mapping.
        case malformed
        case unknownKey
        case wrongType
        case outOfRange
        /// A setting that has no default is not set.
        case missing
        /// Two settings that cannot both hold.
        case contradiction
    }

    public let code: Code
    /// Where the value stands: `/srv/node/msggw.yaml line 12`, `environment variable MSGGW_HTTP_PORT`, `option http.port`.
    public let place: String
    /// The setting's name; nil when the whole file is meant.
    public let key: String?
    public let reason: String
    public let remedy: String

    public init(_ code: Code, place: String, key: String? = nil, reason: String, remedy: String) {
        (self.code, self.place, self.key, self.reason, self.remedy) = (code, place, key, reason, remedy)
    }

    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    /// Whether the fault is in what was typed behind the command, not in the node's configuration.
    public var isOfOption: Bool { place.hasPrefix("option ") }

    public var description: String { "\(place): \(key.map { "\($0) " } ?? "")\(reason); \(remedy)" }
}
