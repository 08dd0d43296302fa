import COpenSSL

/// Version 4 UUIDs (RFC 9562 §5.4) from OpenSSL's generator: a message has several, and each from the system would cost a file
/// that is opened, read and closed.
package enum RandomUUID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// 36 characters, in lower case.
    package static func text() throws(NativeError) -> String {
        var random = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&random, Int32(random.count)) == 1 else { throw NativeError.fromOpenSSL(calling: "RAND_bytes") }
        random[6] = random[6] & 0x0F | 0x40
        random[8] = random[8] & 0x3F | 0x80
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for (index, byte) in random.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                buffer[position] = digits[Int(byte >> 4)]
                buffer[position + 1] = digits[Int(byte & 15)]
                position += 2
            }
            return position
        }
    }
}
