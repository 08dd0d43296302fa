/// Takes an envelope apart while it arrives: chunks in, slices of ciphertext out, in constant memory.
///
/// Keeps the header until it is complete and what follows the content until ``finish()``; both are bounded. It knows no key.
struct CMSEnvelopeReader {
    private enum State {
        case header
        case content(remaining: Int)
        case betweenPieces
        case trailer
    }

    /// nil until it has been read.
    private(set) var header: CMSEnvelopeHeader?
    /// How many bytes of ciphertext there were so far.
    private(set) var contentLength = 0
    private var state = State.header
    /// Header or trailer, or the beginning of a piece's header.
    private var kept: [UInt8] = []
    /// How many bytes have left `kept`.
    private var position = 0
    /// Trying again for every byte would take time in the square of the header.
    private var nextAttempt = 1024

    /// - Returns: the ciphertext in `chunk`, in order. Every slice belongs to one array.
    mutating func update(_ chunk: ArraySlice<UInt8>) throws(EnvelopeError) -> [ArraySlice<UInt8>] {
        guard header == nil else { return try pass(chunk) }
        kept += chunk
        guard kept.count >= nextAttempt else { return [] }
        return try attempt()
    }

    /// Ends the header phase if it can be ended, whatever the size so far.
    ///
    /// - Throws: `.cmsMalformed` when nothing more can make a header of this.
    mutating func flush() throws(EnvelopeError) -> [ArraySlice<UInt8>] { header == nil ? try attempt() : [] }

    private mutating func attempt() throws(EnvelopeError) -> [ArraySlice<UInt8>] {
        guard let header = try read() else {
            nextAttempt = kept.count * 2
            return []
        }
        self.header = header
        let rest = kept[header.length...]
        (kept, position) = ([], header.length)
        state = header.contentIsInPieces ? .betweenPieces : .content(remaining: (header.content.end ?? position) - position)
        return try pass(rest)
    }

    private func read() throws(EnvelopeError) -> CMSEnvelopeHeader? {
        do {
            return try CMSEnvelopeHeader(kept)
        } catch .incomplete where kept.count <= CMSEnvelopeHeader.longest {
            return nil
        } catch .incomplete {
            throw EnvelopeError(.cmsMalformed, reason: "a header of more than \(CMSEnvelopeHeader.longest) bytes")
        } catch {
            throw error.final
        }
    }

    private mutating func pass(_ chunk: ArraySlice<UInt8>) throws(EnvelopeError) -> [ArraySlice<UInt8>] {
        var (rest, slices) = (chunk, [ArraySlice<UInt8>]())
        while true {
            switch state {
            case .content(let remaining):
                let taken = rest.prefix(remaining)
                if !taken.isEmpty { slices.append(taken) }
                rest = rest.dropFirst(taken.count)
                (position, contentLength) = (position + taken.count, contentLength + taken.count)
                guard taken.count == remaining else {
                    state = .content(remaining: remaining - taken.count)
                    return slices
                }
                state = header?.contentIsInPieces == true ? .betweenPieces : .trailer
            case .betweenPieces:
                guard try enterPiece(&rest) else { return slices }
            case .trailer:
                kept += rest
                guard kept.count <= CMSEnvelopeHeader.longest else {
                    throw EnvelopeError(.cmsMalformed, reason: "too much after the content", place: "byte \(position)")
                }
                return slices
            case .header: return slices
            }
        }
    }

    /// Reads the header of the next piece, or the end of the pieces; false when that takes more bytes.
    private mutating func enterPiece(_ rest: inout ArraySlice<UInt8>) throws(EnvelopeError) -> Bool {
        guard let content = header?.content else { return false }
        if position == content.end {
            state = .trailer
            return true
        }
        while true {
            switch try piece(content) {
            case .ended:
                guard content.end == nil else { throw malformed("an end where none can be") }
                (position, state, kept) = (position + 2, .trailer, [])
                return true
            case .content(let length):
                (position, state) = (position + kept.count, .content(remaining: length))
                kept.removeAll(keepingCapacity: true)
                guard length <= (content.end ?? content.limit) - position else {
                    throw malformed("a piece reaches beyond what it is in")
                }
                return true
            case .incomplete:
                guard let byte = rest.popFirst() else { return false }
                kept.append(byte)
                guard position + kept.count <= (content.end ?? content.limit) else {
                    throw malformed("a piece reaches beyond what it is in")
                }
            }
        }
    }

    private enum Piece { case incomplete, ended, content(Int) }

    /// What `kept` says: `04 length`, or `00 00`.
    private func piece(_ content: CMSEnvelopeHeader.Frame) throws(EnvelopeError) -> Piece {
        guard let tag = kept.first else { return .incomplete }
        guard tag == DER.octetString || tag == 0 else { throw malformed("a piece of the content that is no octet string") }
        guard kept.count > 1 else { return .incomplete }
        if tag == 0 {
            guard kept[1] == 0 else { throw malformed("an end that is none") }
            return .ended
        }
        guard kept[1] > 0x7F else { return .content(Int(kept[1])) }
        let count = Int(kept[1] & 0x7F)
        guard (1...7).contains(count) else { throw malformed("a piece of no usable length") }
        guard kept.count == 2 + count else { return .incomplete }
        return .content(kept.dropFirst(2).reduce(0) { $0 << 8 | Int($1) })
    }

    private func malformed(_ reason: String) -> EnvelopeError {
        EnvelopeError(.cmsMalformed, reason: reason, place: "byte \(position)")
    }

    /// Reads what follows the content, to the very last byte.
    ///
    /// - Returns: the authentication tag of an AuthEnvelopedData, whatever its length; nil for EnvelopedData.
    /// - Throws: `.cmsMalformed` when something is missing or left over; `.cmsProfile` for authenticated attributes, which would
    ///   have to be known before the content that stands before them.
    func finish() throws(EnvelopeError) -> [UInt8]? {
        guard case .trailer = state, let header else { throw BERFailure.incomplete.final }
        do {
            return try readTrailer(header)
        } catch {
            throw error.final
        }
    }

    private func readTrailer(_ header: CMSEnvelopeHeader) throws(BERFailure) -> [UInt8]? {
        var at = 0
        func cursor(_ frame: CMSEnvelopeHeader.Frame) -> BERCursor {
            BERCursor(kept, position: at, end: frame.end.map { $0 - position }, limit: min(frame.limit - position, kept.count))
        }
        func leave(_ cursor: BERCursor) throws(BERFailure) {
            var cursor = cursor
            try cursor.leave()
            at = cursor.position
        }
        try leave(cursor(header.frames[0]))
        var envelope = cursor(header.frames[1])
        var tag: [UInt8]?
        if header.isAuthenticated {
            guard try envelope.optional(DER.constructed(1)) == nil else {
                throw .profile("authenticated attributes cannot be streamed and are not used")
            }
            tag = try envelope.element(DER.octetString, "an authentication tag").octets()
            _ = try envelope.optional(DER.constructed(2))
        } else {
            _ = try envelope.optional(DER.constructed(1))
        }
        try leave(envelope)
        try leave(cursor(header.frames[2]))
        try leave(cursor(header.frames[3]))
        guard at == kept.count else { throw .malformed("bytes after the object", at: position + at) }
        return tag
    }
}
