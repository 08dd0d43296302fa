/// A whole message in memory, as it was saved: a mail (RFC 5322), an HTTP body with or without its header lines, or bare SOAP.
///
/// For `inspect`, for samples and for mail that is fetched whole. A listener uses ``IncomingMessageReader``.
public struct SavedMessage: Sendable, Hashable {
    public struct Part: Sendable, Hashable {
        public let part: MIMEPart
        /// Transfer encoding undone.
        public let bytes: [UInt8]
    }

    /// The message's own fields, a mail's trace fields included. Empty when none were saved.
    public let headers: MIMEHeaders
    public let root: Part
    /// The parts but the root, in their order.
    public let parts: [Part]
    /// What was tolerated in the MIME structure, from the outside in.
    public let deviations: [Deviation]
    /// The SOAP envelope.
    public var soap: [UInt8] { root.bytes }

    public init(parsing bytes: [UInt8], limits: MIMELimits = MIMELimits()) throws(EnvelopeError) {
        var deviations: [Deviation] = []
        let (headers, body) = try Self.split(bytes, limits, noting: &deviations)
        var parser = try MIMEBodyParser(headers: headers, limits: limits)
        var parts: [Part] = []
        var open: (part: MIMEPart, bytes: [UInt8])?
        for event in try parser.consume(body) + parser.finish() {
            switch event {
            case .partBegan(let part): open = (part, [])
            case .partBytes(let bytes): open?.bytes.append(contentsOf: bytes)
            case .partEnded:
                if let open { parts.append(Part(part: open.part, bytes: open.bytes)) }
                open = nil
            }
        }
        guard let root = parts.first(where: \.part.isRoot) else {
            throw EnvelopeError(.mimePartMissing, reason: "the message has no root part")
        }
        (self.headers, self.root) = (headers, root)
        self.parts = parts.filter { !$0.part.isRoot }
        self.deviations = deviations + Self.deviations(inMail: headers) + parser.deviations + parts.flatMap(\.part.deviations)
    }

    /// Fields and body. The fields end at a blank line, or where the first delimiter stands without one before it.
    private static func split(
        _ bytes: [UInt8], _ limits: MIMELimits, noting deviations: inout [Deviation]
    ) throws(EnvelopeError) -> (MIMEHeaders, [UInt8]) {
        let start = bytes.firstIndex { ![0x20, 0x09, 0x0D, 0x0A, 0xEF, 0xBB, 0xBF].contains($0) } ?? bytes.endIndex
        guard start < bytes.endIndex else { throw EnvelopeError(.mimeMalformed, reason: "the message is empty") }
        if bytes[start] == UInt8(ascii: "<") {
            deviations.append(Deviation("bare XML without any MIME header", at: "message"))
            let fields = [("Content-Type", "text/xml"), ("Content-Transfer-Encoding", "binary")]
            return (MIMEHeaders(fields.map { MIMEHeaders.Field(name: $0, value: $1) }), Array(bytes[start...]))
        }
        var line = start
        while line < bytes.endIndex {
            let end = bytes[line...].firstIndex(of: 0x0A) ?? bytes.endIndex
            let content = bytes[line..<end].last == 0x0D ? bytes[line..<(end - 1)] : bytes[line..<end]
            if content.isEmpty {
                let headers = try MIMEHeaders(parsing: bytes[start..<line], limits: limits)
                return (headers, Array(bytes[min(end + 1, bytes.endIndex)...]))
            }
            if content.starts(with: "--".utf8), !content.contains(UInt8(ascii: ":")) || line == start {
                return (try headers(bytes[start..<line], before: content, limits, noting: &deviations), Array(bytes[line...]))
            }
            line = min(end + 1, bytes.endIndex)
        }
        throw EnvelopeError(.mimeMalformed, reason: "the message is nothing but header lines")
    }

    /// The fields of a body that was saved without a blank line before its first delimiter, or without fields at all.
    private static func headers(
        _ block: ArraySlice<UInt8>, before delimiter: ArraySlice<UInt8>, _ limits: MIMELimits,
        noting deviations: inout [Deviation]
    ) throws(EnvelopeError) -> MIMEHeaders {
        deviations.append(Deviation("no blank line before the first delimiter", at: "message"))
        guard block.isEmpty else { return try MIMEHeaders(parsing: block, limits: limits) }
        let boundary = String(decoding: delimiter.dropFirst(2), as: UTF8.self).trimmingBlanks()
        guard MultipartParser.isLegal(boundary: boundary) else {
            throw EnvelopeError(.mimeMalformed, reason: "the first line is neither a header field nor a delimiter")
        }
        return MIMEHeaders([MIMEHeaders.Field(name: "Content-Type", value: "multipart/related; boundary=\"\(boundary)\"")])
    }

    /// What mails have that RFC 5322 does not allow. Nothing is routed on these fields, so nothing is refused.
    private static func deviations(inMail headers: MIMEHeaders) -> [Deviation] {
        var deviations: [Deviation] = []
        if let id = headers["Message-ID"], !(id.hasPrefix("<") && id.hasSuffix(">")) {
            deviations.append(Deviation("the identifier has no angle brackets", at: "Message-ID"))
        }
        if let date = headers["Date"], !hasZone(date) {
            deviations.append(Deviation("the date has no readable zone", at: "Date"))
        }
        if let action = headers["SOAPAction"], action != "\"ebXML\"" {
            deviations.append(Deviation("the value is not \"ebXML\" in quotes", at: "SOAPAction"))
        }
        return deviations
    }

    /// RFC 5322 §3.3: four digits with a sign, or an old name.
    private static func hasZone(_ date: String) -> Bool {
        let words = date.split(separator: " ").filter { !$0.hasPrefix("(") }
        guard words.count >= 5, let zone = words.last else { return false }
        if zone.hasPrefix("+") || zone.hasPrefix("-") { return zone.utf8.count == 5 && zone.dropFirst().allSatisfy(\.isNumber) }
        return zone.allSatisfy(\.isLetter)
    }
}
