import Envelope
import Foundation

/// What one node tells another beside the words of a dialogue message: an attachment in JSON with a `kind`.
///
/// A person reads the words. Of the rest nothing counts for more than what its verified sender may say about messages that it sent or got.
struct NodeNotice: Sendable {
    enum Content: Sendable {
        case withdrawal(WithdrawalNotice)
        case withdrawalAnswer(WithdrawalReply)
        case family(FamilyNotice)
    }

    static let mediaType = "application/json"
    /// Bytes; what is larger is somebody's file.
    static let largest = 64 << 10

    /// MsgId of the document that it is about (`RefToParent`); empty when it is the first of a conversation.
    let about: String
    let content: Content

    private struct Head: Decodable { let kind: String }

    /// - Parameter parts: as they were decrypted; the first is the document.
    /// - Returns: nil for every other message, and for what cannot be read: people read its words all the same.
    init?(_ summary: DocumentSummary, _ parts: [OpenedMessage.Part], _ vault: PayloadVault) throws {
        guard summary.type.code == MessageType.dialogHelsefaglig.rawValue,
            let attachment = summary.attachments.first(where: { $0.mimeType == Self.mediaType })
        else { return nil }
        var found = attachment.bytes
        if let part = parts.dropFirst().first(where: { $0.contentID == attachment.contentID }),
            part.payload.length <= Self.largest
        {
            found = try vault.bytes(of: part.payload)
        }
        guard let bytes = found, bytes.count <= Self.largest, let content = Self.content(Data(bytes)) else { return nil }
        (about, self.content) = (summary.conversation?.parent ?? "", content)
    }

    private static func content(_ json: Data) -> Content? {
        let decoder = JSONDecoder()
        switch (try? decoder.decode(Head.self, from: json))?.kind {
        case WithdrawalNotice.kind?: return (try? decoder.decode(WithdrawalNotice.self, from: json)).map { .withdrawal($0) }
        case WithdrawalReply.kind?: return (try? decoder.decode(WithdrawalReply.self, from: json)).map { .withdrawalAnswer($0) }
        case FamilyNotice.kind?: return (try? decoder.decode(FamilyNotice.self, from: json)).map { .family($0) }
        default: return nil
        }
    }

    /// The attachment that carries it.
    static func attachment(_ value: some Encodable, titled title: String) throws -> SubmittedAttachment {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return SubmittedAttachment(
            HeldContent(source: .bytes(Array(try encoder.encode(value))), mediaType: mediaType), title: title)
    }
}

/// That the consent which a message relied on was taken back, to whoever has the message.
struct WithdrawalNotice: Sendable, Codable, Hashable {
    static let kind = "samtykke-trukket"

    var kind = Self.kind
    /// `MsgId` of the document, and `eb:MessageId` of the message to this receiver.
    let document: String
    let message: String
    /// When its sender took it, UTC: what is older than its receiver remembers may have been here.
    let sent: String
    let signed: SignedBytes
}

/// What a holder did with it: a ``WithdrawalAnswer``. The signature of the message is the holder's.
struct WithdrawalReply: Sendable, Codable, Hashable {
    static let kind = "svar-paa-trukket-samtykke"

    var kind = Self.kind
    let answer: Data
}
