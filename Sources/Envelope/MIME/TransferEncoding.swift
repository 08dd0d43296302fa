/// `Content-Transfer-Encoding`. RFC 2045 §6.
public enum TransferEncoding: String, Sendable, CaseIterable {
    case sevenBit = "7bit"
    case eightBit = "8bit"
    case binary
    case base64
    case quotedPrintable = "quoted-printable"

    /// Reads the field; absent means 7bit (RFC 2045 §6.1) and is reported, since the national profile wants it written.
    ///
    /// - Throws: `.transferEncodingUnsupported` for any other word.
    public init(headerField: String?, noting deviations: inout [Deviation]) throws(EnvelopeError) {
        guard let headerField else {
            deviations.append(Deviation("the field is missing; read as 7bit", at: "Content-Transfer-Encoding"))
            self = .sevenBit
            return
        }
        guard let encoding = Self(rawValue: headerField.trimmingBlanks().lowercased()) else {
            throw EnvelopeError(
                .transferEncodingUnsupported, reason: "the transfer encoding is unknown", place: "Content-Transfer-Encoding")
        }
        self = encoding
    }
}

/// Undoes one part's transfer encoding as its bytes arrive.
enum TransferDecoder: Sendable {
    case identity
    case base64(Base64Decoder)
    case quotedPrintable(QuotedPrintableDecoder)

    init(_ encoding: TransferEncoding) {
        switch encoding {
        case .sevenBit, .eightBit, .binary: self = .identity
        case .base64: self = .base64(Base64Decoder())
        case .quotedPrintable: self = .quotedPrintable(QuotedPrintableDecoder())
        }
    }

    mutating func decode(_ bytes: [UInt8], _ range: Range<Int>) throws(EnvelopeError) -> [UInt8] {
        switch self {
        case .identity: return Array(bytes[range])
        case .base64(var decoder):
            self = .identity
            defer { self = .base64(decoder) }
            return try decoder.decode(bytes, range)
        case .quotedPrintable(var decoder):
            self = .identity
            defer { self = .quotedPrintable(decoder) }
            return try decoder.decode(bytes, range)
        }
    }

    /// To be called where the part ends: an encoding that stops in the middle is an error.
    func finish() throws(EnvelopeError) {
        switch self {
        case .identity: return
        case .base64(let decoder): try decoder.finish()
        case .quotedPrintable(let decoder): try decoder.finish()
        }
    }
}
