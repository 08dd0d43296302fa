import Envelope
import Testing

@Suite("RFC 2045 §6 transfer encodings")
struct TransferEncodingTests {
    /// A reproducible stream of bytes that are not the same.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test("base64 of every length comes back, in pieces of every size", arguments: 0..<130)
    func base64(count: Int) throws {
        let bytes = Self.bytes(count, seed: UInt64(count + 1))
        let text = Base64LineEncoder.encode(bytes)
        #expect(text.count == Base64LineEncoder.encodedLength(of: count))
        #expect(text.split(separator: 0x0A).allSatisfy { $0.count <= 77 })
        #expect(try Base64Decoder.decode(text) == bytes)
        for size in [1, 2, 3, 5, 57, 58] {
            var (encoder, decoder) = (Base64LineEncoder(), Base64Decoder())
            var (encoded, decoded): ([UInt8], [UInt8]) = ([], [])
            for start in stride(from: 0, to: count, by: size) {
                encoded += encoder.encode(Array(bytes[start..<min(start + size, count)]))
            }
            encoded += encoder.finish()
            #expect(encoded == text)
            for start in stride(from: 0, to: text.count, by: size) {
                decoded += try decoder.decode(text, start..<min(start + size, text.count))
            }
            try decoder.finish()
            #expect(decoded == bytes)
        }
    }

    @Test("white space anywhere is skipped") func whiteSpace() throws {
        #expect(try Base64Decoder.decode(Array(" Y\r\nW\tJ j\n\n".utf8)) == Array("abc".utf8))
        #expect(try Base64Decoder.decode(Array("YQ=\r\n= \r\n".utf8)) == Array("a".utf8))
    }

    @Test(
        "base64 refused",
        arguments: [
            "Y", "YW", "YWJ", "YQ=", "Y===", "YQ==YQ==", "YQ==Y", "YWJj=", "YW*j", "YW-_", "=", "YR==", "YWK=", "YWJj\u{0}",
            "&#xD;",
        ])
    func malformed(text: String) {
        #expect(throws: EnvelopeError(.transferEncodingMalformed, reason: "")) { try Base64Decoder.decode(Array(text.utf8)) }
    }

    @Test(
        "quoted-printable is undone",
        arguments: [
            ("a=C3=A5b", "aåb"), ("a=\r\nb", "ab"), ("a= \t\nb", "ab"), ("a  \r\nb", "a\r\nb"), ("=3d=3D", "=="),
            ("a =\n b", "a  b"), ("a=", "a"),
        ])
    func quotedPrintable(text: String, decoded: String) throws {
        let message = "Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\(text)"
        #expect(try SavedMessage(parsing: Array(message.utf8)).soap == Array(decoded.utf8))
    }

    @Test("quoted-printable refused", arguments: ["=4", "=XY", "=4X", "= x", "å", "a\u{1}b"])
    func quotedPrintableMalformed(text: String) {
        let message = "Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\(text)"
        #expect(throws: EnvelopeError(.transferEncodingMalformed, reason: "")) { try SavedMessage(parsing: Array(message.utf8)) }
    }

    @Test("an unknown encoding is refused") func unknown() {
        let message = "Content-Type: text/xml\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\na"
        #expect(throws: EnvelopeError(.transferEncodingUnsupported, reason: "")) {
            try SavedMessage(parsing: Array(message.utf8))
        }
    }
}
