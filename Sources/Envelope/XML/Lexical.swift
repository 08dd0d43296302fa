/// The lexical rules of the simple types that a schema checks.
enum Lexical {
    /// kith `oid`: digits with single dots between.
    static func isOID(_ text: String) -> Bool {
        var isAfterDigit = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: isAfterDigit = true
            case UInt8(ascii: ".") where isAfterDigit: isAfterDigit = false
            default: return false
            }
        }
        return isAfterDigit
    }

    /// `xs:double`, without white space around.
    static func isDouble(_ text: String) -> Bool {
        if ["INF", "-INF", "NaN"].contains(text) { return true }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
            && Double(text) != nil
    }

    /// `xs:anyURI`, as far as a schema validator looks: whole percent escapes, one fragment, no white space.
    static func isURI(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        for (position, byte) in bytes.enumerated() {
            if byte <= 0x20 { return false }
            if byte == UInt8(ascii: "%") {
                guard position + 2 < bytes.count, bytes[position + 1...position + 2].allSatisfy(isHex) else { return false }
            }
        }
        return bytes.count(where: { $0 == UInt8(ascii: "#") }) <= 1
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
