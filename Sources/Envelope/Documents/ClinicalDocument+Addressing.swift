import Native

extension ClinicalDocument {
    /// A Hodemelding that another system made without a receiver, with this one. Every byte that was there stays.
    ///
    /// - Returns: nil when the document is no Hodemelding, or names a receiver: that is its maker's word, and nobody else's.
    /// - Throws: ``EnvelopeError`` `.signatureProfile` for a signed document, whose signature this would break; what parsing
    ///   refuses.
    public static func addressed(to receiver: Organisation, _ document: [UInt8]) throws(EnvelopeError) -> [UInt8]? {
        let tree = try XMLDocument.clinical(parsing: document)
        let root = try root(of: tree, DeviationLog())
        guard root.name == "MsgHead", let info = root.children.first(where: { $0.name == "MsgInfo" }),
            let sender = info.children.first(where: { $0.name == "Sender" }),
            !info.children.contains(where: { $0.name == "Receiver" })
        else { return nil }
        let isSigned = [tree.root, root].contains { $0.children.contains { $0.name == "Signature" } }
        guard !isSigned else {
            throw EnvelopeError(.signatureProfile, reason: "the document is signed; a receiver would break the signature")
        }
        var writer = XMLWriter()
        writer.element("Receiver", [("xmlns", MsgHead.namespace)]) { writer in
            PersonSchema.msgHead.write(receiver, as: "Organisation", to: &writer)
        }
        do { return try XMLSource(document).inserting(writer.bytes.asciiXML(), after: sender) } catch {
            throw EnvelopeError(.documentMalformed, reason: error.reason)
        }
    }
}
