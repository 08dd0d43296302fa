/// Base64 in lines of 76 characters joined by CRLF, in any number of pieces. RFC 2045 §6.8.
///
/// No CRLF follows the last line: the delimiter brings its own. The text of the same bytes is always the same, however they
/// were cut up.
public struct Base64LineEncoder: Sendable {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let quadsPerLine = 19

    private var carry: [UInt8] = []
    private var quadsOnLine = 0

    public init() {}

    /// How many bytes `length` bytes become.
    public static func encodedLength(of length: Int) -> Int {
        let quads = (length + 2) / 3
        return quads * 4 + (quads > 0 ? (quads - 1) / quadsPerLine * 2 : 0)
    }

    /// The whole of `bytes` at once.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoder = Base64LineEncoder()
        return encoder.encode(bytes) + encoder.finish()
    }

    public mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
        guard carry.isEmpty else {
            let joined = carry + bytes
            carry = []
            return encode(joined)
        }
        let quads = bytes.count / 3
        guard quads > 0 else {
            carry = bytes
            return []
        }
        let breaks = (quadsOnLine + quads - 1) / Self.quadsPerLine
        var output = [UInt8](repeating: 0, count: quads * 4 + breaks * 2)
        var written = 0
        let alphabet = Self.alphabet
        for quad in 0..<quads {
            if quadsOnLine == Self.quadsPerLine {
                (output[written], output[written + 1]) = (0x0D, 0x0A)
                written += 2
                quadsOnLine = 0
            }
            let (first, second, third) = (bytes[quad * 3], bytes[quad * 3 + 1], bytes[quad * 3 + 2])
            output[written] = alphabet[Int(first >> 2)]
            output[written + 1] = alphabet[Int((first & 0x3) << 4 | second >> 4)]
            output[written + 2] = alphabet[Int((second & 0xF) << 2 | third >> 6)]
            output[written + 3] = alphabet[Int(third & 0x3F)]
            written += 4
            quadsOnLine += 1
        }
        carry = Array(bytes[(quads * 3)...])
        return output
    }

    /// What is left. The encoder is as new afterwards.
    public mutating func finish() -> [UInt8] {
        defer { (carry, quadsOnLine) = ([], 0) }
        guard !carry.isEmpty else { return [] }
        let second = carry.count > 1 ? carry[1] : 0
        return (quadsOnLine == Self.quadsPerLine ? [0x0D, 0x0A] : []) + [
            Self.alphabet[Int(carry[0] >> 2)],
            Self.alphabet[Int((carry[0] & 0x3) << 4 | second >> 4)],
            carry.count > 1 ? Self.alphabet[Int((second & 0xF) << 2)] : UInt8(ascii: "="),
            UInt8(ascii: "="),
        ]
    }
}
