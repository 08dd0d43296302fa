/// The files of a TLS server.
public struct TLSFiles: Sendable, Hashable {
    /// PEM, the server's certificate first and then its issuers.
    public let certificate: String
    /// PEM, readable by its owner alone.
    public let key: String
}

/// Where the node listens and what it bears from those who call. Keys, types and defaults: ``keys``.
public struct HTTPSettings: Sendable, Hashable {
    public let host: String
    /// 0 takes any free port.
    public let port: Int
    /// Where ebXML messages are received; starts with a slash.
    public let path: String
    /// nil only on a loopback address.
    public let tls: TLSFiles?
    /// From the connection, or the last answer, to the end of the request's header.
    public let headerTime: Duration
    /// From the header to the end of the body.
    public let bodyTime: Duration
    /// Without a single byte in either direction.
    public let idleTime: Duration
    public let maxHeaderBytes: Int
    public let maxBodyBytes: Int
    public let maxConnections: Int
    public let maxConnectionsPerAddress: Int

    static let hostKey = SettingKey(
        "http.host", .text, default: .text("127.0.0.1"), "The address to listen on; 0.0.0.0 or :: means every address.")
    static let portKey = SettingKey(
        "http.port", .integer(0...65_535), default: .integer(8443), "The port to listen on; 0 takes a free one.")
    static let pathKey = SettingKey(
        "http.path", .text, default: .text("/ebxml"), "Where other nodes deliver messages.")
    static let certificateKey = SettingKey(
        "http.certificate", .path, default: nil,
        "The TLS certificate (PEM, followed by its issuers). Without it only a loopback address is allowed.")
    static let keyKey = SettingKey("http.key", .path, default: nil, "The TLS private key (PEM, mode 0600).")
    static let headerKey = SettingKey(
        "http.headerSeconds", .integer(1...300), default: .integer(15), unit: "seconds",
        "Time for the whole header of a request.")
    static let bodyKey = SettingKey(
        "http.bodySeconds", .integer(5...86_400), default: .integer(900), unit: "seconds",
        "Time for the whole body of a request.")
    static let idleKey = SettingKey(
        "http.idleSeconds", .integer(1...3600), default: .integer(60), unit: "seconds",
        "A connection on which nothing moves for this long is closed.")
    static let headerBytesKey = SettingKey(
        "http.maxHeaderBytes", .integer(1024...1_048_576), default: .integer(16_384), unit: "bytes",
        "The largest header of a request.")
    static let bodyBytesKey = SettingKey(
        "http.maxBodyBytes", .integer(65_536...68_719_476_736), default: .integer(2_147_483_648), unit: "bytes",
        "The largest message that is received.")
    static let connectionsKey = SettingKey(
        "http.maxConnections", .integer(1...65_536), default: .integer(512), unit: "connections",
        "Connections at the same time; further ones wait.")
    static let connectionsPerAddressKey = SettingKey(
        "http.maxConnectionsPerAddress", .integer(1...65_536), default: .integer(64), unit: "connections",
        "Connections at the same time from one address.")
    static let keys = [
        hostKey, portKey, pathKey, certificateKey, keyKey, headerKey, bodyKey, idleKey, headerBytesKey, bodyBytesKey,
        connectionsKey, connectionsPerAddressKey,
    ]

    init(_ reader: SettingsReader) throws(SettingsError) {
        self.host = reader.text(Self.hostKey) ?? "127.0.0.1"
        self.port = reader.integer(Self.portKey)
        self.path = reader.text(Self.pathKey) ?? "/ebxml"
        self.tls = try HTTPSettings.files(reader)
        self.headerTime = reader.seconds(Self.headerKey)
        self.bodyTime = reader.seconds(Self.bodyKey)
        self.idleTime = reader.seconds(Self.idleKey)
        self.maxHeaderBytes = reader.integer(Self.headerBytesKey)
        self.maxBodyBytes = reader.integer(Self.bodyBytesKey)
        self.maxConnections = reader.integer(Self.connectionsKey)
        self.maxConnectionsPerAddress = reader.integer(Self.connectionsPerAddressKey)
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 }) else {
            throw reader.error(
                .outOfRange, Self.pathKey, reason: "is \"\(path)\"", remedy: "it must be a URL's path such as /ebxml")
        }
        guard tls != nil || HTTPSettings.isLoopback(host) else {
            throw reader.error(
                .contradiction, Self.hostKey, reason: "is \(host), open to others, and there is no TLS certificate",
                remedy: "set http.certificate and http.key, or listen on 127.0.0.1")
        }
    }

    private static func files(_ reader: SettingsReader) throws(SettingsError) -> TLSFiles? {
        switch (reader.path(certificateKey), reader.path(keyKey)) {
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, nil): return nil
        case (_?, nil):
            throw reader.error(
                .contradiction, certificateKey, reason: "is set and http.key is not", remedy: "set both or none")
        case (nil, _?):
            throw reader.error(
                .contradiction, keyKey, reason: "is set and http.certificate is not", remedy: "set both or none")
        }
    }

    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
