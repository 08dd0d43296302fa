/// The formats that are taken from senders: what a file is, by its own bytes.
enum AttachmentFormat: String, Sendable, CaseIterable {
    case pdf, jpeg, png, tiff, heic, docx, odt, text

    var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .tiff: "image/tiff"
        case .heic: "image/heic"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .text: "text/plain"
        }
    }

    init?(mediaType: String) {
        guard let known = Self.allCases.first(where: { $0.mediaType == mediaType }) else { return nil }
        self = known
    }

    /// As its sender and its reader know it, bokmål.
    var name: String {
        switch self {
        case .pdf: "PDF"
        case .jpeg: "bilde (JPEG)"
        case .png: "bilde (PNG)"
        case .tiff: "bilde (TIFF)"
        case .heic: "bilde (HEIC)"
        case .docx: "Word-dokument (DOCX)"
        case .odt: "tekstdokument (ODT)"
        case .text: "ren tekst"
        }
    }

    /// Endings of names that say this of a file, in small letters.
    private var endings: Set<String> {
        switch self {
        case .pdf: ["pdf"]
        case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
        case .png: ["png"]
        case .tiff: ["tif", "tiff"]
        case .heic: ["heic", "heif", "hif"]
        case .docx: ["docx"]
        case .odt: ["odt"]
        case .text: ["txt", "text"]
        }
    }

    /// What a name says that the file is, when that is something else than it is. A name without an ending that we know says nothing.
    func claimedInstead(by path: String) -> AttachmentFormat? {
        let ending = Self.ending(of: path)
        guard !endings.contains(ending) else { return nil }
        return Self.allCases.first { $0.endings.contains(ending) }
    }

    static func ending(of path: String) -> String {
        path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
    }

    /// Why a file is of none of them, for its sender.
    enum Refusal: Error, Sendable, Hashable {
        case unknown
        /// It is two things at once: whoever opens it would see one, and whoever checks it the other.
        case twofold
        case locked
        case macros
        /// It would become more than anybody can open.
        case bomb

        /// Completes "the attachment … ".
        var words: String {
            switch self {
            case .unknown:
                "is not PDF, JPEG, PNG, TIFF, HEIC, DOCX, ODT or plain text; save it in one of these formats"
            case .twofold:
                "is two formats at once, and nobody knows what its reader would see; make it anew, and send that"
            case .locked:
                "is locked with a password or restricted, and its reader could not open it; save it without, and send that"
            case .macros: "holds macros, which are programs; save it without, or as PDF, and send that"
            case .bomb: "would become far larger when it is opened than any document is; make it anew, and send that"
            }
        }
    }

    /// - Parameter head: the first 1024 bytes.
    static func of(_ file: borrowing FileReader, _ head: [UInt8], named path: String) throws -> AttachmentFormat {
        let plain = plainFormat(head)
        let archive = try ZipDirectory.read(file)
        if let plain {
            // A reader of PDF looks for its beginning within the first 1024 bytes, and one of archives for their end.
            let hidesPDF = plain != .pdf && plain != .tiff && head.firstRange(of: Array("%PDF-".utf8)) != nil
            if archive != nil || hidesPDF { throw Refusal.twofold }
            if plain == .pdf, try LockedPDF.isLocked(file, head) { throw Refusal.locked }
            return plain
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            guard let archive else { throw Refusal.unknown }
            if head.firstRange(of: Array("%PDF-".utf8)) != nil { throw Refusal.twofold }
            return try document(archive, head)
        }
        let isText =
            ["txt", "text"].contains(ending(of: path)) && !head.contains { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }
        guard isText else { throw Refusal.unknown }
        if archive != nil { throw Refusal.twofold }
        return .text
    }

    /// Told by the first bytes alone.
    private static func plainFormat(_ head: [UInt8]) -> AttachmentFormat? {
        if head.starts(with: Array("%PDF-".utf8)) { return .pdf }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.starts(with: [0x49, 0x49, 0x2A, 0x00]) || head.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) { return .tiff }
        guard head.count > 12, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
        let brand = String(decoding: head[8..<12], as: UTF8.self)
        return ["heic", "heix", "mif1", "msf1", "heim"].contains(brand) ? .heic : nil
    }

    /// DOCX by the parts that it must have (ECMA-376), ODT by its first entry, which says what it is (ODF 1.3, part 2).
    private static func document(_ archive: ZipDirectory, _ head: [UInt8]) throws(Refusal) -> AttachmentFormat {
        if archive.isEncrypted { throw .locked }
        if archive.isBomb { throw .bomb }
        let odt = Array("mimetypeapplication/vnd.oasis.opendocument.text".utf8)
        let isODT = head.count > 30 + odt.count && head[30..<30 + odt.count].elementsEqual(odt) && archive.has("content.xml")
        let isDOCX = archive.has("[Content_Types].xml") && archive.has("word/document.xml")
        if isODT && isDOCX { throw .twofold }
        if archive.holdsMacros { throw .macros }
        // `-template` and `-master` are other formats.
        if isODT, head[30 + odt.count] != UInt8(ascii: "-") { return .odt }
        if isDOCX { return .docx }
        throw .unknown
    }
}
