import Native

/// The one XPath of the profile: it leaves out what is addressed to the next hop (ebMS 2.0 §4.1.3).
///
/// It is recognised by what it means and never evaluated. Blanks, the quotes, the prefix and the order of the two halves
/// vary among products; anything else is another expression and refused.
package enum NextHopFilter {
    static let actors: Set = ["urn:oasis:names:tc:ebxml-msg:actor:nextMSH", "http://schemas.xmlsoap.org/soap/actor/next"]

    /// What it leaves out of the canonical form.
    static let addressed = CanonicalSelection.AddressedElements(
        attribute: "actor", namespace: SignatureNamespace.soap, values: actors)

    /// The name of the envelope, or of what is directly in it, when the filter leaves that out whole: a signature over the rest would
    /// say nothing.
    static func emptied(_ envelope: XMLNode) -> String? {
        if isAddressed(envelope) { return envelope.name }
        guard var node = envelope.firstElement else { return nil }
        repeat {
            if isAddressed(node) { return node.name }
        } while node.moveToNextElement()
        return nil
    }

    static func isAddressed(_ node: XMLNode) -> Bool {
        node.hasAttributes && node.attribute("actor", SignatureNamespace.soap).map(actors.contains) ?? false
    }

    /// As we write it.
    private static let expression =
        #"not(ancestor-or-self::node()[@SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"] | "#
        + #"ancestor-or-self::node()[@SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next"])"#

    /// Writes the `XPath` element inside an envelope that declares the prefix `SOAP`.
    ///
    /// The canonical form says the declaration no second time. It is sent all the same, since .NET's XPath transform looks for
    /// prefixes on the element alone.
    static func write(_ writer: inout XMLWriter) {
        writer.raw("<ds:XPath")
        writer.aside { $0.raw(#" xmlns:SOAP="\#(SignatureNamespace.soap)""#) }
        writer.raw(">\(expression)</ds:XPath>")
    }

    /// Whether the text of an `XPath` element is that filter, with its prefixes as they are declared there.
    package static func isExpressed(by element: XMLNode) -> Bool {
        let text = element.textBytes
        // As we write it there is nothing to take apart.
        if text.elementsEqual(expression.utf8) { return element.namespace(ofPrefix: "SOAP") == SignatureNamespace.soap }
        var reader = Reader(bytes: text)
        guard reader.take("not"), reader.take("("), let first = reader.step(element), reader.take("|"),
            let second = reader.step(element), reader.take(")"), reader.isAtEnd
        else { return false }
        return Set([first, second]) == actors
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool {
            mutating get {
                skipBlanks()
                return position == bytes.count
            }
        }

        /// `ancestor-or-self::node()[@PREFIX:actor="…"]` with the prefix standing for SOAP 1.1: the actor.
        mutating func step(_ element: XMLNode) -> String? {
            guard take("ancestor-or-self"), take("::"), take("node"), take("("), take(")"), take("["), take("@"),
                let prefix = name(), takeAdjacent(":"), takeAdjacent("actor"),
                element.namespace(ofPrefix: prefix) == SignatureNamespace.soap, take("="), let actor = literal(), take("]")
            else { return nil }
            return actor
        }

        mutating func take(_ token: String) -> Bool {
            skipBlanks()
            return takeAdjacent(token)
        }

        mutating func takeAdjacent(_ token: String) -> Bool {
            let expected = token.utf8
            guard bytes.count - position >= expected.count, bytes[position..<position + expected.count].elementsEqual(expected)
            else { return false }
            position += expected.count
            return true
        }

        private mutating func name() -> String? {
            skipBlanks()
            let characters = bytes[position...].prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "=") && $0 > 0x20 }
            position += characters.count
            return characters.isEmpty ? nil : String(decoding: characters, as: UTF8.self)
        }

        private mutating func literal() -> String? {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") else {
                return nil
            }
            let content = bytes[(position + 1)...].prefix { $0 != bytes[position] }
            guard content.endIndex < bytes.count else { return nil }
            position = content.endIndex + 1
            return String(decoding: content, as: UTF8.self)
        }

        private mutating func skipBlanks() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }
    }
}
