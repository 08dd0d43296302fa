/// Where a received document goes once it is opened.
public enum FilingMode: Sendable, Hashable {
    /// It stays in the node's inbox until someone takes it from there.
    case inbox
    /// It is written to this folder, from where the receiving system takes it.
    case folder(String)
}

/// How received documents reach their readers. Keys, types and defaults: ``keys``.
public struct FilingSettings: Sendable, Hashable {
    public let mode: FilingMode
    /// Parties whose documents go elsewhere.
    public let overrides: [HERID: FilingMode]

    public func mode(for party: HERID) -> FilingMode { overrides[party] ?? mode }

    static let modeKey = SettingKey(
        "filing.mode", .choice(["inbox", "folder"]), default: .text("inbox"),
        "Received documents stay in the node's inbox, or are written to a folder for the receiving system.")
    static let folderKey = SettingKey(
        "filing.folder", .path, default: .text("filed"),
        "The folder for mode folder. What is written there is readable: it must belong to the receiving system.")
    static let partiesKey = SettingKey(
        "filing.parties", .textList, default: .list([]),
        "Parties whose documents go elsewhere, as 8090123=inbox or 8090123=folder/of/its/own.")
    static let keys = [modeKey, folderKey, partiesKey]

    init(_ reader: SettingsReader) throws(SettingsError) {
        let folder = reader.path(Self.folderKey) ?? reader.absolute("filed")
        self.mode = reader.text(Self.modeKey) == "folder" ? .folder(folder) : .inbox
        var overrides: [HERID: FilingMode] = [:]
        for entry in reader.list(Self.partiesKey) {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let party = HERID(parts[0]) else {
                throw reader.error(
                    .wrongType, Self.partiesKey, reason: "holds \"\(entry)\"",
                    remedy: "write each as HER-id=inbox or HER-id=folder")
            }
            let mode = parts[1] == "inbox" ? FilingMode.inbox : .folder(reader.absolute(parts[1]))
            guard overrides.updateValue(mode, forKey: party) == nil else {
                throw reader.error(.contradiction, Self.partiesKey, reason: "names \(party) twice", remedy: "remove one")
            }
        }
        self.overrides = overrides
    }
}
