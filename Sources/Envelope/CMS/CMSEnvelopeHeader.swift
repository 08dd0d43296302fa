/// What stands before the content of an EnvelopedData (RFC 5652 §6.1) or AuthEnvelopedData (RFC 5083 §2.1).
///
///     ContentInfo      ::= SEQUENCE { contentType, content [0] EXPLICIT … }
///     EnvelopedData    ::= SEQUENCE { version, originatorInfo [0] OPTIONAL, recipientInfos SET,
///                                     encryptedContentInfo, unprotectedAttrs [1] OPTIONAL }
///     AuthEnvelopedData::= SEQUENCE { version, originatorInfo [0] OPTIONAL, recipientInfos SET,
///                                     authEncryptedContentInfo, authAttrs [1] OPTIONAL, mac OCTET STRING,
///                                     unauthAttrs [2] OPTIONAL }
///     EncryptedContentInfo ::= SEQUENCE { contentType, contentEncryptionAlgorithm, encryptedContent [0] IMPLICIT OPTIONAL }
struct CMSEnvelopeHeader {
    /// A header of more bytes than this is refused. A recipient takes some 600.
    static let longest = 65_536

    /// Where an object ends, counted from the first byte of all.
    struct Frame {
        /// nil when the length is indefinite.
        let end: Int?
        let limit: Int
    }

    let isAuthenticated: Bool
    let recipients: [CMSRecipient]
    let contentType: ObjectIdentifier
    let encryption: CMSAlgorithm
    /// EncryptedContentInfo, the envelope, the explicit tag around it, ContentInfo: from the inside out.
    let frames: [Frame]
    /// The encrypted content, in one piece or in several.
    let content: Frame
    let contentIsInPieces: Bool
    /// How many bytes the header has.
    let length: Int

    var isDefinite: Bool { !contentIsInPieces && frames.allSatisfy { $0.end != nil } }

    /// - Throws: `.incomplete` while the header is not all there.
    init(_ bytes: [UInt8]) throws(BERFailure) {
        var file = BERCursor(bytes, end: nil, limit: .max)
        guard try file.nextTag() == DER.sequence else { throw .malformed("no BER or DER object", at: 0) }
        var contentInfo = try file.enter(DER.sequence, "ContentInfo")
        let type = try contentInfo.element(DER.objectIdentifier, "a content type").objectIdentifier()
        guard type == .envelopedData || type == .authEnvelopedData else {
            throw .profile("\(type.name) is not a payload envelope")
        }
        isAuthenticated = type == .authEnvelopedData
        var explicit = try contentInfo.enter(DER.constructed(0), "the content")
        var envelope = try explicit.enter(DER.sequence, type.name)
        let version = try envelope.element(DER.integer, "a version").smallInteger()
        guard isAuthenticated ? version == 0 : [0, 2, 3, 4].contains(version) else {
            throw .malformed("\(type.name) of version \(version)", at: envelope.position)
        }
        _ = try envelope.optional(DER.constructed(0))
        recipients = try CMSRecipient.all(in: try envelope.element(DER.set, "the recipients"))
        var encrypted = try envelope.enter(DER.sequence, "the encrypted content")
        contentType = try encrypted.element(DER.objectIdentifier, "the type of what is encrypted").objectIdentifier()
        encryption = try CMSAlgorithm(try encrypted.element(DER.sequence, "a content encryption algorithm"))
        guard let tag = try encrypted.nextTag() else { throw .profile("the encrypted content is not in the envelope") }
        contentIsInPieces = tag == DER.constructed(0)
        let content = try encrypted.enter(contentIsInPieces ? tag : DER.context(0), "the encrypted octets")
        self.content = Frame(content)
        frames = [Frame(encrypted), Frame(envelope), Frame(explicit), Frame(contentInfo)]
        length = content.position
        guard length <= Self.longest else { throw .malformed("a header of more than \(Self.longest) bytes", at: length) }
    }
}

extension CMSEnvelopeHeader.Frame {
    init(_ cursor: BERCursor) { self.init(end: cursor.end, limit: cursor.limit) }
}
