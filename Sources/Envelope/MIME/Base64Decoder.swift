/// Base64 in any number of pieces. RFC 2045 §6.8, with less licence: outside the alphabet only white space is skipped.
public struct Base64Decoder: Sendable {
    private var quad: UInt32 = 0
    private var digits = 0
    private var padding = 0

    public init() {}

    /// The whole of `text` at once.
    public static func decode(_ text: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        var decoder = Base64Decoder()
        let bytes = try decoder.decode(text, 0..<text.count)
        try decoder.finish()
        return bytes
    }

    /// - Throws: `.transferEncodingMalformed` for another character, wrong padding, bits that no byte has, or anything after
    ///   the padding.
    public mutating func decode(_ text: [UInt8], _ range: Range<Int>) throws(EnvelopeError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: (range.count + 4) / 4 * 3 + 3)
        var written = 0
        var position = range.lowerBound
        let table = Self.table
        while position < range.upperBound {
            if digits == 0, padding == 0, position + 4 <= range.upperBound {
                let first = table[Int(text[position])]
                let second = table[Int(text[position + 1])]
                let third = table[Int(text[position + 2])]
                let fourth = table[Int(text[position + 3])]
                if (first | second | third | fourth) & 0x80 == 0 {
                    output[written] = first << 2 | second >> 4
                    output[written + 1] = second << 4 | third >> 2
                    output[written + 2] = third << 6 | fourth
                    written += 3
                    position += 4
                    continue
                }
            }
            try take(text[position], table, &output, &written)
            position += 1
        }
        output.removeLast(output.count - written)
        return output
    }

    /// - Throws: `.transferEncodingMalformed` when the text stopped inside a group of four.
    public func finish() throws(EnvelopeError) {
        guard digits == 0 else { throw Self.malformed("base64 ends inside a group of four") }
    }

    private mutating func take(
        _ byte: UInt8, _ table: [UInt8], _ output: inout [UInt8], _ written: inout Int
    ) throws(EnvelopeError) {
        let value = table[Int(byte)]
        if value == Self.blank { return }
        if byte == UInt8(ascii: "=") { return try pad(&output, &written) }
        guard value & 0x80 == 0 else { throw Self.malformed("base64 holds a character outside its alphabet") }
        guard padding == 0 else { throw Self.malformed("something follows the end of the base64 text") }
        quad = quad << 6 | UInt32(value)
        digits += 1
        guard digits == 4 else { return }
        output[written] = UInt8(truncatingIfNeeded: quad >> 16)
        output[written + 1] = UInt8(truncatingIfNeeded: quad >> 8)
        output[written + 2] = UInt8(truncatingIfNeeded: quad)
        written += 3
        (quad, digits) = (0, 0)
    }

    private mutating func pad(_ output: inout [UInt8], _ written: inout Int) throws(EnvelopeError) {
        padding += 1
        guard digits >= 2, digits + padding <= 4 else { throw Self.malformed("base64 is wrongly padded") }
        guard digits + padding == 4 else { return }
        let rest = digits == 2 ? quad & 0xF : quad & 0x3
        guard rest == 0 else { throw Self.malformed("base64 ends with bits that belong to no byte") }
        let bits = quad << UInt32(6 * padding)
        output[written] = UInt8(truncatingIfNeeded: bits >> 16)
        written += 1
        if digits == 3 {
            output[written] = UInt8(truncatingIfNeeded: bits >> 8)
            written += 1
        }
        (quad, digits) = (0, 0)
    }

    private static func malformed(_ reason: String) -> EnvelopeError { EnvelopeError(.transferEncodingMalformed, reason: reason) }

    private static let blank: UInt8 = 0xC0
    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0x80, count: 256)
        for (value, character) in Base64LineEncoder.alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        for byte in [0x20, 0x09, 0x0A, 0x0D] { table[byte] = blank }
        return table
    }()
}
