/// A file that someone wants to send, looked at before anything is taken.
///
/// The format is told by the first bytes; a name's ending is only believed where the bytes fit it.
struct AttachmentFile: Sendable {
    let path: String
    let title: String
    let mediaType: String
    let length: Int
    /// In place of the file.
    let held: HeldContent?

    /// - Throws: ``SubmissionError`` `.attachmentMissing`, `.attachmentUnreadable`, `.attachmentFormat`, `.tooLarge`.
    init(_ attachment: SubmittedAttachment, limit: Int) throws(SubmissionError) {
        if let held = attachment.held {
            (path, title, mediaType, length) = (attachment.path, attachment.title, held.mediaType, held.length)
            self.held = held
            return
        }
        let file: FileReader
        do { file = try FileReader(attachment.path, followsLinks: true) } catch {
            throw SubmissionError(
                .attachmentMissing, "the attachment cannot be read: \(error.reason); check the path and try again")
        }
        guard file.length <= limit else {
            throw SubmissionError(
                .tooLarge,
                "the attachment \(attachment.path) has \(file.length) bytes; this node takes at most \(limit) (intake.attachmentBytes)"
            )
        }
        guard file.length > 0 else {
            throw SubmissionError(.attachmentUnreadable, "the attachment \(attachment.path) is empty")
        }
        let head: [UInt8]
        do { head = try file.read(512) } catch {
            throw SubmissionError(.attachmentUnreadable, "the attachment cannot be read: \(error.reason)")
        }
        guard let mediaType = Self.mediaType(of: head, named: attachment.path) else {
            throw SubmissionError(
                .attachmentFormat,
                "the attachment \(attachment.path) is not PDF, JPEG, PNG, TIFF, HEIC, DOCX, ODT or plain text; save it in one of these formats"
            )
        }
        if mediaType == "application/pdf" {
            let isLocked: Bool
            do { isLocked = try Self.isLocked(file, head) } catch {
                throw SubmissionError(.attachmentUnreadable, "the attachment cannot be read: \(error.reason)")
            }
            if isLocked {
                throw SubmissionError(
                    .attachmentUnreadable,
                    "the attachment \(attachment.path) is locked with a password or restricted, and its reader could not open it; save it without, and send that"
                )
            }
        }
        (path, title, self.mediaType, length) = (attachment.path, attachment.title, mediaType, file.length)
        held = nil
    }

    /// Whether a PDF is encrypted: then its trailer names an `Encrypt` dictionary (ISO 32000-1, 7.6.1). The trailer stands at the end, and in a
    /// file made for the web also at the beginning.
    private static func isLocked(_ file: borrowing FileReader, _ head: [UInt8]) throws(StoreError) -> Bool {
        let window = 32 << 10
        let beginning = head + (try file.read(window))
        if names(beginning[...]) { return true }
        guard file.length > beginning.count else { return false }
        try file.move(to: max(beginning.count - 16, file.length - window))
        return names(try file.read(window + 16)[...])
    }

    /// `/Encrypt` with a reference or a dictionary after it; never the word in a text.
    private static func names(_ bytes: ArraySlice<UInt8>) -> Bool {
        let key = Array("/Encrypt".utf8)
        var rest = bytes
        while let found = rest.firstRange(of: key) {
            rest = rest[found.upperBound...]
            let value = rest.drop { [0x00, 0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
            if value.starts(with: Array("<<".utf8)) { return true }
            let words = value.prefix(24).split(whereSeparator: { [0x00, 0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) })
            let isNumber = { (word: ArraySlice<UInt8>) in word.allSatisfy { (0x30...0x39).contains($0) } }
            if words.count > 2, isNumber(words[0]), isNumber(words[1]), words[2].first == UInt8(ascii: "R") { return true }
        }
        return false
    }

    private static func mediaType(of head: [UInt8], named path: String) -> String? {
        let ending = path.lastIndex(of: ".").map { path[path.index(after: $0)...].lowercased() } ?? ""
        if head.starts(with: Array("%PDF-".utf8)) { return "application/pdf" }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if head.starts(with: [0x49, 0x49, 0x2A, 0x00]) || head.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) { return "image/tiff" }
        if head.count > 12, head[4..<8].elementsEqual("ftyp".utf8) {
            let brand = String(decoding: head[8..<12], as: UTF8.self)
            return ["heic", "heix", "mif1", "msf1", "heim"].contains(brand) ? "image/heic" : nil
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            switch ending {
            case "docx": return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            case "odt": return "application/vnd.oasis.opendocument.text"
            default: return nil
            }
        }
        let isText = ending == "txt" && !head.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return isText ? "text/plain" : nil
    }
}
