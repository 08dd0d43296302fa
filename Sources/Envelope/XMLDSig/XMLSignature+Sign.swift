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
    /// What ``bytes`` parse to, but for two values of the signature: their places still hold what the draft had there.
    let tree: XMLDocument
    /// Of the document, as the signature states it.
    let digest: [UInt8]
}

extension XMLSignature {
    /// The document with its signature, made with rsa-sha256 or ecdsa-sha256.
    ///
    /// - Parameters:
    ///   - document: XML in UTF-8 without a signature.
    ///   - offset: byte where `<ds:Signature>` is put in: a place among the children of `SOAP:Header`, or of the root for
    ///     ``SignatureForm/envelopedDocument``.
    ///   - parts: none unless the form is ``SignatureForm/ebXML``.
    package static func sign(
        _ document: [UInt8], insertingAt offset: Int, covering form: SignatureForm, parts: [SignedPart],
        with identity: SigningIdentity
    ) throws(EnvelopeError) -> [UInt8] {
        try signed(document, insertingAt: offset, covering: form, parts: parts, with: identity).bytes
    }

    /// The same, with the tree in which it was signed.
    static func signed(
        _ document: [UInt8], insertingAt offset: Int, covering form: SignatureForm, parts: [SignedPart],
        with identity: SigningIdentity
    ) throws(EnvelopeError) -> SignedDocument {
        precondition(document.indices.contains(offset), "the signature stands inside the document")
        precondition(parts.isEmpty || form == .ebXML, "only a message has parts")
        guard let method = SignatureMethod(writingWith: identity.key.kind) else {
            throw EnvelopeError(.keyMalformed, reason: "a key of this kind does not sign")
        }
        var draft = SignatureDraft(form: form, method: method, parts: parts, identity: identity)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(document.count + draft.bytes.count)
        bytes += document[..<offset]
        bytes += draft.bytes
        bytes += document[offset...]
        let (tree, signature) = try parse(bytes, form)
        let selection = CanonicalSelection(
            excluding: signature, excludingAddressed: form == .envelopedDocument ? nil : NextHopFilter.addressed)
        var hash = Digest(.sha256)
        do { try tree.canonicalize(.inclusive, selection) { hash.update($0) } } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
        let digest = hash.finish()
        draft.fill(draft.digestPlace, with: digest)
        let signedInfo = try canonicalSignedInfo(of: signature, with: draft)
        do {
            draft.fill(draft.valuePlace, with: try identity.key.native.sign(signedInfo, method.digest))
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
        bytes.replaceSubrange(offset..<offset + draft.bytes.count, with: draft.bytes)
        return SignedDocument(bytes: bytes, tree: tree, digest: digest)
    }

    /// The tree with the draft in it, and the draft where it belongs.
    private static func parse(_ bytes: [UInt8], _ form: SignatureForm) throws(EnvelopeError) -> (XMLDocument, XMLNode) {
        guard form == .envelopedDocument else {
            let tree = try XMLDocument.ebXML(parsing: bytes)
            guard let header = tree.root.child("Header", SignatureNamespace.soap) else {
                throw EnvelopeError(.notEbXML, reason: "there is no SOAP header to sign in")
            }
            return (tree, try only(in: header))
        }
        let tree: XMLDocument
        do { tree = try XMLDocument(parsing: bytes) } catch {
            throw EnvelopeError(.xmlMalformed, reason: error.reason)
        }
        return (tree, try only(in: tree.root))
    }

    /// The canonical form in the context of the real tree, whose draft still has a placeholder for the document's digest.
    private static func canonicalSignedInfo(of signature: XMLNode, with draft: SignatureDraft) throws(EnvelopeError) -> [UInt8] {
        guard let signedInfo = signature.child("SignedInfo", SignatureNamespace.ds) else {
            throw EnvelopeError(.signatureProfile, reason: "the draft has no SignedInfo")
        }
        do {
            var bytes: [UInt8] = []
            try signature.document.canonicalize(.inclusive, CanonicalSelection(apex: signedInfo)) { bytes.append(contentsOf: $0) }
            draft.replacePlaceholder(in: &bytes)
            return bytes
        } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
    }
}
