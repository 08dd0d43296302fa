/// Takes a `multipart/related` body apart as it arrives. RFC 2046 §5.1, RFC 2387.
///
/// Memory does not depend on the size of a part: what is held back is at most one delimiter. Lines may end in CRLF or LF, a
/// chunk may end anywhere. Refused are: nested multiparts, a line that begins like a delimiter and is none, a missing
/// close delimiter, a root that is not there, and everything beyond ``MIMELimits``.
public struct MultipartParser: Sendable {
    private enum State: Sendable, Hashable {
        case preamble, delimiterLine, headers, body, epilogue
    }

    /// What was tolerated in the message's own `Content-Type`.
    public private(set) var deviations: [Deviation] = []

    private let limits: MIMELimits
    private let search: DelimiterSearch
    private let start: ContentID?
    private var state = State.preamble
    /// Received and not yet handed on. Begins with a line feed of our own, so that a delimiter may be the very first line.
    private var buffer: [UInt8] = [0x0A]
    private var position = 0
    /// The byte at `position` is the line feed before the body and not part of it.
    private var lineFeedFirst = true
    /// How far the header block at `position` has been looked through.
    private var scanned = 0
    private var totalBytes = 0
    private var outsideBytes = 0
    private var partCount = 0
    private var partBytes = 0
    private var partIsRoot = false
    private var hasRoot = false
    private var decoder = TransferDecoder.identity

    /// - Parameter contentType: the message's own, with `boundary` and, if the root is not the first part, `start`.
    /// - Throws: `.mimeMalformed` for another media type, a `type` that is not XML, a boundary that RFC 2046 does not allow.
    public init(contentType: ContentType, limits: MIMELimits = MIMELimits()) throws(EnvelopeError) {
        guard contentType.mediaType == "multipart/related" else {
            throw EnvelopeError(.mimeMalformed, reason: "the message is not multipart/related", place: "Content-Type")
        }
        guard let boundary = contentType["boundary"], Self.isLegal(boundary: boundary) else {
            throw EnvelopeError(.mimeMalformed, reason: "the boundary is missing or illegal", place: "Content-Type")
        }
        if let type = contentType["type"] {
            guard MIMEPart.soapTypes.contains(type.lowercased()) else {
                throw EnvelopeError(.mimeMalformed, reason: "the root's type is not text/xml", place: "Content-Type")
            }
        } else {
            deviations.append(Deviation("the type parameter is missing", at: "Content-Type"))
        }
        if let start = contentType["start"] {
            self.start = try ContentID(headerField: start, noting: &deviations)
        } else {
            deviations.append(Deviation("the start parameter is missing; the first part is the root", at: "Content-Type"))
            self.start = nil
        }
        (self.limits, self.search) = (limits, DelimiterSearch(boundary: boundary))
    }

