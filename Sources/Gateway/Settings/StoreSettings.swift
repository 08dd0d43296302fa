/// Where messages lie. Keys, types and defaults: ``keys``.
public struct StoreSettings: Sendable, Hashable {
    public let folder: String
    /// The key under which everything opened is stored sealed.
    public let keyFile: String

    static let folderKey = SettingKey(
        "store.folder", .path, default: .text("store"), "Folder of the database and of large sealed payloads.")
    static let keyFileKey = SettingKey(
        "store.keyFile", .path, default: .text("keys/store.key"),
        "The store key (mode 0600). Keep a copy apart from the store: without it nothing stored can be read.")
    static let keys = [folderKey, keyFileKey]

    init(_ reader: SettingsReader) {
        self.folder = reader.path(Self.folderKey) ?? reader.absolute("store")
        self.keyFile = reader.path(Self.keyFileKey) ?? reader.absolute("keys/store.key")
    }
}
