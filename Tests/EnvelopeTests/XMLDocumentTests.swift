import Native
import Testing

@Suite("XML is read with everything that reaches outside switched off")
struct XMLDocumentTests {
    @Test(
        "refused before the parser sees it",
        arguments: [
            "<!DOCTYPE a><a/>",
            "<?xml version=\"1.0\"?><!-- x --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
            "<?xml version='1.0' encoding='utf-7'?><a/>",
            "<?xml version='1.0'" + String(repeating: " ", count: 200) + "encoding='utf-7'?><a/>",
            "<?xml version='encoding=\"utf-8\"' encoding='utf-7'?><a/>",
            String(repeating: "<a>", count: 101) + String(repeating: "</a>", count: 101),
            "<a b='" + String(repeating: "x", count: 70_000) + "'/>",
        ])
    func refused(document: String) {
        #expect(throws: NativeError(.xmlRefused, reason: "")) { try XMLDocument(parsing: Array(document.utf8)) }
    }

    @Test("an encoding that libxml2 recognises by itself is refused too")
    func unannounced() {
        // `<?xml` in EBCDIC.
        #expect(throws: NativeError(.xmlRefused, reason: "")) { try XMLDocument(parsing: [0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40]) }
    }

    @Test("malformed", arguments: ["", "<a>", "<a></b>", "<p:a/>", "<a>&undeclared;</a>", "<a/><b/>", "text"])
    func malformed(document: String) {
        #expect(throws: NativeError(.xmlMalformed, reason: "")) { try XMLDocument(parsing: Array(document.utf8)) }
    }

    @Test("a comment does not split text, so that what is read is what canonicalisation sees")
    func splitText() throws {
        let document = try XMLDocument(parsing: Array("<a>12<!-- 0 -->34<![CDATA[5]]></a>".utf8))
        #expect(document.root.text == "12345")
        #expect(try document.canonicalized(.inclusive) == Array("<a>12345</a>".utf8))
    }

    @Test("a sub-tree is canonicalised with the namespaces it inherits, and without what is excluded")
    func subtree() throws {
        let document = try XMLDocument(parsing: Array("<p:a xmlns:p='urn:p'><p:b>x</p:b><p:c n='2' m='1'><d/></p:c></p:a>".utf8))
        let c = try #require(document.root.child("c", "urn:p"))
        #expect(
            try document.canonicalized(.inclusive, .init(apex: c))
                == Array(#"<p:c xmlns:p="urn:p" m="1" n="2"><d></d></p:c>"#.utf8))
        let d = try #require(c.child("d", nil))
        #expect(
            try document.canonicalized(.inclusive, .init(excluding: d))
                == Array(#"<p:a xmlns:p="urn:p"><p:b>x</p:b><p:c m="1" n="2"></p:c></p:a>"#.utf8))
    }
}
