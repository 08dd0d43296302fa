/// A JSON value that is written in one way only, so that a digest of it is stable: keys sorted by their UTF-8 bytes, no white
/// space, the shortest escapes (as FHIR's canonical JSON and RFC 8785 for text; numbers keep the digits they were written with).
public enum CanonicalJSON: Sendable, Hashable {
    case object([String: CanonicalJSON])
    case array([CanonicalJSON])
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    /// What reading JSON may find wrong. Holds the place, never the text.
    public struct ReadingError: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Code: String, Sendable { case notJSON, duplicateKey, tooDeep, tooLarge, notUTF8 }
        public let code: Code
        public let offset: Int
        public var description: String { "\(code.rawValue) at byte \(offset)" }
    }

    public static let largest = 1_048_576
    static let deepest = 32

    /// - Throws: on anything that is not exactly one JSON value; the same key twice is refused, since two readers might
    ///   then see two different documents.
    public init(parsing bytes: [UInt8]) throws(ReadingError) {
        guard bytes.count <= Self.largest else { throw ReadingError(code: .tooLarge, offset: Self.largest) }
        var reader = CanonicalJSONReader(bytes: bytes)
        self = try reader.document()
    }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        write(into: &out)
        return out
    }

    public subscript(_ key: String) -> CanonicalJSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    public var items: [CanonicalJSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    public var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }

    public var boolean: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// An object without the members that are nil.
    static func object(_ members: KeyValuePairs<String, CanonicalJSON?>) -> Self {
        var kept: [String: CanonicalJSON] = [:]
        for (key, value) in members where value != nil { kept[key] = value }
        return .object(kept)
    }

    static func strings(_ values: [String]) -> Self { .array(values.map { .string($0) }) }

    private func write(into out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let digits): out += digits.utf8
        case .string(let text): Self.write(text, into: &out)
        case .array(let items):
            out.append(UInt8(ascii: "["))
            for (position, item) in items.enumerated() {
                if position > 0 { out.append(UInt8(ascii: ",")) }
                item.write(into: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (position, member) in members.sorted(by: { Self.isBefore($0.key, $1.key) }).enumerated() {
                if position > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.key, into: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(into: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// By UTF-8 bytes, as their views have it; this is asked for every message that is taken.
    private static func isBefore(_ key: String, _ other: String) -> Bool {
        var (key, other) = (key, other)
        return key.withUTF8 { key in
            other.withUTF8 { other in
                for at in 0..<min(key.count, other.count) where key[at] != other[at] { return key[at] < other[at] }
                return key.count < other.count
            }
        }
    }

    private static func write(_ text: String, into out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { write($0, into: &out) }
        out.append(UInt8(ascii: "\""))
    }

    private static func write(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        guard text.contains(where: isEscaped) else { return out.append(contentsOf: text) }
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x08: out += Array("\\b".utf8)
            case 0x09: out += Array("\\t".utf8)
            case 0x0A: out += Array("\\n".utf8)
            case 0x0C: out += Array("\\f".utf8)
            case 0x0D: out += Array("\\r".utf8)
            case ..<0x20:
                let hex = String(byte, radix: 16)
                out += Array(("\\u00" + (hex.count == 1 ? "0" : "") + hex).utf8)
            default: out.append(byte)
            }
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
