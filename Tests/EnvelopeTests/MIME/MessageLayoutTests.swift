import Envelope
import Testing

@Suite("Outgoing MIME")
struct MessageLayoutTests {
    static let soap = Array("<a>\r\nå</a>".utf8)

    @Test("the strict form of the profile, byte for byte")
    func golden() throws {
        let layout = try MessageLayout(
            boundary: "b", soap: Array("<a/>".utf8), rootID: ContentID("r@x"),
            parts: [MessageLayout.Part(contentID: ContentID("p@x"), encoding: .base64, length: 3)])
        let expected = [
            "--b", "Content-Type: text/xml; charset=UTF-8", "Content-ID: <r@x>", "Content-Transfer-Encoding: base64", "",
            "PGEvPg==",
            "--b", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data", "Content-ID: <p@x>",
            "Content-Transfer-Encoding: base64", "", "AQID", "--b--", "",
        ].joined(separator: "\r\n")
        #expect(try String(decoding: layout.encoded(parts: [[1, 2, 3]]), as: UTF8.self) == expected)
        #expect(layout.totalLength == expected.utf8.count)
        #expect(layout.headers.map(\.name) == ["MIME-Version", "SOAPAction", "Content-Type"])
        #expect(layout.contentType == #"multipart/related; type="text/xml"; boundary="b"; start="<r@x>""#)
    }

    @Test("a signal is one part and comes back", arguments: [MessageLayout.Encoding.base64, .binary])
    func signal(encoding: MessageLayout.Encoding) throws {
        let layout = MessageLayout(signal: Self.soap, encoding: encoding)
        let body = try layout.encoded(parts: [])
        #expect(body.count == layout.totalLength)
        let header = layout.headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
        let saved = try SavedMessage(parsing: Array(header.utf8) + body)
        #expect(saved.soap == Self.soap)
        #expect(saved.deviations == [])
    }

    @Test("what cannot be read back is not written") func refused() throws {
        let id = try ContentID("p")
        let part = MessageLayout.Part(contentID: id, encoding: .binary, length: 1)
        #expect(throws: EnvelopeError.self) { try MessageLayout(boundary: "", soap: [], rootID: ContentID("r"), parts: [part]) }
        #expect(throws: EnvelopeError.self) {
            try MessageLayout(boundary: "a\"", soap: [], rootID: ContentID("r"), parts: [part])
        }
        #expect(throws: EnvelopeError.self) { try MessageLayout(boundary: "a", soap: [], rootID: id, parts: [part]) }
        #expect(throws: EnvelopeError.self) { try MessageLayout(boundary: "a", soap: [], rootID: id, parts: []) }
        #expect(throws: EnvelopeError.self) {
            try MessageLayout(
                boundary: "a", soap: Array("x\n--a\n".utf8), rootID: ContentID("r"), rootEncoding: .binary, parts: [part])
        }
        let layout = try MessageLayout(boundary: "a", soap: Self.soap, rootID: ContentID("r"), parts: [part])
        #expect(throws: EnvelopeError(.mimePartMissing, reason: "")) { try layout.encoded(parts: []) }
        #expect(throws: EnvelopeError(.mimePartMissing, reason: "")) { try layout.encoded(parts: [[1, 2]]) }
        let injected = MessageLayout.Part(contentID: id, contentType: "text/plain\r\nX: y", encoding: .binary, length: 1)
        #expect(throws: EnvelopeError.self) {
            try MessageLayout(boundary: "a", soap: [], rootID: ContentID("r"), parts: [injected])
        }
    }
}
