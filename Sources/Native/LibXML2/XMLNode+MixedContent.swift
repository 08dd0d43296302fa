import CLibXML2

/// One piece of an element whose text and elements are mixed.
package enum XMLContent {
    case text(String)
    case element(XMLNode)
}

extension XMLNode {
    /// Text and child elements in document order; comments and processing instructions left out.
    package var mixedContent: [XMLContent] {
        var found: [XMLContent] = []
        var next = pointer.pointee.children
        while let child = next {
            switch child.pointee.type {
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: found.append(.text(Self.string(child.pointee.content) ?? ""))
            case XML_ELEMENT_NODE: found.append(.element(XMLNode(document: document, pointer: child)))
            default: break
            }
            next = child.pointee.next
        }
        return found
    }
}
