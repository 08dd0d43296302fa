/// The letter as a page: HTML5 that is also well-formed XML, readable without styles, with one `h1`, headings in order, no tables,
/// no images, no scripts and nothing fetched from anywhere.
extension Letter {
    public var html: String {
        var page = HTMLPage()
        page.raw("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\">\n<head>\n<meta charset=\"utf-8\" />\n")
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n")
        page.raw("<meta name=\"referrer\" content=\"no-referrer\" />\n")
        page.element("title", title)
        page.raw("<style>\n\(Self.styles)</style>\n</head>\n<body>\n<div role=\"main\">\n")
        page.element("h1", title)
        for block in blocks { write(block, to: &page) }
        page.raw("</div>\n</body>\n</html>\n")
        return page.text
    }

    private func write(_ block: Block, to page: inout HTMLPage) {
        switch block {
        case .heading(let text): page.element("h2", text)
        case .paragraph(let text): page.element("p", text)
        case .list(let items): page.list("ul", items)
        case .steps(let items): page.list("ol", items)
        case .facts(let facts):
            page.raw("<dl>\n")
            for fact in facts {
                page.element("dt", fact.name)
                if let phone = fact.phone {
                    page.raw("<dd><a href=\"tel:\(HTMLPage.escaped(phone.dialled))\">\(HTMLPage.escaped(fact.value))</a></dd>\n")
                } else {
                    page.element("dd", fact.value)
                }
            }
            page.raw("</dl>\n")
        case .lines(let lines): page.raw("<p>\(lines.map(HTMLPage.escaped).joined(separator: "<br />\n"))</p>\n")
        }
    }

    /// Dark on white (contrast 16 to 1; links 9 to 1), text that can be enlarged, no colour that means something by itself.
    static let styles = """
        html { font-size: 112.5%; }
        body { margin: 0; background: #ffffff; color: #1a1a1a; font-family: "Liberation Sans", Arial, Helvetica, sans-serif; \
        line-height: 1.5; }
        div { max-width: 38em; margin: 0 auto; padding: 1em; }
        h1 { font-size: 1.6em; line-height: 1.2; }
        h2 { font-size: 1.2em; line-height: 1.3; margin-top: 1.8em; }
        li, dd { margin-bottom: 0.4em; }
        dt { font-weight: bold; }
        dd { margin-left: 0; }
        a { color: #0b3d91; text-decoration: underline; }
        @page { size: A4; margin: 2.2cm; }
        @media print {
        html { font-size: 11.5pt; }
        div { max-width: none; padding: 0; }
        a { color: #1a1a1a; text-decoration: none; }
        h1, h2 { page-break-after: avoid; break-after: avoid; }
        li, dl, p { page-break-inside: avoid; break-inside: avoid; orphans: 3; widows: 3; }
        }

        """
}

/// Writes a page. Everything that is not markup of ours goes through ``escaped(_:)``.
struct HTMLPage {
    private(set) var text = ""

    mutating func raw(_ markup: String) { text += markup }
    mutating func element(_ name: String, _ content: String) { text += "<\(name)>\(Self.escaped(content))</\(name)>\n" }

    mutating func list(_ name: String, _ items: [String]) {
        text += "<\(name)>\n"
        for item in items { element("li", item) }
        text += "</\(name)>\n"
    }

    /// For content and for quoted attributes. What no page may hold (control characters, and those that turn the direction of the
    /// text) is left out.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: escaped += "&amp;"
            case 0x3C: escaped += "&lt;"
            case 0x3E: escaped += "&gt;"
            case 0x22: escaped += "&quot;"
            case 0x27: escaped += "&#39;"
            case 0x0A, 0x09: escaped += " "
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
