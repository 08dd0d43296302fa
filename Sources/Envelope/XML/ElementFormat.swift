import Native

/// How one kind of content is read from an element and written as one.
struct ElementFormat<Content>: Sendable {
    /// nil: nothing could be read, which has been reported.
    let read: @Sendable (XMLNode, inout LayoutReader) throws(EnvelopeError) -> Content?
    /// Writes the element, whose tag is given.
    let write: @Sendable (Content, String, inout XMLWriter) -> Void
    /// Of content with children of its own: reads it where it is to lie. Carrying a tree there costs as much as reading it.
    var inPlace: InPlace? = nil

    struct InPlace: Sendable {
        let blank: @Sendable () -> Content
        /// The place holds `blank`.
        let read: @Sendable (XMLNode, UnsafeMutablePointer<Content>, inout LayoutReader) throws(EnvelopeError) -> Void
    }
}

extension ElementFormat where Content: ElementValue {
    /// An element with children.
    static var element: Self {
        var format = Self { node, reader throws(EnvelopeError) in
            let value: Content = try reader.element(node)
            return value
        } write: { value, tag, writer in
            writer.element(tag) { Content.layout.write(value, to: &$0) }
        }
        format.inPlace = InPlace {
            Content.blank
        } read: { node, place, reader throws(EnvelopeError) in
            assert(place.pointee == Content.blank, "what an element is read over has nothing of its own")
            try reader.element(node, into: place)
        }
        return format
    }
}

extension ElementFormat<CodedValue> {
    /// CS: `V`, `DN`.
    static var cs: Self { coded(hasList: false) }
    /// CV: `V`, `DN`, `S`, `OT`.
    static var cv: Self { coded(hasList: true) }

    /// The writer writes all that the value has: what the type has no place for, the reader then reports.
    private static func coded(hasList: Bool) -> Self {
        let names = XMLNameTable([["V"], ["DN"], ["S"], ["OT"]])
        return Self { node, reader in
            var (code, name, list, text): (String?, String?, String?, String?)
            let hasOthers = node.attributes(names, passingOver: LayoutReader.schemaInstance) { place, value in
                switch place {
                case 0: code = value.trimmed
                case 1: name = value
                case 2: list = value.trimmed
                default: text = value
                }
            }
            if hasOthers || (!hasList && (list != nil || text != nil)) { reader.reportAttribute(of: node) }
            code = code ?? reader.misplacedText(node)
            if let list, !Lexical.isOID(list) { reader.report("S is not an OID", node) }
            return CodedValue(code, name, list: hasList ? list : nil, originalText: hasList ? text : nil)
        } write: { value, tag, writer in
            writer.element(
                tag, [("V", value.code), ("S", value.list), ("DN", value.displayName), ("OT", value.originalText)])
        }
    }
}

extension ElementFormat<String> {
    /// ST and `xs:string`.
    static var text: Self {
        Self { node, reader in
            reader.expect([], node)
            reader.expectNoChildren(node)
            let text = node.deepText
            return text.isEmpty ? node.attribute("V") ?? "" : text
        } write: { text, tag, writer in
            writer.element(tag) { $0.text(text) }
        }
    }

    /// ST that identifies something: white space around it is not part of it.
    static var id: Self {
        Self { node, reader throws(EnvelopeError) in
            guard let text = try Self.text.read(node, &reader) else { return nil }
            if text != text.trimmed { reader.report("white space around an identifier", node, severity: .note) }
            return text.trimmed
        } write: { text, tag, writer in
            Self.text.write(text, tag, &writer)
        }
    }

    /// URL: `V`.
    static var url: Self {
        Self { node, reader in
            reader.expect(["V"], node)
            let address = node.attribute("V") ?? reader.misplacedText(node) ?? ""
            if !Lexical.isURI(address) { reader.report("V is not an address", node) }
            return address
        } write: { address, tag, writer in
            writer.element(tag, [("V", address)])
        }
    }
}

extension ElementFormat<DocumentTime> {
    /// TS: `V`.
    static var ts: Self {
        Self { node, reader in
            reader.expect(["V"], node)
            guard let text = node.attribute("V") ?? reader.misplacedText(node) else {
                reader.report("the time says nothing", node, severity: .note)
                return nil
            }
            return reader.time(text.trimmed, node)
        } write: { time, tag, writer in
            writer.element(tag, [("V", time.text)])
        }
    }

    /// `xs:date`, as text.
    static var day: Self {
        Self { node, reader in
            reader.expect([], node)
            reader.expectNoChildren(node)
            let text = node.text
            let time = reader.time(text.isEmpty ? node.attribute("V") ?? "" : text.trimmed, node)
            if let time, time.precision != .day { reader.report("a date is expected, without a time", node) }
            return time
        } write: { time, tag, writer in
            writer.element(tag, text: time.text)
        }
    }
}

extension ElementFormat<Bool> {
    /// `xs:boolean`, as text.
    static var boolean: Self {
        Self { node, reader in
            reader.expect([], node)
            reader.expectNoChildren(node)
            switch node.text.trimmed {
            case "true", "1": return true
            case "false", "0": return false
            default:
                reader.report("neither true nor false", node)
                return nil
            }
        } write: { value, tag, writer in
            writer.element(tag, text: value ? "true" : "false")
        }
    }
}

extension ElementFormat<PhysicalQuantity> {
    /// PQ: `V`, `U`.
    static var pq: Self {
        Self { node, reader in
            reader.expect(["V", "U"], node)
            let value = node.attribute("V")?.trimmed ?? reader.misplacedText(node)
            if let value, !Lexical.isDouble(value) { reader.report("V is not a number", node) }
            return PhysicalQuantity(text: value, unit: node.attribute("U"))
        } write: { quantity, tag, writer in
            writer.element(tag, [("V", quantity.text), ("U", quantity.unit)])
        }
    }
}

extension ElementFormat<MixedContent> {
    /// `xs:anyType`.
    static var any: Self {
        Self { node, reader in
            reader.expect([], node)
            return MixedContent(node)
        } write: { content, tag, writer in
            content.write(as: tag, to: &writer)
        }
    }
}

extension LayoutReader {
    /// Text that stands where `@V` belongs: `<ServType>N</ServType>`.
    fileprivate func misplacedText(_ node: XMLNode) -> String? {
        expectNoChildren(node)
        let text = node.text.trimmed
        if text.isEmpty { return nil }
        report("the value is the element's text, not its V", node)
        return text
    }

    fileprivate func time(_ text: String, _ node: XMLNode) -> DocumentTime? {
        let time = DocumentTime(text)
        if time == nil { report("the time cannot be read", node) }
        if let time, !time.isWellFormed { report("the time is not written as the schema has it", node) }
        return time
    }
}
