/// Why a letter cannot become pages.
public enum PageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The bytes are no TrueType font that can be read: what was wrong.
    case font(String)
    /// The font's owner does not let it be embedded.
    case notEmbeddable
    /// The font has no shape for this character, and a letter with a gap in it is no letter.
    case noShape(UInt32)

    public var description: String {
        switch self {
        case .font(let reason): "the font cannot be used: \(reason)"
        case .notEmbeddable: "the font says that it may not be embedded in a document"
        case .noShape(let code):
            "the font has no shape for the character U+\(String(code, radix: 16, uppercase: true)) of the letter"
        }
    }
}

/// Big-endian numbers in bytes; every read is inside them or refused.
struct FontBytes: Sendable {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    func u8(_ at: Int) throws(PageError) -> Int {
        guard at >= 0, at < bytes.count else { throw .font("it is cut short") }
        return Int(bytes[bytes.startIndex + at])
    }

    func u16(_ at: Int) throws(PageError) -> Int { try u8(at) << 8 | u8(at + 1) }
    func i16(_ at: Int) throws(PageError) -> Int { Int(Int16(truncatingIfNeeded: try u16(at))) }
    func u32(_ at: Int) throws(PageError) -> Int { try u16(at) << 16 | u16(at + 2) }

    func part(_ at: Int, _ length: Int) throws(PageError) -> FontBytes {
        guard at >= 0, length >= 0, at <= bytes.count, length <= bytes.count - at else { throw .font("it is cut short") }
        return FontBytes(bytes[(bytes.startIndex + at)..<(bytes.startIndex + at + length)])
    }
}

extension [UInt8] {
    mutating func put16(_ value: Int) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func put32(_ value: Int) {
        put16(value >> 16)
        put16(value)
    }

    /// Writes over two bytes that are there.
    mutating func set16(_ value: Int, at: Int) {
        self[at] = UInt8(truncatingIfNeeded: value >> 8)
        self[at + 1] = UInt8(truncatingIfNeeded: value)
    }

    mutating func set32(_ value: Int, at: Int) {
        set16(value >> 16, at: at)
        set16(value, at: at + 2)
    }
}
