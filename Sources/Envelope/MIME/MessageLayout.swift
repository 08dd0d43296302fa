/// The bytes of an outgoing message, with holes where the parts go, so that a part of a gigabyte is never in memory.
///
/// Written is the strict form of the national profile: every field present, CRLF, base64 in lines of 76, no preamble.
public struct MessageLayout: Sendable, Hashable {
    /// How a part's bytes stand in the body.
    public enum Encoding: String, Sendable {
        /// As they are: HTTP between partners who agreed on it.
        case binary
        /// Through ``Base64LineEncoder``: mail, and what every system in the country reads.
        case base64

        func encodedLength(of length: Int) -> Int {
            switch self {
            case .binary: length
            case .base64: Base64LineEncoder.encodedLength(of: length)
            }
        }
    }

    /// One payload part that will be put in.
    public struct Part: Sendable, Hashable {
        /// The media type of an encrypted payload.
        public static let encrypted = "application/pkcs7-mime; smime-type=enveloped-data"

        public let contentID: ContentID
        public let contentType: String
        public let encoding: Encoding
        /// Before encoding.
        public let length: Int

        public init(contentID: ContentID, contentType: String = Part.encrypted, encoding: Encoding, length: Int) {
            (self.contentID, self.contentType, self.encoding, self.length) = (contentID, contentType, encoding, length)
        }
    }

    public enum Segment: Sendable, Hashable {
        case bytes([UInt8])
        /// The part of that index, encoded.
        case part(index: Int, encoding: Encoding)
    }

    /// `MIME-Version`, `SOAPAction` and `Content-Type`, for a signal also `Content-Transfer-Encoding`: what goes into the
    /// mail's or the request's header, in this order.
    public let headers: [MIMEHeaders.Field]
    /// The body, in order.
    public let segments: [Segment]
    /// Exact length of the body, encoded parts included.
    public let totalLength: Int
    /// Where the SOAP part begins in the body; nil when it stands there in other bytes than its own.
    public let soapStart: Int?
    public let parts: [Part]

    public var contentType: String { headers.first { $0.name == "Content-Type" }?.value ?? "" }

    /// A payload message.
    ///
    /// - Parameters:
    ///   - boundary: 1–70 characters of RFC 2046, random enough not to occur in a binary part (30 characters are).
    ///   - rootEncoding: base64 is what the profile asks for; binary is for HTTP between partners who agreed on it.
    /// - Throws: `.mimeMalformed` for an illegal boundary, a Content-ID that stands twice, no parts, or SOAP that holds the
    ///   delimiter.
    public init(
        boundary: String, soap: [UInt8], rootID: ContentID, rootEncoding: Encoding = .base64, parts: [Part]
    ) throws(EnvelopeError) {
        guard MultipartParser.isLegal(boundary: boundary) else {
            throw EnvelopeError(.mimeMalformed, reason: "the boundary is illegal")
        }
        guard !parts.isEmpty, Set([rootID] + parts.map(\.contentID)).count == parts.count + 1 else {
            throw EnvelopeError(.mimeMalformed, reason: "there is no part, or two have the same Content-ID")
        }
        let contentTypes = try parts.map { part throws(EnvelopeError) in try ContentType(part.contentType).headerField }
        guard rootEncoding == .base64 || DelimiterSearch(boundary: boundary).find(in: [0x0A] + soap, from: 0) == nil else {
            throw EnvelopeError(.mimeMalformed, reason: "the SOAP part holds the delimiter")
        }
        var segments: [Segment] = []
        var text = Self.partHeader(boundary, "text/xml; charset=UTF-8", rootID, rootEncoding)
        soapStart = rootEncoding == .binary ? text.count : nil
        text += rootEncoding == .base64 ? Base64LineEncoder.encode(soap) : soap
        for (index, part) in parts.enumerated() {
            text += [0x0D, 0x0A] + Self.partHeader(boundary, contentTypes[index], part.contentID, part.encoding)
            segments += [.bytes(text), .part(index: index, encoding: part.encoding)]
            text = []
        }
        segments.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
        let type = "multipart/related; type=\"text/xml\"; boundary=\"\(boundary)\"; start=\"\(rootID.headerField)\""
        (self.segments, self.parts) = (segments, parts)
        headers = Self.headers(type)
        totalLength = Self.length(of: segments, parts)
    }

    /// A signal (Acknowledgment, MessageError): the SOAP envelope is the whole body.
    public init(signal soap: [UInt8], encoding: Encoding) {
        let body = encoding == .base64 ? Base64LineEncoder.encode(soap) + [0x0D, 0x0A] : soap
        headers =
            Self.headers("text/xml; charset=UTF-8") + [
                MIMEHeaders.Field(name: "Content-Transfer-Encoding", value: encoding.rawValue)
            ]
        (segments, parts, totalLength) = ([.bytes(body)], [], body.count)
        soapStart = encoding == .binary ? 0 : nil
    }

    /// The whole body, for small messages.
    ///
    /// - Throws: `.mimePartMissing` unless there is one array for each part, of the length that was announced.
    public func encoded(parts contents: [[UInt8]]) throws(EnvelopeError) -> [UInt8] {
        guard contents.map(\.count) == parts.map(\.length) else {
            throw EnvelopeError(.mimePartMissing, reason: "the parts are not those the layout was made for")
        }
        var body: [UInt8] = []
        body.reserveCapacity(totalLength)
        for segment in segments {
            switch segment {
            case .bytes(let bytes): body += bytes
            case .part(let index, .binary): body += contents[index]
            case .part(let index, .base64): body += Base64LineEncoder.encode(contents[index])
            }
        }
        return body
    }

    private static func headers(_ contentType: String) -> [MIMEHeaders.Field] {
        [
            MIMEHeaders.Field(name: "MIME-Version", value: "1.0"),
            MIMEHeaders.Field(name: "SOAPAction", value: "\"ebXML\""),
            MIMEHeaders.Field(name: "Content-Type", value: contentType),
        ]
    }

    private static func partHeader(
        _ boundary: String, _ contentType: String, _ contentID: ContentID, _ encoding: Encoding
    ) -> [UInt8] {
        let lines = [
            "--\(boundary)", "Content-Type: \(contentType)", "Content-ID: \(contentID.headerField)",
            "Content-Transfer-Encoding: \(encoding.rawValue)", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func length(of segments: [Segment], _ parts: [Part]) -> Int {
        segments.reduce(0) { total, segment in
            switch segment {
            case .bytes(let bytes): total + bytes.count
            case .part(let index, let encoding): total + encoding.encodedLength(of: parts[index].length)
            }
        }
    }
}
