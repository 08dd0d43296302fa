import CLibXML2

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Inclusive canonicalisation, without comments, of trees that hold nothing but elements, attributes and text: what this
/// program and most others write.
///
/// libxml2's own works with sets of nodes and asks about every one of them, and so takes longer than parsing did. It is still
/// asked for every other tree; where both answer, they answer the same bytes.
struct PlainCanonicalForm {
    private struct Binding {
        /// nil for the default namespace.
        let prefix: UnsafePointer<xmlChar>?
        let name: UnsafePointer<xmlChar>
    }

    private let excluded: [xmlNodePtr]
    private let sink: (UnsafeRawBufferPointer) -> Void
    /// Written and not yet given to the sink.
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    /// What the elements around have already said, nearest last.
    private var bindings: [Binding] = []

    /// Gives the canonical form to `sink`, or says false and has given nothing: then the tree is one for libxml2.
    ///
    /// - Parameter apex: only this element and what is in it; nil for the whole document.
    static func write(
        _ document: XMLDocument, apex: xmlNodePtr?, excluding excluded: [xmlNodePtr],
        into sink: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        guard document.isPlain, let root = xmlDocGetRootElement(document.pointer) else { return false }
        if let apex, apex != root, !isPlain(above: apex) { return false }
        let start = apex ?? root
        if let apex, excluded.contains(where: { isInside(apex, $0) }) { return true }
        if excluded.contains(start) { return true }
        withoutActuallyEscaping(sink) { sink in
            withUnsafeTemporaryAllocation(byteCount: 4 << 10, alignment: 1) { buffer in
                var form = PlainCanonicalForm(excluded: excluded, sink: sink, buffer: buffer)
                form.element(start, inherited: inherited(by: start, root: root))
                form.flush()
            }
        }
        return true
    }

    private init(
        excluded: [xmlNodePtr], sink: @escaping (UnsafeRawBufferPointer) -> Void, buffer: UnsafeMutableRawBufferPointer
    ) {
        (self.excluded, self.sink, self.buffer) = (excluded, sink, buffer)
    }

    // MARK: - What is plain

    /// Nothing but comments beside the root, which are not part of the form, and a root that is plain all through.
    static func isPlain(_ document: xmlDocPtr) -> Bool {
        var next = document.pointee.children
        while let node = next {
            guard node.pointee.type == XML_ELEMENT_NODE || node.pointee.type == XML_COMMENT_NODE else { return false }
            next = node.pointee.next
        }
        return xmlDocGetRootElement(document).map { isPlain($0) } ?? false
    }

    private static func isPlain(_ element: xmlNodePtr) -> Bool {
        var declaration = element.pointee.nsDef
        while let found = declaration {
            guard isPlain(found) else { return false }
            declaration = found.pointee.next
        }
        var attribute = element.pointee.properties
        while let found = attribute {
            // The parser leaves one text, or none; anything else is a reference.
            if let value = found.pointee.children, value.pointee.type != XML_TEXT_NODE || value.pointee.next != nil {
                return false
            }
            attribute = found.pointee.next
        }
        var next = element.pointee.children
        while let node = next {
            switch node.pointee.type {
            case XML_ELEMENT_NODE: guard isPlain(node) else { return false }
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE, XML_COMMENT_NODE: break
            default: return false
            }
            next = node.pointee.next
        }
        return true
    }

