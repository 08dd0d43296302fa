import Native

extension MsgHead {
    /// The message as XML with a `ds:Signature` over the whole of it, as the last child of the root.
    ///
    /// - Throws: what ``encoded()`` throws; ``EnvelopeError`` `.keyMalformed` for a key that cannot sign.
    public func signed(with identity: SigningIdentity) throws(EnvelopeError) -> [UInt8] {
        let document = try encoded()
        return try XMLSignature.sign(
            document, insertingAt: document.count - "</MsgHead>".utf8.count, covering: .envelopedDocument, parts: [],
            with: identity)
    }

    /// Verifies the signature of a message, which must be the root itself: a wrapper around it is not what was signed.
    ///
    /// - Returns: what was signed and how; nothing is said of whether the signer is the sender.
    /// - Throws: ``EnvelopeError`` `.signatureMissing`, `.signatureDuplicated`, `.documentUnknown` for another root,
    ///   `.certificateKeyUsage` for a certificate that is not for signatures, and what the signature profile refuses.
    public static func verifySignature(
        of document: [UInt8], signedBy signer: ValidatedCertificate, policy: SignaturePolicy = .strict
    ) throws(EnvelopeError) -> SignatureFacts {
        let tree = try XMLDocument.clinical(parsing: document)
        guard tree.root.is("MsgHead", namespace) else {
            throw EnvelopeError(.documentUnknown, reason: "the document is no MsgHead 1.2")
        }
        guard signer.use == .signing else {
            throw EnvelopeError(.certificateKeyUsage, reason: "the certificate was not validated for signatures")
        }
        let signatures = tree.root.children.filter { $0.name == "Signature" }
        guard let signature = signatures.first else {
            throw EnvelopeError(.signatureMissing, reason: "the message is not signed", place: "MsgHead")
        }
        guard signatures.count == 1 else {
            throw EnvelopeError(.signatureDuplicated, reason: "there are \(signatures.count) signatures", place: "MsgHead")
        }
        return try XMLSignature.verify(tree, signature: signature, parts: [:], key: signer.certificate, policy: policy)
    }
}
