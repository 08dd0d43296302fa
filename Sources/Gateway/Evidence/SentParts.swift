import Envelope
import Foundation

/// The parts of a message as they went out, read back from its stored bytes, transfer encoding undone: what the signature's
/// `cid:` references are digests of.
struct SentParts {
    /// More than this is not read into memory for an export.
    static let limit = 64 << 20

    private(set) var parts: [(uri: String, file: String, bytes: [UInt8])] = []

    /// - Throws: when a spooled part is not there any more, or there is too much of it.
    init(_ wire: WireMessage, spool: Spool, at place: String) throws {
        guard wire.length <= Self.limit else {
            throw StoreError(.notFound, reason: "the parts have \(wire.length) bytes; an export takes at most \(Self.limit)")
        }
        var reader = try IncomingMessageReader(
            headers: MIMEHeaders(wire.headers.map { MIMEHeaders.Field(name: $0.name, value: $0.value) }))
        var ids: [ContentID] = []
        var contents: [[UInt8]] = []
        var body = WireBody(wire, spool: spool)
        while let piece = try body.next() {
            for event in try reader.consume(piece) {
                switch event {
                case .partBegan(_, let contentID):
                    ids.append(contentID)
                    contents.append([])
                case .bytes(let bytes): contents[contents.count - 1] += bytes
                case .partEnded: break
                }
            }
        }
        _ = try reader.finish()
        for (index, id) in ids.enumerated() {
            // Our own Content-IDs hold nothing that a shell reads; another's would not go into a script.
            guard id.uri.utf8.allSatisfy({ Self.isPlain($0) }) else { continue }
            parts.append((id.uri, "part-\(index + 1).cms", contents[index]))
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: Array(".:@-_%".utf8).contains(byte)
        }
    }
}
