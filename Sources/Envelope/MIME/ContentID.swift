/// Identifier of one MIME part, without brackets. RFC 2392 §2; used by `Reference`, ebMS 2.0 §3.2.1.
///
/// It names a part inside one message and nothing else: never a file, never a host.
public struct ContentID: Sendable, Hashable, CustomStringConvertible {
    public static let longest = 255

    public let value: String

    /// - Throws: `.mimeMalformed` unless the value is 1–255 visible ASCII characters without brackets and quotes.
    public init(_ value: String) throws(EnvelopeError) {
        guard !value.isEmpty, value.utf8.count <= Self.longest, value.utf8.allSatisfy(Self.isLegal) else {
            throw EnvelopeError(
                .mimeMalformed, reason: "an identifier is empty, too long or holds illegal characters", place: "Content-ID")
        }
        self.value = value
    }

    /// Reads `cid:…` as found in `xlink:href` and `URI`, percent-encoding undone.
    ///
    /// - Throws: `.referenceUnresolved` for any other scheme; nothing else is ever followed.
    public init(uri: String) throws(EnvelopeError) {
        guard uri.utf8.count > 4, uri.utf8.count <= 4 + 3 * Self.longest, uri.prefix(4).lowercased() == "cid:" else {
            throw EnvelopeError(.referenceUnresolved, reason: "a reference is not a cid: address of a part")
        }
        if !uri.utf8.contains(UInt8(ascii: "%")) {
            try self.init(String(decoding: uri.utf8.dropFirst(4), as: UTF8.self))
            return
        }
        guard let decoded = Self.percentDecoded(uri.utf8.dropFirst(4)) else {
            throw EnvelopeError(.referenceUnresolved, reason: "a cid: address is wrongly percent-encoded")
        }
        try self.init(decoded)
    }

    /// Reads the value of a `Content-ID` header field. Without brackets it is read too, and reported.
    public init(headerField: String, noting deviations: inout [Deviation]) throws(EnvelopeError) {
        let text = headerField.trimmingBlanks()
        if text.hasPrefix("<"), text.hasSuffix(">") {
            try self.init(String(text.dropFirst().dropLast()))
        } else {
            try self.init(text)
            deviations.append(Deviation("the identifier has no angle brackets", at: "Content-ID"))
        }
    }

    public init(headerField: String) throws(EnvelopeError) {
        var deviations: [Deviation] = []
        try self.init(headerField: headerField, noting: &deviations)
    }

    public var uri: String {
        if value.utf8.allSatisfy(Self.isPlainInURI) { return "cid:" + value }
        return "cid:" + value.utf8.map { Self.isPlainInURI($0) ? String(UnicodeScalar($0)) : "%" + Self.hex($0) }.joined()
    }
    public var headerField: String { "<\(value)>" }
    public var description: String { value }

    private static func isLegal(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
    }

    /// RFC 2392 §2 takes the URL characters of RFC 1738 without further escaping.
    private static func isPlainInURI(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "-._~!$&'()*+,;=:@".utf8.contains(byte)
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }

    private static func percentDecoded(_ text: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// The value of one hexadecimal digit; nil for any other byte.
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
