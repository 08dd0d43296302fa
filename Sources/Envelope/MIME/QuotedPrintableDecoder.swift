/// Quoted-printable in any number of pieces. RFC 2045 §6.7.
struct QuotedPrintableDecoder: Sendable {
    private enum State: Sendable, Hashable {
        case text
        /// After `=`.
        case escape
        /// After `=` and one digit.
        case digit(UInt8)
        /// After `=` and blanks, or its CR: only the line's end may follow.
        case softBreak
    }

    private var state = State.text
    /// Blanks that vanish if the line ends here: a relay may have put them there.
    private var blanks: [UInt8] = []

    mutating func decode(_ text: [UInt8], _ range: Range<Int>) throws(EnvelopeError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        for position in range { try take(text[position], &output) }
        return output
    }

    func finish() throws(EnvelopeError) {
        if case .digit = state { throw Self.malformed("quoted-printable ends inside an escape") }
    }

    private mutating func take(_ byte: UInt8, _ output: inout [UInt8]) throws(EnvelopeError) {
        switch state {
        case .text: try takeText(byte, &output)
        case .escape:
            if let value = hexValue(byte) {
                state = .digit(value)
            } else {
                try takeSoftBreak(byte)
            }
        case .digit(let high):
            guard let low = hexValue(byte) else { throw Self.malformed("an escape is not two hexadecimal digits") }
            output.append(high << 4 | low)
            state = .text
        case .softBreak: try takeSoftBreak(byte)
        }
    }

    private mutating func takeText(_ byte: UInt8, _ output: inout [UInt8]) throws(EnvelopeError) {
        switch byte {
        case 0x20, 0x09:
            guard blanks.count < 998 else { throw Self.malformed("a line of blanks is too long") }
            blanks.append(byte)
        case 0x0D, 0x0A:
            blanks.removeAll()
            output.append(byte)
        case UInt8(ascii: "="):
            flush(&output)
            state = .escape
        case 0x21...0x7E:
            flush(&output)
            output.append(byte)
        default: throw Self.malformed("quoted-printable holds a byte that must be escaped")
        }
    }

    private mutating func takeSoftBreak(_ byte: UInt8) throws(EnvelopeError) {
        switch byte {
        case 0x20, 0x09, 0x0D: state = .softBreak
        case 0x0A: state = .text
        default: throw Self.malformed("an escape is not two hexadecimal digits")
        }
    }

    private mutating func flush(_ output: inout [UInt8]) {
        guard !blanks.isEmpty else { return }
        output.append(contentsOf: blanks)
        blanks.removeAll()
    }

    private static func malformed(_ reason: String) -> EnvelopeError { EnvelopeError(.transferEncodingMalformed, reason: reason) }
}
