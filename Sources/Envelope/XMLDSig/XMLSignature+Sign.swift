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
        precondition(document.indices.contains(offset), "the signature stands inside the document")
        precondition(parts.isEmpty || form == .ebXML, "only a message has parts")
        guard let method = SignatureMethod(writingWith: identity.key.kind) else {
            throw EnvelopeError(.keyMalformed, reason: "a key of this kind does not sign")
        }
        var draft = SignatureDraft(form: form, method: method, parts: parts, identity: identity)
        let (tree, signature) = try parse(document[..<offset] + draft.bytes + document[offset...], form)
        let selection = CanonicalSelection(
            excluding: signature, excludingAddressed: form == .envelopedDocument ? nil : NextHopFilter.addressed)
        draft.fill(draft.digestPlace, with: try digest(tree, selection, .inclusive, [], .sha256))
        let signedInfo = try canonicalSignedInfo(of: signature, with: draft)
        do {
            draft.fill(draft.valuePlace, with: try identity.key.native.sign(signedInfo, method.digest))
        } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
        return document[..<offset] + draft.bytes + document[offset...]
    }

    /// The tree with the draft in it, and the draft where it belongs.
    private static func parse(_ bytes: [UInt8], _ form: SignatureForm) throws(EnvelopeError) -> (XMLDocument, XMLNode) {
        let tree: XMLDocument
        do {
            tree = try XMLDocument(parsing: bytes)
        } catch {
            throw EnvelopeError(.xmlMalformed, reason: error.reason)
        }
        let parent = form == .envelopedDocument ? tree.root : tree.root.child("Header", SignatureNamespace.soap)
        guard let parent else { throw EnvelopeError(.notEbXML, reason: "there is no SOAP header to sign in") }
        return (tree, try only(in: parent))
    }

    /// The canonical form in the context of the real tree, whose draft still has a placeholder for the document's digest.
    private static func canonicalSignedInfo(of signature: XMLNode, with draft: SignatureDraft) throws(EnvelopeError) -> [UInt8] {
        guard let signedInfo = signature.child("SignedInfo", SignatureNamespace.ds) else {
            throw EnvelopeError(.signatureProfile, reason: "the draft has no SignedInfo")
        }
        do {
            var bytes = try signature.document.canonicalized(.inclusive, CanonicalSelection(apex: signedInfo))
            draft.replacePlaceholder(in: &bytes)
            return bytes
        } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
    }
}
