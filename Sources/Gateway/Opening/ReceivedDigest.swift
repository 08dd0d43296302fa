import Envelope
import Foundation
import Native

/// What tells a repeat from another message of the same id. Column `received.digest`.
struct ReceivedDigest: Sendable, Hashable {
    /// Of the signed SOAP part, byte for byte.
    let envelope: [UInt8]
    /// Of what the message is, however often it is signed: parties, agreement, conversation, purpose, and every part. nil for
    /// messages that were received before there was one.
    let content: [UInt8]?

    init(_ message: VerifiedMessage) {
        envelope = Digest.of(message.evidence, .sha256)
        content = Digest.of(Self.identity(of: message), .sha256)
    }

    init(stored: Data) {
        envelope = Array(stored.prefix(32))
        content = stored.count > 32 ? Array(stored.dropFirst(32)) : nil
    }

    var bytes: [UInt8] { envelope + (content ?? []) }

    func isSameContent(as other: ReceivedDigest) -> Bool {
        envelope == other.envelope || (content != nil && content == other.content)
    }

    /// Each field with its length before it, so that no two messages run together to the same bytes.
    private static func identity(of message: VerifiedMessage) -> [UInt8] {
        let header = message.header
        var bytes: [UInt8] = []
        func append(_ field: some Collection<UInt8>) {
            withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes += $0 }
            bytes += field
        }
        for party in [header.from, header.to] {
            for text in [party.herID, party.organisationNumber] { append((text ?? "").utf8) }
        }
        for text in [
            header.messageID, header.cpaID, header.conversationID, header.service.name, header.action,
            header.messageData.refToMessageID ?? "",
        ] { append(text.utf8) }
        for part in message.parts { append(part.sha256) }
        return bytes
    }
}
