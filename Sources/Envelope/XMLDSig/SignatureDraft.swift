import Native

/// A `ds:Signature` as bytes, but for its value.
struct SignatureDraft {
    /// What it is over: the document first, then the parts.
    let references: [SignedReference]
    private let method: SignatureMethod
    private let identity: SigningIdentity
    /// What stands in `ds:SignedInfo`.
    private let signedInfo: XMLWriter

    /// - Parameter digest: SHA-256 of what the signature covers of the document it will stand in.
    /// - Throws: `.keyMalformed` for a key that does not sign.
    init(
        covering form: SignatureForm, digest: [UInt8], parts: [SignedPart], with identity: SigningIdentity
    ) throws(EnvelopeError) {
        precondition(parts.isEmpty || form == .ebXML, "only a message has parts")
        guard let method = SignatureMethod(writingWith: identity.key.kind) else {
            throw EnvelopeError(.keyMalformed, reason: "a key of this kind does not sign")
        }
        let document = SignedReference(uri: "", digestAlgorithm: .sha256, digest: digest, transforms: form.transforms)
        references =
            [document]
            + parts.map {
                SignedReference(uri: "cid:\($0.contentID)", digestAlgorithm: .sha256, digest: $0.sha256, transforms: [])
            }
        var writer = XMLWriter(canonical: true)
        writer.element("ds:CanonicalizationMethod", [("Algorithm", Canonicalization.inclusive.rawValue)])
        writer.element("ds:SignatureMethod", [("Algorithm", method.rawValue)])
        for reference in references { reference.write(&writer) }
        (self.method, self.identity, signedInfo) = (method, identity, writer)
    }

    /// The canonical form of `ds:SignedInfo`.
    ///
    /// - Parameter namespaces: all that the elements around the signature declare, by prefix.
    func canonicalSignedInfo(amid namespaces: [(prefix: String, name: String)]) -> [UInt8] {
        // An apex says all namespaces that it has from around.
        let declared = (namespaces + [(prefix: "ds", name: SignatureNamespace.ds)]).sorted { $0.prefix < $1.prefix }
        var writer = XMLWriter(canonical: true)
        writer.element("ds:SignedInfo", declared.map { ("xmlns:" + $0.prefix, $0.name) }) { $0.raw(signedInfo.canonicalForm) }
        return writer.bytes
    }

    /// The signature's value, over that canonical form.
    func value(over signedInfo: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        do { return try identity.key.native.sign(signedInfo, method.digest) } catch {
            throw EnvelopeError(.keyMalformed, reason: error.reason)
        }
    }

    /// The document with the signature at `offset`.
    func signed(_ document: [UInt8], insertingAt offset: Int, value: [UInt8]) -> [UInt8] {
        var signature = XMLWriter()
        signature.element("ds:Signature", [("xmlns:ds", SignatureNamespace.ds)]) { signature in
            signature.element("ds:SignedInfo") { $0.raw(signedInfo.bytes) }
            signature.element("ds:SignatureValue") { $0.raw(SignatureBase64.encode(value)) }
            signature.element("ds:KeyInfo") { keyInfo in
                keyInfo.element("ds:X509Data") { data in
                    data.element("ds:X509Certificate") { $0.raw(identity.certificateText) }
                }
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(document.count + signature.bytes.count)
        bytes += document[..<offset]
        bytes += signature.bytes
        bytes += document[offset...]
        return bytes
    }
}

extension SignatureForm {
    /// How the reference to the document comes to what is digested.
    fileprivate var transforms: [String] {
        let filter = self == .envelopedDocument ? [] : [TransformURI.xpath]
        return [TransformURI.enveloped] + filter + [Canonicalization.inclusive.rawValue]
    }
}