    /// RFC 2046 §5.1.1: 1–70 characters, no blank at the end.
    public static func isLegal(boundary: String) -> Bool {
        guard (1...70).contains(boundary.utf8.count), boundary.last != " " else { return false }
        return boundary.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: "'()+_,-./:=? ".utf8.contains(byte)
            }
        }
    }

    /// Takes the next bytes of the body.
    public mutating func consume(_ chunk: [UInt8]) throws(EnvelopeError) -> [MIMEEvent] {
        totalBytes += chunk.count
        guard totalBytes <= limits.totalBytes else { throw Self.tooLarge("the message", limits.totalBytes) }
        if buffer.isEmpty { buffer = chunk } else { buffer.append(contentsOf: chunk) }
        var events: [MIMEEvent] = []
        while try step(&events) {}
        if position == buffer.count { buffer.removeAll(keepingCapacity: true) } else { buffer.removeFirst(position) }
        scanned -= position
        position = 0
        return events
    }

    /// To be called where the body ends.
    public mutating func finish() throws(EnvelopeError) -> [MIMEEvent] {
        if state == .delimiterLine { try endDelimiterLine(at: buffer.count) }
        guard state == .epilogue else { throw Self.malformed("the close delimiter is missing: the message is cut off") }
        guard hasRoot else { throw EnvelopeError(.mimePartMissing, reason: "no part is the root that Content-Type names") }
        return []
    }

    /// Goes one step on; false when more bytes are needed for that.
    private mutating func step(_ events: inout [MIMEEvent]) throws(EnvelopeError) -> Bool {
        switch state {
        case .preamble: try skipPreamble()
        case .delimiterLine: try readDelimiterLine()
        case .headers: try readHeaders(&events)
        case .body: try readBody(&events)
        case .epilogue: try skipEpilogue()
        }
    }

    private mutating func skipPreamble() throws(EnvelopeError) -> Bool {
        let found = search.find(in: buffer, from: position)
        let end = found ?? max(position, buffer.count - search.pattern.count)
        try countOutside(end - position)
        position = found.map { $0 + search.pattern.count } ?? end
        if found != nil { state = .delimiterLine }
        return found != nil
    }

    private mutating func skipEpilogue() throws(EnvelopeError) -> Bool {
        try countOutside(buffer.count - position)
        position = buffer.count
        return false
    }

    private mutating func countOutside(_ bytes: Int) throws(EnvelopeError) {
        outsideBytes += bytes
        guard outsideBytes <= limits.outsideBytes else { throw Self.tooLarge("what is outside the parts", limits.outsideBytes) }
    }

    private mutating func readDelimiterLine() throws(EnvelopeError) -> Bool {
        guard let end = buffer[position...].firstIndex(of: 0x0A) else {
            guard buffer.count - position < 256 else { throw Self.malformed("a delimiter line is too long") }
            return false
        }
        try endDelimiterLine(at: end)
        position = min(end + 1, buffer.count)
        scanned = position
        return true
    }

    private mutating func endDelimiterLine(at end: Int) throws(EnvelopeError) {
        var rest = buffer[position..<end]
        let closes = rest.starts(with: "--".utf8)
        if closes { rest = rest.dropFirst(2) }
        guard rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else {
            throw Self.malformed("a line begins with the delimiter and is none")
        }
        guard !closes else {
            state = .epilogue
            return
        }
        guard partCount < limits.parts else { throw Self.tooLarge("the number of parts", limits.parts) }
        state = .headers
    }

    private mutating func readHeaders(_ events: inout [MIMEEvent]) throws(EnvelopeError) -> Bool {
        while let end = buffer[scanned...].firstIndex(of: 0x0A) {
            let line = buffer[scanned..<end]
            if line.isEmpty || (line.count == 1 && line.first == 0x0D) {
                let headers = try MIMEHeaders(parsing: buffer[position..<scanned], limits: limits)
                try beginPart(headers, &events)
                position = end
                return true
            }
            scanned = end + 1
        }
        guard buffer.count - position <= limits.headerBytes else { throw Self.tooLarge("a header block", limits.headerBytes) }
        return false
    }

    private mutating func beginPart(_ headers: MIMEHeaders, _ events: inout [MIMEEvent]) throws(EnvelopeError) {
        let part = try MIMEPart(index: partCount, headers: headers, start: start)
        guard !(part.isRoot && hasRoot) else { throw Self.malformed("two parts have the root's Content-ID") }
        if part.isRoot { hasRoot = true }
        partCount += 1
        (partBytes, partIsRoot) = (0, part.isRoot)
        decoder = TransferDecoder(part.transferEncoding)
        (lineFeedFirst, state) = (true, .body)
        events.append(.partBegan(part))
    }

    private mutating func readBody(_ events: inout [MIMEEvent]) throws(EnvelopeError) -> Bool {
        let start = lineFeedFirst ? position + 1 : position
        guard let found = search.find(in: buffer, from: position) else {
            // A CR and all of the delimiter but its last byte may be here already.
            let end = buffer.count - search.pattern.count
            if end > start {
                try emit(start..<end, &events)
                (position, lineFeedFirst) = (end, false)
            }
            return false
        }
        let end = found > start && buffer[found - 1] == 0x0D ? found - 1 : found
        if end > start { try emit(start..<end, &events) }
        try decoder.finish()
        events.append(.partEnded(length: partBytes))
        position = found + search.pattern.count
        state = .delimiterLine
        return true
    }

    private mutating func emit(_ range: Range<Int>, _ events: inout [MIMEEvent]) throws(EnvelopeError) {
        let bytes = try decoder.decode(buffer, range)
        partBytes += bytes.count
        let limit = partIsRoot ? limits.rootBytes : limits.partBytes
        guard partBytes <= limit else { throw Self.tooLarge("a part", limit) }
        if !bytes.isEmpty { events.append(.partBytes(bytes)) }
    }

    private static func malformed(_ reason: String) -> EnvelopeError { EnvelopeError(.mimeMalformed, reason: reason) }

    private static func tooLarge(_ what: String, _ limit: Int) -> EnvelopeError {
        EnvelopeError(.mimeTooLarge, reason: "\(what) is beyond the limit of \(limit)")
    }
}
