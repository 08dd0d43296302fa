/// Version 7 UUIDs (RFC 9562 §5.7): random, but for the time in front. What is made later comes later in an index, and what is
/// stored together lies together in it.
///
/// From ``PublicRandom``: a message has several, and each from the system would cost a file that is opened, read and closed.
package enum RandomUUID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// 36 characters, in lower case.
    ///
    /// - Parameter millisecond: since 1970, UTC.
    package static func text(millisecond: UInt64) throws(NativeError) -> String {
        var uuid = try PublicRandom.bytes(16)
        for index in 0..<6 { uuid[index] = UInt8(truncatingIfNeeded: millisecond >> UInt64(40 - 8 * index)) }
        uuid[6] = uuid[6] & 0x0F | 0x70
        uuid[8] = uuid[8] & 0x3F | 0x80
        return text(uuid)
    }

    private static func text(_ uuid: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for (index, byte) in uuid.enumerated() {
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
