import Native

/// A value that stands in XML as one element with child elements in the order its schema lays down.
///
/// ``layout`` is the one table that both the reader and the writer walk, so that neither can know an element the other
/// does not.
protocol ElementValue: Sendable, Hashable {
    /// With nothing in it: what the reader fills.
    static var blank: Self { get }
    static var layout: ElementLayout<Self> { get }
}

/// The namespaces that the 1.x documents with a header of their own are made of.
enum Vocabulary: Int, Sendable, CaseIterable {
    /// The namespace of the document's root; written without prefix.
    case document
    /// poKomponent: next of kin, interpreter.
    case po
    /// Felleskomponent 1: persons, addresses.
    case fk1

    var prefix: String? {
        switch self {
        case .document: nil
        case .po: "po"
        case .fk1: "fk1"
        }
    }

    /// nil for the document's own.
    var namespace: String? {
        switch self {
        case .document: nil
        case .po: "http://www.kith.no/xmlstds/po/poKomponent/2009-06-30"
        case .fk1: "http://www.kith.no/xmlstds/felleskomponent1"
        }
    }

    func tag(_ name: String) -> String { prefix.map { "\($0):\(name)" } ?? name }
}

/// The child elements of one element, in schema order.
final class ElementLayout<Value: Sendable>: Sendable {
    let order: ElementOrder
    private let fields: [ElementField<Value>]

    /// - Parameter vocabulary: namespace of the children that do not name another.
    init(_ vocabulary: Vocabulary = .document, _ fields: ElementField<Value>...) {
        self.fields = fields.map { field in
            var field = field
            field.line.vocabulary = field.line.vocabulary ?? vocabulary
            return field
        }
        order = ElementOrder(self.fields.map(\.line))
    }

    func write(_ value: Value, to writer: inout XMLWriter) {
        for field in fields { field.write(value, field.line.vocabulary ?? .document, &writer) }
    }
}

/// What a layout says to the reader: the same type for the elements of all values.
///
/// A class: it is asked for at each element that is read, and there is one of each.
final class ElementOrder: Sendable {
    let lines: [ElementLine]
    /// One bit for each line: those of which something is said when they are not there, and those that may stand again.
    let missed: UInt64
    let repeated: UInt64
    private let names: XMLNameTable

    fileprivate init(_ lines: [ElementLine]) {
        self.lines = lines
        names = XMLNameTable(lines.map(\.names))
        missed = Self.bits(lines) { $0.isMissed }
        repeated = Self.bits(lines) { $0.isRepeated }
        let all = lines.flatMap(\.names)
        precondition(Set(all).count == all.count, "each name stands once in a layout")
        precondition(lines.count <= 64, "the reader has one bit for each line")
    }

    private static func bits(_ lines: [ElementLine], where isSet: (ElementLine) -> Bool) -> UInt64 {
        lines.enumerated().reduce(0) { bits, line in isSet(line.element) ? bits | 1 << UInt64(line.offset) : bits }
    }

    /// Where an element belongs: index of the line, and of the name among the line's.
    func place(of node: XMLNode, after latest: Int) -> (line: Int, name: Int)? {
        names.place(of: node, after: latest).map { ($0.position, $0.alternative) }
    }
}

/// One line of a schema as the reader sees it.
struct ElementLine: Sendable {
    /// The integer says which of ``names`` the element has. False: it stands there, and nothing could be read from it.
    typealias Read = @Sendable (XMLNode, Int, ValuePlace, inout LayoutReader) throws(EnvelopeError) -> Bool

    enum Occurrence: Sendable {
        /// A document without it is refused.
        case essential
        /// A document without it is read and reported.
        case required
        case optional
        case repeated(atLeastOne: Bool)
    }

    let names: [String]
    let occurrence: Occurrence
    /// What a second element is refused with where only one may stand.
    fileprivate(set) var refusal: EnvelopeError.Code = .documentMalformed
    fileprivate(set) var vocabulary: Vocabulary?
    let read: Read

    var isRepeated: Bool { if case .repeated = occurrence { true } else { false } }

    /// Whether something is said when it is not there.
    var isMissed: Bool {
        switch occurrence {
        case .essential, .required, .repeated(atLeastOne: true): true
        case .optional, .repeated: false
        }
    }
}

/// One line of a schema: a child element, or a choice between several.
struct ElementField<Value: Sendable>: Sendable {
    typealias Path<Content> = WritableKeyPath<Value, Content> & Sendable
    typealias Write = @Sendable (Value, Vocabulary, inout XMLWriter) -> Void

    fileprivate(set) var line: ElementLine
    let write: Write

    private init(
        _ names: [String], _ occurrence: ElementLine.Occurrence, _ vocabulary: Vocabulary?, read: @escaping ElementLine.Read,
        write: @escaping Write
    ) {
        line = ElementLine(names: names, occurrence: occurrence, vocabulary: vocabulary, read: read)
        self.write = write
    }

