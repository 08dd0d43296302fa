import Testing

@testable import Native

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

    @Test(
        "an encoding is read from the declaration alone, however it is spelled",
        arguments: [
            "<?xml version='1.0' encoding = \"UTF-8\" ?><a/>", "<?xml version='1.0' encoding='utf-8'?><a b='encoding'/>",
            "\u{FEFF}<?xml version='1.0' encoding='Windows-1252'?><a/>", "<?xml version='1.0'?><a>encoding='utf-7'</a>",
        ])
    func declared(document: String) throws {
        #expect(try XMLDocument(parsing: Array(document.utf8)).root.name == "a")
    }

    @Test("more elements than the limit are refused, and not one fewer") func elements() throws {
        let document = Array("<a>\(String(repeating: "<b/>", count: 9))</a>".utf8)
        #expect(try XMLDocument(parsing: document, limits: XMLLimits(elements: 10)).root.children.count == 9)
        #expect(throws: NativeError(.xmlRefused, reason: "")) {
            try XMLDocument(parsing: document, limits: XMLLimits(elements: 9))
        }
    }

    @Test(
        "what the limits stop is stopped where the parser sees no comment, no CDATA and no instruction",
        arguments: [
            String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200),
            "<b c='\(String(repeating: "x", count: 70_000))'/>",
            String(repeating: "<b/>", count: 20), "<!DOCTYPE b>",
        ])
    func hidden(inside: String) {
        for (before, after) in [
            ("<!--><![CDATA[-->", "<!--]]>-->"), ("<!---><![CDATA[-->", "<!--]]>-->"), ("<!--><?x -->", "<!--?>-->"),
            ("<![CDATA[<!--]]>", "<!---->"), ("<?x <!-- ?>", "<!-- -->"), ("<!--'-->", "<!--'-->"),
        ] {
            let document = Array("<a>\(before)\(inside)\(after)</a>".utf8)
            #expect(throws: NativeError(.xmlRefused, reason: ""), "\(before)") {
                try XMLDocument(parsing: document, limits: XMLLimits(elements: 10))
            }
        }
    }

    @Test("comments and CDATA that begin like their ends are read as the parser reads them")
    func beginnings() throws {
        let text = "<a><!--><b><c> --><d/><![CDATA[]><b>]]><!-- <?x --><e/><?x ><!-- ?></a>"
        let root = try parse(text, depth: 2).root
        #expect(root.children.map(\.name) == ["d", "e"])
        let added = try XMLSource(Array(text.utf8)).inserting(Array("<f/>".utf8), before: root.children[1])
        #expect(String(decoding: added, as: UTF8.self) == text.replacing("<e/>", with: "<f/><e/>"))
    }

    @Test("should the scan let a deep tree through, the parser's own pile of open elements tells")
    func deep() throws {
        func parsed(_ depth: Int) throws(NativeError) -> XMLDocument {
            // Long enough for the parser's own limit to be off.
            let text =
                String(repeating: "<a>", count: depth) + String(repeating: "x", count: 9_100_000)
                + String(repeating: "</a>", count: depth)
            return try XMLDocument(scanned: Array(text.utf8), depth: 100)
        }
        for depth in [300, 20_000] {
            #expect(throws: NativeError(.xmlRefused, reason: "")) { try parsed(depth) }
        }
        for depth in [1, 99, 100] { #expect(try parsed(depth).root.name == "a") }
    }

    private func parse(_ text: String, depth: Int) throws(NativeError) -> XMLDocument {
        try XMLDocument(parsing: Array(text.utf8), limits: XMLLimits(tagBytes: 100, depth: depth))
    }

    @Test("a tag goes to its own end, whatever its values hold") func tagEnds() throws {
        let text = #"<a b='>' c="'/>" d='"&lt;'><e f='/>'><g h=""/></e></a>"#
        #expect(try parse(text, depth: 2).root.attribute("c") == "'/>")
        #expect(throws: NativeError(.xmlRefused, reason: "")) { try parse(text, depth: 1) }
        let long = String(repeating: ">", count: 90)
        #expect(try parse("<a b='\(long)'/>", depth: 1).root.attribute("b") == long)
        for refused in ["<a b='\(long)1234'/>", "<a b='\(long)123456789", "<a b='\(long)\"' c='\"\(long)'/>"] {
            #expect(throws: NativeError(.xmlRefused, reason: "")) { try parse(refused, depth: 1) }
        }
        #expect(throws: NativeError(.xmlMalformed, reason: "")) { try parse("<a b='\(long)", depth: 1) }
    }

    @Test("an element is asked about without copies, and answers as with them") func walking() throws {
        let text = "<a xmlns='urn:n' xmlns:p='urn:p'> \n<b/>\t<!-- x --><p:c d='1' p:e='2'/><f>  g</f><h><![CDATA[ ]]></h></a>"
        let root = try XMLDocument(parsing: Array(text.utf8)).root
        var walked: [XMLNode] = []
        var next = root.firstElement
        while let node = next {
            walked.append(node)
            next = node.nextElement
        }
        #expect(walked == root.children)
        var (node, steps) = (try #require(root.firstElement), 0)
        repeat {
            #expect(node == walked[steps])
            steps += 1
        } while node.moveToNextElement()
        #expect(steps == walked.count && node == walked.last)
        for node in walked + [root] {
            #expect(node.isBlank == node.text.allSatisfy(\.isWhitespace))
            #expect(node.hasElements != node.children.isEmpty)
            #expect(node.hasAttributes != node.attributes.isEmpty)
            for name in ["a", "b", "c", "", "bb", "c\0"] { #expect(node.isNamed(name) == (node.name == name)) }
            for name in ["urn:n", "urn:p", "urn:", ""] { #expect(node.isIn(name) == (node.namespace == name)) }
        }
        #expect(walked[1].hasAttributes(besides: [], in: "urn:p") && walked[1].hasAttributes(besides: ["d"], in: "urn:q"))
        #expect(!walked[1].hasAttributes(besides: ["x", "d"], in: "urn:p"))
    }

    @Test(
        "an attribute is read as the parser reads it, whatever its value is made of",
        arguments: [
            ("x", "x"), ("", ""), ("a&amp;b &lt;&#65;&#xE6;", "a&b <A\u{E6}"), ("one&#10;two", "one\ntwo"), (" a\tb ", " a b "),
        ])
    func attributeValue(written: String, read: String) throws {
        let text = "<a xmlns:p='urn:p' p:v='other' v='\(written)' w=\"\(written)\"/>"
        let root = try XMLDocument(parsing: Array(text.utf8)).root
        #expect(root.attribute("v") == read && root.attribute("w") == read)
        #expect(root.attribute("v", "urn:p") == "other")
        #expect(root.attribute("v", "urn:q") == nil && root.attribute("u") == nil && root.attribute("v\0") == nil)
        #expect(root.attributes.map(\.value) == ["other", read, read])
    }

    @Test("attributes are found by their places in one walk, and it is said that there are others")
    func attributePlaces() throws {
        let names = XMLNameTable([["V"], ["DN", "D"], ["S"]])
        for (written, places, others) in [
            ("", [:], false), ("V='1' S='&#51;' DN='2'", [0: "1", 1: "2", 2: "3"], false),
            ("D='2' V=''", [0: "", 1: "2"], false),
            ("v='1' S='3'", [2: "3"], true), ("p:V='1'", [:], true), ("q:V='1' V='2'", [0: "2"], false),
            ("q:x='1' VV='2'", [:], true),
        ] as [(String, [Int: String], Bool)] {
            let root = try XMLDocument(parsing: Array("<a xmlns:p='urn:p' xmlns:q='urn:q' \(written)/>".utf8)).root
            var found: [Int: String] = [:]
            #expect(root.attributes(names, passingOver: "urn:q") { found[$0] = $1 } == others)
            #expect(found == places)
        }
    }

    @Test("text is read whole, whether it lies in one piece or in several")
    func text() throws {
        for (written, own, deep) in [
            ("", "", ""), ("t\u{E6}xt", "t\u{E6}xt", "t\u{E6}xt"), ("<![CDATA[<]]>", "<", "<"), ("a<b>c</b>d", "ad", "acd"),
            ("a<!-- x -->b", "ab", "ab"), ("&lt;&#66;", "<B", "<B"), ("<b>c</b>", "", "c"),
        ] {
            let root = try XMLDocument(parsing: Array("<a>\(written)</a>".utf8)).root
            #expect(root.text == own && root.textBytes == Array(own.utf8) && root.deepText == deep)
        }
    }

    @Test("names are found in a table wherever the search begins, and others are not")
    func names() throws {
        let table = XMLNameTable([["A", "Ab"], ["Abc"], ["B"]])
        let places = ["A": [0, 0], "Ab": [0, 1], "Abc": [1, 0], "B": [2, 0]]
        let root = try XMLDocument(parsing: Array("<x><A/><Ab/><Abc/><B/><Abcd/><a/></x>".utf8)).root
        for node in root.children {
            for latest in 0...4 {
                let place = table.place(of: node, after: latest)
                #expect(place.map { [$0.position, $0.alternative] } == places[node.name])
            }
        }
        #expect(XMLNameTable([]).place(of: root, after: 0) == nil)
    }

    @Test("an element shares the declaration of its namespace with those in its scope, and with no other")
    func declarations() throws {
        let root = try XMLDocument(parsing: Array("<a xmlns='urn:n'><b/><c xmlns='urn:n'/><d xmlns=''/></a>".utf8)).root
        let children = root.children
        #expect(root.namespaceDeclaration != nil && children[0].namespaceDeclaration == root.namespaceDeclaration)
        #expect(children[1].namespaceDeclaration != root.namespaceDeclaration)
        #expect(children[2].namespaceDeclaration == nil)
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
