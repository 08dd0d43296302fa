import Foundation

/// Who is told when someone must act. Keys, types and defaults: ``keys``.
public struct AlertSettings: Sendable, Hashable {
    /// Addresses of those who run the node.
    public let operators: [MailAddress]
    /// Named persons of hosted parties; an organisation's counts for its services and persons too.
    public let contacts: [HERID: [MailAddress]]
    /// nil when no mail is sent.
    public let mail: MailSettings?
    /// nil when there is none.
    public let webhook: WebhookSettings?
    /// PEM of the issuers that the certificates of mail server and webhook must lead to; nil means `trust.roots`.
    public let caFile: String?
    /// A destination that is unreachable for so long is told of.
    public let unreachableTime: Duration
    /// Less of the disk free than this is told of.
    public let diskPercent: Int

    static let operatorsKey = SettingKey(
        "alerts.operators", .textList, default: .list([]), "E-mail addresses of those who run the node.")
    static let contactsKey = SettingKey(
        "alerts.contacts", .textList, default: .list([]),
        "Named persons who are told of their party's messages that were rejected, failed or are late, as 8090123=name@example.org."
    )
    static let caFileKey = SettingKey(
        "alerts.caFile", .path, default: nil,
        "The issuers (PEM) that the certificates of the mail server and the webhook must lead to. Without it trust.roots count.")
    static let unreachableKey = SettingKey(
        "alerts.unreachableMinutes", .integer(1...10_080), default: .integer(30), unit: "minutes",
        "A partner's node that is unreachable for this long is told of.")
    static let diskKey = SettingKey(
        "alerts.diskPercent", .integer(1...50), default: .integer(10), unit: "percent",
        "When less of the store's disk is free, the operators are told.")
    static let keys =
        [operatorsKey, contactsKey] + MailSettings.keys + WebhookSettings.keys + [caFileKey, unreachableKey, diskKey]

    init(_ reader: SettingsReader, environment: NodeEnvironment) throws(SettingsError) {
        self.operators = try Self.addresses(reader.list(Self.operatorsKey), Self.operatorsKey, reader)
        var contacts: [HERID: [MailAddress]] = [:]
        for entry in reader.list(Self.contactsKey) {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let party = HERID(parts[0]) else {
                throw reader.error(
                    .wrongType, Self.contactsKey, reason: "holds \"\(entry)\"", remedy: "write each as HER-id=address")
            }
            contacts[party, default: []] += try Self.addresses([parts[1]], Self.contactsKey, reader)
        }
        self.contacts = contacts
        self.mail = try MailSettings(reader, environment: environment)
        self.webhook = try WebhookSettings(reader, environment: environment)
        self.caFile = reader.path(Self.caFileKey)
        guard mail != nil || (operators.isEmpty && contacts.isEmpty) else {
            throw reader.error(
                .contradiction, operators.isEmpty ? Self.contactsKey : Self.operatorsKey,
                reason: "names whom to tell by mail, and alerts.smtpServer is not set",
                remedy: "set alerts.smtpServer and alerts.smtpFrom, or remove the addresses")
        }
        self.unreachableTime = .seconds(reader.integer(Self.unreachableKey) * 60)
        self.diskPercent = reader.integer(Self.diskKey)
    }

    private static func addresses(
        _ words: [String], _ key: SettingKey, _ reader: SettingsReader
    ) throws(SettingsError) -> [MailAddress] {
        var addresses: [MailAddress] = []
        for word in words {
            guard let address = MailAddress(word) else {
                throw reader.error(
                    .wrongType, key, reason: "holds \"\(word)\"", remedy: "write a plain e-mail address such as name@example.org")
            }
            addresses.append(address)
        }
        return addresses
    }
}
