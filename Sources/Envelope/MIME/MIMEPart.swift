/// What the header of one part says. Its bytes come as events.
public struct MIMEPart: Sendable, Hashable {
    /// Position in the message, from 0.
    public let index: Int
    public let headers: MIMEHeaders
    public let contentType: ContentType
    public let contentID: ContentID?
    public let transferEncoding: TransferEncoding
    /// Whether this is the part the message is about (SOAP): the one `start` names, or the first. RFC 2387 §3.2.
    public let isRoot: Bool
    public let deviations: [Deviation]
}

/// What a body turns out to hold, in order. The bytes of one part come in any number of pieces.
public enum MIMEEvent: Sendable, Hashable {
    case partBegan(MIMEPart)
    /// Transfer encoding undone. Never empty.
    case partBytes([UInt8])
    /// - Parameter length: bytes of the part, transfer encoding undone.
    case partEnded(length: Int)
}

extension MIMEPart {
    /// The media types under which SOAP comes; the first is what is written.
    static let soapTypes = ["text/xml", "application/xml"]

    /// Reads a part's own header.
    ///
    /// - Parameter start: the root's Content-ID, nil for the first part.
    /// - Throws: `.mimeMalformed` for a nested multipart, a root that is not XML, or a field that stands twice.
    init(index: Int, headers: MIMEHeaders, start: ContentID?) throws(EnvelopeError) {
        var deviations: [Deviation] = []
        let contentID = try headers.single("Content-ID").map { value throws(EnvelopeError) in
            try ContentID(headerField: value, noting: &deviations)
        }
        let isRoot = start.map { $0 == contentID } ?? (index == 0)
        let field = try headers.single("Content-Type")
        if field == nil { deviations.append(Deviation("the field is missing", at: "Content-Type")) }
        let contentType = try ContentType(field ?? (isRoot ? "text/xml" : "application/octet-stream"), noting: &deviations)
        guard contentType.type != "multipart" else {
            throw EnvelopeError(.mimeMalformed, reason: "a part is a multipart itself", place: "part \(index)")
        }
        if isRoot {
            try Self.checkRoot(contentType, noting: &deviations)
            if index > 0 { deviations.append(Deviation("the root is not the first part", at: "part \(index)")) }
        }
        self.transferEncoding = try TransferEncoding(
            headerField: headers.single("Content-Transfer-Encoding"), noting: &deviations)
        (self.index, self.headers, self.contentType, self.contentID) = (index, headers, contentType, contentID)
        (self.isRoot, self.deviations) = (isRoot, deviations)
    }

    private static func checkRoot(_ type: ContentType, noting deviations: inout [Deviation]) throws(EnvelopeError) {
        guard soapTypes.contains(type.mediaType) else {
            throw EnvelopeError(.mimeMalformed, reason: "the root part is not text/xml", place: "Content-Type")
        }
        if type.mediaType != soapTypes[0] {
            deviations.append(Deviation("the root part is \(type.mediaType), not text/xml", at: "Content-Type"))
        }
        guard let charset = type["charset"]?.lowercased() else { return }
        guard ["utf-8", "us-ascii"].contains(charset) else {
            throw EnvelopeError(.mimeMalformed, reason: "the root part's charset is not UTF-8", place: "Content-Type")
        }
    }
}
