import Envelope
import Testing

@Suite("MIME header fields")
struct MIMEHeaderTests {
    @Test("folded lines are joined, with blanks or tabs, CRLF or LF")
    func folding() throws {
        let headers = try MIMEHeaders(parsing: Array("A: one\r\n two\r\n\tthree\r\nB:four\n  five\n".utf8))
        #expect(headers["a"] == "one two three")
        #expect(headers["B"] == "four five")
        #expect(headers.fields.map(\.name) == ["A", "B"])
    }

    @Test(
        "refused",
        arguments: ["no colon", ": no name", " starts folded", "A: b\rC: d", "A: b\u{0}", "A : b", "Å: b", "A: \u{7F}"])
    func refused(block: String) {
        #expect(throws: EnvelopeError(.mimeMalformed, reason: "")) { try MIMEHeaders(parsing: Array(block.utf8)) }
    }

    @Test("a block that is too long, or has too many fields, is refused")
    func bounded() {
        var limits = MIMELimits()
        (limits.headerBytes, limits.headerFields) = (100, 3)
        #expect(throws: EnvelopeError(.mimeTooLarge, reason: "")) {
            try MIMEHeaders(parsing: Array("A: \(String(repeating: "x", count: 100))".utf8), limits: limits)
        }
        #expect(throws: EnvelopeError(.mimeTooLarge, reason: "")) {
            try MIMEHeaders(parsing: Array("A: 1\nB: 2\nC: 3\nD: 4\nE: 5\n".utf8), limits: limits)
        }
    }

    @Test("names are compared without regard to the case of ASCII, and of nothing else")
    func names() {
        func field(_ name: String) -> MIMEHeaders.Field { MIMEHeaders.Field(name: name, value: "") }
        #expect(field("Content-ID").isNamed("content-id") && field("content-id").isNamed("CONTENT-ID"))
        #expect(!field("Content-ID").isNamed("Content_ID") && !field("Content-ID").isNamed("Content-I"))
        // U+212A, the Kelvin sign, is a K in Unicode's lower case.
        #expect(!field("\u{212A}ey").isNamed("key") && !field("@").isNamed("`"))
    }

    @Test("a field that may stand once is refused when it stands twice")
    func single() throws {
        let headers = try MIMEHeaders(parsing: Array("Content-ID: <a>\nContent-Id: <b>\nX: y\n".utf8))
        #expect(throws: EnvelopeError(.mimeMalformed, reason: "")) { try headers.single("content-id") }
        #expect(try headers.single("x") == "y")
        #expect(try headers.single("z") == nil)
    }
}

@Suite("Content-Type")
struct ContentTypeTests {
    @Test(
        "real senders' spellings are read",
        arguments: [
            #"multipart/related;boundary="----=_Part_1";start="<a@b>"; type="text/xml""#,
            #"Multipart/Related; boundary=----=_Part_1; start="<a@b>"; type=text/xml;"#,
            #"multipart/related;  type="text\/xml" ; START="<a@b>";Boundary="----=_Part_1""#,
        ])
    func tolerated(field: String) throws {
        let type = try ContentType(field)
        #expect(type.mediaType == "multipart/related")
        #expect(type["boundary"] == "----=_Part_1")
        #expect(type["start"] == "<a@b>")
        #expect(type["type"] == "text/xml")
    }

    @Test("what RFC 2045 does not allow is reported")
    func deviations() throws {
        var deviations: [Deviation] = []
        _ = try ContentType("multipart/related; boundary=a=b; start=<a@b>;", noting: &deviations)
        #expect(deviations.count == 3)
    }

    @Test(
        "refused",
        arguments: [
            "", "text", "text/", "/xml", "text/xml; ", "text/xml; charset", "text/xml; =a", #"text/xml; a="b"#,
            "text/xml; a=b; A=c", "text/xml a=b", #"text/xml; a="b" c"#,
        ].filter { $0 != "text/xml; " })
    func refused(field: String) {
        #expect(throws: EnvelopeError(.mimeMalformed, reason: "")) { try ContentType(field) }
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let type = try ContentType(#"application/x; a="b c\"d\\"; e=f"#)
        #expect(try ContentType(type.headerField) == type)
    }
}

@Suite("RFC 2392 Content-ID")
struct ContentIDTests {
    @Test("header field and address name the same part", arguments: ["a@b", "body", "a%b", "x'y(z)!", "1/2?3#4"])
    func spellings(value: String) throws {
        let id = try ContentID(value)
        #expect(try ContentID(headerField: id.headerField) == id)
        #expect(try ContentID(uri: id.uri) == id)
    }

    @Test("percent-encoding is undone") func decoding() throws {
        #expect(try ContentID(uri: "CID:a%40b%2fc").value == "a@b/c")
    }

    @Test("without brackets it is read and reported") func brackets() throws {
        var deviations: [Deviation] = []
        #expect(try ContentID(headerField: " a@b ", noting: &deviations).value == "a@b")
        #expect(deviations.count == 1)
    }

    @Test(
        "no other address is taken",
        arguments: [
            "", "cid:", "http://127.0.0.1/x", "file:///etc/passwd", "#mh", "a@b", "cid:%", "cid:%4", "cid:%zz", "cid:%ff",
            "cid:a%0d%0ab", "cid:a b", "cid:%3Ca%3E", "mid:a",
        ])
    func refused(uri: String) {
        #expect(throws: EnvelopeError.self) { try ContentID(uri: uri) }
    }

    @Test("an identifier is bounded and holds no control character") func bounded() {
        #expect(throws: EnvelopeError.self) { try ContentID(String(repeating: "a", count: 256)) }
        #expect(throws: EnvelopeError.self) { try ContentID("a\r\nb") }
        #expect(throws: EnvelopeError.self) { try ContentID("") }
        #expect(throws: EnvelopeError.self) { try ContentID("blå") }
    }
}
