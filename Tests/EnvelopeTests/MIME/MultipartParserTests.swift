import Envelope
import Testing

@Suite("RFC 2046 §5.1 multipart, as it arrives")
struct MultipartParserTests {
    static let head = #"multipart/related; type="text/xml"; boundary="b-1"; start="<r>""#
    static let plain =
        "preamble\r\n--b-1\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<a/>\r\n"
        + "--b-1 \t\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: binary\r\n\r\nx\r\n--b-\r\n\r\r\n--b-1--\r\nepilogue"

    /// What the events say, pieces joined.
    static func read(
        _ body: [UInt8], chunk: Int = .max, head: String = head, limits: MIMELimits = MIMELimits()
    ) throws -> [(part: MIMEPart, bytes: [UInt8])] {
        var parser = try MultipartParser(contentType: ContentType(head), limits: limits)
        var events: [MIMEEvent] = []
        for start in stride(from: 0, to: body.count, by: min(chunk, max(body.count, 1))) {
            events += try parser.consume(Array(body[start..<(start + min(chunk, body.count - start))]))
        }
        events += try parser.finish()
        var parts: [(part: MIMEPart, bytes: [UInt8])] = []
        for event in events {
            switch event {
            case .partBegan(let part): parts.append((part, []))
            case .partBytes(let bytes): parts[parts.count - 1].bytes += bytes
            case .partEnded(let length): #expect(parts[parts.count - 1].bytes.count == length)
            }
        }
        return parts
    }

    static func code(_ body: String, head: String = head, limits: MIMELimits = MIMELimits()) -> EnvelopeError.Code? {
        do {
            _ = try read(Array(body.utf8), head: head, limits: limits)
            return nil
        } catch {
            return (error as? EnvelopeError)?.code
        }
    }

    @Test("chunks may end anywhere, inside the delimiter too", arguments: [1, 2, 3, 4, 5, 7, 11, 64, Int.max])
    func chunks(size: Int) throws {
        let parts = try Self.read(Array(Self.plain.utf8), chunk: size)
        #expect(parts.map(\.bytes) == [Array("<a/>".utf8), Array("x\r\n--b-\r\n\r".utf8)])
        #expect(parts.map(\.part.isRoot) == [true, false])
        #expect(parts.map(\.part.contentID?.value) == ["r", "p"])
    }

    @Test("bare line feeds end lines too", arguments: [1, 3, Int.max])
    func lineFeeds(size: Int) throws {
        let parts = try Self.read(Array(Self.plain.utf8).filter { $0 != 0x0D }, chunk: size)
        #expect(parts.map(\.bytes) == [Array("<a/>".utf8), Array("x\n--b-\n".utf8)])
    }

    @Test("empty parts are parts, and a part may have no header")
    func empty() throws {
        let body = "--b-1\nContent-Type: text/xml\nContent-ID: <r>\n\n--b-1\n\n\n--b-1\n\n--b-1--"
        let parts = try Self.read(Array(body.utf8))
        #expect(parts.map(\.bytes) == [[], [], []])
        #expect(parts.dropFirst().allSatisfy { $0.part.contentID == nil })
    }

    @Test("a delimiter counts at the start of a line only")
    func lineStart() throws {
        let body = "--b-1\nContent-Type: text/xml\nContent-ID: <r>\n\nx--b-1--\n --b-1\n--b-1--"
        #expect(try Self.read(Array(body.utf8)).map(\.bytes) == [Array("x--b-1--\n --b-1".utf8)])
    }

    @Test("parts of random bytes come out as they went in, whatever the chunks", arguments: 0..<20)
    func random(seed: Int) throws {
        let sizes = [0, 1, 2, 3, 70, 1000, 5000]
        let contents = (0..<5).map { TransferEncodingTests.bytes(sizes[(seed + $0) % 7], seed: UInt64(seed * 5 + $0 + 1)) }
        let layout = try MessageLayout(
            boundary: String(repeating: "=_\(seed)", count: 4), soap: Array("<a/>".utf8), rootID: ContentID("r"),
            rootEncoding: seed % 2 == 0 ? .base64 : .binary,
            parts: contents.enumerated().map { index, content in
                MessageLayout.Part(
                    contentID: try ContentID("p\(index)"), encoding: (seed + index) % 2 == 0 ? .binary : .base64,
                    length: content.count)
            })
        let body = try layout.encoded(parts: contents)
        #expect(body.count == layout.totalLength)
        let parts = try Self.read(body, chunk: 1 + seed * 37, head: layout.contentType)
        #expect(parts.map(\.bytes) == [Array("<a/>".utf8)] + contents)
        #expect(parts.allSatisfy { $0.part.deviations.isEmpty })
    }