    /// Exactly one.
    static func one<Content>(
        _ name: String, _ path: any Path<Content>, _ format: ElementFormat<Content>, essential: Bool = false,
        in vocabulary: Vocabulary? = nil
    ) -> Self {
        let property = StoredProperty(path)
        return Self([name], essential ? .essential : .required, vocabulary) { node, _, value, reader throws(EnvelopeError) in
            // What may stand once lies there blank.
            if let inPlace = format.inPlace {
                try property.change(value) { content throws(EnvelopeError) in try inPlace.read(node, &content, &reader) }
                return true
            }
            guard let content = try format.read(node, &reader) else { return false }
            property.set(content, in: value)
            return true
        } write: { value, vocabulary, writer in
            format.write(property.of(value), vocabulary.tag(name), &writer)
        }
    }

    /// At most one; `required` where the schema demands it and a reader can do without.
    static func optional<Content>(
        _ name: String, _ path: any Path<Content?>, _ format: ElementFormat<Content>, required: Bool = false,
        in vocabulary: Vocabulary? = nil
    ) -> Self {
        let property = StoredProperty(path)
        return Self([name], required ? .required : .optional, vocabulary) { node, _, value, reader throws(EnvelopeError) in
            if let inPlace = format.inPlace {
                try property.change(value) { content throws(EnvelopeError) in
                    content = inPlace.blank()
                    try inPlace.read(node, &content!, &reader)
                }
                return true
            }
            property.set(try format.read(node, &reader), in: value)
            return true
        } write: { value, vocabulary, writer in
            if let content = property.of(value) { format.write(content, vocabulary.tag(name), &writer) }
        }
    }

    /// Any number.
    static func many<Content>(
        _ name: String, _ path: any Path<[Content]>, _ format: ElementFormat<Content>, atLeastOne: Bool = false,
        in vocabulary: Vocabulary? = nil
    ) -> Self {
        let property = StoredProperty(path)
        return Self([name], .repeated(atLeastOne: atLeastOne), vocabulary) { node, _, value, reader throws(EnvelopeError) in
            if let inPlace = format.inPlace {
                try property.change(value) { contents throws(EnvelopeError) in
                    contents.append(inPlace.blank())
                    try inPlace.read(node, &contents[contents.count - 1], &reader)
                }
                return true
            }
            if let content = try format.read(node, &reader) { property.change(value) { $0.append(content) } }
            return true
        } write: { value, vocabulary, writer in
            for content in property.of(value) { format.write(content, vocabulary.tag(name), &writer) }
        }
    }

    /// One of several elements, and only one of them.
    static func choice<Choice>(
        _ path: any Path<Choice?>, required: Bool = true, refusal: EnvelopeError.Code = .documentMalformed,
        _ alternatives: ElementAlternative<Choice>...
    ) -> Self {
        let property = StoredProperty(path)
        var field = Self(alternatives.map(\.name), required ? .required : .optional, nil) {
            node, index, value, reader throws(EnvelopeError) in
            property.set(try alternatives[index].read(node, &reader), in: value)
            return true
        } write: { value, vocabulary, writer in
            guard let choice = property.of(value) else { return }
            for alternative in alternatives { alternative.write(choice, vocabulary, &writer) }
        }
        field.line.refusal = refusal
        return field
    }

    /// An element that the schema allows and that is not read on purpose.
    static func refused(_ name: String, _ code: EnvelopeError.Code, _ reason: String) -> Self {
        Self([name], .optional, nil) { _, _, _, reader throws(EnvelopeError) in
            throw reader.refusal(code, reason)
        } write: { _, _, _ in
        }
    }

    /// An element whose text the standard fixes: another text is another version.
    static func fixed(_ name: String, _ text: String) -> Self {
        Self([name], .essential, nil) { node, _, _, reader throws(EnvelopeError) in
            guard try ElementFormat.text.read(node, &reader)?.trimmed == text else {
                throw reader.refusal(.documentUnknown, "this version of the standard is not one that is read here")
            }
            return true
        } write: { _, vocabulary, writer in
            writer.element(vocabulary.tag(name), text: text)
        }
    }
}

/// One case of a choice between elements.
struct ElementAlternative<Choice>: Sendable {
    let name: String
    let read: @Sendable (XMLNode, inout LayoutReader) throws(EnvelopeError) -> Choice?
    let write: @Sendable (Choice, Vocabulary, inout XMLWriter) -> Void

    /// - Parameters:
    ///   - make: the case.
    ///   - content: what is in the case; nil for another case.
    init<Content>(
        _ name: String, _ format: ElementFormat<Content>, make: @escaping @Sendable (Content) -> Choice,
        content: @escaping @Sendable (Choice) -> Content?
    ) {
        self.name = name
        read = { node, reader throws(EnvelopeError) in try format.read(node, &reader).map(make) }
        write = { choice, vocabulary, writer in
            if let content = content(choice) { format.write(content, vocabulary.tag(name), &writer) }
        }
    }
}
