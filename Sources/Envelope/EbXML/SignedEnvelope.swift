import Native

/// A SOAP part that we signed, and what is needed later to check the receipt for it.
public struct SignedEnvelope: Sendable, Hashable {
    public let soap: [UInt8]
    public let header: MessageHeader
    /// What our signature names, digests included.
    public let references: [SignedReference]

    /// Reads a SOAP part of our own back from where it was stored, so that a store needs to keep nothing else.
    ///
    /// The signature is not verified again: what lies in our store is ours.
    public init(stored soap: [UInt8]) throws(EnvelopeError) {
        let root = try XMLDocument.ebXML(parsing: soap).root
        guard root.is("Envelope", EbXMLNamespace.soap), let header = root.child("Header", EbXMLNamespace.soap) else {
            throw EnvelopeError(.notEbXML, reason: "the stored message has no SOAP header")
        }
        references = try Self.references(in: header.child("Signature", SignatureNamespace.ds))
        let blocks = EbXMLElement(node: header, log: DeviationLog())
        (self.soap, self.header) = (soap, try MessageHeader(blocks.required("MessageHeader")))
    }

    /// A SOAP part just made, whose header reads as the one that it was made of.
    init(made signed: SignedDocument, of header: MessageHeader) {
        (soap, self.header, references) = (signed.bytes, header, signed.references)
    }

    private static func references(in signature: XMLNode?) throws(EnvelopeError) -> [SignedReference] {
        guard let signedInfo = signature?.child("SignedInfo", SignatureNamespace.ds) else {
            throw EnvelopeError(.signatureMissing, reason: "the message is not signed")
        }
        let log = DeviationLog()
        var references: [SignedReference] = []
        for node in signedInfo.children("Reference", SignatureNamespace.ds) {
            references.append(try SignedReference(copied: EbXMLElement(node: node, log: log)))
        }
        return references
    }
}

/// A payload part to be named in Manifest and signature.
public struct SealedPart: Sendable, Hashable {
    public let contentID: ContentID
    /// Of the part's bytes as they are sent, transfer encoding not counted: of the CMS.
    public let sha256: [UInt8]
    /// `xlink:role` in the Manifest.
    public let role: String?

    public init(contentID: ContentID, sha256: [UInt8], role: String? = nil) {
        (self.contentID, self.sha256, self.role) = (contentID, sha256, role)
    }
}
