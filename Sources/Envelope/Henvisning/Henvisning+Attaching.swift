import Native

extension Henvisning {
    /// The referral with more attachments, put in where the schema has them: after the copy receivers and what is attached
    /// already. Every other byte stays what it was, whatever system wrote it.
    ///
    /// - Throws: ``EnvelopeError``: what ``init(parsing:)`` throws for the document, `.attachmentMissing` for an attachment
    ///   without bytes, `.attachmentMalformed` for a reference that leads out of the envelope.
    public static func attaching(_ attachments: [Attachment], to document: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        let tree = try XMLDocument.clinical(parsing: document)
        _ = try Henvisning.read(tree.root, DeviationLog())
        return try AttachmentPlace(namespace: namespace, parent: "ServReq", after: ["RefDoc", "CopyDest", "Requester"])
            .insert(attachments, into: document, tree)
    }
}

/// Where a document with a header of its own takes its `RefDoc` elements.
struct AttachmentPlace {
    let namespace: String
    /// The child of the root that holds them.
    let parent: String
    /// They go after the last of the first of these that there is.
    let after: [String]

    func insert(_ attachments: [Attachment], into document: [UInt8], _ tree: XMLDocument) throws(EnvelopeError) -> [UInt8] {
        for attachment in attachments { try Henvisning.RefDoc(attachment).requireWritable(in: namespace) }
        if attachments.isEmpty { return document }
        let siblings = tree.root.children.first { $0.name == parent }?.children ?? []
        let anchors = after.lazy.compactMap { name in siblings.last { $0.name == name } }
        guard let anchor = anchors.first else {
            throw EnvelopeError(.documentIncomplete, reason: "there is no place for an attachment", place: parent)
        }
        var writer = XMLWriter()
        for attachment in attachments { attachment.write(to: &writer, namespace: namespace) }
        do {
            return try XMLSource(document).inserting(writer.bytes.asciiXML(), after: anchor)
        } catch {
            throw EnvelopeError(.xmlMalformed, reason: error.reason, place: parent)
        }
    }
}

extension Henvisning.RefDoc {
    /// - Throws: `.attachmentMissing`, or `.attachmentMalformed` for what our own reader would refuse, report or read as
    ///   something else. Bytes are left out of the trial.
    fileprivate func requireWritable(in namespace: String) throws(EnvelopeError) {
        try requireSendable()
        var sketch = self
        sketch.sketch()
        var writer = XMLWriter()
        writer.element("RefDoc", [("xmlns", namespace)]) { Self.layout.write(sketch, to: &$0) }
        let log = DeviationLog()
        var reader = LayoutReader(namespace: namespace, root: "RefDoc", log: log)
        let reread: Self
        do { reread = try reader.element(XMLDocument.clinical(parsing: writer.bytes).root) } catch {
            throw EnvelopeError(.attachmentMalformed, reason: error.reason, place: error.place)
        }
        guard log.deviations.isEmpty, reread == sketch else {
            throw EnvelopeError(
                .attachmentMalformed, reason: "an attachment's description, date or id cannot be written as it is",
                place: log.deviations.first?.place)
        }
    }
}
