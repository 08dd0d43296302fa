import Native

/// A `ds:Signature` as bytes, with room for the two values that depend on the document it stands in. Both have a known
/// length, so filling them in moves nothing.
struct SignatureDraft {
    private(set) var bytes: [UInt8] = []
    /// Where the base64 of the document's digest, and of the signature, stands in ``bytes``.
    private(set) var digestPlace = 0..<0
    private(set) var valuePlace = 0..<0

    /// 32 bytes of zero in base64.
    private static let placeholder = SignatureBase64.encode([UInt8](repeating: 0, count: 32))

    init(form: SignatureForm, method: SignatureMethod, parts: [SignedPart], identity: SigningIdentity) {
        append(#"<ds:Signature xmlns:ds="\#(SignatureNamespace.ds)"><ds:SignedInfo>"#)
        append(#"<ds:CanonicalizationMethod Algorithm="\#(Canonicalization.inclusive.rawValue)"/>"#)
        append(#"<ds:SignatureMethod Algorithm="\#(method.rawValue)"/>"#)
        appendDocument(form)
        for part in parts {
            var reference = XMLWriter()
            reference.element("ds:Reference", [("URI", "cid:\(part.contentID)")]) { reference in
                reference.element("ds:DigestMethod", [("Algorithm", DigestAlgorithm.sha256.uri)])
                reference.element("ds:DigestValue") { $0.raw(SignatureBase64.encode(part.sha256)) }
            }
            bytes += reference.bytes
        }
        append("</ds:SignedInfo><ds:SignatureValue>")
        let length = (Self.signatureLength(identity.key.kind) + 2) / 3 * 4
        valuePlace = bytes.count..<bytes.count + length
        bytes += [UInt8](repeating: UInt8(ascii: "A"), count: length)
        append("</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>")
        bytes += SignatureBase64.encode(identity.certificate.der)
        append("</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>")
    }

    private mutating func appendDocument(_ form: SignatureForm) {
        append(#"<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="\#(TransformURI.enveloped)"/>"#)
        if form != .envelopedDocument {
            append(#"<ds:Transform Algorithm="\#(TransformURI.xpath)"><ds:XPath xmlns:SOAP="\#(SignatureNamespace.soap)">"#)
            append(NextHopFilter.expression)
            append("</ds:XPath></ds:Transform>")
        }
        append(#"<ds:Transform Algorithm="\#(Canonicalization.inclusive.rawValue)"/></ds:Transforms>"#)
        append(#"<ds:DigestMethod Algorithm="\#(DigestAlgorithm.sha256.uri)"/><ds:DigestValue>"#)
        digestPlace = bytes.count..<bytes.count + Self.placeholder.count
        bytes += Self.placeholder
        append("</ds:DigestValue></ds:Reference>")
    }

    mutating func fill(_ place: Range<Int>, with value: [UInt8]) {
        let text = SignatureBase64.encode(value)
        precondition(text.count == place.count, "digests and signatures have the length of their algorithm and key")
        bytes.replaceSubrange(place, with: text)
    }

    /// Puts the filled-in digest where the canonical `SignedInfo` of the draft still has the placeholder: in the first
    /// `DigestValue`, since the document is the first reference.
    func replacePlaceholder(in signedInfo: inout [UInt8]) {
        let start = Array("<ds:DigestValue>".utf8)
        var position = 0
        while !signedInfo[position...].starts(with: start) { position += 1 }
        position += start.count
        signedInfo.replaceSubrange(position..<position + digestPlace.count, with: bytes[digestPlace])
    }

    private static func signatureLength(_ kind: KeyKind) -> Int {
        switch kind {
        case .rsa(let bits): (bits + 7) / 8
        case .ec(let curve): 2 * curve.fieldBytes
        case .other: 0
        }
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }
}
