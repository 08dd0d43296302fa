import Native

/// What stands in an element of type `xs:anyType`: text, or XHTML, or both mixed. Kept as it came.
///
/// Never show it as markup: ``plainText`` is what may be shown.
public struct MixedContent: Sendable, Hashable, ExpressibleByStringLiteral {
    public enum Node: Sendable, Hashable {
        case text(String)
        case element(Element)
    }

    public struct Element: Sendable, Hashable {
        /// Local name.
        public var name: String
        public var namespace: String?
        public var attributes: [Attribute]
        public var content: MixedContent

        public init(_ name: String, namespace: String?, attributes: [Attribute] = [], content: MixedContent = MixedContent()) {
            (self.name, self.namespace, self.attributes, self.content) = (name, namespace, attributes, content)
        }
    }

    public struct Attribute: Sendable, Hashable {
        public var name: String
        public var namespace: String?
        public var value: String

        public init(_ name: String, namespace: String? = nil, value: String) {
            (self.name, self.namespace, self.value) = (name, namespace, value)
        }
    }

    public var nodes: [Node]

    public init(_ nodes: [Node] = []) { self.nodes = nodes }
    public init(_ text: String) { self.init(text.isEmpty ? [] : [.text(text)]) }
    public init(stringLiteral text: String) { self.init(text) }

    public static let xhtml = "http://www.w3.org/1999/xhtml"

    /// XHTML as the standards for free text have it: one `div`, a `p` for each paragraph of `text`, a `br` for each line
    /// break inside one. Paragraphs are parted by empty lines.
    public init(paragraphs text: String) {
        func element(_ name: String, _ nodes: [Node]) -> Node {
            .element(Element(name, namespace: Self.xhtml, content: MixedContent(nodes)))
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let paragraphs = lines.split { line in line.allSatisfy(\.isWhitespace) }.map { paragraph in
            let texts = paragraph.map { [Node.text(String($0))] }
            return element("p", Array(texts.joined(separator: [element("br", [])])))
        }
        self.init([element("div", paragraphs)])
    }
}

extension MixedContent {
    /// What is between the tags of `node`. Comments are no content.
    init(_ node: XMLNode) {
        nodes = []
        for piece in node.mixedContent {
            switch piece {
            case .element(let node): nodes.append(.element(Element(node)))
            case .text(let text):
                if case .text(let before) = nodes.last {
                    nodes[nodes.count - 1] = .text(before + text)
                } else {
                    nodes.append(.text(text))
                }
            }
        }
    }

    /// Writes an element with this in it.
    func write(as tag: String, to writer: inout XMLWriter) {
        writer.element(tag) { write(inside: .none, to: &$0) }
    }

    fileprivate func write(inside surrounding: String??, to writer: inout XMLWriter) {
        for node in nodes {
            switch node {
            case .text(let text): writer.text(text)
            case .element(let element): element.write(inside: surrounding, to: &writer)
            }
        }
    }
}

extension MixedContent.Element {
    init(_ node: XMLNode) {
        self.init(
            node.name, namespace: node.namespace,
            attributes: node.attributes.map { MixedContent.Attribute($0.name, namespace: $0.namespace, value: $0.value) },
            content: MixedContent(node))
    }

    /// Elements are written without prefix, each change of namespace stated where it happens.
    ///
    /// - Parameter surrounding: the default namespace around the element; nil when it is not known.
    func write(inside surrounding: String??, to writer: inout XMLWriter) {
        var written: [(String, String?)] = []
        if .some(namespace) != surrounding { written.append(("xmlns", namespace ?? "")) }
        for (number, attribute) in attributes.enumerated() {
            switch attribute.namespace {
            case nil: written.append((attribute.name, attribute.value))
            case "http://www.w3.org/XML/1998/namespace": written.append(("xml:\(attribute.name)", attribute.value))
            case let other?:
                written.append(("xmlns:a\(number)", other))
                written.append(("a\(number):\(attribute.name)", attribute.value))
            }
        }
        writer.element(name, written) { content.write(inside: .some(namespace), to: &$0) }
    }
}
