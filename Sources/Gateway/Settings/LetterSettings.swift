/// How answers to referrals reach families. Keys, types and defaults: ``keys``.
public struct LetterSettings: Sendable, Hashable {
    /// Where letters to families go; nil when there is no such party.
    public let mailbox: HERID?
    /// Fonts of the letters that are made into PDF here: regular, bold.
    public let fonts: [String]
    /// Program and arguments that make the PDF instead; empty for none.
    public let converter: [String]
    public let converterTime: Duration
    /// Directories of services, read together with the registry.
    public let services: [String]

    static let mailboxKey = SettingKey(
        "letters.mailbox", .text, default: nil,
        "HER-id of the citizens' mailbox, to which letters to families go; without it they lie in the record.")
    static let converterKey = SettingKey(
        "letters.converter", .textList, default: .list([]),
        "Program that makes a letter's page (HTML) into PDF instead of msggw, from its standard input to its output, without network."
    )
    static let fontsKey = SettingKey(
        "letters.fonts", .pathList, default: .list(LetterPages.standardFonts),
        "TrueType fonts that letters in PDF are set in, and that lie in them: regular, bold.")
    static let converterTimeKey = SettingKey(
        "letters.converterSeconds", .integer(1...600), default: .integer(30), unit: "seconds",
        "How long that may take.")
    static let servicesKey = SettingKey(
        "letters.services", .pathList, default: .list([]),
        "Directories of services (JSON), from which a rejection names those where the family lives; without them, those of the registry."
    )
    static let keys = [mailboxKey, fontsKey, converterKey, converterTimeKey, servicesKey]

    init(_ reader: SettingsReader) throws(SettingsError) {
        mailbox = try reader.text(Self.mailboxKey).map { (text) throws(SettingsError) in
            guard let party = HERID(text) else {
                throw reader.error(
                    .wrongType, Self.mailboxKey, reason: "is \"\(text)\"", remedy: "write a HER-id: 1 to 10 digits")
            }
            return party
        }
        fonts = reader.paths(Self.fontsKey)
        converter = reader.list(Self.converterKey)
        converterTime = reader.seconds(Self.converterTimeKey)
        services = reader.paths(Self.servicesKey)
    }
}
