import CLibXML2

// What is asked about every element of every message, answered from the parser's own tree without copies of it.
extension XMLNode {
    /// The first child element; with ``nextElement`` a walk that needs no array.
    package var firstElement: XMLNode? {
        xmlFirstElementChild(pointer).map { XMLNode(document: document, pointer: $0) }
    }

    /// The next sibling element.
    package var nextElement: XMLNode? {
        xmlNextElementSibling(pointer).map { XMLNode(document: document, pointer: $0) }
    }

    /// Makes this the next sibling element, if there is one. A walk of many steps counts the document's users once.
    package mutating func moveToNextElement() -> Bool {
        guard let next = xmlNextElementSibling(pointer) else { return false }
        pointer = next
        return true
    }

    package var hasElements: Bool { xmlFirstElementChild(pointer) != nil }

    package var hasAttributes: Bool { pointer.pointee.properties != nil }

    /// Whether the element's own ``text`` is empty or nothing but XML white space.
    package var isBlank: Bool {
        var next = pointer.pointee.children
        while let child = next {
            if child.pointee.type == XML_TEXT_NODE || child.pointee.type == XML_CDATA_SECTION_NODE,
                var byte = child.pointee.content
            {
                while byte.pointee != 0 {
                    switch byte.pointee {
                    case 0x20, 0x09, 0x0A, 0x0D: byte += 1
                    default: return false
                    }
                }
            }
            next = child.pointee.next
        }
        return true
    }

    /// Whether that is its local name.
    package func isNamed(_ name: String) -> Bool { Self.isSame(pointer.pointee.name, name) }

    /// Whether it is in that namespace.
    package func isIn(_ namespace: String) -> Bool { Self.isSame(pointer.pointee.ns?.pointee.href, namespace) }

    /// Gives each attribute that has a place in `names` and no namespace with the first of its place's names.
    ///
    /// - Returns: whether there is another attribute, in another namespace than `passedOver`.
    package func attributes(
        _ names: XMLNameTable, passingOver passedOver: String, _ body: (_ place: Int, _ value: String) -> Void
    ) -> Bool {
        var hasOthers = false
        var latest = 0
        var next = pointer.pointee.properties
        while let attribute = next {
            next = attribute.pointee.next
            if let href = attribute.pointee.ns?.pointee.href {
                if !Self.isSame(href, passedOver) { hasOthers = true }
            } else if let place = names.place(of: attribute.pointee.name, after: latest) {
                latest = place.position
                body(place.position, Self.value(of: attribute) ?? "")
            } else {
                hasOthers = true
            }
        }
        return hasOthers
    }

    /// Whether there is an attribute that is neither one of `names` without namespace nor in the namespace `passedOver`.
    package func hasAttributes(besides names: [String], in passedOver: String) -> Bool {
        var next = pointer.pointee.properties
        while let attribute = next {
            if let href = attribute.pointee.ns?.pointee.href {
                if !Self.isSame(href, passedOver) { return true }
            } else if !names.contains(where: { Self.isSame(attribute.pointee.name, $0) }) {
                return true
            }
            next = attribute.pointee.next
        }
        return false
    }
}
