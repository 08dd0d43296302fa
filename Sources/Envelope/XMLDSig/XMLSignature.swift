import Native

/// XML signatures of one small profile: what ebXML in Norway and signed business documents use, and nothing else.
///
/// There is no XPath engine, XSLT, HMAC, `Object`, `Manifest` or search for keys here to be switched off.
package enum XMLSignature {
    /// The one `ds:Signature` among the children of an element.
    ///
    /// - Throws: `.signatureMissing`, `.signatureDuplicated`.
    package static func only(in parent: XMLNode) throws(EnvelopeError) -> XMLNode {
        let found = parent.children("Signature", SignatureNamespace.ds)
        guard let signature = found.first else {
            throw EnvelopeError(.signatureMissing, reason: "there is no ds:Signature", place: parent.name)
        }
        guard found.count == 1 else {
            throw EnvelopeError(.signatureDuplicated, reason: "there are \(found.count) signatures", place: parent.name)
        }
        return signature
    }

    /// The certificate that a signature says it was made with, for `inspect` and for messages to an operator. It proves
    /// nothing. Of several the first that is not an authority's.
    package static func keyInfoCertificate(of signature: XMLNode) throws(EnvelopeError) -> Certificate? {
        guard let found = try keyInfoCertificates(of: signature) else { return nil }
        return try signerCertificate(among: found)
    }

    /// The certificates in `KeyInfo` as bytes; nil without `KeyInfo`.
    static func keyInfoCertificates(of signature: XMLNode) throws(EnvelopeError) -> [[UInt8]]? {
        guard let keyInfo = signature.child("KeyInfo", SignatureNamespace.ds) else { return nil }
        return try SignatureElement.certificates(keyInfo)
    }

    static func signerCertificate(among found: [[UInt8]]) throws(EnvelopeError) -> Certificate? {
        var certificates: [Certificate] = []
        for der in found { certificates.append(try Certificate(der: der)) }
        return certificates.first { !$0.native.isAuthority } ?? certificates.first
    }
}
