import Envelope
import Testing

struct MarkupCase: CustomTestStringConvertible, Sendable {
    let name: String
    let sent: String
    let plain: String
    let xhtml: String?
    var isReduced = false
    var testDescription: String { name }
}

@Suite("Text that may be XHTML")
struct RichTextTests {
    private static let x = #"xmlns="http://www.w3.org/1999/xhtml""#

    @Test(
        "harmless markup is kept, the rest leaves its text at most",
        arguments: [
            MarkupCase(name: "plain text", sent: "Hei\n  du", plain: "Hei\n  du", xhtml: nil),
            MarkupCase(
                name: "paragraphs", sent: "<p \(x)>En</p><p \(x)>To <b>tre</b></p>", plain: "En\nTo tre",
                xhtml: "<p \(x)>En</p><p \(x)>To <b>tre</b></p>"),
            MarkupCase(
                name: "list and line break", sent: "<div \(x)>A<br/>B<ul><li>en</li><li>to</li></ul></div>",
                plain: "A\nB\n- en\n- to", xhtml: "<div \(x)>A<br/>B<ul><li>en</li><li>to</li></ul></div>"),
            MarkupCase(
                name: "table", sent: "<table \(x)><tr><th>a</th><td>1</td></tr><tr><th>b</th><td>2</td></tr></table>",
                plain: "a 1\nb 2",
                xhtml: "<table \(x)><tr><th>a</th><td>1</td></tr><tr><th>b</th><td>2</td></tr></table>"),
            MarkupCase(
                name: "script", sent: "<p \(x)>a<script>alert(1)</script>b</p>", plain: "ab", xhtml: "<p \(x)>ab</p>",
                isReduced: true),
            MarkupCase(
                name: "event handler", sent: #"<p \#(x) onclick="x()">a</p>"#, plain: "a", xhtml: "<p \(x)>a</p>",
                isReduced: true),
            MarkupCase(
                name: "link", sent: #"<p \#(x)>se <a href="http://example.invalid">her</a></p>"#, plain: "se her",
                xhtml: "<p \(x)>se her</p>", isReduced: true),
            MarkupCase(
                name: "image", sent: #"<p \#(x)>a<img src="http://example.invalid/x.png"/></p>"#, plain: "a",
                xhtml: "<p \(x)>a</p>", isReduced: true),
            MarkupCase(
                name: "style and frame", sent: "<div \(x)><style>p{}</style><iframe>x</iframe>a</div>", plain: "a",
                xhtml: "<div \(x)>a</div>", isReduced: true),
            MarkupCase(
                name: "escaped markup is text", sent: "&lt;script&gt;x&lt;/script&gt;", plain: "<script>x</script>", xhtml: nil),
            MarkupCase(
                name: "escaped markup beside tags", sent: "<p \(x)>&lt;script&gt;</p>", plain: "<script>",
                xhtml: "<p \(x)>&lt;script&gt;</p>"),
        ])
    func reduce(markup: MarkupCase) throws {
        var message = try DocumentFixture.dialog().encoded()
        message = try DocumentFixture.text(message, replacing: ">Hei<", with: ">\(markup.sent)<")
        let read = try MsgHead(parsing: message)
        let text = try #require(read.dialogmelding?.notater.first?.tekst)
        #expect(text.plain == markup.plain)
        #expect(text.xhtml == markup.xhtml)
        #expect(text.isReduced == markup.isReduced)
        #expect(read.deviations.isEmpty != markup.isReduced)
        let again = try MsgHead(parsing: read.encoded())
        #expect(again.dialogmelding?.notater.first?.tekst?.plain == text.plain)
    }
}
