/// An element of a SOAP answer, as whoever reads XML hands it in.
///
/// XML is read in one place of the project, with its guards against entities and depth. This room takes the elements: their local
/// names, whether they are nil, their text and what is in them.
public struct RegistryElement: Sendable, Hashable {
    public var name: String
    public var namespace: String
    /// `xsi:nil="true"`.
    public var isNil: Bool
    /// The elements' own text, all of it, when it has no children.
    public var text: String
    public var children: [RegistryElement]

    public init(_ name: String, namespace: String = "", isNil: Bool = false, text: String = "", children: [RegistryElement] = [])
    {
        (self.name, self.namespace, self.isNil) = (name, namespace, isNil)
        (self.text, self.children) = (text, children)
    }

    /// The first of that name, this one included, in the order of the document.
    func first(_ wanted: String) -> RegistryElement? {
        if name == wanted { return self }
        for child in children {
            if let found = child.first(wanted) { return found }
        }
        return nil
    }

    /// The same in the form of the JSON answers: text trimmed, no children and no text is null.
    ///
    /// - Throws: `.duplicateKey` when an element comes twice among others; `.tooDeep` below 64.
    func node(depth: Int = 0) throws(DoorError) -> RegistryNode {
        guard depth <= 64 else { throw DoorError(.tooDeep, at: name, "more than 64 levels") }
        guard !children.isEmpty else {
            let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return isNil || trimmed.isEmpty ? .null : .text(trimmed)
        }
        var members: [RegistryNode.Member] = []
        for child in children { members.append(RegistryNode.Member(child.name, try child.node(depth: depth + 1))) }
        if Set(members.map(\.name)).count == 1, members.count > 1 { return .list(members.map(\.value)) }
        guard Set(members.map(\.name)).count == members.count else {
            throw DoorError(.duplicateKey, at: name, "the same element comes twice among others")
        }
        return .object(members)
    }
}
