/// Header fields in the order they came, names compared without regard to case. RFC 5322 §2.2, RFC 2045 §3.
public struct MIMEHeaders: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public let name: String
        /// Unfolded, without blanks at either end.
        public let value: String

        public init(name: String, value: String) { (self.name, self.value) = (name, value) }

        /// Names are ASCII and compared without regard to case.
        public func isNamed(_ other: String) -> Bool {
            let length = name.utf8.count
            guard length == other.utf8.count else { return false }
            var (name, other) = (name, other)
            return name.withUTF8 { name in
                other.withUTF8 { other in
                    for at in 0..<length where name[at] != other[at] && Self.lower(name[at]) != Self.lower(other[at]) {
                        return false
                    }
                    return true
                }
            }
        }

        private static func lower(_ byte: UInt8) -> UInt8 {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        }
    }

    public let fields: [Field]

    /// Fields that an HTTP server has already taken apart.
    public init(_ fields: [Field]) { self.fields = fields }

    /// Reads a header block without the blank line that ends it. Lines may end in CRLF or LF and be folded with blanks or tabs.
    ///
    /// - Throws: `.mimeTooLarge` beyond `limits`; `.mimeMalformed` for a line that is no field, a bare CR or a control character.
    public init(parsing block: some BidirectionalCollection<UInt8>, limits: MIMELimits = MIMELimits()) throws(EnvelopeError) {
        guard block.count <= limits.headerBytes else {
            throw EnvelopeError(.mimeTooLarge, reason: "a header block has more than \(limits.headerBytes) bytes")
        }
        var fields: [Field] = []
        var unfinished: [UInt8] = []
        for line in block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard let first = line.first else { continue }
            if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                guard !unfinished.isEmpty else {
                    throw EnvelopeError(.mimeMalformed, reason: "the header begins with a continuation line")
                }
                unfinished.append(UInt8(ascii: " "))
                unfinished.append(contentsOf: line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
            } else {
                if !unfinished.isEmpty { fields.append(try Self.field(unfinished)) }
                unfinished = Array(line)
            }
            guard fields.count < limits.headerFields else {
                throw EnvelopeError(.mimeTooLarge, reason: "a header block has more than \(limits.headerFields) fields")
            }
        }
        if !unfinished.isEmpty { fields.append(try Self.field(unfinished)) }
        self.fields = fields
    }

    /// The first field of that name.
    public subscript(name: String) -> String? { fields.first { $0.isNamed(name) }?.value }

    public func all(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where field.isNamed(name) { values.append(field.value) }
        return values
    }

    /// The field of that name where two of them would let two readers see two messages.
    ///
    /// - Throws: `.mimeMalformed` when there is more than one.
    public func single(_ name: String) throws(EnvelopeError) -> String? {
        let values = all(name)
        guard values.count <= 1 else {
            throw EnvelopeError(.mimeMalformed, reason: "the header field stands \(values.count) times", place: name)
        }
        return values.first
    }

    private static func field(_ line: [UInt8]) throws(EnvelopeError) -> Field {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy(isNameByte) else {
            throw EnvelopeError(.mimeMalformed, reason: "a header line is not a field")
        }
        let value = line[(colon + 1)...]
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
            throw EnvelopeError(.mimeMalformed, reason: "a header field holds a control character")
        }
        return Field(
            name: String(decoding: line[..<colon], as: UTF8.self),
            value: String(decoding: value, as: UTF8.self).trimmingBlanks())
    }

    /// RFC 5322 §3.6.8: printable ASCII but the colon.
    private static func isNameByte(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

extension StringProtocol where UTF8View: BidirectionalCollection {
    /// Without spaces, tabs and line ends at either end: XML's and MIME's white space, nothing else that Unicode calls so.
    func trimmingBlanks() -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(decoding: utf8[first...last], as: UTF8.self)
    }
}
