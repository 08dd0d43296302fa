import Native

/// Collects what was tolerated while one document is read.
final class DeviationLog {
    private(set) var deviations: [Deviation] = []
    private var seen: Set<Deviation> = []

    /// Notes each kind of deviation once per place; a hostile document cannot make the list long.
    func note(_ what: String, at place: String, _ severity: Deviation.Severity = .warning) {
        let deviation = Deviation(what, at: place, severity: severity)
        guard deviations.count <= Self.most, seen.insert(deviation).inserted else { return }
        deviations.append(deviations.count < Self.most ? deviation : Self.more)
    }

    /// Deviations that are kept of one message; one more says that there were others.
    static let most = 100
    private static let more = Deviation("there are more deviations than are kept", at: "message", severity: .warning)

    static func kept(_ deviations: [Deviation]) -> [Deviation] {
        deviations.count <= most ? deviations : deviations.prefix(most) + [more]
    }
}

/// One element, its children found by local name: what stands in another order or namespace than the schema's is read and
/// reported.
struct ElementReader {
    let node: XMLNode
    let log: DeviationLog
    /// For error messages: the names from the root down, never text.
    let path: String
    private let children: [(name: String, node: XMLNode)]

    /// - Parameters:
    ///   - order: local names of the children in the schema's order. Others are reported and not read.
    ///   - namespace: that of the children; nil when they may be in any.
    init(_ node: XMLNode, order: [String], namespace: String?, in path: String = "", log: DeviationLog) {
        self.node = node
        self.log = log
        self.path = path.isEmpty ? node.name : "\(path)/\(node.name)"
        children = node.children.map { ($0.name, $0) }
        var last = 0
        for (name, child) in children {
            guard let place = order.firstIndex(of: name) else {
                log.note("holds an element that the schema does not have here", at: self.path)
                continue
            }
            if place < last { log.note("\(name) stands later than the schema allows", at: self.path) }
            last = max(last, place)
            if let namespace, child.namespace != namespace {
                log.note("\(name) is in another namespace than the schema's", at: self.path)
            }
        }
    }

    /// The first child of that name; more of them are reported and not read.
    func one(_ name: String) -> XMLNode? {
        let found = all(name)
        if found.count > 1 { log.note("\(name) stands more than once; the first is read", at: path) }
        return found.first
    }

    func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name }.map(\.node) }

    /// The only child of that name. Two of them are refused: two readers could pick different ones.
    func only(_ name: String) throws(EnvelopeError) -> XMLNode? {
        let found = all(name)
        guard found.count <= 1 else {
            throw EnvelopeError(.documentMalformed, reason: "\(name) stands \(found.count) times", place: path)
        }
        return found.first
    }

    func required(_ name: String) throws(EnvelopeError) -> XMLNode {
        guard let found = try only(name) else { throw missing(name) }
        return found
    }

    /// The only child's text without white space around it. Missing and empty are refused alike.
    func requiredText(_ name: String) throws(EnvelopeError) -> String {
        let text = try required(name).trimmedText
        guard !text.isEmpty else { throw missing(name) }
        return text
    }

    /// The child's text without white space around it; nil when it is absent or empty.
    func text(_ name: String) -> String? {
        guard let text = one(name)?.trimmedText, !text.isEmpty else { return nil }
        return text
    }

    func coded(_ name: String) -> CodedValue? { one(name).map { coded($0) } }
    func allCoded(_ name: String) -> [CodedValue] { all(name).map { coded($0) } }

    /// Reads CS and CV alike.
    func coded(_ node: XMLNode) -> CodedValue {
        CodedValue(
            node.attribute("V").map(\.trimmed), node.attribute("DN"), list: node.attribute("S").map(\.trimmed),
            originalText: node.attribute("OT"))
    }

    /// A CV that should name the given list. Another list is reported; the value is kept as sent.
    func coded(_ name: String, list: Int...) -> CodedValue? {
        guard let value = coded(name) else { return nil }
        if let named = value.list, !list.contains(where: { named == CodedValue.nationalLists + String($0) }) {
            log.note("\(name) names another code list than \(list.map(String.init).joined(separator: " or "))", at: path)
        }
        return value
    }

    /// A time in the child's `V` (the data type TS).
    func time(_ name: String) -> DocumentTime? { one(name).flatMap { time($0.attribute("V"), name) } }
    /// A time in the child's text (`xs:dateTime`, `xs:date`).
    func timeText(_ name: String) -> DocumentTime? { one(name).flatMap { time($0.trimmedText, name) } }

    func requiredTimeText(_ name: String) throws(EnvelopeError) -> DocumentTime {
        guard let time = time(try requiredText(name), name) else {
            throw EnvelopeError(.documentMalformed, reason: "\(name) is no time", place: path)
        }
        return time
    }

    private func time(_ text: String?, _ name: String) -> DocumentTime? {
        guard let text = text?.trimmed, !text.isEmpty else { return nil }
        guard let time = DocumentTime(text) else {
            log.note("\(name) is no date or time, and is not read", at: path)
            return nil
        }
        if !time.isWellFormed { log.note("\(name) is not written as XML Schema asks", at: path) }
        return time
    }

    /// A child element to be read in its turn.
    func child(_ node: XMLNode, order: [String], namespace: String?) -> ElementReader {
        ElementReader(node, order: order, namespace: namespace, in: path, log: log)
    }

    func missing(_ name: String) -> EnvelopeError {
        EnvelopeError(.documentIncomplete, reason: "\(name) is missing or empty", place: path)
    }
}

extension XMLNode {
    var trimmedText: String { text.trimmed }
}

extension String {
    /// Without XML white space at either end.
    var trimmed: String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        var text = self
        // Most have none, and `utf8.last` steps back over a character.
        let isBare = text.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return true }
            return !isSpace(first) && !isSpace(last)
        }
        if isBare { return self }
        var view = Substring(self).utf8
        while let byte = view.first, isSpace(byte) { view.removeFirst() }
        while let byte = view.last, isSpace(byte) { view.removeLast() }
        return String(Substring(view))
    }
}

extension XMLDocument {
    /// The tree of a clinical document, with what the parser refuses as an ``EnvelopeError``.
    static func clinical(parsing bytes: [UInt8]) throws(EnvelopeError) -> XMLDocument {
        do {
            return try XMLDocument(parsing: bytes)
        } catch {
            throw EnvelopeError(
                error.code == .xmlRefused ? .xmlRefused : .xmlMalformed, reason: error.reason,
                place: error.line.map { "line \($0)" })
        }
    }
}
