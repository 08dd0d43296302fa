import Native

/// Text of a document that may have been sent as XHTML (`TekstNotatInnhold`, `Description`, `TextResultValue`: `anyType`).
///
/// Markup is kept only as far as it is harmless: a short list of tags, no attributes. Scripts, styles, links, images and
/// whatever else was there leave their text at most.
public struct RichText: Sendable, Hashable {
    /// The text alone; paragraphs, rows and list items on lines of their own.
    public let plain: String
    /// The text with harmless tags, each paragraph-like element declaring the XHTML namespace; nil when plain text was sent.
    public let xhtml: String?
    /// Whether something was taken out of the markup.
    public let isReduced: Bool

    public init(_ plain: String) { self.init(plain: plain, xhtml: nil, isReduced: false) }

    private init(plain: String, xhtml: String?, isReduced: Bool) {
        (self.plain, self.xhtml, self.isReduced) = (plain, xhtml, isReduced)
    }

    init(reading node: XMLNode) {
        guard !node.children.isEmpty else {
            self.init(node.text)
            return
        }
        var reduction = XHTMLReduction()
        reduction.read(node, isTop: true)
        self.init(
            plain: reduction.plainText, xhtml: String(decoding: reduction.markup.bytes, as: UTF8.self),
            isReduced: reduction.isReduced)
    }

    /// Writes the element with the text, as it was: plain or with its tags.
    func write(_ name: String, to writer: inout XMLWriter) {
        if let xhtml {
            writer.element(name) { $0.raw(Array(xhtml.utf8)) }
        } else {
            writer.element(name, text: plain)
        }
    }
}

extension ElementReader {
    func richText(_ name: String) -> RichText? {
        guard let node = one(name) else { return nil }
        let text = RichText(reading: node)
        if text.isReduced { log.note("\(name) holds markup that is not shown", at: path, .note) }
        return text.plain.isEmpty && text.xhtml == nil ? nil : text
    }
}

/// Walks XHTML and keeps what is harmless of it.
private struct XHTMLReduction {
    private static let namespace = "http://www.w3.org/1999/xhtml"
    private static let blocks: Set<String> = [
        "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "pre", "blockquote", "h1", "h2", "h3",
        "h4", "h5", "h6", "hr",
    ]
    private static let inline: Set<String> = ["b", "strong", "i", "em", "u", "sub", "sup", "span", "td", "th", "br"]
    private static let silenced: Set<String> = ["script", "style", "head", "object", "iframe", "svg", "math"]

    var markup = XMLWriter()
    var isReduced = false
    private var plain = ""

    var plainText: String {
        plain.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).trimmed }.joined(separator: "\n").trimmed
    }

    mutating func read(_ node: XMLNode, isTop: Bool, preserving: Bool = false) {
        for piece in node.mixedContent {
            switch piece {
            case .text(let text):
                plain += preserving ? text : collapsed(text)
                markup.text(text)
            case .element(let element): read(element: element, isTop: isTop, preserving: preserving)
            }
        }
    }

    private mutating func read(element: XMLNode, isTop: Bool, preserving: Bool) {
        let name = element.name.lowercased()
        if Self.silenced.contains(name) {
            isReduced = true
            return
        }
        let isBlock = Self.blocks.contains(name)
        guard isBlock || Self.inline.contains(name) else {
            isReduced = true
            read(element, isTop: isTop, preserving: preserving)
            return
        }
        if element.attributes.contains(where: { $0.name != "xmlns" }) { isReduced = true }
        if isBlock || name == "br" { breakLine() }
        if name == "li" { plain += "- " }
        if (name == "td" || name == "th") && !plain.hasSuffix("\n") { plain += " " }
        var inner = XHTMLReduction()
        inner.read(element, isTop: false, preserving: preserving || name == "pre")
        if inner.isReduced { isReduced = true }
        plain += inner.plain
        let attributes: [(String, String?)] = isTop ? [("xmlns", Self.namespace)] : []
        markup.element(name, attributes) { $0.raw(inner.markup.bytes) }
        if isBlock { breakLine() }
    }

    private mutating func breakLine() {
        if !plain.isEmpty, !plain.hasSuffix("\n") { plain += "\n" }
    }

    private func collapsed(_ text: String) -> String {
        var result = ""
        var wasSpace = plain.isEmpty || plain.hasSuffix("\n") || plain.hasSuffix(" ")
        for character in text {
            let isSpace = character == " " || character == "\n" || character == "\t" || character == "\r\n" || character == "\r"
            if !isSpace { result.append(character) } else if !wasSpace { result.append(" ") }
            wasSpace = isSpace
        }
        return result
    }
}
