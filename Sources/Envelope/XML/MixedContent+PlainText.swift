extension MixedContent {
    /// The content as text that is safe to show: no markup, scripts and styles left out, paragraphs and table rows on lines of
    /// their own, cells parted by tabs. Text in elements nobody knows is kept: it may be what matters.
    public var plainText: String {
        guard nodes.contains(where: { if case .element = $0 { true } else { false } }) else {
            return nodes.map { if case .text(let text) = $0 { text } else { "" } }.joined().withoutControls
        }
        var text = PlainText()
        text.add(self)
        return text.finished
    }

    /// Whether there is nothing to show.
    public var isEmpty: Bool { plainText.allSatisfy(\.isWhitespace) }
}

/// Gathers the text of XHTML as lines, white space folded as a browser does.
private struct PlainText {
    private var lines: [String] = []
    private var line = ""
    private var isPreformatted = false

    private static let hidden: Set<String> = ["script", "style", "head", "object", "template", "iframe"]
    private static let blocks: Set<String> = [
        "div", "p", "br", "hr", "tr", "table", "tbody", "thead", "tfoot", "caption", "li", "ul", "ol", "dl", "dt", "dd", "h1",
        "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "section", "article", "header", "footer", "address",
    ]

    mutating func add(_ content: MixedContent) {
        for node in content.nodes {
            switch node {
            case .text(let text): add(text)
            case .element(let element): add(element)
            }
        }
    }

    private mutating func add(_ element: MixedContent.Element) {
        let name = element.name.lowercased()
        if Self.hidden.contains(name) { return }
        let isBlock = Self.blocks.contains(name)
        if isBlock { breakLine() }
        if name == "li" { line = "- " }
        let wasPreformatted = isPreformatted
        isPreformatted = wasPreformatted || name == "pre"
        add(element.content)
        isPreformatted = wasPreformatted
        if name == "td" || name == "th" { line += "\t" }
        if isBlock { breakLine() }
    }

    private mutating func add(_ text: String) {
        if isPreformatted {
            for (number, part) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
                if number > 0 { breakLine(keepingEmpty: true) }
                line += part
            }
            return
        }
        for character in text {
            if character.isWhitespace, character != "\u{A0}" {
                if let last = line.last, !last.isWhitespace { line.append(" ") }
            } else {
                line.append(character)
            }
        }
    }

    private mutating func breakLine(keepingEmpty: Bool = false) {
        while line.last == " " { line.removeLast() }
        if keepingEmpty || !line.allSatisfy(\.isWhitespace) { lines.append(line) }
        line = ""
    }

    var finished: String {
        var rest = self
        rest.breakLine()
        return rest.lines.joined(separator: "\n").withoutControls
    }
}

extension String {
    /// Without control characters (tab and line feed stay) and without those that turn the direction of writing, which can
    /// make text read as what it does not say.
    fileprivate var withoutControls: String {
        func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x09, 0x0A: false
            case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isUnwanted) else { return self }
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: unicodeScalars.filter { !isUnwanted($0) })
        return String(kept)
    }
}
