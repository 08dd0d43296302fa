/// The two spellings of an ECDSA signature: XML has `r` and `s` side by side, OpenSSL and X.509 have them in DER.
enum ECDSASignature {
    /// nil unless `raw` is exactly twice the field's length.
    static func der(raw: [UInt8], fieldBytes: Int) -> [UInt8]? {
        guard raw.count == 2 * fieldBytes else { return nil }
        let content = integer(raw[..<fieldBytes]) + integer(raw[fieldBytes...])
        return [0x30] + length(content.count) + content
    }

    /// nil when `der` is not what OpenSSL writes.
    static func raw(der: [UInt8], fieldBytes: Int) -> [UInt8]? {
        var rest = der[...]
        guard rest.popFirst() == 0x30, let whole = readLength(&rest), whole == rest.count,
            let r = readInteger(&rest, fieldBytes), let s = readInteger(&rest, fieldBytes), rest.isEmpty
        else { return nil }
        return r + s
    }

    private static func integer(_ magnitude: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(magnitude.drop { $0 == 0 })
        if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
        return [0x02] + length(digits.count) + digits
    }

    private static func length(_ count: Int) -> [UInt8] { count < 0x80 ? [UInt8(count)] : [0x81, UInt8(count)] }

    private static func readLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        if first < 0x80 { return Int(first) }
        guard first == 0x81, let second = rest.popFirst() else { return nil }
        return Int(second)
    }

    private static func readInteger(_ rest: inout ArraySlice<UInt8>, _ fieldBytes: Int) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let count = readLength(&rest), count <= rest.count else { return nil }
        let digits = rest.prefix(count).drop { $0 == 0 }
        rest = rest.dropFirst(count)
        guard digits.count <= fieldBytes else { return nil }
        return [UInt8](repeating: 0, count: fieldBytes - digits.count) + digits
    }
}
