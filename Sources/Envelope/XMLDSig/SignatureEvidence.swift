import Native

/// What a signature's value was made over, as others can check it with a tool that knows keys and digests and no XML.
///
/// It proves nothing by itself: it takes a signed document apart.
public struct SignatureEvidence: Sendable, Hashable {
    /// `ds:SignedInfo` in its canonical form: the bytes that were signed.
    public let signedInfo: [UInt8]
    /// What the reference to the document covers: everything but the signature, in the canonical form that the reference names.
    public let covered: [UInt8]
    /// The signature's value as X9.62 and PKCS #1 have it, and `openssl dgst` takes it. XMLDSig writes the two numbers of an ECDSA
    /// signature one after the other (RFC 4050 §3.3); here they are a DER sequence.
    public let signature: [UInt8]
    public let digest: DigestAlgorithm
    public let references: [SignedReference]
    /// What `ds:KeyInfo` carries. A claim.
    public let claimedCertificate: Certificate?

    /// - Parameter soap: a signed SOAP part.
    /// - Throws: `.signatureMissing`, and what reading a signature of the profile throws.
    public init(soap: [UInt8]) throws(EnvelopeError) {
        let document = try XMLDocument.ebXML(parsing: soap)
        guard let node = try SOAPEnvelope(document).signature else {
            throw EnvelopeError(.signatureMissing, reason: "the message is not signed", place: "Header")
        }
        let element = try SignatureElement(node)
        do {
            signedInfo = try document.canonicalized(
                element.canonicalForm.algorithm, CanonicalSelection(apex: element.signedInfo),
                inclusivePrefixes: element.canonicalForm.inclusivePrefixes)
            let transforms = element.references.first { $0.uri.isEmpty }?.transforms
            covered = try document.canonicalized(
                transforms?.canonicalization?.algorithm.withoutComments ?? .inclusive,
                CanonicalSelection(
                    excluding: node, excludingAddressed: transforms?.hasNextHopFilter == true ? NextHopFilter.addressed : nil),
                inclusivePrefixes: transforms?.canonicalization?.inclusivePrefixes ?? [])
        } catch {
            throw EnvelopeError(.signatureProfile, reason: error.reason)
        }
        signature = element.method.rawValue.contains("ecdsa") ? Self.sequence(of: element.value) : element.value
        digest = element.method.digest
        references = element.references.map {
            SignedReference(
                uri: $0.uri, digestAlgorithm: $0.digestAlgorithm, digest: $0.digest, transforms: $0.transforms.uris)
        }
        if let first = element.certificates.first {
            claimedCertificate = try Certificate(der: first)
        } else {
            claimedCertificate = nil
        }
    }

    /// SEQUENCE { INTEGER r, INTEGER s } of the two halves.
    private static func sequence(of halves: [UInt8]) -> [UInt8] {
        let middle = halves.count / 2
        let numbers = integer(halves[..<middle]) + integer(halves[middle...])
        return [0x30] + length(numbers.count) + numbers
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var value = Array(bytes.drop { $0 == 0 })
        // A first bit that is set would make the number negative.
        if value.isEmpty || value[0] & 0x80 != 0 { value.insert(0, at: 0) }
        return [0x02] + length(value.count) + value
    }

    private static func length(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [0x81, UInt8(truncatingIfNeeded: count)]
    }
}
