public import Foundation

/// A JSON value that is written in one way only (RFC 8785 without fractions): keys in order, no blanks, the shortest escapes.
public enum RecordJSON: Sendable, Hashable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case nothing
    case list([RecordJSON])
    case object([String: RecordJSON])

    /// The one form, in UTF-8.
    public var canonical: Data {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return Data(bytes)
    }

    static func texts(_ texts: [String]) -> RecordJSON { .list(texts.map { .text($0) }) }
    static func maybe(_ text: String?) -> RecordJSON { text.map { .text($0) } ?? .nothing }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .text(let text): Self.write(text, to: &bytes)
        case .number(let number): bytes += Array(String(number).utf8)
        case .flag(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .nothing: bytes += Array("null".utf8)
        case .list(let values):
            bytes.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                value.write(to: &bytes)
            }
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                Self.write(member.key, to: &bytes)
                bytes.append(0x3A)
                member.value.write(to: &bytes)
            }
            bytes.append(0x7D)
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x08: bytes += Array("\\b".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x0C: bytes += Array("\\f".utf8)
            case 0x0D: bytes += Array("\\r".utf8)
            case 0..<0x20: bytes += Array("\\u00".utf8) + [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
