/// Whom the node speaks for. Keys, types and defaults: ``keys``.
public struct PartySettings: Sendable, Hashable {
    /// The parties whose messages this node sends and receives.
    public let hosted: [HERID]
    /// Folder with one folder of keys per organisation.
    public let keys: String

    static let hostedKey = SettingKey(
        "parties.hosted", .textList, default: .list([]),
        "The HER-ids whose messages this node sends and receives: organisations, services and persons, each by itself.")
    static let keysKey = SettingKey(
        "parties.keys", .path, default: .text("keys"),
        "Folder of private keys: <HER-id or organisation number>/signing.key, signing.crt, encryption.key, encryption.crt.")
    static let keys = [hostedKey, keysKey]

    init(_ reader: SettingsReader) throws(SettingsError) {
        var hosted: [HERID] = []
        for text in reader.list(Self.hostedKey) {
            guard let party = HERID(text) else {
                throw reader.error(
                    .wrongType, Self.hostedKey, reason: "holds \"\(text)\"", remedy: "a HER-id is 1 to 10 digits")
            }
            guard !hosted.contains(party) else {
                throw reader.error(.contradiction, Self.hostedKey, reason: "names \(party) twice", remedy: "remove one")
            }
            hosted.append(party)
        }
        self.hosted = hosted
        self.keys = reader.path(Self.keysKey) ?? reader.absolute("keys")
    }
}
