/// What a file is made of, told by its first bytes.
enum FileForm {
    case xml, mime, pem, der, json
    /// Bare base64 of DER, decoded.
    case base64([UInt8])
    /// None of these; with what it looks like.
    case other(String)

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let rest = (bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]).drop { [0x20, 0x09, 0x0D, 0x0A].contains($0) }
        guard let first = rest.first else {
            self = .other(bytes.isEmpty ? "an empty file" : "nothing but white space")
            return
        }
        switch first {
        case UInt8(ascii: "<"): self = .xml
        case 0x30 where bytes.first == 0x30 && Self.isDER(bytes): self = .der
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): self = .json
        default: self = Self.text(rest, of: bytes)
        }
    }

    private static func text(_ rest: ArraySlice<UInt8>, of bytes: [UInt8]) -> FileForm {
        if rest.starts(with: "-----BEGIN ".utf8) { return .pem }
        let line = rest.prefix(1000).prefix { $0 != 0x0A && $0 != 0x0D }
        if line.starts(with: "--".utf8), line.count > 2 { return .mime }
        if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        {
            return .mime
        }
        // OpenSSL and Windows write text before the block.
        if rest.prefix(16_384).contains(subsequence: "-----BEGIN ") { return .pem }
        if rest.count < 4 << 20, rest.prefix(64).allSatisfy(isBase64), let inner = try? Base64Decoder.decode(Array(rest)),
            isDER(inner)
        {
            return .base64(inner)
        }
        return .other(look(of: bytes))
    }

    /// A SEQUENCE with a length; `0` as a digit of text is not followed by one.
    private static func isDER(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == 0x30 else { return false }
        return bytes[1] >= 0x80 || Int(bytes[1]) == bytes.count - 2
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), 0x0A, 0x0D:
            true
        default: false
        }
    }

    /// For a person. Bytes of a text are not repeated: they may be somebody's.
    static func look(of bytes: [UInt8]) -> String {
        if let format = AttachmentFormat(detecting: bytes) { return format.rawValue }
        let head = bytes.prefix(512)
        if head.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }) { return "text" }
        return "bytes that begin \(Hexadecimal.text(bytes.prefix(8)))"
    }
}

extension Collection<UInt8> {
    fileprivate func contains(subsequence text: StaticString) -> Bool {
        let wanted = text.withUTF8Buffer { Array($0) }
        return firstRange(of: wanted) != nil
    }
}
