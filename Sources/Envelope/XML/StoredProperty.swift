/// One property of a struct, reached by its place in memory where it has one: a key path is walked anew at every use, and a
/// document has hundreds of values.
struct StoredProperty<Root: Sendable, Value>: Sendable {
    private let path: any WritableKeyPath<Root, Value> & Sendable
    /// nil for a property that is computed.
    private let offset: Int?

    init(_ path: any WritableKeyPath<Root, Value> & Sendable) {
        self.path = path
        offset = MemoryLayout<Root>.offset(of: path)
    }

    func of(_ root: Root) -> Value { root[keyPath: path] }

    /// The value is moved in: copying one with a tree below it counts every text in that once more.
    func set(_ value: consuming Value, in root: inout Root) {
        guard let offset else { return root[keyPath: path] = value }
        var moved = Optional(value)
        withUnsafeMutablePointer(to: &root) { root in
            let place = (UnsafeMutableRawPointer(root) + offset).assumingMemoryBound(to: Value.self)
            if let value = moved.take() { place.pointee = value }
        }
    }

    func change(_ root: inout Root, _ body: (inout Value) -> Void) {
        guard let offset else { return body(&root[keyPath: path]) }
        withUnsafeMutablePointer(to: &root) { root in
            body(&(UnsafeMutableRawPointer(root) + offset).assumingMemoryBound(to: Value.self).pointee)
        }
    }
}
