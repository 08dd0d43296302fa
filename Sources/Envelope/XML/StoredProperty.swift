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
    func set(_ value: consuming Value, in root: ValuePlace) {
        var moved = Optional(value)
        change(root) { if let value = moved.take() { $0 = value } }
    }

    func change<Failure: Error>(_ root: ValuePlace, _ body: (inout Value) throws(Failure) -> Void) throws(Failure) {
        guard let offset else { return try body(&root.memory.assumingMemoryBound(to: Root.self).pointee[keyPath: path]) }
        try body(&(root.memory + offset).assumingMemoryBound(to: Value.self).pointee)
    }
}

/// Where a value lies while it is read. What reads along a layout does not know of which type the value is, so that it is compiled
/// once and not once for each of a hundred types; the layout's fields know, and only they look.
struct ValuePlace {
    fileprivate let memory: UnsafeMutableRawPointer

    /// - Parameter value: good as long as the pointer is.
    init<Value>(_ value: UnsafeMutablePointer<Value>) { memory = UnsafeMutableRawPointer(value) }
}
