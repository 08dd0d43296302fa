import Native

/// An XML answer that is none of our documents, as plain values. Read with every guard that documents are read with: no DOCTYPE,
/// bounded depth, size and number of elements.
public struct PlainElement: Sendable, Hashable {
    /// Local name.
    public let name: String
    public let namespace: String?
    /// `xsi:nil="true"`.
    public let isNil: Bool
    /// The element's own text; empty when it has children.
    public let text: String
    public let children: [PlainElement]

    /// - Throws: `.xmlRefused` or `.xmlMalformed`, with the line.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) { self.init(try XMLDocument.clinical(parsing: bytes).root) }

    /// As deep as the parser lets a document be.
    private init(_ node: XMLNode) {
        (name, namespace) = (node.name, node.namespace)
        let stated = node.attribute("nil", "http://www.w3.org/2001/XMLSchema-instance")
        isNil = stated == "true" || stated == "1"
        children = node.children.map { PlainElement($0) }
        text = children.isEmpty ? node.text : ""
    }
}
