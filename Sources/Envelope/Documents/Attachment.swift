/// One attachment of a document: a `RefDoc` with `MsgType` A.
public struct Attachment: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        /// The bytes, out of a `Base64Container`.
        case embedded([UInt8])
        /// `FileReference`: only `cid:` of a part in the same envelope is ever followed.
        case reference(String)
    }

    /// What the sender says it is. A claim: ``AttachmentFormat/init(detecting:)`` decides by the bytes.
    public var mimeType: String?
    /// `Description`, the only name an attachment has. Not a file name.
    public var description: String?
    public var issued: DocumentTime?
    /// `RefDoc/Id`.
    public var id: String?
    public var content: Content

    public init(
        mimeType: String?, description: String? = nil, issued: DocumentTime? = nil, id: String? = nil, content: Content
    ) {
        (self.mimeType, self.description, self.issued, self.id, self.content) = (mimeType, description, issued, id, content)
    }

    /// The bytes when they are in the document.
    public var bytes: [UInt8]? {
        if case .embedded(let bytes) = content { bytes } else { nil }
    }

    /// Content-ID, without `cid:`, of the envelope part that holds the bytes; nil when they are in the document.
    public var contentID: String? {
        guard case .reference(let uri) = content, uri.hasPrefix("cid:"), uri.utf8.count > 4 else { return nil }
        return String(uri.dropFirst(4))
    }

    /// The format the bytes show; nil when they are elsewhere or show none we know.
    public var detectedFormat: AttachmentFormat? { bytes.flatMap(AttachmentFormat.init(detecting:)) }
}

/// File formats told by their first bytes. MimeType lies: real senders label PNG as image/jpeg.
public enum AttachmentFormat: String, Sendable, CaseIterable {
    case pdf = "application/pdf"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case tiff = "image/tiff"
    case gif = "image/gif"
    case zip = "application/zip"
    case xml = "application/xml"
    case rtf = "application/rtf"

    public init?(detecting bytes: [UInt8]) {
        func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
        if begins(Array("%PDF-".utf8)) {
            self = .pdf
        } else if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if begins([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if begins([0x49, 0x49, 0x2A, 0x00]) || begins([0x4D, 0x4D, 0x00, 0x2A]) {
            self = .tiff
        } else if begins(Array("GIF8".utf8)) {
            self = .gif
        } else if begins([0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
        } else if begins(Array("<?xml".utf8)) || begins([0xEF, 0xBB, 0xBF] + Array("<?xml".utf8)) {
            self = .xml
        } else if begins(Array(#"{\rtf"#.utf8)) {
            self = .rtf
        } else {
            return nil
        }
    }

    /// Whether a declared MIME type means this format; `image/jpg` and the misspelt `pjpeg` forms do mean JPEG.
    public func agrees(withDeclared mimeType: String) -> Bool {
        let declared = mimeType.lowercased().prefix { $0 != ";" }.filter { $0 != " " }
        if declared == rawValue { return true }
        switch self {
        case .jpeg: return ["image/jpg", "image/pjpeg", "image/pjpg"].contains(declared)
        case .xml: return declared == "text/xml"
        case .rtf: return declared == "text/rtf"
        case .zip: return declared.hasPrefix("application/vnd.")
        case .pdf, .png, .tiff, .gif: return false
        }
    }
}
