/// A `Content-Type` field. RFC 2045 §5.1; RFC 2231 continuations do not occur in this traffic and are refused as unknown.
public struct ContentType: Sendable, Hashable {
    public struct Parameter: Sendable, Hashable {
        /// Lower case.
        public let name: String
        public let value: String
    }

    /// Lower case, like `subtype`.
    public let type: String
    public let subtype: String
    public let parameters: [Parameter]

    public var mediaType: String { "\(type)/\(subtype)" }
    public subscript(parameter: String) -> String? { parameters.first { $0.name == parameter }?.value }

    /// - Throws: `.mimeMalformed` for anything but `type/subtype` and parameters, and for one parameter given twice.
    public init(_ text: String) throws(EnvelopeError) {
        var deviations: [Deviation] = []
        try self.init(text, noting: &deviations)
    }

    /// - Parameter deviations: gets what was read although RFC 2045 does not allow it.
    public init(_ text: String, noting deviations: inout [Deviation]) throws(EnvelopeError) {
        var scanner = ParameterScanner(text)
        let type = scanner.token()
        guard !type.isEmpty, scanner.skip("/") else { throw Self.malformed("no type/subtype") }
        let subtype = scanner.token()
        guard !subtype.isEmpty else { throw Self.malformed("no type/subtype") }
        (self.type, self.subtype) = (type.lowercased(), subtype.lowercased())
        var parameters: [Parameter] = []
        scanner.skipBlanks()
        while scanner.skip(";") {
            scanner.skipBlanks()
            if scanner.isAtEnd {
                deviations.append(Deviation("ends with a semicolon", at: "Content-Type"))
                break
            }
            let name = scanner.token().lowercased()
            scanner.skipBlanks()
            guard !name.isEmpty, scanner.skip("=") else { throw Self.malformed("a parameter has no name or no value") }
            scanner.skipBlanks()
            guard let value = scanner.value(noting: &deviations) else { throw Self.malformed("a quoted value does not end") }
            guard !parameters.contains(where: { $0.name == name }) else { throw Self.malformed("a parameter stands twice") }
            parameters.append(Parameter(name: name, value: value))
            scanner.skipBlanks()
        }
        guard scanner.isAtEnd else { throw Self.malformed("something follows the parameters") }
        self.parameters = parameters
    }

    /// What is written: parameter values quoted where RFC 2045 wants it.
    public var headerField: String {
        parameters.reduce(into: mediaType) { $0 += "; \($1.name)=\(Self.quotedIfNeeded($1.value))" }
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        guard value.isEmpty || !value.utf8.allSatisfy(ParameterScanner.isTokenByte) else { return value }
        return "\"" + value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    private static func malformed(_ reason: String) -> EnvelopeError {
        EnvelopeError(.mimeMalformed, reason: reason, place: "Content-Type")
    }
}

/// Walks over the bytes of one structured field.
private struct ParameterScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.trimmingBlanks().utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    /// RFC 2045 §5.1: printable ASCII but the separators.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"), UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            false
        default: byte >= 0x21 && byte <= 0x7E
        }
    }

    mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func token() -> String {
        let start = position
        while position < bytes.count, Self.isTokenByte(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A token, a quoted string, or what real senders leave unquoted; nil for a quoted string without end.
    mutating func value(noting deviations: inout [Deviation]) -> String? {
        if skip("\"") { return quoted() }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
        let value = String(decoding: bytes[start..<position], as: UTF8.self).trimmingBlanks()
        if !value.utf8.allSatisfy(Self.isTokenByte) {
            deviations.append(Deviation("a parameter value that needs quotes has none", at: "Content-Type"))
        }
        return value
    }

    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), position < bytes.count {
                value.append(bytes[position])
                position += 1
            } else {
                value.append(byte)
            }
        }
        return nil
    }
}