    struct Body: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        init(_ name: String, _ text: String) { (testDescription, self.text) = (name, text) }
    }
    static let root = "--b-1\nContent-Type: text/xml\nContent-ID: <r>\n\n<a/>\n"

    @Test(
        "refused",
        arguments: [
            Body("nothing", ""), Body("a delimiter alone", "--b-1"), Body("cut off in a part", root),
            Body("cut off after a delimiter", root + "--b-1"), Body("not quite a delimiter", root + "--b-1x\n--b-1--"),
            Body("not quite the close delimiter", root + "--b-1--x\n"),
            Body("root is text/plain", "--b-1\nContent-Type: text/plain\nContent-ID: <r>\n\n<a/>\n--b-1--"),
            Body("root is latin-1", "--b-1\nContent-Type: text/xml; charset=ISO-8859-1\nContent-ID: <r>\n\n<a/>\n--b-1--"),
            Body("a header without end", "--b-1\nContent-Type: text/xml\nContent-ID: <r>\n--b-1--"),
            Body("nested", root + "--b-1\nContent-Type: multipart/mixed; boundary=c\n\n--c--\n--b-1--"),
            Body("two roots", root + root + "--b-1--"),
            Body("two identifiers", "--b-1\nContent-Type: text/xml\nContent-ID: <r>\nContent-ID: <s>\n\n<a/>\n--b-1--"),
        ])
    func refused(body: Body) {
        #expect(Self.code(body.text) == .mimeMalformed)
    }

    @Test("a root that is not there is refused") func noRoot() {
        #expect(Self.code("--b-1\nContent-ID: <x>\n\n<a/>\n--b-1--") == .mimePartMissing)
        #expect(Self.code("--b-1--") == .mimePartMissing)
    }

    @Test(
        "illegal Content-Type",
        arguments: [
            "multipart/related", #"multipart/related; boundary="""#,
            "multipart/related; boundary=\(String(repeating: "b", count: 71))",
            #"multipart/related; boundary="a ""#, #"multipart/related; boundary="a*b""#, "multipart/mixed; boundary=a",
            "text/plain",
            "multipart/related; boundary=a; type=\"application/xop+xml\"", "multipart/related; boundary=a; boundary=b",
        ])
    func illegal(head: String) {
        #expect(Self.code(Self.plain, head: head) == .mimeMalformed)
    }

    @Test("limits hold while the bytes arrive") func limits() {
        func code(_ change: (inout MIMELimits) -> Void) -> EnvelopeError.Code? {
            var limits = MIMELimits()
            change(&limits)
            return Self.code(Self.plain, limits: limits)
        }
        #expect(code { $0.parts = 1 } == .mimeTooLarge)
        #expect(code { $0.rootBytes = 3 } == .mimeTooLarge)
        #expect(code { $0.partBytes = 5 } == .mimeTooLarge)
        #expect(code { $0.headerBytes = 20 } == .mimeTooLarge)
        #expect(code { $0.totalBytes = 50 } == .mimeTooLarge)
        #expect(code { $0.outsideBytes = 4 } == .mimeTooLarge)
        #expect(code { $0.parts = 2 } == nil)
    }

    @Test("what is tolerated is reported") func deviations() throws {
        let parser = try MultipartParser(contentType: ContentType("multipart/related; boundary=a"))
        #expect(parser.deviations.count == 2)
        let parts = try Self.read(Array("--b-1\n\nx\n--b-1\nContent-ID: r\n\n<a/>\n--b-1--".utf8))
        #expect(parts[1].part.deviations.count == 4)
    }

    @Test("a root that is application/xml is read and reported") func otherRoot() throws {
        let body =
            "--b-1\nContent-Type: application/xml\nContent-ID: <r>\nContent-Transfer-Encoding: 8bit\n\n<a/>\n--b-1--"
        let parts = try Self.read(Array(body.utf8))
        #expect(parts.map(\.bytes) == [Array("<a/>".utf8)])
        #expect(
            parts.map { $0.part.deviations.map(\.description) }
                == [["Content-Type: the root part is application/xml, not text/xml"]])
    }
}
