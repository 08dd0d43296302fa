/// Walks through BER objects that lie in memory, perhaps not to their end yet. X.690 §8.
///
/// Reads less than BER allows: tag numbers up to 30, lengths up to 2^56, sixteen levels. Everything that would reach past the
/// enclosing object is refused before it is asked for, so nothing is ever allocated for a length that is only claimed.
struct BERCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    /// Where the object ends that this cursor walks through; nil when its length is indefinite.
    let end: Int?
    /// Where the nearest object of definite length around it ends.
    let limit: Int
    private let depth: Int

    static let deepest = 16

    init(_ bytes: [UInt8], position: Int = 0, end: Int?, limit: Int, depth: Int = 0) {
        (self.bytes, self.position, self.end, self.limit, self.depth) = (bytes, position, end, limit, depth)
    }

    struct Header {
        let tag: UInt8
        /// nil when indefinite.
        let length: Int?
    }

    /// Whether nothing follows in this object. Does not step over an end-of-contents marker.
    func isAtEnd() throws(BERFailure) -> Bool {
        if let end { return position == end }
        return try byte(at: position) == 0
    }

    /// The next tag; nil at the end.
    func nextTag() throws(BERFailure) -> UInt8? { try isAtEnd() ? nil : try byte(at: position) }

    private func byte(at offset: Int) throws(BERFailure) -> UInt8 {
        guard offset < min(end ?? limit, limit) else { throw .malformed("an object reaches beyond what it is in", at: offset) }
        guard offset < bytes.count else { throw .incomplete }
        return bytes[offset]
    }

    private mutating func take() throws(BERFailure) -> UInt8 {
        let byte = try byte(at: position)
        position += 1
        return byte
    }

    /// Identifier and length octets; the cursor stands on the contents then.
    mutating func header() throws(BERFailure) -> Header {
        let start = position
        let tag = try take()
        guard tag & 0x1F != 0x1F else { throw .malformed("a tag number above 30", at: start) }
        guard tag != 0 else { throw .malformed("an end where none can be", at: start) }
        let first = try take()
        if first == 0x80 {
            guard tag & 0x20 != 0 else { throw .malformed("a primitive object of indefinite length", at: start) }
            return Header(tag: tag, length: nil)
        }
        guard first > 0x80 else { return try checked(Header(tag: tag, length: Int(first)), at: start) }
        let count = Int(first & 0x7F)
        var length = 0
        for _ in 0..<count {
            guard length < 1 << 48 else { throw .malformed("a length beyond all measure", at: start) }
            length = length << 8 | Int(try take())
        }
        guard count <= 8 else { throw .malformed("a length in \(count) octets", at: start) }
        return try checked(Header(tag: tag, length: length), at: start)
    }

    private func checked(_ header: Header, at start: Int) throws(BERFailure) -> Header {
        guard (header.length ?? 0) <= min(end ?? limit, limit) - position else {
            throw .malformed("an object reaches beyond what it is in", at: start)
        }
        return header
    }

    /// Enters the next object, which must have that tag and may end beyond the bytes there are.
    mutating func enter(_ tag: UInt8, _ name: String) throws(BERFailure) -> BERCursor {
        let start = position
        let header = try expected(tag, name)
        guard depth < Self.deepest else { throw .malformed("nested deeper than \(Self.deepest) levels", at: start) }
        let end = header.length.map { position + $0 }
        return BERCursor(bytes, position: position, end: end, limit: end ?? min(self.end ?? limit, limit), depth: depth + 1)
    }

    private mutating func expected(_ tag: UInt8, _ name: String) throws(BERFailure) -> Header {
        guard let next = try nextTag() else { throw .malformed("no \(name)", at: position) }
        guard next == tag else { throw .malformed("another object where \(name) belongs", at: position) }
        return try header()
    }

    /// The next object as a whole.
    mutating func element() throws(BERFailure) -> BERElement {
        let start = position
        let header = try header()
        let contentsStart = position
        if let length = header.length {
            guard length <= bytes.count - position else { throw .incomplete }
            position += length
            return BERElement(
                tag: header.tag, offset: start, bytes: bytes[start..<position], place: contentsStart..<position)
        }
        guard depth < Self.deepest else { throw .malformed("nested deeper than \(Self.deepest) levels", at: start) }
        var inside = BERCursor(bytes, position: position, end: nil, limit: min(end ?? limit, limit), depth: depth + 1)
        while try !inside.isAtEnd() { try inside.skip() }
        let place = contentsStart..<inside.position
        try inside.leave()
        position = inside.position
        return BERElement(tag: header.tag, offset: start, bytes: bytes[start..<position], place: place)
    }

    mutating func element(_ tag: UInt8, _ name: String) throws(BERFailure) -> BERElement {
        guard let next = try nextTag() else { throw .malformed("no \(name)", at: position) }
        guard next == tag else { throw .malformed("another object where \(name) belongs", at: position) }
        return try element()
    }

    /// The next object if it has that tag.
    mutating func optional(_ tag: UInt8) throws(BERFailure) -> BERElement? {
        try nextTag() == tag ? try element() : nil
    }

    private mutating func skip() throws(BERFailure) {
        let start = position
        let header = try header()
        if let length = header.length {
            guard length <= bytes.count - position else { throw .incomplete }
            position += length
            return
        }
        guard depth < Self.deepest else { throw .malformed("nested deeper than \(Self.deepest) levels", at: start) }
        var inside = BERCursor(bytes, position: position, end: nil, limit: limit, depth: depth + 1)
        while try !inside.isAtEnd() { try inside.skip() }
        try inside.leave()
        position = inside.position
    }

    /// Steps over the end of this object; anything else there is refused.
    mutating func leave() throws(BERFailure) {
        if let end {
            guard position == end else { throw .malformed("more in an object than belongs there", at: position) }
            return
        }
        guard try take() == 0, try take() == 0 else { throw .malformed("more in an object than belongs there", at: position) }
    }
}

