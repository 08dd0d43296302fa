#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a document may cost before it is given to the parser.
///
/// libxml2 2.9 spends 21 s on one element with 50 000 attributes, and its own limits do not cover that, so these are
/// checked by a byte scan first.
package struct XMLLimits: Sendable, Hashable {
    /// Whole document, bytes.
    package var bytes: Int
    /// Bytes between `<` and `>` of one tag.
    package var tagBytes: Int
    /// Elements inside one another.
    package var depth: Int
    /// Elements of the whole document: a tree takes some thirty times the memory of the tags `<a/>` it is made from.
    package var elements: Int

    package init(bytes: Int = 64 << 20, tagBytes: Int = 64 << 10, depth: Int = 100, elements: Int = 1_000_000) {
        (self.bytes, self.tagBytes, self.depth, self.elements) = (bytes, tagBytes, depth, elements)
    }
}

extension XMLLimits {
    /// Encodings whose markup characters are the ASCII bytes, which is what the scan relies on.
    private static let encodings = [
        "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252",
    ].map { Array($0.utf8) }
    /// UTF-16 and UTF-32 with a mark, and EBCDIC, which libxml2 recognises by itself.
    private static let marks: [[UInt8]] = [[0xFE, 0xFF], [0xFF, 0xFE], [0x4C, 0x6F, 0xA7, 0x94]]
    private static let encodingKey = Array("encoding".utf8)
    /// As most documents begin: nothing to look for in it.
    private static let usualDeclarations = ["UTF-8", "utf-8"].map { Array(#"<?xml version="1.0" encoding="\#($0)"?>"#.utf8) }

    /// Refuses what must not reach the parser. One pass, no allocation per node.
    ///
    /// - Throws: ``NativeError`` `.xmlRefused` for a DOCTYPE, a foreign encoding, too many bytes, too deep, too long a tag.
    package func check(_ document: [UInt8]) throws(NativeError) {
        guard document.count <= bytes else {
            throw NativeError(.xmlRefused, reason: "the document has \(document.count) bytes; at most \(bytes) are read")
        }
        // A NUL is UTF-16 or UTF-32 without a mark.
        if document.prefix(4).contains(0) || Self.marks.contains(where: { document.starts(with: $0) }) {
            throw Self.foreignEncoding
        }
        try checkDeclaredEncoding(document)
        try scan(document)
    }

    private func checkDeclaredEncoding(_ document: [UInt8]) throws(NativeError) {
        if Self.usualDeclarations.contains(where: { document.starts(with: $0) }) { return }
        let start = document.starts(with: [0xEF, 0xBB, 0xBF]) ? document.dropFirst(3) : document[...]
        // The parser's own rule: five characters and a blank, at the very start. A style sheet's `<?xml-` is something else.
        guard start.starts(with: "<?xml".utf8), let blank = start.dropFirst(5).first, [0x20, 0x09, 0x0A, 0x0D].contains(blank)
        else { return }
        let head = Array(start.prefix(200))
        guard
            let end = head.indices.dropLast().first(where: { head[$0] == UInt8(ascii: "?") && head[$0 + 1] == UInt8(ascii: ">") })
        else {
            // A declaration that is longer could name its encoding beyond what is looked at.
            throw NativeError(.xmlRefused, reason: "the XML declaration does not end within 200 bytes")
        }
        let named = (0..<end).filter { head[$0] == Self.encodingKey[0] && head[$0..<end].starts(with: Self.encodingKey) }
        guard let key = named.first else { return }
        guard named.count == 1 else { throw Self.foreignEncoding }
        let value = head[(key + Self.encodingKey.count)..<end]
            .drop { $0 == UInt8(ascii: "=") || $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
            .dropFirst()
            .prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            .map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
        guard Self.encodings.contains(value) else { throw Self.foreignEncoding }
    }

    private static let foreignEncoding = NativeError(
        .xmlRefused, reason: "the encoding is not one of UTF-8, ISO-8859-1 or windows-1252")

    private func scan(_ document: [UInt8]) throws(NativeError) {
        var scanner = TagScanner(limits: self)
        let refusal = document.withUnsafeBufferPointer { scanner.run($0) }
        if let refusal { throw NativeError(.xmlRefused, reason: refusal) }
    }
}

/// Walks the bytes from tag to tag. It need not be right about malformed documents: those the parser refuses after it. About the
/// others it must see every tag that the parser sees, or its limits are none.
private struct TagScanner {
    let limits: XMLLimits
    private var depth = 0
    private var elements = 0
    private var position = 0

    init(limits: XMLLimits) { self.limits = limits }

    /// The reason for refusing, or nil.
    mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        while let start = find(UInt8(ascii: "<"), in: bytes) {
            position = start + 1
            guard position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "!"):
                // The end of each is looked for after its beginning: `<!-->` is no comment but the start of one.
                if begins("!--", in: bytes) {
                    skip(past: "-->", in: bytes)
                } else if begins("![CDATA[", in: bytes) {
                    skip(past: "]]>", in: bytes)
                } else {
                    return "the document has a DOCTYPE or another declaration; none is ever read"
                }
            case UInt8(ascii: "?"):
                position += 1
                skip(past: "?>", in: bytes)
            case UInt8(ascii: "/"): depth -= 1
            default:
                if let refusal = startTag(bytes) { return refusal }
            }
        }
        return nil
    }

    private mutating func startTag(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        elements += 1
        if elements > limits.elements { return "there are more than \(limits.elements) elements" }
        // One byte more than a tag may have shows that it is longer.
        let end = min(bytes.count, position + limits.tagBytes + 1)
        let isCut = end < position + limits.tagBytes + 1
        var at = position
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: ">") {
                position = at
                if bytes[at - 1] != UInt8(ascii: "/") { depth += 1 }
                return depth > limits.depth ? "elements are nested deeper than \(limits.depth)" : nil
            }
            at += 1
            // A value goes to the same quote, whatever is in it.
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                at = find(byte, in: bytes, from: at, to: end).map { $0 + 1 } ?? end
            }
        }
        position = end
        return isCut ? nil : "one tag is longer than \(limits.tagBytes) bytes"
    }

    private func find(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        find(byte, in: bytes, from: position, to: bytes.count)
    }

    private func find(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), end - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private func matches(_ text: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Goes past `text` when it stands here.
    private mutating func begins(_ text: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard matches(text, in: bytes) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func skip(past end: StaticString, in bytes: UnsafeBufferPointer<UInt8>) {
        let first = end.utf8Start[0]
        while let next = find(first, in: bytes) {
            position = next
            if matches(end, in: bytes) {
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        position = bytes.count
    }
}
