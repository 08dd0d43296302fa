/// What a blob says it is, read without any key. Nothing of it is to be believed.
public struct CMSStructure: Sendable, Hashable {
    public struct Recipient: Sendable, Hashable {
        /// `KeyTransRecipientInfo` and so on.
        public let kind: String
        /// DER `Name` of the issuer in hexadecimal; nil for a recipient named otherwise.
        public let issuer: String?
        /// Upper-case hexadecimal, as ``Certificate/serialNumber``.
        public let serialNumber: String?
        public let subjectKeyIdentifier: String?
        /// A name, or a dotted number when we have none.
        public let keyManagement: String
    }

    /// `EnvelopedData`, `SignedData`, or a dotted number.
    public let contentType: String
    /// Whether it is one of the two kinds of envelope that hold payloads. If not, only `contentType` and `length` say something.
    public let isPayloadEnvelope: Bool
    public let recipients: [Recipient]
    public let contentCipher: String?
    public let encoding: CMSEncoding
    /// Bytes of all of it, of the ciphertext, and of the authentication tag.
    public let length: Int
    public let encryptedContentLength: Int
    public let tagLength: Int?

    /// - Throws: `.cmsMalformed` for what is no complete CMS object.
    public static func inspect(_ bytes: [UInt8]) throws(EnvelopeError) -> CMSStructure {
        do {
            guard let type = try otherType(bytes) else { return try envelope(bytes) }
            return CMSStructure(
                contentType: type.name, isPayloadEnvelope: false, recipients: [], contentCipher: nil,
                encoding: bytes[1] == 0x80 ? .ber : .der, length: bytes.count, encryptedContentLength: 0, tagLength: nil)
        } catch let error as EnvelopeError {
            throw error
        } catch {
            throw (error as? BERFailure ?? .incomplete).final
        }
    }

    /// The content type of a complete object that is no payload envelope; nil when it is one.
    private static func otherType(_ bytes: [UInt8]) throws(BERFailure) -> ObjectIdentifier? {
        var file = BERCursor(bytes, end: bytes.count, limit: bytes.count)
        var contentInfo = try file.enter(DER.sequence, "ContentInfo")
        let type = try contentInfo.element(DER.objectIdentifier, "a content type").objectIdentifier()
        return type == .envelopedData || type == .authEnvelopedData ? nil : type
    }

    private static func envelope(_ bytes: [UInt8]) throws(EnvelopeError) -> CMSStructure {
        var reader = CMSEnvelopeReader()
        var position = 0
        while position < bytes.count {
            let end = min(position + 65_536, bytes.count)
            _ = try reader.update(bytes[position..<end])
            position = end
        }
        _ = try reader.flush()
        let tag = try reader.finish()
        guard let header = reader.header else { throw BERFailure.incomplete.final }
        return CMSStructure(
            contentType: header.isAuthenticated ? ObjectIdentifier.authEnvelopedData.name : ObjectIdentifier.envelopedData.name,
            isPayloadEnvelope: true, recipients: header.recipients.map { Recipient($0) },
            contentCipher: header.encryption.identifier.name, encoding: header.isDefinite ? .der : .ber, length: bytes.count,
            encryptedContentLength: reader.contentLength, tagLength: tag?.count)
    }
}

extension CMSStructure.Recipient {
    init(_ recipient: CMSRecipient) {
        kind =
            switch recipient.kind {
            case .keyTransport: "KeyTransRecipientInfo"
            case .keyAgreement: "KeyAgreeRecipientInfo"
            case .other(let name): name
            }
        keyManagement = recipient.algorithm?.identifier.name ?? "unknown"
        switch recipient.identifier {
        case .issuerAndSerialNumber(let issuer, let serial):
            self.issuer = Self.hexadecimal(issuer)
            let digits = serial.drop { $0 == 0 }
            serialNumber = digits.isEmpty ? "00" : Self.hexadecimal(digits)
            subjectKeyIdentifier = nil
        case .subjectKeyIdentifier(let identifier):
            (issuer, serialNumber, subjectKeyIdentifier) = (nil, nil, Self.hexadecimal(identifier))
        case .none: (issuer, serialNumber, subjectKeyIdentifier) = (nil, nil, nil)
        }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("0123456789ABCDEF")
        return String(bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] })
    }
}
