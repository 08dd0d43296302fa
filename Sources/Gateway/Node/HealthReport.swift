/// Whether the node does its work, for those who watch it. Holds nothing about any message or person.
public struct HealthReport: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Hashable, Codable {
        case green
        /// Someone must act, or messages will be late.
        case red
    }

    public var status: Status
    /// What was looked at, and what was found.
    public var details: [String: String]

    public init(status: Status, details: [String: String] = [:]) { (self.status, self.details) = (status, details) }
}
