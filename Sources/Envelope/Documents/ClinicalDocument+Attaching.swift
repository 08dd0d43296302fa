import Native

extension ClinicalDocument {
    /// A document that another system made, with more attachments in it. Every byte that was there stays.
    ///
    /// Attachments go after those the document has; what is added is written in ASCII, so that the document's encoding does
    /// not matter.
    ///
    /// - Throws: ``EnvelopeError`` `.signatureProfile` for a signed document, whose signature this would break;
    ///   `.documentUnknown` for a document that has no place for attachments; what ``init(parsing:)`` and the check of an
    ///   attachment refuse.
    public static func attach(_ attachments: [Attachment], to document: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        let tree = try XMLDocument.clinical(parsing: document)
        let root = try root(of: tree, DeviationLog())
        let isSigned = [tree.root, root].contains { $0.children.contains { $0.name == "Signature" } }
        guard !isSigned else {
            throw EnvelopeError(.signatureProfile, reason: "the document is signed; an attachment would break the signature")
        }
        switch (root.name, root.namespace) {
        case ("MsgHead", _): return try MsgHead.attach(attachments, to: document, at: root)
        case ("Message", Henvisning.namespace): return try Henvisning.attaching(attachments, to: document)
        case ("Message", Epikrise.namespace): return try Epikrise.attaching(attachments, to: document)
        default: throw EnvelopeError(.documentUnknown, reason: "the document has no place for attachments")
        }
    }
}

extension MsgHead {
    /// Each attachment is a `Document` of its own, after those there are.
    fileprivate static func attach(
        _ attachments: [Attachment], to document: [UInt8], at root: XMLNode
    ) throws(EnvelopeError) -> [UInt8] {
        _ = try MsgHead(reading: root, log: DeviationLog())
        for attachment in attachments { try attachment.check() }
        guard let last = root.children.last(where: { $0.name == "Document" }), !attachments.isEmpty else { return document }
        var writer = XMLWriter()
        for attachment in attachments {
            writer.element("Document", [("xmlns", namespace)]) { attachment.write(to: &$0) }
        }
        do {
            return try XMLSource(document).inserting(writer.bytes.asciiXML(), after: last)
        } catch {
            throw EnvelopeError(.documentMalformed, reason: error.reason)
        }
    }
}

extension DocumentSummary {
    /// Checks a document against the parts that travel with it: each `cid:` reference has its part, each part its reference,
    /// and no part stands for two attachments.
    ///
    /// - Parameter parts: Content-IDs without brackets, the document's own part left out.
    /// - Throws: ``EnvelopeError`` `.attachmentMissing` for a reference without part, `.attachmentMalformed` for the rest.
    public func check(parts: [String]) throws(EnvelopeError) {
        let references = contentIDs
        guard Set(references).count == references.count else {
            throw EnvelopeError(.attachmentMalformed, reason: "two attachments refer to the same part")
        }
        guard Set(parts).count == parts.count else {
            throw EnvelopeError(.attachmentMalformed, reason: "two parts have the same Content-ID")
        }
        let missing = Set(references).subtracting(parts)
        guard missing.isEmpty else {
            throw EnvelopeError(.attachmentMissing, reason: "\(missing.count) of the attachments referred to did not come along")
        }
        let extra = Set(parts).subtracting(references)
        guard extra.isEmpty else {
            throw EnvelopeError(.attachmentMalformed, reason: "\(extra.count) parts are not referred to by the document")
        }
    }
}
