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
        guard length > 127 else { return [tag, UInt8(length)] }
        var (rest, octets) = (length, [UInt8]())
        while rest > 0 {
            octets.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(octets.count)] + octets
    }

    static func encode(_ tag: UInt8, _ contents: [UInt8]...) -> [UInt8] {
        let length = contents.reduce(0) { $0 + $1.count }
        var object = header(tag, length: length)
        object.reserveCapacity(object.count + length)
        for part in contents { object += part }
        return object
    }

    /// A small number that is not negative.
    static func encode(integer value: UInt8) -> [UInt8] { encode(integer, value > 127 ? [0, value] : [value]) }

    static func algorithm(_ identifier: ObjectIdentifier, _ parameters: [UInt8]? = nil) -> [UInt8] {
        encode(sequence, identifier.der, parameters ?? [])
    }
}
