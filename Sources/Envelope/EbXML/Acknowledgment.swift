import Native

/// The receiver's message handler has the message. ebMS 2.0 §6.3.2.
public struct Acknowledgment: Sendable, Hashable {
    /// When the message was received.
    public let timestamp: EbXMLTimestamp
    public let refToMessageID: String
    /// Who says so, where it is not the header's `From`.
    public let from: Party?
    /// The references of the acknowledged message's signature, digests included: proof of what was received.
    public let references: [SignedReference]
    /// How far the receiver's audit trail had come; nil when it does not say.
    public let auditHead: AuditHead?

    public init(
        timestamp: EbXMLTimestamp, refToMessageID: String, from: Party? = nil, references: [SignedReference],
        auditHead: AuditHead? = nil
    ) {
        (self.timestamp, self.refToMessageID) = (timestamp, refToMessageID)
        (self.from, self.references, self.auditHead) = (from, references, auditHead)
    }
}

extension Acknowledgment {
    static let mostReferences = 65

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        try element.checkToPartyActor()
        try element.checkChildren(["Timestamp", "RefToMessageId", "From"])
        var references: [SignedReference] = []
        for node in element.node.children("Reference", SignatureNamespace.ds) {
            references.append(try SignedReference(copied: EbXMLElement(node: node, log: element.log)))
        }
        guard references.count <= Self.mostReferences, Set(references.map(\.uri)).count == references.count else {
            throw element.malformed("there are more than \(Self.mostReferences) references, or two to the same")
        }
        if references.isEmpty { element.log.note("no copy of the signed references", at: element.place) }
        let from = try element.child("From")
        self.init(
            timestamp: try element.required("Timestamp").timestamp(), refToMessageID: try element.text(of: "RefToMessageId"),
            from: try from.map { from throws(EnvelopeError) in try Party(from) }, references: references,
            auditHead: AuditHead(element))
    }

    func write(_ writer: inout XMLWriter) {
        let actor: [(String, String?)] = [("SOAP:actor", EbXMLNamespace.toPartyMSH)]
        writer.block("eb:Acknowledgment", actor + (auditHead?.attributes ?? [])) { writer in
            writer.element("eb:Timestamp", text: timestamp.text)
            writer.element("eb:RefToMessageId", text: refToMessageID)
            from?.write("eb:From", &writer)
            for reference in references { reference.write(&writer) }
        }
    }
}

extension SignedReference {
    /// Reads a `ds:Reference` that an Acknowledgment repeats. It proves nothing until it is compared with the signature.
    init(copied element: EbXMLElement) throws(EnvelopeError) {
        let (node, ds) = (element.node, SignatureNamespace.ds)
        guard let uri = node.attribute("URI"), uri.utf8.count <= 1024,
            let algorithm = node.child("DigestMethod", ds)?.attribute("Algorithm").flatMap(DigestAlgorithm.init(uri:)),
            let value = node.child("DigestValue", ds), value.children.isEmpty,
            let digest = try? Base64Decoder.decode(value.textBytes), digest.count == algorithm.length
        else { throw element.malformed("a copied reference is not readable") }
        let transforms = node.child("Transforms", ds)?.children("Transform", ds).prefix(10) ?? []
        self.init(
            uri: uri, digestAlgorithm: algorithm, digest: digest, transforms: transforms.compactMap { $0.attribute("Algorithm") })
    }

    func write(_ writer: inout XMLWriter) {
        writer.element("ds:Reference", [("xmlns:ds", SignatureNamespace.ds), ("URI", uri)]) { writer in
            if !transforms.isEmpty {
                writer.element("ds:Transforms") { writer in
                    for transform in transforms { Self.write(transform: transform, &writer) }
                }
            }
            writer.element("ds:DigestMethod", [("Algorithm", digestAlgorithm.uri)])
            writer.element("ds:DigestValue") { $0.raw(Base64LineEncoder.encode(digest).filter { $0 != 0x0D && $0 != 0x0A }) }
        }
    }

    private static func write(transform: String, _ writer: inout XMLWriter) {
        writer.element("ds:Transform", [("Algorithm", transform)]) { writer in
            guard transform == TransformURI.xpath else { return }
            writer.element("ds:XPath", [("xmlns:SOAP", EbXMLNamespace.soap)], text: NextHopFilter.expression)
        }
    }
}
