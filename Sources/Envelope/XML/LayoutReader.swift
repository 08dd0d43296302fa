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
    }

    /// Reads the children of `node`.
    mutating func element<Value: ElementValue>(_ node: XMLNode) throws(EnvelopeError) -> Value {
        var value = Value.blank
        let layout = Value.layout
        // One bit for each field; a layout has at most 64.
        var seen: UInt64 = 0
        var latest = 0
        if !node.isBlank { report("text between the elements is not read", node) }
        expect([], node)
        guard var child = node.firstElement else {
            try miss(layout.missed, of: layout, in: node)
            return value
        }
        repeat {
            guard let (index, alternative) = place(of: child, in: layout, after: latest) else {
                report("an element that this version of the standard does not have is not read", child)
                continue
            }
            // A field is not copied out of the table for each element.
            path.append(layout.fields[index].names[alternative])
            defer { path.removeLast() }
            if index < latest { report("the element is not where the schema's order has it", child) }
            latest = max(latest, index)
            let bit: UInt64 = 1 << UInt64(index)
            if seen & bit & ~layout.repeated != 0 {
                throw refusal(layout.fields[index].refusal, "an element stands twice, or beside another that excludes it")
            }
            seen |= bit
            if try !layout.fields[index].read(child, alternative, &value, &self),
                case .essential = layout.fields[index].occurrence
            {
                throw refusal(.documentMalformed, "an element that a message cannot do without cannot be read")
            }
        } while child.moveToNextElement()
        try miss(layout.missed & ~seen, of: layout, in: node)
        return value
    }

    /// - Parameter fields: one bit for each that is not there.
    private func miss<Value>(_ fields: UInt64, of layout: ElementLayout<Value>, in node: XMLNode) throws(EnvelopeError) {
        var missing = fields
        while missing != 0 {
            try miss(layout.fields[missing.trailingZeroBitCount], in: node)
            missing &= missing - 1
        }
    }

    private func miss<Value>(_ field: ElementField<Value>, in node: XMLNode) throws(EnvelopeError) {
        var names: String { field.names.joined(separator: " or ") }
        switch field.occurrence {
        case .essential: throw refusal(.documentIncomplete, "\(names) is missing")
        case .required, .repeated(atLeastOne: true): report("\(names) is missing", node)
        case .optional, .repeated: break
        }
    }

    /// By name and namespace; by name in another namespace of the family or in none, which is reported.
    private mutating func place<Value>(
        of child: XMLNode, in layout: ElementLayout<Value>, after latest: Int
    ) -> (field: Int, name: Int)? {
        guard let place = layout.place(of: child, after: latest) else { return nil }
        if isIn(layout.fields[place.field].vocabulary ?? .document, child) { return place }
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

    func report(_ what: String, severity: Deviation.Severity = .warning, line: Int? = nil) {
        log.note(what, at: place + (line.map { ", line \($0)" } ?? ""), severity)
    }

    func refusal(_ code: EnvelopeError.Code, _ reason: String) -> EnvelopeError {
        EnvelopeError(code, reason: reason, place: place)
    }

    private var place: String { path.joined(separator: "/") }
}

extension ElementField {
    var isRepeated: Bool { if case .repeated = occurrence { true } else { false } }

    /// Whether something is said when it is not there.
    var isMissed: Bool {
        switch occurrence {
        case .essential, .required, .repeated(atLeastOne: true): true
        case .optional, .repeated: false
        }
    }
}
