/// What is done with attachments that a receiver cannot open, and how several are listed. Keys, types and defaults: ``keys``.
public struct AttachmentSettings: Sendable, Hashable {
    /// Program and arguments that make PDF, by the format that they read.
    let converters: [AttachmentFormat: [String]]
    let converterTime: Duration
    let converterBytes: Int
    /// Whether a message with several attachments gets a list of them, when its receivers open text.
    let hasCoverList: Bool

    static let convertersKey = SettingKey(
        "attachments.converters", .textList, default: .list([]),
        "Programs that make PDF, one for each format: 'docx=soffice --headless --convert-to pdf --outdir {folder} {input}'.")
    static let converterTimeKey = SettingKey(
        "attachments.converterSeconds", .integer(1...600), default: .integer(60), unit: "seconds", "How long that may take.")
    static let converterBytesKey = SettingKey(
        "attachments.converterBytes", .integer(1024...1_073_741_824), default: .integer(52_428_800), unit: "bytes",
        "The largest PDF that a converter may make, and the most that it may write.")
    static let coverListKey = SettingKey(
        "attachments.coverList", .choice(["off", "on"]), default: .text("off"),
        "Whether a message with several attachments gets a list of them as a text, when its receivers open text.")
    static let keys = [convertersKey, converterTimeKey, converterBytesKey, coverListKey]

    init(_ reader: SettingsReader) throws(SettingsError) {
        var converters: [AttachmentFormat: [String]] = [:]
        for line in reader.list(Self.convertersKey) {
            let (format, words) = try Self.converter(line, reader)
            guard converters.updateValue(words, forKey: format) == nil else {
                throw reader.error(
                    .outOfRange, Self.convertersKey, reason: "names \(format.rawValue) twice", remedy: "keep one of them")
            }
        }
        self.converters = converters
        converterTime = reader.seconds(Self.converterTimeKey)
        converterBytes = reader.integer(Self.converterBytesKey)
        hasCoverList = reader.text(Self.coverListKey) == "on"
    }

    /// `docx=program arguments`, the words separated by blanks.
    private static func converter(
        _ line: String, _ reader: SettingsReader
    ) throws(SettingsError) -> (AttachmentFormat, [String]) {
        let parts = line.split(separator: "=", maxSplits: 1)
        let formats = AttachmentFormat.allCases.filter { $0 != .pdf }
        let named = parts.first.flatMap { AttachmentFormat(rawValue: $0.filter { $0 != " " }.lowercased()) }
        let words = parts.count == 2 ? parts[1].split(separator: " ").map(String.init) : []
        guard let format = named, format != .pdf, words.count > 1, words.dropFirst().contains(where: { $0.contains("{input}") })
        else {
            throw reader.error(
                .wrongType, convertersKey, reason: "has the entry \"\(line.prefix(80))\"",
                remedy:
                    "write FORMAT=PROGRAM ARGUMENTS with {input} among them, and a format of \(formats.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return (format, words)
    }
}
