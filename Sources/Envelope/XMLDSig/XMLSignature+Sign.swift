import Native

/// What a signature that we write covers.
package enum SignatureForm: Sendable {
    /// An ebXML message: the SOAP envelope but for what is addressed to the next hop, and each part.
    case ebXML
    /// An Acknowledgment or MessageError: as ``ebXML``, without parts.
    case ebXMLSignal
    /// A business document.
    case envelopedDocument
}

/// A part that a signature names.
package struct SignedPart: Sendable, Hashable {
    /// Without brackets.
    package let contentID: String
    package let sha256: [UInt8]

    package init(contentID: String, sha256: [UInt8]) { (self.contentID, self.sha256) = (contentID, sha256) }
}

/// A document that was just signed.
struct SignedDocument {
    let bytes: [UInt8]
    /// What the signature names, in its order.
    let references: [SignedReference]
}

extension XMLSignature {
    /// The document with its signature, made with rsa-sha256 or ecdsa-sha256, whoever wrote the document.
    ///
    /// - Parameters:
    ///   - document: XML in UTF-8 without a signature. A SOAP envelope declares the prefix `SOAP`.
    ///   - offset: byte where `<ds:Signature>` is put in: a place among the children of `SOAP:Header`, or of the root for
    ///     ``SignatureForm/envelopedDocument``.
    ///   - parts: none unless the form is ``SignatureForm/ebXML``.
    package static func sign(
        _ document: [UInt8], insertingAt offset: Int, covering form: SignatureForm, parts: [SignedPart],
        with identity: SigningIdentity
    ) throws(EnvelopeError) -> [UInt8] {
        precondition(document.indices.contains(offset), "the signature stands inside the document")
        let filter = form == .envelopedDocument ? nil : NextHopFilter.addressed
        let digest = try digest(
            parse(document, form), CanonicalSelection(excludingAddressed: filter), .inclusive, [], .sha256)
        let draft = try SignatureDraft(covering: form, digest: digest, parts: parts, with: identity)
        // What SignedInfo has from the elements around it is seen in the tree alone.
        let tree = try parse(draft.signed(document, insertingAt: offset, value: []), form)
        let value = try draft.value(over: canonicalSignedInfo(of: signature(in: tree, form)))
        return draft.signed(document, insertingAt: offset, value: value)
    }

    /// The envelope with its signature. It was written in the form that signatures are made over, so nothing of it is parsed.
    ///
    /// - Parameters:
    ///   - envelope: by a canonical writer; what is for the next hop was written aside.
    ///   - namespaces: all that the elements around the signature declare, by prefix.
    static func sign(
        _ envelope: XMLWriter, insertingAt offset: Int, amid namespaces: [(prefix: String, name: String)],
        covering form: SignatureForm, parts: [SignedPart], with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedDocument {
        let draft = try SignatureDraft(
            covering: form, digest: Digest.of(envelope.canonicalForm, .sha256), parts: parts, with: identity)
        let value = try draft.value(over: draft.canonicalSignedInfo(amid: namespaces))
        return SignedDocument(
            bytes: draft.signed(envelope.bytes, insertingAt: offset, value: value), references: draft.references)
    }

    private static func parse(_ bytes: [UInt8], _ form: SignatureForm) throws(EnvelopeError) -> XMLDocument {
        guard form == .envelopedDocument else { return try XMLDocument.ebXML(parsing: bytes) }
        do { return try XMLDocument(parsing: bytes) } catch {
            throw EnvelopeError(.xmlMalformed, reason: error.reason)
        }
    }

    /// The one signature, where it belongs.
    private static func signature(in tree: XMLDocument, _ form: SignatureForm) throws(EnvelopeError) -> XMLNode {
        guard form != .envelopedDocument else { return try only(in: tree.root) }
        guard let header = tree.root.child("Header", SignatureNamespace.soap) else {
            throw EnvelopeError(.notEbXML, reason: "there is no SOAP header to sign in")
        }
        return try only(in: header)
    }

    private static func canonicalSignedInfo(of signature: XMLNode) throws(EnvelopeError) -> [UInt8] {
        guard let signedInfo = signature.child("SignedInfo", SignatureNamespace.ds) else {
            throw EnvelopeError(.signatureProfile, reason: "the draft has no SignedInfo")
        }
        do { return try signature.document.canonicalized(.inclusive, CanonicalSelection(apex: signedInfo)) } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
    }
}
