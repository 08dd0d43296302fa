/// Reads one JSON value (RFC 8259), with limits, and refuses what two readers could understand differently.
struct CanonicalJSONReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(CanonicalJSON.ReadingError) -> CanonicalJSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try self.value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault() }
        return value
    }

    private mutating func value(depth: Int) throws(CanonicalJSON.ReadingError) -> CanonicalJSON {
        guard depth < CanonicalJSON.deepest else { throw fault(.tooDeep) }
        skipSpace()
        guard position < bytes.count else { throw fault() }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(_ depth: Int) throws(CanonicalJSON.ReadingError) -> CanonicalJSON {
        position += 1
        var members: [String: CanonicalJSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let start = position
            let key = try string()
            guard members[key] == nil else { throw CanonicalJSON.ReadingError(code: .duplicateKey, offset: start) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault() }
            members[key] = try value(depth: depth + 1)
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault() }
        }
    }

    private mutating func array(_ depth: Int) throws(CanonicalJSON.ReadingError) -> CanonicalJSON {
        position += 1
        var items: [CanonicalJSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else { throw fault() }
        }
    }

    private mutating func string() throws(CanonicalJSON.ReadingError) -> String {
        guard take(UInt8(ascii: "\"")) else { throw fault() }
        var out: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: out, as: UTF8.self) else { throw fault(.notUTF8) }
                return text
            case UInt8(ascii: "\\"): out += Array(String(try escaped()).utf8)
            case ..<0x20: throw fault()
            default: out.append(byte)
            }
        }
        throw fault()
    }

    private mutating func escaped() throws(CanonicalJSON.ReadingError) -> Unicode.Scalar {
        guard position < bytes.count else { throw fault() }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault()
        }
    }

    private mutating func unicodeEscape() throws(CanonicalJSON.ReadingError) -> Unicode.Scalar {
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault() }
        let second = try hex4()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault() }
        return scalar
    }

    private mutating func hex4() throws(CanonicalJSON.ReadingError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault() }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw fault() }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    private mutating func number() throws(CanonicalJSON.ReadingError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(CanonicalJSON.ReadingError) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else { throw fault() }
    }

    private mutating func word(
        _ text: String, _ value: CanonicalJSON
    ) throws(CanonicalJSON.ReadingError) -> CanonicalJSON {
        guard bytes[position...].starts(with: text.utf8) else { throw fault() }
        position += text.utf8.count
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func fault(_ code: CanonicalJSON.ReadingError.Code = .notJSON) -> CanonicalJSON.ReadingError {
        CanonicalJSON.ReadingError(code: code, offset: position)
    }
}
