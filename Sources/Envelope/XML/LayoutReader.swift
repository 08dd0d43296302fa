import Native

/// Reads elements by name along their ``ElementLayout``: what stands elsewhere, twice or unasked for is reported or
/// refused, and never passed over in silence.
struct LayoutReader {
    /// The namespace of the document's root element.
    let namespace: String
    private let log: DeviationLog
    private var path: [String]
    /// Where the namespaces of the family were declared that have been seen: comparing names once is enough.
    private var declarations: [XMLNamespaceDeclaration?] = Vocabulary.allCases.map { _ in nil }

    static let schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

    init(namespace: String, root: String, log: DeviationLog) {
        (self.namespace, self.log) = (namespace, log)
        path = [root]
        path.reserveCapacity(16)
    }

    /// Reads the children of `node`.
    mutating func element<Value: ElementValue>(_ node: XMLNode) throws(EnvelopeError) -> Value {
        var value = Value.blank
        try withUnsafeMutablePointer(to: &value) { value throws(EnvelopeError) in try element(node, into: value) }
        return value
    }

    /// - Parameter value: holds a blank one.
    mutating func element<Value: ElementValue>(
        _ node: XMLNode, into value: UnsafeMutablePointer<Value>
    ) throws(EnvelopeError) {
        try children(of: node, in: Value.layout.order, into: ValuePlace(value))
    }

    private mutating func children(
        of node: XMLNode, in order: ElementOrder, into value: ValuePlace
    ) throws(EnvelopeError) {
        // One bit for each line; an order has at most 64.
        var seen: UInt64 = 0
        var latest = 0
        if !node.isBlank { report("text between the elements is not read", node) }
        expect([], node)
        guard var child = node.firstElement else { return try miss(order.missed, of: order, in: node) }
        repeat {
            guard let (index, alternative) = place(of: child, in: order, after: latest) else {
                report("an element that this version of the standard does not have is not read", child)
                continue
            }
            // A line is not copied out of the table for each element.
            path.append(order.lines[index].names[alternative])
            defer { path.removeLast() }
            if index < latest { report("the element is not where the schema's order has it", child) }
            latest = max(latest, index)
            let bit: UInt64 = 1 << UInt64(index)
            if seen & bit & ~order.repeated != 0 {
                throw refusal(order.lines[index].refusal, "an element stands twice, or beside another that excludes it")
            }
            seen |= bit
            if try !order.lines[index].read(child, alternative, value, &self),
                case .essential = order.lines[index].occurrence
            {
                throw refusal(.documentMalformed, "an element that a message cannot do without cannot be read")
            }
        } while child.moveToNextElement()
        try miss(order.missed & ~seen, of: order, in: node)
    }

    /// - Parameter lines: one bit for each that is not there.
    private func miss(_ lines: UInt64, of order: ElementOrder, in node: XMLNode) throws(EnvelopeError) {
        var missing = lines
        while missing != 0 {
            try miss(order.lines[missing.trailingZeroBitCount], in: node)
            missing &= missing - 1
        }
    }

    private func miss(_ line: ElementLine, in node: XMLNode) throws(EnvelopeError) {
        var names: String { line.names.joined(separator: " or ") }
        switch line.occurrence {
        case .essential: throw refusal(.documentIncomplete, "\(names) is missing")
        case .required, .repeated(atLeastOne: true): report("\(names) is missing", node)
        case .optional, .repeated: break
        }
    }

    /// By name and namespace; by name in another namespace of the family or in none, which is reported.
    private mutating func place(
        of child: XMLNode, in order: ElementOrder, after latest: Int
    ) -> (line: Int, name: Int)? {
        guard let place = order.place(of: child, after: latest) else { return nil }
        if isIn(order.lines[place.line].vocabulary ?? .document, child) { return place }
        let namespace = child.namespace
        // `.document` has nil here, so that an element in no namespace at all is read too.
        guard namespace == self.namespace || Vocabulary.allCases.contains(where: { $0.namespace == namespace }) else {
            return nil
        }
        report("the element stands in another namespace than the schema has it in", child)
        return place
    }

    private mutating func isIn(_ vocabulary: Vocabulary, _ child: XMLNode) -> Bool {
        guard let declaration = child.namespaceDeclaration else { return false }
        if declarations[vocabulary.rawValue] == declaration { return true }
        guard child.isIn(vocabulary.namespace ?? namespace) else { return false }
        declarations[vocabulary.rawValue] = declaration
        return true
    }

    /// Reports attributes that are not among `names`. `xsi:` attributes speak to validators and are passed over.
    func expect(_ names: [String], _ node: XMLNode) {
        if node.hasAttributes(besides: names, in: Self.schemaInstance) { reportAttribute(of: node) }
    }

    func reportAttribute(of node: XMLNode) { report("an attribute that the element does not have is not read", node) }

    /// Reports child elements where only text or attributes may stand.
    func expectNoChildren(_ node: XMLNode) {
        if node.hasElements { report("elements stand where only text is allowed", node) }
    }

    func report(_ what: String, _ node: XMLNode, severity: Deviation.Severity = .warning) {
        report(what, severity: severity, line: node.line)
    }

    // Seldom asked for, from very many places: kept out of the code that reads what is as it should be.
    @inline(never)
    func report(_ what: String, severity: Deviation.Severity = .warning, line: Int? = nil) {
        log.note(what, at: place + (line.map { ", line \($0)" } ?? ""), severity)
    }

    func refusal(_ code: EnvelopeError.Code, _ reason: String) -> EnvelopeError {
        EnvelopeError(code, reason: reason, place: place)
    }

    private var place: String { path.joined(separator: "/") }
}
