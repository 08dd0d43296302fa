import CLibXML2

/// The canonical forms a signature may name.
package enum Canonicalization: String, Sendable, CaseIterable {
    case inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    case inclusiveWithComments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    case exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    case exclusiveWithComments = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"

    private var isExclusive: Bool { self == .exclusive || self == .exclusiveWithComments }
    fileprivate var mode: Int32 { Int32((isExclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0).rawValue) }
    fileprivate var withComments: Int32 { self == .inclusiveWithComments || self == .exclusiveWithComments ? 1 : 0 }
}

/// Which nodes of the original tree are canonicalised. The tree itself is never cut up: a sub-tree taken out would lose
/// the namespaces it inherits.
package struct CanonicalSelection {
    /// Only this element and what is in it; nil for the whole document.
    package var apex: XMLNode?
    /// This element and what is in it is left out (the enveloped signature).
    package var excluding: XMLNode?
    /// Elements whose attribute of that name and namespace has one of the values are left out with all that is in them
    /// (what ebMS addresses to the next hop).
    package var excludingAddressed: AddressedElements?

    package struct AddressedElements: Sendable {
        package let attribute: String
        package let namespace: String
        package let values: Set<String>

        package init(attribute: String, namespace: String, values: Set<String>) {
            (self.attribute, self.namespace, self.values) = (attribute, namespace, values)
        }
    }

    package init(apex: XMLNode? = nil, excluding: XMLNode? = nil, excludingAddressed: AddressedElements? = nil) {
        (self.apex, self.excluding, self.excludingAddressed) = (apex, excluding, excludingAddressed)
    }
}

extension XMLDocument {
    /// The canonical form of the selected nodes, given piece by piece to `sink`, so that no second copy of a large document
    /// is made.
    ///
    /// - Parameter inclusivePrefixes: the `PrefixList` of exclusive canonicalisation; ignored by the inclusive forms.
    package func canonicalize(
        _ form: Canonicalization, _ selection: CanonicalSelection = CanonicalSelection(), inclusivePrefixes: [String] = [],
        into sink: (UnsafeRawBufferPointer) -> Void
    ) throws(NativeError) {
        let excluded = excluded(by: selection)
        if form == .inclusive, PlainCanonicalForm.write(self, apex: selection.apex?.pointer, excluding: excluded, into: sink) {
            return
        }
        try canonicalizeByLibrary(form, selection, inclusivePrefixes: inclusivePrefixes, into: sink)
    }

    /// The same by libxml2 alone: the judge of our own.
    package func canonicalizeByLibrary(
        _ form: Canonicalization, _ selection: CanonicalSelection = CanonicalSelection(), inclusivePrefixes: [String] = [],
        into sink: (UnsafeRawBufferPointer) -> Void
    ) throws(NativeError) {
        let excluded = excluded(by: selection)
        let written = withoutActuallyEscaping(sink) { sink in
            excluded.withUnsafeBufferPointer { excluded in
                var walk = Walk(apex: selection.apex?.pointer, excluded: excluded, sink: sink)
                return withUnsafePointer(to: &walk) { run($0, form, inclusivePrefixes) }
            }
        }
        guard written >= 0 else { throw NativeError(.xmlMalformed, reason: "libxml2 could not canonicalise the document") }
    }

    private func excluded(by selection: CanonicalSelection) -> [xmlNodePtr] {
        var excluded = selection.excludingAddressed.map { addressed(to: $0) } ?? []
        if let node = selection.excluding { excluded.append(node.pointer) }
        return excluded
    }

    /// The canonical form of the selected nodes as bytes.
    package func canonicalized(
        _ form: Canonicalization, _ selection: CanonicalSelection = CanonicalSelection(), inclusivePrefixes: [String] = []
    ) throws(NativeError) -> [UInt8] {
        var bytes: [UInt8] = []
        try canonicalize(form, selection, inclusivePrefixes: inclusivePrefixes) { bytes.append(contentsOf: $0) }
        return bytes
    }

    private func run(_ walk: UnsafePointer<Walk>, _ form: Canonicalization, _ inclusivePrefixes: [String]) -> Int32 {
        msggw_xml_silence()
        let context = UnsafeMutableRawPointer(mutating: walk)
        guard
            let buffer = xmlOutputBufferCreateIO(
                { context, bytes, count in
                    guard let context, let bytes, count > 0 else { return 0 }
                    context.assumingMemoryBound(to: Walk.self).pointee.sink(
                        UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                    return count
                }, { _ in 0 }, context, nil)
        else { return -1 }
        let isVisible: xmlC14NIsVisibleCallback = { context, node, parent in
            guard let context, let node else { return 0 }
            return Walk.isVisible(node, parent: parent, in: context.assumingMemoryBound(to: Walk.self)) ? 1 : 0
        }
        var prefixes: [UnsafeMutablePointer<xmlChar>?] = inclusivePrefixes.map { xmlStrdup($0) } + [nil]
        defer { for prefix in prefixes { msggw_xml_free(prefix) } }
        let result = prefixes.withUnsafeMutableBufferPointer { list in
            xmlC14NExecute(
                pointer, isVisible, context, form.mode, inclusivePrefixes.isEmpty ? nil : list.baseAddress, form.withComments,
                buffer)
        }
        let closed = xmlOutputBufferClose(buffer)
        return result < 0 ? result : closed
    }

    private func addressed(to address: CanonicalSelection.AddressedElements) -> [xmlNodePtr] {
        var found: [xmlNodePtr] = []
        root.findAddressed(to: address, &found)
        return found
    }
}

extension XMLNode {
    fileprivate func findAddressed(to address: CanonicalSelection.AddressedElements, _ found: inout [xmlNodePtr]) {
        if hasAttributes, let value = attribute(address.attribute, address.namespace), address.values.contains(value) {
            return found.append(pointer)
        }
        var next = firstElement
        while let child = next {
            child.findAddressed(to: address, &found)
            next = child.nextElement
        }
    }
}

/// What libxml2's callbacks need to see; lives for one call of `xmlC14NExecute`. They are called for every node, attribute and
/// namespace, so nothing is counted or copied on the way.
private struct Walk {
    let apex: xmlNodePtr?
    let excluded: UnsafeBufferPointer<xmlNodePtr>
    let sink: (UnsafeRawBufferPointer) -> Void

    static func isVisible(_ node: xmlNodePtr, parent: xmlNodePtr?, in walk: UnsafePointer<Walk>) -> Bool {
        let isOnElement = node.pointee.type == XML_NAMESPACE_DECL || node.pointee.type == XML_ATTRIBUTE_NODE
        let (apex, excluded) = (walk.pointee.apex, walk.pointee.excluded)
        var next: xmlNodePtr? = isOnElement ? parent : node
        var insideApex = apex == nil
        while let current = next, current.pointee.type != XML_DOCUMENT_NODE {
            for other in excluded where other == current { return false }
            if current == apex { insideApex = true }
            next = current.pointee.parent
        }
        return insideApex
    }
}
