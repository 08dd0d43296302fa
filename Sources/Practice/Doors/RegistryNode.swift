/// What a registry's file or answer says, before anything is understood: JSON as it was written, or XML brought into the same
/// form by ``RegistryElement``.
///
/// Members keep their order and may not come twice: JSON leaves it open which of two counts, and two readers that choose
/// differently are how a poisoned answer passes a check.
public indirect enum RegistryNode: Sendable, Hashable {
    case null
    case flag(Bool)
    /// As written, so that no digit is lost.
    case number(String)
    case text(String)
    case list([RegistryNode])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: RegistryNode
        public init(_ name: String, _ value: RegistryNode) { (self.name, self.value) = (name, value) }
    }

    public subscript(name: String) -> RegistryNode? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Reads JSON: UTF-8, one value, nothing after it, no name twice in an object, at most 64 levels.
    ///
    /// - Throws: ``DoorError`` `.truncated` when it ends too early, `.notJSON`, `.duplicateKey` or `.tooDeep`; the place is the byte.
    public init(json: [UInt8]) throws(DoorError) {
        var reader = JSONReader(bytes: json)
        self = try reader.document()
    }

    /// The same, but what stands in the list `name` of the outermost object is handed over one by one and not kept: a national
    /// registry is large.
    init(
        json: [UInt8], passing name: String, to body: (Int, RegistryNode) throws(DoorError) -> Void
    ) throws(DoorError) {
        var reader = JSONReader(bytes: json)
        self = try reader.document(passing: name, to: body)
    }

    /// JSON with members in the order they have here, on one line.
    public func json() -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += Array("null".utf8)
        case .flag(let flag): out += Array((flag ? "true" : "false").utf8)
        case .number(let text): out += Array(text.utf8)
        case .text(let text): Self.quote(text, to: &out)
        case .list(let list):
            out.append(UInt8(ascii: "["))
            for (number, entry) in list.enumerated() {
                if number > 0 { out += [UInt8(ascii: ","), 0x20] }
                entry.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (number, member) in members.enumerated() {
                if number > 0 { out += [UInt8(ascii: ","), 0x20] }
                Self.quote(member.name, to: &out)
                out += [UInt8(ascii: ":"), 0x20]
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0A: out += Array("\\n".utf8)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                out += Array("\\u00\(hex.count < 2 ? "0" : "")\(hex)".utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

/// RFC 8259, without the freedom that it leaves.
private struct JSONReader {
    private let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document(
        passing name: String? = nil, to body: (Int, RegistryNode) throws(DoorError) -> Void = { _, _ in }
    ) throws(DoorError) -> RegistryNode {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        skipSpace()
        let isObject = at < bytes.count && bytes[at] == UInt8(ascii: "{")
        let value = isObject ? try object(depth: 0, passing: name, to: body) : try value(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw wrong("something follows the end") }
        return value
    }

    private func wrong(_ reason: String, _ code: DoorError.Code = .notJSON) -> DoorError {
        at >= bytes.count
            ? DoorError(.truncated, at: "byte \(at)", "ends in the middle: \(reason)") : DoorError(code, at: "byte \(at)", reason)
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    }

    private mutating func value(depth: Int) throws(DoorError) -> RegistryNode {
        skipSpace()
        guard at < bytes.count else { throw wrong("a value is expected") }
        guard depth <= 64 else { throw wrong("more than 64 levels", .tooDeep) }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: RegistryNode) throws(DoorError) -> RegistryNode {
        for byte in word.utf8 {
            guard at < bytes.count, bytes[at] == byte else { throw wrong("\(word) is expected") }
            at += 1
        }
        return value
    }

    private mutating func number() throws(DoorError) -> RegistryNode {
        let start = at
        func digits() -> Int {
            var end = at
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            return end - at
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[at] != 0x30 else { throw wrong("is no value") }
        at += whole
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard digits() > 0 else { throw wrong("a digit is expected") }
            at += digits()
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[at]) { at += 1 }
            guard digits() > 0 else { throw wrong("a digit is expected") }
            at += digits()
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func list(depth: Int) throws(DoorError) -> RegistryNode {
        at += 1
        var list: [RegistryNode] = []
        while try !closes(UInt8(ascii: "]"), first: list.isEmpty) { list.append(try value(depth: depth + 1)) }
        return .list(list)
    }

    private mutating func object(
        depth: Int, passing passed: String? = nil, to body: (Int, RegistryNode) throws(DoorError) -> Void = { _, _ in }
    ) throws(DoorError) -> RegistryNode {
        at += 1
        var members: [RegistryNode.Member] = []
        var seen: Set<String> = []
        while try !closes(UInt8(ascii: "}"), first: members.isEmpty) {
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw wrong("a name is expected") }
            let start = at
            let name = try text()
            guard seen.insert(name).inserted else {
                throw DoorError(.duplicateKey, at: "byte \(start)", "the same name comes twice in one object")
            }
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw wrong("a colon is expected") }
            at += 1
            skipSpace()
            if name == passed, at < bytes.count, bytes[at] == UInt8(ascii: "[") {
                try pass(to: body)
                members.append(RegistryNode.Member(name, .list([])))
            } else {
                members.append(RegistryNode.Member(name, try value(depth: depth + 1)))
            }
        }
        return .object(members)
    }

    private mutating func pass(to body: (Int, RegistryNode) throws(DoorError) -> Void) throws(DoorError) {
        at += 1
        var count = 0
        while try !closes(UInt8(ascii: "]"), first: count == 0) {
            try body(count, try value(depth: 2))
            count += 1
        }
    }

    /// Steps over the end, or over the comma before the next.
    private mutating func closes(_ end: UInt8, first: Bool) throws(DoorError) -> Bool {
        skipSpace()
        guard at < bytes.count else { throw wrong("the end of a list or an object is expected") }
        if bytes[at] == end {
            at += 1
            return true
        }
        if first { return false }
        guard bytes[at] == UInt8(ascii: ",") else { throw wrong("a comma is expected") }
        at += 1
        return false
    }

    private mutating func text() throws(DoorError) -> String {
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20 { at += 1 }
        var collected = Array(bytes[start..<at])
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] >= 0x20 else { throw wrong("a control character stands in a text") }
            if bytes[at] == UInt8(ascii: "\\") {
                collected += Array(String(try escape()).utf8)
            } else {
                collected.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw wrong("a text has no end") }
        at += 1
        guard let text = String(validating: collected, as: UTF8.self) else { throw wrong("a text is not UTF-8") }
        return text
    }

    private mutating func escape() throws(DoorError) -> Unicode.Scalar {
        at += 1
        guard at < bytes.count else { throw wrong("a text has no end") }
        let simple: [UInt8: Unicode.Scalar] = [
            0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r", 0x74: "\t",
        ]
        if let scalar = simple[bytes[at]] {
            at += 1
            return scalar
        }
        let unit = try unit()
        guard (0xD800..<0xDC00).contains(unit) else {
            guard let scalar = Unicode.Scalar(unit) else { throw wrong("half a character") }
            return scalar
        }
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\\") else { throw wrong("half a character") }
        at += 1
        let low = try self.unit()
        guard (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else {
            throw wrong("half a character")
        }
        return scalar
    }

    /// The four digits after `\u`.
    private mutating func unit() throws(DoorError) -> UInt32 {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "u") else { throw wrong("no such escape") }
        at += 1
        guard at + 4 <= bytes.count else {
            at = bytes.count
            throw wrong("an escape has no end")
        }
        let hex = bytes[at..<at + 4]
        guard hex.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }),
            let unit = UInt32(String(decoding: hex, as: UTF8.self), radix: 16)
        else { throw wrong("an escape is no number") }
        at += 4
        return unit
    }
}
