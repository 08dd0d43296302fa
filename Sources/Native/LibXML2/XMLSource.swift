/// The bytes a document was parsed from, and where its elements stand in them.
///
/// Adding to a foreign document goes through its bytes, not through its tree: what is not added stays as it was written.
package struct XMLSource {
    /// Offsets of one element.
    package struct Span: Hashable {
        /// Of the `<` of its start tag.
        package let start: Int
        /// Of the `<` of its end tag; the offset after `/>` when it is an empty-element tag.
        package let contentEnd: Int
        /// After its last `>`.
        package let end: Int
        package let isEmptyElementTag: Bool
    }

    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Where the element stands. `node` must be of the document that was parsed from these very bytes.
    package func span(of node: XMLNode) throws(NativeError) -> Span {
        let found = bytes.withUnsafeBufferPointer { SpanScanner.span(atPath: path(of: node), in: $0) }
        guard let found else { throw NativeError(.xmlMalformed, reason: "an element is not where the parser saw it") }
        return found
    }

    /// The document with `fragment` before that element.
    package func inserting(_ fragment: [UInt8], before node: XMLNode) throws(NativeError) -> [UInt8] {
        inserting(fragment, at: try span(of: node).start)
    }

    /// The document with `fragment` after that element.
    package func inserting(_ fragment: [UInt8], after node: XMLNode) throws(NativeError) -> [UInt8] {
        inserting(fragment, at: try span(of: node).end)
    }

    /// The document with `fragment` as the last thing in that element, which must not be an empty-element tag.
    package func inserting(_ fragment: [UInt8], atEndOf node: XMLNode) throws(NativeError) -> [UInt8] {
        let span = try span(of: node)
        guard !span.isEmptyElementTag else {
            throw NativeError(.xmlMalformed, reason: "the element to add to has no content")
        }
        return inserting(fragment, at: span.contentEnd)
    }

    private func inserting(_ fragment: [UInt8], at offset: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + fragment.count)
        result.append(contentsOf: bytes[..<offset])
        result.append(contentsOf: fragment)
        result.append(contentsOf: bytes[offset...])
        return result
    }

    /// Positions among the element children, from the root's child down; empty for the root.
    private func path(of node: XMLNode) -> [Int] {
        var path: [Int] = []
        var current = node
        while let parent = current.parent {
            path.append(parent.children.firstIndex(of: current) ?? 0)
            current = parent
        }
        return path.reversed()
    }
}

extension [UInt8] {
    /// UTF-8 text of XML with every character beyond ASCII as a character reference, so that it can be put into a document
    /// of any encoding this program reads.
    package func asciiXML() -> [UInt8] {
        guard contains(where: { $0 >= 0x80 }) else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for scalar in String(decoding: self, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                result.append(UInt8(scalar.value))
            } else {
                result.append(contentsOf: "&#x\(String(scalar.value, radix: 16, uppercase: true));".utf8)
            }
        }
        return result
    }
}

/// Walks from tag to tag of a document that the parser has accepted.
private struct SpanScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let path: [Int]
    private var position = 0
    /// Number of element children seen so far, one entry for each open element and one for the document.
    private var counts = [0]
    /// How many of the open elements lie on the path.
    private var matched = 0
    private var start: Int?

    static func span(atPath path: [Int], in bytes: UnsafeBufferPointer<UInt8>) -> XMLSource.Span? {
        var scanner = SpanScanner(bytes: bytes, path: [0] + path)
        return scanner.run()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, path: [Int]) { (self.bytes, self.path) = (bytes, path) }

    private mutating func run() -> XMLSource.Span? {
        while let tag = bytes[position...].firstIndex(of: UInt8(ascii: "<")), tag + 1 < bytes.count {
            position = tag + 1
            switch bytes[position] {
            case UInt8(ascii: "!"):
                // After its beginning: `<!-->` is no comment but the start of one.
                let isComment = begins("!--")
                position += isComment ? 3 : 1
                skip(past: isComment ? "-->" : "]]>")
            case UInt8(ascii: "?"):
                position += 1
                skip(past: "?>")
            case UInt8(ascii: "/"):
                skip(past: ">")
                if let span = close(tag, isEmpty: false) { return span }
            default:
                let isEmpty = skipStartTag()
                open(tag)
                if isEmpty, let span = close(position, isEmpty: true) { return span }
            }
        }
        return nil
    }

    private mutating func open(_ tag: Int) {
        let depth = counts.count - 1
        let index = counts[depth]
        counts[depth] += 1
        counts.append(0)
        guard depth == matched, depth < path.count, index == path[depth] else { return }
        matched += 1
        if matched == path.count { start = tag }
    }

    private mutating func close(_ contentEnd: Int, isEmpty: Bool) -> XMLSource.Span? {
        counts.removeLast()
        guard let depth = counts.indices.last, depth < matched else { return nil }
        if let start, depth == path.count - 1 {
            return XMLSource.Span(start: start, contentEnd: contentEnd, end: position, isEmptyElementTag: isEmpty)
        }
        matched = depth
        return nil
    }

    /// Leaves `position` after the tag; says whether it is an empty-element tag.
    private mutating func skipStartTag() -> Bool {
        var quote: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return bytes[position - 2] == UInt8(ascii: "/")
            }
        }
        return false
    }

    private func begins(_ text: StaticString) -> Bool {
        guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func skip(past end: StaticString) {
        while let next = bytes[position...].firstIndex(of: end.utf8Start[0]) {
            position = next
            if begins(end) {
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        position = bytes.count
    }
}
