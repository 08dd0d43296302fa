import CLibXML2

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One element of an ``XMLDocument``. A cursor: cheap to copy, keeps the document alive, never changes it.
package struct XMLNode {
    package let document: XMLDocument
    var pointer: xmlNodePtr

    init(document: XMLDocument, pointer: xmlNodePtr) {
        (self.document, self.pointer) = (document, pointer)
    }

    /// Local name, without prefix.
    package var name: String { String(cString: UnsafeRawPointer(pointer.pointee.name).assumingMemoryBound(to: CChar.self)) }

    /// Namespace name, or nil when the element is in none.
    package var namespace: String? { pointer.pointee.ns.map { document.namespaceName($0) } }

    /// Line of the start tag. libxml2 2.9 counts to 65 535.
    package var line: Int { Int(xmlGetLineNo(pointer)) }

    package var parent: XMLNode? {
        guard let parent = pointer.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else { return nil }
        return XMLNode(document: document, pointer: parent)
    }

    /// Child elements in document order.
    package var children: [XMLNode] {
        var found: [XMLNode] = []
        found.reserveCapacity(Int(xmlChildElementCount(pointer)))
        var next = xmlFirstElementChild(pointer)
        while let child = next {
            found.append(XMLNode(document: document, pointer: child))
            next = xmlNextElementSibling(child)
        }
        return found
    }

    /// Whether this is the element of that local name and namespace.
    package func `is`(_ name: String, _ namespace: String?) -> Bool { Self.is(pointer, name, namespace) }

    private static func `is`(_ element: xmlNodePtr, _ name: String, _ namespace: String?) -> Bool {
        // Asked for every child of every element: no string is made of what the parser holds already.
        isSame(element.pointee.name, name) && isIn(element.pointee.ns, namespace)
    }

    static func isSame(_ bytes: UnsafePointer<xmlChar>?, _ text: String) -> Bool {
        guard let bytes else { return false }
        // Every name and namespace that is asked for is a native string, whose bytes lie together.
        let same = text.utf8.withContiguousStorageIfAvailable { utf8 in
            guard let start = utf8.baseAddress, utf8.first == bytes.pointee else { return utf8.isEmpty && bytes.pointee == 0 }
            return strlen(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)) == utf8.count
                && memcmp(bytes, start, utf8.count) == 0
        }
        // Not by `==` of strings, which takes other bytes for the same when Unicode does.
        return same ?? String(cString: bytes).utf8.elementsEqual(text.utf8)
    }

    package func children(_ name: String, _ namespace: String?) -> [XMLNode] {
        var found: [XMLNode] = []
        var next = Self.first(name, namespace, from: xmlFirstElementChild(pointer))
        while let child = next {
            found.append(XMLNode(document: document, pointer: child))
            next = Self.first(name, namespace, from: xmlNextElementSibling(child))
        }
        return found
    }

    /// The first child element of that name. Where a second one would be an attack, ask ``count(_:_:)`` too.
    package func child(_ name: String, _ namespace: String?) -> XMLNode? {
        Self.first(name, namespace, from: xmlFirstElementChild(pointer)).map { XMLNode(document: document, pointer: $0) }
    }

    /// How many child elements of that name there are.
    package func count(_ name: String, _ namespace: String?) -> Int {
        var count = 0
        var next = Self.first(name, namespace, from: xmlFirstElementChild(pointer))
        while let child = next {
            count += 1
            next = Self.first(name, namespace, from: xmlNextElementSibling(child))
        }
        return count
    }

    /// That element or the first sibling after it that has the name. Elements that have another are passed without being made
    /// into nodes, each of which counts the document's users.
    private static func first(_ name: String, _ namespace: String?, from start: xmlNodePtr?) -> xmlNodePtr? {
        var next = start
        while let element = next, !Self.is(element, name, namespace) { next = xmlNextElementSibling(element) }
        return next
    }

    /// Value of an attribute; nil when it is absent. `namespace` nil means an attribute without prefix.
    package func attribute(_ name: String, _ namespace: String? = nil) -> String? {
        var next = pointer.pointee.properties
        while let attribute = next {
            if Self.isSame(attribute.pointee.name, name), Self.isIn(attribute.pointee.ns, namespace) {
                return Self.value(of: attribute)
            }
            next = attribute.pointee.next
        }
        return nil
    }

    private static func isIn(_ found: xmlNsPtr?, _ namespace: String?) -> Bool {
        guard let found else { return namespace == nil }
        return namespace.map { isSame(found.pointee.href, $0) } ?? false
    }

    /// The parser leaves one text, unless a reference to an entity stands in the value.
    static func value(of attribute: xmlAttrPtr) -> String? {
        guard let only = attribute.pointee.children else { return "" }
        if only.pointee.type == XML_TEXT_NODE, only.pointee.next == nil { return string(only.pointee.content) ?? "" }
        guard let value = xmlNodeListGetString(attribute.pointee.doc, only, 1) else { return "" }
        defer { msggw_xml_free(value) }
        return string(value)
    }

    /// All attributes in document order, namespace declarations left out.
    package var attributes: [(name: String, namespace: String?, value: String)] {
        var found: [(name: String, namespace: String?, value: String)] = []
        var next = pointer.pointee.properties
        while let attribute = next {
            let name = Self.string(attribute.pointee.name) ?? ""
            let namespace = attribute.pointee.ns.flatMap { Self.string($0.pointee.href) }
            found.append((name, namespace, Self.value(of: attribute) ?? ""))
            next = attribute.pointee.next
        }
        return found
    }

    /// The element's own text: its text and CDATA children joined, as canonicalisation sees them. Comments inside do not
    /// split it, so no reader can be shown less than was signed.
    package var text: String { onlyText ?? String(decoding: textBytes, as: UTF8.self) }

    /// The text when there is nothing else in the element, or nothing at all: as it mostly is.
    private var onlyText: String? {
        guard let only = pointer.pointee.children else { return "" }
        guard only.pointee.next == nil, only.pointee.type == XML_TEXT_NODE else { return nil }
        return Self.string(only.pointee.content) ?? ""
    }

    /// ``text`` as UTF-8 bytes, without making a `String` of what may be megabytes of base64.
    package var textBytes: [UInt8] {
        var bytes: [UInt8] = []
        var next = pointer.pointee.children
        while let child = next {
            switch child.pointee.type {
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                if let content = child.pointee.content {
                    bytes.append(contentsOf: UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
                }
            default: break
            }
            next = child.pointee.next
        }
        return bytes
    }

    /// Text of this element and of every element in it, in document order.
    package var deepText: String {
        if let onlyText { return onlyText }
        guard let content = xmlNodeGetContent(pointer) else { return "" }
        defer { msggw_xml_free(content) }
        return Self.string(content) ?? ""
    }

    /// The namespace that a prefix stands for at this element; nil when it is undeclared.
    package func namespace(ofPrefix prefix: String) -> String? {
        xmlSearchNs(document.pointer, pointer, prefix).flatMap { Self.string($0.pointee.href) }
    }

    static func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
        pointer.map { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
    }
}

extension XMLNode: Equatable {
    /// The same element of the same document.
    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.pointer == rhs.pointer }
}
