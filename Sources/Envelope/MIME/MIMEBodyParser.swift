/// Takes the body of a message apart as it arrives: a multipart, or the single `text/xml` part that signals come as.
public struct MIMEBodyParser: Sendable {
    private enum Form: Sendable {
        case multipart(MultipartParser)
        case single(SinglePartParser)
    }

    /// What was tolerated in the message's own header fields.
    public let deviations: [Deviation]
    private var form: Form

    /// - Parameter headers: of the mail or the HTTP request.
    /// - Throws: `.mimeMalformed` when `Content-Type` is missing or neither `multipart/related` nor XML;
    ///   `.transferEncodingUnsupported` when the multipart itself claims an encoding (RFC 2045 §6.4).
    public init(headers: MIMEHeaders, limits: MIMELimits = MIMELimits()) throws(EnvelopeError) {
        guard let field = try headers.single("Content-Type") else {
            throw EnvelopeError(.mimeMalformed, reason: "the field is missing", place: "Content-Type")
        }
        var deviations: [Deviation] = []
        let contentType = try ContentType(field, noting: &deviations)
        if contentType.type == "multipart" {
            try Self.checkOuterEncoding(headers)
            let parser = try MultipartParser(contentType: contentType, limits: limits)
            self.deviations = deviations + parser.deviations
            form = .multipart(parser)
        } else {
            let parser = try SinglePartParser(headers: headers, limits: limits)
            self.deviations = deviations
            form = .single(parser)
        }
    }

    public mutating func consume(_ chunk: [UInt8]) throws(EnvelopeError) -> [MIMEEvent] {
        switch form {
        case .multipart(var parser):
            form = .single(SinglePartParser.none)
            defer { form = .multipart(parser) }
            return try parser.consume(chunk)
        case .single(var parser):
            defer { form = .single(parser) }
            return try parser.consume(chunk)
        }
    }

    /// To be called where the body ends.
    public mutating func finish() throws(EnvelopeError) -> [MIMEEvent] {
        switch form {
        case .multipart(var parser): try parser.finish()
        case .single(var parser): try parser.finish()
        }
    }

    private static func checkOuterEncoding(_ headers: MIMEHeaders) throws(EnvelopeError) {
        var deviations: [Deviation] = []
        switch try TransferEncoding(headerField: headers.single("Content-Transfer-Encoding"), noting: &deviations) {
        case .sevenBit, .eightBit, .binary: return
        case .base64, .quotedPrintable:
            throw EnvelopeError(
                .transferEncodingUnsupported, reason: "the multipart itself is encoded", place: "Content-Transfer-Encoding")
        }
    }
}

/// A body that is one part: the message's header is the part's header.
private struct SinglePartParser: Sendable {
    /// Stands in while the real one is being changed.
    static let none = SinglePartParser()

    private let part: MIMEPart?
    private let limits: MIMELimits
    private var decoder: TransferDecoder
    private var received = 0
    private var decoded = 0
    private var hasBegun = false

    private init() { (part, limits, decoder) = (nil, MIMELimits(), .identity) }

    init(headers: MIMEHeaders, limits: MIMELimits) throws(EnvelopeError) {
        let part = try MIMEPart(index: 0, headers: headers, start: nil)
        (self.part, self.limits, self.decoder) = (part, limits, TransferDecoder(part.transferEncoding))
    }

    mutating func consume(_ chunk: [UInt8]) throws(EnvelopeError) -> [MIMEEvent] {
        received += chunk.count
        let bytes = try decoder.decode(chunk, 0..<chunk.count)
        decoded += bytes.count
        guard received <= limits.totalBytes, decoded <= limits.rootBytes else {
            throw EnvelopeError(.mimeTooLarge, reason: "the message is beyond the limit of \(limits.rootBytes)")
        }
        return begin() + (bytes.isEmpty ? [] : [.partBytes(bytes)])
    }

    mutating func finish() throws(EnvelopeError) -> [MIMEEvent] {
        try decoder.finish()
        return begin() + [.partEnded(length: decoded)]
    }

    private mutating func begin() -> [MIMEEvent] {
        guard !hasBegun, let part else { return [] }
        hasBegun = true
        return [.partBegan(part)]
    }
}
