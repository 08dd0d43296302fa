/// Where the node's measurements can be read. Keys, types and defaults: ``keys``.
public struct MetricsSettings: Sendable, Hashable {
    public let host: String
    /// nil when nobody may read them.
    public let port: Int?

    static let hostKey = SettingKey(
        "metrics.host", .text, default: .text("127.0.0.1"),
        "The address where /metrics is read; one that is not loopback is served with http.certificate.")
    static let portKey = SettingKey(
        "metrics.port", .integer(0...65_535), default: .integer(0), "The port where /metrics is read; 0 means nowhere.")
    static let keys = [hostKey, portKey]

    init(_ reader: SettingsReader, http: HTTPSettings) throws(SettingsError) {
        self.host = reader.text(Self.hostKey) ?? "127.0.0.1"
        let port = reader.integer(Self.portKey)
        self.port = port == 0 ? nil : port
        guard http.tls != nil || HTTPSettings.isLoopback(host) else {
            throw reader.error(
                .contradiction, Self.hostKey, reason: "is \(host), open to others, and there is no TLS certificate",
                remedy: "set http.certificate and http.key, or listen on 127.0.0.1")
        }
        guard self.port == nil || self.port != http.port else {
            throw reader.error(
                .contradiction, Self.portKey, reason: "is \(port), the port for other nodes",
                remedy: "choose another: measurements are never shown where other nodes deliver")
        }
    }
}
