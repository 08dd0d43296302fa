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
    private static let order = XMLNameTable("Timestamp", "RefToMessageId", "From")

    init(_ element: EbXMLElement) throws(EnvelopeError) {
        try element.checkBlock()
        try element.checkToPartyActor()
        try element.checkChildren(Self.order)
        var references: [SignedReference] = []
        for node in element.node.children("Reference", SignatureNamespace.ds) {
            references.append(try SignedReference(copied: EbXMLElement(node: node, log: element.log)))
        }
        if let problem = Self.problem(with: references) { throw element.malformed(problem) }
        if references.isEmpty { element.log.note("no copy of the signed references", at: element.place) }
        let from = try element.child("From")
        self.init(
            timestamp: try element.required("Timestamp").timestamp(), refToMessageID: try element.text(of: "RefToMessageId"),
            from: try from.map { from throws(EnvelopeError) in try Party(from) }, references: references,
            auditHead: AuditHead(element))
    }

    /// Why copied references are refused, read or before they are written.
    static func problem(with references: [SignedReference]) -> String? {
        guard references.count <= mostReferences, Set(references.map(\.uri)).count == references.count else {
            return "there are more than \(mostReferences) references, or two to the same"
        }
        return references.allSatisfy { $0.uri.utf8.count <= 1024 } ? nil : "a reference is too long"
    }

    func write(_ writer: inout XMLWriter) {
        writer.block("eb:Acknowledgment", actor: EbXMLNamespace.toPartyMSH, auditHead: auditHead) { writer in
            writer.element("eb:Timestamp", text: timestamp.text)
            writer.element("eb:RefToMessageId", text: refToMessageID)
            from?.write("eb:From", &writer)
            for reference in references { reference.write(&writer, declaring: [("xmlns:ds", SignatureNamespace.ds)]) }
        }
    }
}

extension SignedReference {
    /// Reads a `ds:Reference` that an Acknowledgment repeats. It proves nothing until it is compared with the signature.
    init(copied element: EbXMLElement) throws(EnvelopeError) {
        let (node, ds) = (element.node, SignatureNamespace.ds)
        guard let uri = node.attribute("URI"),
            let algorithm = node.child("DigestMethod", ds)?.attribute("Algorithm").flatMap(DigestAlgorithm.init(uri:)),
            let value = node.child("DigestValue", ds), !value.hasElements,
            let digest = try? Base64Decoder.decode(value.textBytes), digest.count == algorithm.length
        else { throw element.malformed("a copied reference is not readable") }
        let transforms = node.child("Transforms", ds)?.children("Transform", ds).prefix(10) ?? []
        self.init(
            uri: uri, digestAlgorithm: algorithm, digest: digest, transforms: transforms.compactMap { $0.attribute("Algorithm") })
    }

    /// - Parameter declarations: of the namespace, where the elements around do not declare it.
    func write(_ writer: inout XMLWriter, declaring declarations: [(String, String?)] = []) {
        writer.element("ds:Reference", declarations + [("URI", uri)]) { writer in
            if !transforms.isEmpty {
                writer.element("ds:Transforms") { writer in
                    for transform in transforms {
                        writer.element("ds:Transform", [("Algorithm", transform)]) { writer in
                            if transform == TransformURI.xpath { NextHopFilter.write(&writer) }
                        }
                    }
                }
            }
            writer.element("ds:DigestMethod", [("Algorithm", digestAlgorithm.uri)])
            writer.element("ds:DigestValue") { $0.raw(SignatureBase64.encode(digest)) }
        }
    }
}
