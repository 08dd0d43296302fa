/// Writes DER: definite lengths, as short as they can be. X.690 §10.
enum DER {
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// `[number]`, primitive.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }
    /// `[number]`, constructed.
    static func constructed(_ number: UInt8) -> UInt8 { 0xA0 | number }

    /// Identifier and length of an object of `length` bytes.
    static func header(_ tag: UInt8, length: Int) -> [UInt8] {
        var header: [UInt8] = []
        appendHeader(tag, length: length, to: &header)
        return header
    }

    private static func appendHeader(_ tag: UInt8, length: Int, to object: inout [UInt8]) {
        object.append(tag)
        guard length > 127 else { return object.append(UInt8(length)) }
        let octets = (Int.bitWidth - length.leadingZeroBitCount + 7) / 8
        object.append(0x80 | UInt8(octets))
        for octet in (0..<octets).reversed() { object.append(UInt8(truncatingIfNeeded: length >> (octet * 8))) }
    }

    static func encode(_ tag: UInt8, _ contents: [UInt8]...) -> [UInt8] {
        let length = contents.reduce(0) { $0 + $1.count }
        var object: [UInt8] = []
        // A header of the longest kind, so that nothing moves.
        object.reserveCapacity(2 + MemoryLayout<Int>.size + length)
        appendHeader(tag, length: length, to: &object)
        for part in contents { object += part }
        return object
    }

    /// A small number that is not negative.
    static func encode(integer value: UInt8) -> [UInt8] { encode(integer, value > 127 ? [0, value] : [value]) }

    static func algorithm(_ identifier: ObjectIdentifier, _ parameters: [UInt8]? = nil) -> [UInt8] {
        encode(sequence, identifier.der, parameters ?? [])
    }
}
