import Envelope
import Foundation
import TestSupport
import Testing

@Suite("A message on its way")
struct WireTests {
    static let payloads: [[UInt8]] = [Array("the first part".utf8), Array("the second part".utf8)]

    static func body(_ encoding: MessageLayout.Encoding) throws -> (headers: MIMEHeaders, bytes: [UInt8]) {
        let layout = try MessageLayout(
            boundary: "=_sagene_2", soap: EbXMLExample.seal(payloads).soap, rootID: ContentID("soap@sagene.invalid"),
            rootEncoding: encoding,
            parts: payloads.enumerated().map { index, payload in
                MessageLayout.Part(contentID: try EbXMLExample.contentID(index), encoding: encoding, length: payload.count)
            })
        return (MIMEHeaders(layout.headers), try layout.encoded(parts: payloads))
    }

    struct Opened: Equatable {
        let header: MessageHeader
        let content: EbXMLMessage.Content
        /// By Content-ID.
        let payloads: [ContentID: [UInt8]]
    }

    /// What a receiver has after verification; nil when it refuses.
    static func open(_ bytes: [UInt8], _ headers: MIMEHeaders, _ signer: ValidatedCertificate) -> Opened? {
        do {
            var reader = try IncomingMessageReader(headers: headers)
            var spool: [[UInt8]] = []
            for event in try reader.consume(bytes) {
                switch event {
                case .partBegan: spool.append([])
                case .bytes(let bytes): spool[spool.count - 1] += bytes
                case .partEnded: break
                }
            }
            let verified = try SignatureVerifier.verify(reader.finish(), signedBy: signer)
            let payloads = verified.parts.map { ($0.contentID, spool[$0.index]) }
            return Opened(
                header: verified.header, content: verified.content, payloads: Dictionary(payloads) { first, _ in first })
        } catch {
            return nil
        }
    }

    @Test(
        "one byte changed anywhere on the wire is refused, or changes nothing",
        arguments: [(MessageLayout.Encoding.base64, 17), (.binary, 13)])
    func everyByte(encoding: MessageLayout.Encoding, stride step: Int) throws {
        let signer = try EbXMLExample.validated(EbXMLExample.sender)
        let (headers, bytes) = try Self.body(encoding)
        let genuine = try #require(Self.open(bytes, headers, signer))
        #expect(genuine.payloads.values.sorted { $0.count < $1.count } == Self.payloads)
        // Every byte of the parts after the SOAP part, where Content-IDs are, and a sample of the rest.
        let tail = try #require(bytes.firstRange(of: Array("part-0@sagene.invalid>".utf8))).lowerBound
        for position in Array(stride(from: 0, to: tail, by: step)) + Array(tail..<bytes.count) {
            var changed = bytes
            changed[position] ^= 0x04
            if let opened = Self.open(changed, headers, signer) { #expect(opened == genuine, "at byte \(position)") }
        }
    }

    @Test("two parts that change names are refused") func renamed() throws {
        let (headers, bytes) = try Self.body(.binary)
        let text = String(decoding: bytes, as: UTF8.self)
        let swapped = text.replacingOccurrences(of: "<part-0@", with: "<part-x@")
            .replacingOccurrences(of: "<part-1@", with: "<part-0@").replacingOccurrences(of: "<part-x@", with: "<part-1@")
        #expect(swapped != text)
        #expect(Self.open(Array(swapped.utf8), headers, try EbXMLExample.validated(EbXMLExample.sender)) == nil)
    }

    @Test("a message that is cut off anywhere is refused", arguments: [3, 4, 5, 12, 20, 40, 80, 150, 300, 3000])
    func cutOff(missing: Int) throws {
        let (headers, bytes) = try Self.body(.base64)
        // Two bytes less, the line end after the close delimiter, are not missed.
        #expect(Self.open(Array(bytes.dropLast(missing)), headers, try EbXMLExample.validated(EbXMLExample.sender)) == nil)
    }

    @Test("a part without Content-ID cannot be signed, and is refused") func anonymous() throws {
        let (headers, bytes) = try Self.body(.binary)
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
            of: "Content-ID: <part-1@sagene.invalid>\r\n", with: "")
        var reader = try IncomingMessageReader(headers: headers)
        #expect(throws: EnvelopeError(.partUnsigned, reason: "")) { _ = try reader.consume(Array(text.utf8)) }
    }
}
