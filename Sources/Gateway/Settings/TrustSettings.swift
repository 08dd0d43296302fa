import Envelope

/// Which certificates count. Keys, types and defaults: ``keys``.
///
/// Nothing is trusted by default but what lies in the node's own folder, and a new node's folder is empty.
public struct TrustSettings: Sendable, Hashable {
    /// Files or folders of PEM or DER.
    public let roots: [String]
    public let intermediates: [String]
    public let revocationLists: [String]
    /// `.notChecked` only in a test node.
    public let revocation: RevocationRule

    static let rootsKey = SettingKey(
        "trust.roots", .pathList, default: .list(["trust/roots"]),
        "Files or folders of root certificates (PEM or DER). Only what leads to one of these is trusted.")
    static let intermediatesKey = SettingKey(
        "trust.intermediates", .pathList, default: .list(["trust/intermediates"]),
        "Files or folders of certificates between the roots and the organisations.")
    static let revocationListsKey = SettingKey(
        "trust.revocationLists", .pathList, default: .list(["trust/crl"]), "Files or folders of revocation lists (CRL).")
    static let revocationKey = SettingKey(
        "trust.revocation", .choice(["required", "notChecked"]), default: .text("required"),
        "Whether a certificate must be shown not to be revoked; notChecked is allowed only in a test node.")
    static let keys = [rootsKey, intermediatesKey, revocationListsKey, revocationKey]

    init(_ reader: SettingsReader, environment: NodeEnvironment) throws(SettingsError) {
        self.roots = reader.paths(Self.rootsKey)
        self.intermediates = reader.paths(Self.intermediatesKey)
        self.revocationLists = reader.paths(Self.revocationListsKey)
        self.revocation = reader.text(Self.revocationKey) == "notChecked" ? .notChecked : .required
        guard revocation == .required || environment == .test else {
            throw reader.error(
                .contradiction, Self.revocationKey, reason: "is notChecked and node.environment is production",
                remedy: "set trust.revocation to required")
        }
    }
}
