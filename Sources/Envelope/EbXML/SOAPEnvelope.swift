import Native

/// SOAP 1.1 around an ebXML message: `Header` and `Body`, with every element that anything is read from standing once and in
/// its place.
///
/// A signature covers the tree, not what a reader picks from it. So whatever could make two readers pick different elements
/// is refused here, before any field is read: a second header, one in the body, one addressed to the next hop (the
/// profile's signature leaves those out).
struct SOAPEnvelope {
    let header: XMLNode
    let body: XMLNode
    let signature: XMLNode?

    /// Local names of what stands at most once: first what must be a child of the Header, then of the Body.
    private static let single = XMLNameTable(
        "MessageHeader", "AckRequested", "SyncReply", "Acknowledgment", "ErrorList", "MessageOrder",
        "Manifest", "StatusRequest", "StatusResponse")
    private static let singleInHeader = 6

    init(_ document: XMLDocument) throws(EnvelopeError) {
        let root = document.root
        guard root.is("Envelope", EbXMLNamespace.soap) else {
            throw EnvelopeError(.notEbXML, reason: "the root is not a SOAP 1.1 Envelope")
        }
        let children = root.children
        guard children.filter({ $0.is("Header", EbXMLNamespace.soap) }).count <= 1 else {
            throw EnvelopeError(.headerDuplicated, reason: "there are several SOAP headers", place: "Envelope")
        }
        guard children.count == 2, children[0].is("Header", EbXMLNamespace.soap), children[1].is("Body", EbXMLNamespace.soap)
        else {
            throw EnvelopeError(.headerMalformed, reason: "the Envelope is not one Header and one Body", place: "Envelope")
        }
        (header, body) = (children[0], children[1])
        var census = Census(header: header, body: body)
        try census.checkHop(root, in: root)
        try census.count(below: root)
        signature = census.signature
    }

    /// One walk over the tree that counts what must be single.
    private struct Census {
        let header: XMLNode
        let body: XMLNode
        /// One bit for each of the names.
        var seen: UInt64 = 0
        var signature: XMLNode?

        init(header: XMLNode, body: XMLNode) { (self.header, self.body) = (header, body) }

        mutating func count(below parent: XMLNode) throws(EnvelopeError) {
            guard var node = parent.firstElement else { return }
            repeat {
                try checkHop(node, in: parent)
                if node.isIn(EbXMLNamespace.eb) {
                    try countBlock(node, in: parent)
                } else if node.is("Signature", SignatureNamespace.ds) {
                    try countSignature(node, in: parent)
                }
                try count(below: node)
            } while node.moveToNextElement()
        }

        func checkHop(_ node: XMLNode, in parent: XMLNode) throws(EnvelopeError) {
            guard NextHopFilter.isAddressed(node) else { return }
            guard node.attribute("actor", EbXMLNamespace.soap) == EbXMLNamespace.nextActor,
                node.is("SyncReply", EbXMLNamespace.eb), parent == header
            else {
                throw EnvelopeError(
                    .addressedToNextHop, reason: "an element is addressed to the next hop, where no signature covers it",
                    place: node.name)
            }
        }

        private mutating func countBlock(_ node: XMLNode, in parent: XMLNode) throws(EnvelopeError) {
            guard let position = single.place(of: node, after: 0)?.position else { return }
            let bit: UInt64 = 1 << UInt64(position)
            guard seen & bit == 0 else {
                throw EnvelopeError(.headerDuplicated, reason: "\(node.name) stands more than once", place: node.name)
            }
            seen |= bit
            guard parent == (position < singleInHeader ? header : body) else {
                throw EnvelopeError(.headerMalformed, reason: "\(node.name) stands in the wrong place", place: parent.name)
            }
        }

        private mutating func countSignature(_ node: XMLNode, in parent: XMLNode) throws(EnvelopeError) {
            guard signature == nil else {
                throw EnvelopeError(.signatureDuplicated, reason: "there are several signatures", place: parent.name)
            }
            guard parent == header else {
                throw EnvelopeError(.signatureProfile, reason: "the signature is not a child of SOAP:Header", place: parent.name)
            }
            signature = node
        }
    }
}

extension XMLDocument {
    /// Limits for a SOAP part; a header of a hundred references has 100 kB and some thousand elements.
    static let ebXMLLimits = XMLLimits(bytes: 512 << 10, tagBytes: 16 << 10, depth: 40, elements: 5_000)

    static func ebXML(parsing bytes: [UInt8]) throws(EnvelopeError) -> XMLDocument {
        do {
            return try XMLDocument(parsing: bytes, limits: ebXMLLimits)
        } catch {
            throw EnvelopeError(
                error.code == .xmlRefused ? .xmlRefused : .xmlMalformed, reason: error.reason,
                place: error.line.map { "line \($0)" })
        }
    }
}
