/// How alerts go by mail. Keys, types and defaults: ``keys``.
public struct MailSettings: Sendable, Hashable {
    public enum Security: String, Sendable, Hashable, CaseIterable {
        /// STARTTLS, which the server must offer.
        case startTLS = "smtp"
        case tls = "smtps"
        /// None; only to this machine, in a test node.
        case plain = "smtp-plain"

        var port: Int {
            switch self {
            case .startTLS: 587
            case .tls: 465
            case .plain: 25
            }
        }
    }

    public let security: Security
    public let host: String
    public let port: Int
    public let from: MailAddress
    public let user: String?
    public let passwordFile: String?

    static let serverKey = SettingKey(
        "alerts.smtpServer", .text, default: nil,
        "The mail server: smtp://host:587 (STARTTLS, always demanded) or smtps://host:465. Without it no mail is sent.")
    static let fromKey = SettingKey("alerts.smtpFrom", .text, default: nil, "The address that mail is sent from.")
    static let userKey = SettingKey(
        "alerts.smtpUser", .text, default: nil, "The user name at the mail server, when it wants one.")
    static let passwordKey = SettingKey(
        "alerts.smtpPasswordFile", .path, default: nil, "A file with that user's password (mode 0600).")
    static let keys = [serverKey, fromKey, userKey, passwordKey]

    /// - Returns: nil when nothing of it is set.
    init?(_ reader: SettingsReader, environment: NodeEnvironment) throws(SettingsError) {
        let (server, sender) = (reader.text(Self.serverKey), reader.text(Self.fromKey))
        user = reader.text(Self.userKey)
        passwordFile = reader.path(Self.passwordKey)
        guard let server else {
            for (key, isSet) in [
                (Self.fromKey, sender != nil), (Self.userKey, user != nil), (Self.passwordKey, passwordFile != nil),
            ]
            where isSet {
                throw reader.error(
                    .contradiction, key, reason: "is set and alerts.smtpServer is not", remedy: "set both or none")
            }
            return nil
        }
        guard let (security, host, port) = Self.place(server) else {
            throw reader.error(
                .wrongType, Self.serverKey, reason: "is \"\(server)\"", remedy: "write smtp://host:587 or smtps://host:465")
        }
        guard security != .plain || (environment == .test && HTTPSettings.isLoopback(host)) else {
            throw reader.error(
                .contradiction, Self.serverKey, reason: "is without TLS",
                remedy: "only a test node may do that, and only to 127.0.0.1; use smtp:// or smtps://")
        }
        guard let from = sender.flatMap({ MailAddress($0) }) else {
            throw reader.error(
                sender == nil ? .missing : .wrongType, Self.fromKey, reason: "is no address to send from",
                remedy: "write a plain e-mail address such as msggw@example.org")
        }
        guard (user == nil) == (passwordFile == nil) else {
            throw reader.error(
                .contradiction, Self.userKey, reason: "and alerts.smtpPasswordFile belong together", remedy: "set both or none")
        }
        (self.security, self.host, self.port, self.from) = (security, host, port, from)
    }

    private static func place(_ text: String) -> (Security, String, Int)? {
        guard let colon = text.firstRange(of: "://"), let security = Security(rawValue: String(text[..<colon.lowerBound])) else {
            return nil
        }
        var rest = text[colon.upperBound...]
        let host: Substring
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            guard host.utf8.allSatisfy({ $0 == 0x3A || $0 == 0x2E || Character(UnicodeScalar($0)).isHexDigit }) else {
                return nil
            }
        } else {
            host = rest.prefix { $0 != ":" }
            rest = rest[host.endIndex...]
            let isName = host.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x2E
            }
            guard isName, host.first != "-" else { return nil }
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty { return (security, String(host), security.port) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port),
            rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return (security, String(host), port)
    }
}

/// A system that alerts are posted to. Keys, types and defaults: ``keys``.
public struct WebhookSettings: Sendable, Hashable {
    public let url: String
    public let tokenFile: String?

    static let urlKey = SettingKey(
        "alerts.webhook", .text, default: nil, "An https address of the operators that alerts are posted to as JSON.")
    static let tokenKey = SettingKey(
        "alerts.webhookTokenFile", .path, default: nil,
        "A file (mode 0600) with the token that is sent along as Authorization: Bearer.")
    static let keys = [urlKey, tokenKey]

    /// - Returns: nil when nothing of it is set.
    init?(_ reader: SettingsReader, environment: NodeEnvironment) throws(SettingsError) {
        tokenFile = reader.path(Self.tokenKey)
        guard let url = try reader.address(Self.urlKey, environment: environment) else {
            guard tokenFile == nil else {
                throw reader.error(
                    .contradiction, Self.tokenKey, reason: "is set and alerts.webhook is not", remedy: "set both or none")
            }
            return nil
        }
        self.url = url
    }
}
