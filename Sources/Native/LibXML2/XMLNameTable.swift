import CLibXML2

/// Names of elements in an order, looked up by the parser's own bytes: no string is made of what is only compared.
package struct XMLNameTable: Sendable {
    private struct Entry {
        let start: Int
        let count: Int
        let position: Int
        let alternative: Int
    }

    /// All names, one after the other.
    private let bytes: [UInt8]
    private let entries: [Entry]
    /// The first entry of each position.
    private let starts: [Int]

    /// - Parameter names: for each position the names that may stand there.
    package init(_ names: [[String]]) {
        var (bytes, entries, starts): ([UInt8], [Entry], [Int]) = ([], [], [])
        for (position, names) in names.enumerated() {
            starts.append(entries.count)
            for (alternative, name) in names.enumerated() {
                entries.append(
                    Entry(start: bytes.count, count: name.utf8.count, position: position, alternative: alternative))
                bytes += name.utf8
            }
        }
        (self.bytes, self.entries, self.starts) = (bytes, entries, starts)
    }

    /// - Parameter names: in their order, one for each position.
    package init(_ names: String...) { self.init(names.map { [$0] }) }

    /// Which position the element's local name has, and which of the names there. Elements mostly stand in the order of the
    /// positions, so the search begins at `latest`.
    package func place(of node: XMLNode, after latest: Int) -> (position: Int, alternative: Int)? {
        place(of: node.pointer.pointee.name, after: latest)
    }

    func place(of name: UnsafePointer<xmlChar>?, after latest: Int) -> (position: Int, alternative: Int)? {
        guard let name else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            entries.withUnsafeBufferPointer { entries in
                let first = starts.indices.contains(latest) ? starts[latest] : 0
                for step in entries.indices {
                    let number = first + step < entries.count ? first + step : first + step - entries.count
                    let entry = entries[number]
                    // No name in the table holds a NUL, so the one that ends the other stops the comparison. Most names part at
                    // their first byte.
                    var same = 0
                    while same < entry.count, bytes[entry.start + same] == name[same] { same += 1 }
                    if same == entry.count, name[same] == 0 { return (entry.position, entry.alternative) }
                }
                return nil
            }
        }
    }
}

/// Where an element's namespace was declared. Two elements with the same one are in the same namespace; with different ones
/// they may be too. Good as long as the document lives.
package struct XMLNamespaceDeclaration: Equatable {
    private let pointer: xmlNsPtr

    fileprivate init(_ pointer: xmlNsPtr) { self.pointer = pointer }
}

extension XMLNode {
    /// nil when the element is in no namespace.
    package var namespaceDeclaration: XMLNamespaceDeclaration? { pointer.pointee.ns.map { XMLNamespaceDeclaration($0) } }
}
