@testable import Envelope

/// Documents taken apart and spoilt, for tests of readers.
extension MixedContent.Element {
    /// Positions of every element below this one, as indices from child to child.
    var elementPaths: [[Int]] {
        content.nodes.enumerated().flatMap { index, node -> [[Int]] in
            guard case .element(let child) = node else { return [] }
            return [[index]] + child.elementPaths.map { [index] + $0 }
        }
    }

    func removed(at path: [Int]) -> Self { changed(at: path[...]) { _ in [] } }

    func doubled(at path: [Int]) -> Self { changed(at: path[...]) { [.element($0), .element($0)] } }

    func changed(at path: [Int], _ change: (inout Self) -> Void) -> Self {
        changed(at: path[...]) { element in
            var element = element
            change(&element)
            return [.element(element)]
        }
    }

    private func changed(at path: ArraySlice<Int>, _ change: (Self) -> [MixedContent.Node]) -> Self {
        guard let index = path.first, case .element(let child) = content.nodes[index] else { return self }
        var copy = self
        let nodes = path.count == 1 ? change(child) : [.element(child.changed(at: path.dropFirst(), change))]
        copy.content.nodes.replaceSubrange(index...index, with: nodes)
        return copy
    }

    /// As a document.
    var document: [UInt8] {
        var writer = XMLWriter()
        write(inside: .none, to: &writer)
        return writer.bytes
    }
}
