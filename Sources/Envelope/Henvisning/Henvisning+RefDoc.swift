import Native

extension Henvisning {
    /// A document that goes along: as a rule an attachment.
    public struct RefDoc: Sendable, Hashable {
        public enum Body: Sendable, Hashable {
            /// `FileReference`: `cid:` of a part of the same envelope.
            case fileReference(String)
            /// `Content` with a `Base64Container`.
            case base64([UInt8])
            /// `Content` with another document in it, or with nothing (nil).
            case xml(MixedContent.Element?)
        }

        public var issueDate: DocumentTime?
        /// List 8114: A attachment, REF reference, XML.
        public var msgType: CodedValue
        public var id: String?
        public var mimeType: String?
        public var description: String?
        public var body: Body?

        public init(
            issueDate: DocumentTime? = nil, msgType: CodedValue = DocumentKind.attachment.simple, id: String? = nil,
            mimeType: String? = nil, description: String? = nil, body: Body?
        ) {
            (self.issueDate, self.msgType, self.id) = (issueDate, msgType, id)
            (self.mimeType, self.description, self.body) = (mimeType, description, body)
        }

        public init(_ attachment: Attachment) {
            let body: Body =
                switch attachment.content {
                case .embedded(let bytes): .base64(bytes)
                case .reference(let uri): .fileReference(uri)
                }
            self.init(
                issueDate: attachment.issued, id: attachment.id, mimeType: attachment.mimeType,
                description: attachment.description, body: body)
        }

        /// The attachment that this is; nil for a mere reference to a document, and for embedded XML.
        public var attachment: Attachment? {
            let content: Attachment.Content
            switch body {
            case .fileReference(let uri): content = .reference(uri)
            case .base64(let bytes): content = .embedded(bytes)
            case .xml(nil), nil:
                guard DocumentKind(msgType) == .attachment else { return nil }
                content = .embedded([])
            case .xml: return nil
            }
            return Attachment(mimeType: mimeType, description: description, issued: issueDate, id: id, content: content)
        }
    }
}

extension Henvisning.RefDoc: ElementValue {
    static let blank = Self(msgType: .blank, body: nil)

    static let layout = ElementLayout<Self>(
        .document,
        .optional("IssueDate", \.issueDate, .ts),
        .one("MsgType", \.msgType, .cs),
        .optional("Id", \.id, .text),
        .optional("MimeType", \.mimeType, .text),
        .optional("Description", \.description, .text),
        .refused("Compression", .attachmentMalformed, "the content is compressed, which is never unpacked on a guess"),
        .choice(
            \.body, required: false, refusal: .attachmentMalformed,
            ElementAlternative("FileReference", .partReference, make: Body.fileReference) {
                if case .fileReference(let uri) = $0 { uri } else { nil }
            },
            ElementAlternative("Content", .content, make: { $0 }) {
                if case .fileReference = $0 { nil } else { $0 }
            }))

    /// - Throws: `.attachmentMissing` for an attachment without bytes.
    func requireSendable() throws(EnvelopeError) {
        if let attachment { try attachment.check() }
    }

    func inspect(_ reader: LayoutReader) {
        if let attachment, attachment.bytes?.isEmpty == true { reader.report("an attachment has no content") }
        if attachment == nil, DocumentKind(msgType) == .attachment {
            reader.report("an attachment is XML inside the document and is not offered as a file")
        }
    }

    /// Takes the bytes out for a trial of everything else: base64 is written as it is read, and dear to try.
    mutating func sketch() {
        if case .base64 = body { body = .base64([0]) }
    }
}

extension ElementFormat<String> {
    /// `FileReference`, which must not lead out of the envelope.
    fileprivate static var partReference: Self {
        Self { node, reader throws(EnvelopeError) in
            guard let uri = try Self.id.read(node, &reader) else { return nil }
            guard uri.hasPrefix("cid:"), uri.utf8.count > 4, Lexical.isURI(uri) else {
                throw reader.refusal(.attachmentMalformed, "FileReference does not name a part of the same envelope")
            }
            return uri
        } write: { uri, tag, writer in
            writer.element(tag, text: uri)
        }
    }
}

extension ElementFormat<Henvisning.RefDoc.Body> {
    /// `Content`.
    fileprivate static var content: Self {
        Self { node, reader throws(EnvelopeError) in
            reader.expect([], node)
            let children = node.children
            guard children.count <= 1 else {
                throw reader.refusal(.attachmentMalformed, "Content holds several elements")
            }
            guard let child = children.first else { return try bare(node, &reader) }
            if !node.trimmedText.isEmpty { reader.report("text beside the document is not read", node) }
            guard child.name == "Base64Container" else { return .xml(MixedContent.Element(child)) }
            if child.namespace != Base64Container.namespace {
                reader.report("Base64Container is in another namespace than the schema's", child)
            }
            guard child.children.isEmpty else {
                throw reader.refusal(.attachmentMalformed, "Base64Container holds elements")
            }
            return try decoded(child, &reader)
        } write: { body, tag, writer in
            writer.element(tag) { writer in
                switch body {
                case .base64(let bytes): writer.base64Container(bytes)
                case .xml(let element?): element.write(inside: .none, to: &writer)
                case .xml(nil), .fileReference: break
                }
            }
        }
    }

    /// Some systems leave the container out and put the base64 straight into `Content`.
    private static func bare(
        _ node: XMLNode, _ reader: inout LayoutReader
    ) throws(EnvelopeError) -> Henvisning.RefDoc.Body {
        if node.trimmedText.isEmpty { return .xml(nil) }
        reader.report("base64 stands without Base64Container", node)
        return try decoded(node, &reader)
    }

    private static func decoded(
        _ node: XMLNode, _ reader: inout LayoutReader
    ) throws(EnvelopeError) -> Henvisning.RefDoc.Body {
        guard let bytes = Base64Container.decode(node.textBytes) else {
            throw reader.refusal(.attachmentMalformed, "the base64 is broken")
        }
        return .base64(bytes)
    }
}