    /// A prefix other than `xml` and a name that no rule about relative references can be asked of.
    private static func isPlain(_ declaration: xmlNsPtr) -> Bool {
        guard let name = declaration.pointee.href else { return false }
        if let prefix = declaration.pointee.prefix, xmlStrEqual(prefix, "xml") == 1 || name.pointee == 0 { return false }
        if name.pointee == 0 { return true }
        guard strncmp(characters(name), "http://", 7) == 0 || strncmp(characters(name), "urn:", 4) == 0 else { return false }
        var at = name
        while at.pointee != 0 {
            switch at.pointee {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "/"), UInt8(ascii: "#"):
                break
            case UInt8(ascii: ":"): if strncmp(characters(name), "urn:", 4) != 0, at != name + 4 { return false }
            default: return false
            }
            at += 1
        }
        return true
    }

    /// No attribute `xml:…` around the element: an apex would take it over.
    private static func isPlain(above apex: xmlNodePtr) -> Bool {
        var next = apex.pointee.parent
        while let node = next, node.pointee.type == XML_ELEMENT_NODE {
            var attribute = node.pointee.properties
            while let found = attribute {
                if let prefix = found.pointee.ns?.pointee.prefix, xmlStrEqual(prefix, "xml") == 1 { return false }
                attribute = found.pointee.next
            }
            next = node.pointee.parent
        }
        return true
    }

    private static func isInside(_ node: xmlNodePtr, _ outer: xmlNodePtr) -> Bool {
        var next: xmlNodePtr? = node
        while let current = next {
            if current == outer { return true }
            next = current.pointee.parent
        }
        return false
    }

    // MARK: - Writing

    /// What an apex has from the elements around it, nearest first, each prefix once.
    private static func inherited(by apex: xmlNodePtr, root: xmlNodePtr) -> [Binding] {
        var found: [Binding] = []
        var next = apex == root ? nil : apex.pointee.parent
        while let node = next, node.pointee.type == XML_ELEMENT_NODE {
            var declaration = node.pointee.nsDef
            while let one = declaration {
                if let name = one.pointee.href, !found.contains(where: { isSame($0.prefix, one.pointee.prefix) }) {
                    found.append(Binding(prefix: one.pointee.prefix, name: name))
                }
                declaration = one.pointee.next
            }
            next = node.pointee.parent
        }
        return found
    }

    private mutating func element(_ element: xmlNodePtr, inherited: [Binding] = []) {
        let outer = bindings.count
        append(UInt8(ascii: "<"))
        tag(element)
        declarations(element, inherited)
        attributes(element)
        append(UInt8(ascii: ">"))
        var next = element.pointee.children
        while let node = next {
            switch node.pointee.type {
            case XML_ELEMENT_NODE: if !excluded.contains(node) { self.element(node) }
            case XML_COMMENT_NODE: break
            default: text(node.pointee.content)
            }
            next = node.pointee.next
        }
        append(UInt8(ascii: "<"))
        append(UInt8(ascii: "/"))
        tag(element)
        append(UInt8(ascii: ">"))
        bindings.removeLast(bindings.count - outer)
    }

    private mutating func tag(_ element: xmlNodePtr) { name(element.pointee.ns?.pointee.prefix, element.pointee.name) }

    private mutating func name(_ prefix: UnsafePointer<xmlChar>?, _ local: UnsafePointer<xmlChar>?) {
        if let prefix {
            append(prefix)
            append(UInt8(ascii: ":"))
        }
        if let local { append(local) }
    }

    /// Namespaces that the elements around have not said, by prefix.
    private mutating func declarations(_ element: xmlNodePtr, _ inherited: [Binding]) {
        guard element.pointee.nsDef != nil || !inherited.isEmpty else { return }
        var said: [Binding] = []
        var declaration = element.pointee.nsDef
        while let one = declaration {
            if let name = one.pointee.href { said.append(Binding(prefix: one.pointee.prefix, name: name)) }
            declaration = one.pointee.next
        }
        for one in inherited where !said.contains(where: { Self.isSame($0.prefix, one.prefix) }) { said.append(one) }
        said = said.filter { one in
            let around = bindings.last { Self.isSame($0.prefix, one.prefix) }
            // No default namespace is what there is where nobody says one.
            guard let around else { return one.name.pointee != 0 }
            return strcmp(Self.characters(around.name), Self.characters(one.name)) != 0
        }
        said.sort { Self.isBefore($0.prefix, $1.prefix) }
        for one in said {
            append(" xmlns")
            if let prefix = one.prefix {
                append(UInt8(ascii: ":"))
                append(prefix)
            }
            append("=\"")
            value(one.name)
            append(UInt8(ascii: "\""))
        }
        bindings += said
    }

    /// By namespace name, those without one first, and then by local name.
    private mutating func attributes(_ element: xmlNodePtr) {
        guard let first = element.pointee.properties else { return }
        guard first.pointee.next != nil else { return attribute(first) }
        var found: [xmlAttrPtr] = []
        var next: xmlAttrPtr? = first
        while let one = next {
            found.append(one)
            next = one.pointee.next
        }
        found.sort { one, other in
            let (ours, theirs) = (one.pointee.ns?.pointee.href, other.pointee.ns?.pointee.href)
            if !Self.isSame(ours, theirs) { return Self.isBefore(ours, theirs) }
            return Self.isBefore(one.pointee.name, other.pointee.name)
        }
        for one in found { attribute(one) }
    }

    private mutating func attribute(_ attribute: xmlAttrPtr) {
        append(UInt8(ascii: " "))
        name(attribute.pointee.ns?.pointee.prefix, attribute.pointee.name)
        append("=\"")
        if let content = attribute.pointee.children?.pointee.content { value(content) }
        append(UInt8(ascii: "\""))
    }

    private mutating func value(_ bytes: UnsafePointer<xmlChar>) {
        escaped(bytes) { byte in
            switch byte {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: "\""): "&quot;"
            case 0x09: "&#x9;"
            case 0x0A: "&#xA;"
            case 0x0D: "&#xD;"
            default: nil
            }
        }
    }

    private mutating func text(_ bytes: UnsafePointer<xmlChar>?) {
        guard let bytes else { return }
        escaped(bytes) { byte in
            switch byte {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case 0x0D: "&#xD;"
            default: nil
            }
        }
    }

    /// What needs no escape goes over in one piece.
    private mutating func escaped(_ bytes: UnsafePointer<xmlChar>, _ escape: (UInt8) -> StaticString?) {
        var (start, at) = (bytes, bytes)
        while at.pointee != 0 {
            if at.pointee <= UInt8(ascii: ">"), let replacement = escape(at.pointee) {
                append(start, at - start)
                append(replacement)
                start = at + 1
            }
            at += 1
        }
        append(start, at - start)
    }

    private mutating func append(_ byte: UInt8) {
        if used == buffer.count { flush() }
        buffer[used] = byte
        used += 1
    }

    private mutating func append(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
        guard count > 0 else { return }
        if count > buffer.count - used { flush() }
        // A long text, an attachment in base64, is not copied.
        guard count <= buffer.count else { return sink(UnsafeRawBufferPointer(start: bytes, count: count)) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used...])
            .copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
        used += count
    }

    /// A name: so short that finding its end first would cost as much as copying it.
    private mutating func append(_ bytes: UnsafePointer<xmlChar>) {
        var at = bytes
        while at.pointee != 0 {
            append(at.pointee)
            at += 1
        }
    }

    private mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

    private mutating func flush() {
        sink(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
        used = 0
    }

    // MARK: - The parser's strings

    private static func characters(_ bytes: UnsafePointer<xmlChar>) -> UnsafePointer<CChar> {
        UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)
    }

    private static func isSame(_ one: UnsafePointer<xmlChar>?, _ other: UnsafePointer<xmlChar>?) -> Bool {
        guard let one, let other else { return one == other }
        return one == other || strcmp(characters(one), characters(other)) == 0
    }

    /// Byte by byte, which for UTF-8 is character by character; nothing comes before something.
    private static func isBefore(_ one: UnsafePointer<xmlChar>?, _ other: UnsafePointer<xmlChar>?) -> Bool {
        guard let other else { return false }
        guard let one else { return true }
        return strcmp(characters(one), characters(other)) < 0
    }
}