/// One complete object.
struct BERElement {
    let tag: UInt8
    let offset: Int
    /// As it stands, header and all.
    fileprivate let bytes: ArraySlice<UInt8>
    /// Of the contents, without an end-of-contents marker.
    fileprivate let place: Range<Int>

    /// Without an end-of-contents marker. A copy, as ``raw`` is: most objects are asked for one of the two, once.
    var contents: [UInt8] { Array(bytes[place]) }
    /// As it stands, header and all.
    var raw: [UInt8] { Array(bytes) }

    /// Into a constructed object. `depth` starts anew: what is in memory is bounded already, and is entered by name only.
    func cursor() -> BERCursor {
        BERCursor(contents, end: place.count, limit: place.count, depth: BERCursor.deepest / 2)
    }

    /// Of an OCTET STRING, however it is tagged, in one piece or in several.
    func octets() throws(BERFailure) -> [UInt8] {
        guard tag & 0x20 != 0 else { return contents }
        var (inside, octets) = (cursor(), [UInt8]())
        while try !inside.isAtEnd() { octets += try inside.element(DER.octetString, "a piece of an octet string").contents }
        return octets
    }

    func objectIdentifier() throws(BERFailure) -> ObjectIdentifier {
        guard let last = bytes[place].last, last & 0x80 == 0 else { throw .malformed("an empty object identifier", at: offset) }
        return ObjectIdentifier(contents: contents)
    }

    /// A number from 0 to 255.
    func smallInteger() throws(BERFailure) -> UInt8 {
        let contents = contents
        guard contents.count == 1 || contents.count == 2 && contents[0] == 0, let last = contents.last,
            contents.count == 2 || last < 0x80
        else { throw .malformed("a number out of range", at: offset) }
        return last
    }
}
