import Native
import Testing

@testable import Envelope

@Suite("anyType: text and XHTML")
struct MixedContentTests {
    private func content(_ xml: String) throws -> MixedContent {
        MixedContent(try XMLDocument(parsing: Array("<a xmlns='urn:a'>\(xml)</a>".utf8)).root)
    }

    @Test(
        "what is shown has no markup, no script and no hidden turns of direction",
        arguments: [
            ("plain\n  text & more".replacing("&", with: "&amp;"), "plain\n  text & more"),
            ("<div><p>a\n b</p><p>c<br/>d</p></div>", "a b\nc\nd"),
            ("<p>a<script>alert(1)</script><style>p{}</style>b</p>", "ab"),
            ("<p>a<a href='https://example.invalid'>link</a> <img src='x'/>b</p>", "alink b"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td/><td>c</td></tr></table>", "a\tb\t\n\tc\t"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<unknown>kept</unknown>", "kept"),
            ("a\u{202E}b\u{85}c", "abc"),
            ("", ""),
        ])
    func plainText(xml: String, text: String) throws {
        #expect(try content(xml).plainText == text)
    }

    @Test("text in paragraphs becomes XHTML and reads back as the same lines")
    func paragraphs() throws {
        let content = MixedContent(paragraphs: "a\r\nb\n\n \nc & <d>")
        #expect(content.plainText == "a\nb\nc & <d>")
        var writer = XMLWriter()
        content.write(as: "T", to: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"<T><div xmlns="http://www.w3.org/1999/xhtml"><p>a<br/>b</p><p>c &amp; &lt;d&gt;</p></div></T>"#)
    }

    @Test(
        "prefixes change, namespaces and text do not",
        arguments: [
            "<x:b xmlns:x='urn:x' x:c='1' d='2'>t<x:e/>u</x:b>", "<b xmlns=''><c/></b>", "<b>t</b>tail",
            "a<b xmlns='urn:b' xml:lang='nb'/>",
        ])
    func lossless(xml: String) throws {
        let original = try content(xml)
        var writer = XMLWriter()
        writer.element("a", [("xmlns", "urn:a")]) { original.writeInside(&$0) }
        #expect(MixedContent(try XMLDocument(parsing: writer.bytes).root) == original)
    }
}

extension MixedContent {
    fileprivate func writeInside(_ writer: inout XMLWriter) {
        for node in nodes {
            switch node {
            case .text(let text): writer.text(text)
            case .element(let element): element.write(inside: .none, to: &writer)
            }
        }
    }
}
