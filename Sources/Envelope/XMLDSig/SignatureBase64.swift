/// The base64 of signatures: small, whole, and with white space anywhere.
enum SignatureBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Value of each byte; 64 for white space, 255 for what is neither.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        for blank in [0x20, 0x09, 0x0A, 0x0D] { values[blank] = 64 }
        return values
    }()

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var position = 0
        while position < bytes.count {
            let rest = bytes.count - position
            let second = rest > 1 ? bytes[position + 1] : 0
            let third = rest > 2 ? bytes[position + 2] : 0
            let group = UInt32(bytes[position]) << 16 | UInt32(second) << 8 | UInt32(third)
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(rest > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(rest > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            position += 3
        }
        return text
    }

    /// nil for anything but complete groups with the right padding, nothing after it and no bits left over: of each value
    /// exactly one spelling is read, white space apart.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var isRight = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { bytes, count in
            isRight = text.withUnsafeBufferPointer { text in
                values.withUnsafeBufferPointer { decode(text, $0, into: bytes, &count) }
            }
        }
        return isRight ? bytes : nil
    }

    /// Decodes groups of four digits for as long as nothing else stands among them; a certificate is little else.
    ///
    /// - Returns: where it stopped, and the number of bytes there are.
    private static func decodeWhole(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ values: UnsafeBufferPointer<UInt8>,
        into bytes: UnsafeMutableBufferPointer<UInt8>, at already: Int
    ) -> (position: Int, count: Int) {
        var (position, count) = (start, already)
        while position + 4 <= text.count {
            let (first, second) = (values[Int(text[position])], values[Int(text[position + 1])])
            let (third, fourth) = (values[Int(text[position + 2])], values[Int(text[position + 3])])
            guard (first | second | third | fourth) < 64 else { break }
            bytes[count] = first << 2 | second >> 4
            bytes[count + 1] = second << 4 | third >> 2
            bytes[count + 2] = third << 6 | fourth
            (position, count) = (position + 4, count + 3)
        }
        return (position, count)
    }

    /// - Parameter bytes: with room for three of each four, and for two more.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ values: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableBufferPointer<UInt8>,
        _ count: inout Int
    ) -> Bool {
        var (group, digits, padding) = (UInt32(0), 0, 0)
        var position = 0
        while position < text.count {
            if digits == 0, padding == 0 {
                (position, count) = decodeWhole(text, from: position, values, into: bytes, at: count)
                if position == text.count { break }
            }
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            if value == 64 { continue }
            guard value != 255, padding == 0 else { return false }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                bytes[count] = UInt8(group >> 16)
                bytes[count + 1] = UInt8(group >> 8 & 255)
                bytes[count + 2] = UInt8(group & 255)
                count += 3
                (group, digits) = (0, 0)
            }
        }
        switch (digits, padding) {
        case (0, 0): return true
        case (2, 2) where group & 0xF == 0:
            bytes[count] = UInt8(group >> 4)
            count += 1
        case (3, 1) where group & 0x3 == 0:
            bytes[count] = UInt8(group >> 10)
            bytes[count + 1] = UInt8(group >> 2 & 255)
            count += 2
        default: return false
        }
        return true
    }
}
