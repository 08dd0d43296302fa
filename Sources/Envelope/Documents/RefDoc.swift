import Native

/// `RefDoc`, the same in MsgHead, Henvisning and Epikrise but for its namespace: one attachment, or the XML payload.
struct RefDoc {
    static let order = [
        "IssueDate", "MsgType", "Id", "MimeType", "Description", "Compression", "FileReference", "Content",
    ]

    let kind: DocumentKind?
    let issued: DocumentTime?
    let id: String?
    let mimeType: String?
    let description: String?
    let fileReference: String?
    let content: XMLNode?
    private let reader: ElementReader

    /// - Throws: ``EnvelopeError`` `.attachmentMalformed` for compressed content, which is never unpacked on a guess.
    init(_ reader: ElementReader) throws(EnvelopeError) {
        self.reader = reader
        kind = DocumentKind(reader.coded("MsgType"))
        issued = reader.time("IssueDate")
        id = reader.text("Id")
        mimeType = reader.text("MimeType")
        description = reader.text("Description")
        fileReference = try reader.only("FileReference")?.trimmedText
        content = try reader.only("Content")
        if kind == nil { reader.log.note("MsgType is missing", at: reader.path) }
        if let compression = reader.coded("Compression"), compression.code?.isEmpty == false {
            throw EnvelopeError(.attachmentMalformed, reason: "the content is compressed", place: reader.path)
        }
        if fileReference != nil, content != nil {
            throw EnvelopeError(
                .attachmentMalformed, reason: "there are both FileReference and Content", place: reader.path)
        }
    }

    /// The attachment this is.
    ///
    /// An attachment without bytes is read as such and reported: they do occur, and the letter around them counts.
    ///
    /// - Throws: `.attachmentMalformed` for broken base64 and for a reference that leads out of the envelope.
    func attachment() throws(EnvelopeError) -> Attachment {
        Attachment(
            mimeType: mimeType, description: description, issued: issued, id: id, content: try attachmentContent())
    }

    private func attachmentContent() throws(EnvelopeError) -> Attachment.Content {
        if let fileReference {
            guard fileReference.hasPrefix("cid:"), fileReference.utf8.count > 4 else {
                throw EnvelopeError(
                    .attachmentMalformed, reason: "FileReference does not name a part of the same envelope",
                    place: reader.path)
            }
            return .reference(fileReference)
        }
        guard let content else {
            reader.log.note("the attachment has no content", at: reader.path)
            return .embedded([])
        }
        let elements = content.children
        guard elements.count <= 1 else {
            throw EnvelopeError(.attachmentMalformed, reason: "Content holds several elements", place: reader.path)
        }
        // Some systems leave the container out and put the base64 straight into Content.
        let container = elements.first ?? content
        if let element = elements.first {
            guard element.name == "Base64Container", element.children.isEmpty else {
                throw EnvelopeError(.attachmentMalformed, reason: "Content is not a Base64Container", place: reader.path)
            }
            if element.namespace != Base64Container.namespace {
                reader.log.note("Base64Container is in another namespace than the schema's", at: reader.path)
            }
        } else {
            reader.log.note("base64 stands without Base64Container", at: reader.path)
        }
        guard let bytes = Base64Container.decode(container.textBytes) else {
            throw EnvelopeError(.attachmentMalformed, reason: "the base64 is broken", place: reader.path)
        }
        if bytes.isEmpty { reader.log.note("the attachment has no content", at: reader.path) }
        return .embedded(bytes)
    }
}

extension Attachment {
    /// Writes the `RefDoc` of this attachment; `namespace` only where the element's own default namespace must be stated.
    func write(to writer: inout XMLWriter, namespace: String? = nil) {
        writer.element("RefDoc", [("xmlns", namespace)]) { writer in
            writer.ts("IssueDate", issued)
            writer.cs("MsgType", DocumentKind.attachment.simple)
            writer.element("Id", text: id)
            writer.element("MimeType", text: mimeType)
            writer.element("Description", text: description)
            switch content {
            case .reference(let uri): writer.element("FileReference", text: uri)
            case .embedded(let bytes): writer.element("Content") { $0.base64Container(bytes) }
            }
        }
    }

    /// - Throws: `.attachmentMissing` when there is nothing to send, `.attachmentMalformed` for a reference out of the
    ///   envelope.
    func check() throws(EnvelopeError) {
        switch content {
        case .embedded(let bytes):
            guard !bytes.isEmpty else { throw EnvelopeError(.attachmentMissing, reason: "an attachment has no bytes") }
        case .reference:
            guard contentID != nil else {
                throw EnvelopeError(.attachmentMalformed, reason: "a reference does not name a part of the same envelope")
            }
        }
    }
}
