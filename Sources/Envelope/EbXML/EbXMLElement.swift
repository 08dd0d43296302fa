import Native

/// One element of the header or the Manifest while it is read: strict where a second reader could see another message,
/// lenient and reporting where real systems write differently.
struct EbXMLElement {
    /// Bytes of an identifier, a name or a role.
    static let longestName = 255

    let node: XMLNode
    let log: DeviationLog

    var place: String { node.name }

    func all(_ name: String) -> [EbXMLElement] {
        node.children(name, EbXMLNamespace.eb).map { EbXMLElement(node: $0, log: log) }
    }

    /// The only child of that name.
    ///
    /// - Throws: `.headerDuplicated` when there are more.
    func child(_ name: String) throws(EnvelopeError) -> EbXMLElement? {
        guard let found = node.child(name, EbXMLNamespace.eb) else { return nil }
        let count = node.count(name, EbXMLNamespace.eb)
        guard count == 1 else {
            throw EnvelopeError(.headerDuplicated, reason: "\(name) stands \(count) times", place: place)
        }
        return EbXMLElement(node: found, log: log)
    }

    func required(_ name: String) throws(EnvelopeError) -> EbXMLElement {
        guard let found = try child(name) else { throw malformed("\(name) is missing") }
        return found
    }

    /// The element's text without white space around it.
    ///
    /// - Throws: `.headerMalformed` when it is empty, longer than `limit` bytes, holds a control character, or the element has
    ///   children.
    func text(limit: Int = longestName) throws(EnvelopeError) -> String {
        guard !node.hasElements else { throw malformed("there are elements where text belongs") }
        let raw = node.text
        let text = raw.trimmed
        if text != raw { log.note("white space around the value", at: place, .note) }
        return try checked(text, limit)
    }

    func text(of name: String) throws(EnvelopeError) -> String { try required(name).text() }
    func optionalText(of name: String) throws(EnvelopeError) -> String? {
        guard let child = try child(name) else { return nil }
        return try child.text()
    }

    /// An attribute of the ebXML namespace; without prefix it is read too, and reported.
    func attribute(_ name: String) throws(EnvelopeError) -> String? {
        if let value = node.attribute(name, EbXMLNamespace.eb) { return try checked(value.trimmed, Self.longestName) }
        guard let value = node.attribute(name) else { return nil }
        log.note("the attribute \(name) has no namespace", at: place)
        return try checked(value.trimmed, Self.longestName)
    }

    func malformed(_ reason: String) -> EnvelopeError { EnvelopeError(.headerMalformed, reason: reason, place: place) }

    private func checked(_ text: String, _ limit: Int) throws(EnvelopeError) -> String {
        if let problem = Self.problem(with: text, limit: limit) { throw malformed(problem) }
        return text
    }

    /// Why a value is refused, read or before it is written.
    static func problem(with text: String, limit: Int = longestName) -> String? {
        if text.isEmpty || text.utf8.count > limit { return "a value is empty or longer than \(limit) bytes" }
        return hasControlCharacter(text) ? "a value holds a control character" : nil
    }

    /// U+0000–U+001F and U+007F–U+009F, in UTF-8.
    private static func hasControlCharacter(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
                previous = byte
            }
            return false
        }
    }
}

extension EbXMLElement {
    /// Checks what every ebXML header block and the Manifest carry. ebMS 2.0 §2.3.8, §2.3.9.
    ///
    /// - Throws: `.headerVersionUnsupported` unless `eb:version` is 2.0; `.headerMalformed` for a `mustUnderstand` that is no
    ///   Boolean.
    func checkVersion() throws(EnvelopeError) {
        guard try attribute("version") == EbXMLNamespace.version else {
            throw EnvelopeError(.headerVersionUnsupported, reason: "eb:version is not 2.0", place: place)
        }
    }

    func checkBlock() throws(EnvelopeError) {
        try checkVersion()
        switch node.attribute("mustUnderstand", EbXMLNamespace.soap)?.trimmed {
        case "1": return
        case "true": log.note("SOAP:mustUnderstand is true, not 1", at: place)
        case "0", "false", nil: log.note("SOAP:mustUnderstand is not 1", at: place)
        default: throw malformed("SOAP:mustUnderstand is no Boolean")
        }
    }

    /// - Throws: `.headerMalformed` for an actor that is not the receiving party's MSH; absent means it. ebMS 2.0 §6.3.1.1.
    func checkToPartyActor() throws(EnvelopeError) {
        guard let actor = node.attribute("actor", EbXMLNamespace.soap) else {
            return log.note("SOAP:actor is missing", at: place, .note)
        }
        guard actor.trimmed == EbXMLNamespace.toPartyMSH else {
            throw malformed("SOAP:actor is not the receiving party's message handler")
        }
    }

    /// Reports children in another order than the schema's; refuses those of the ebXML namespace that it does not have.
    func checkChildren(_ order: XMLNameTable) throws(EnvelopeError) {
        guard var child = node.firstElement else { return }
        var last = 0
        repeat {
            guard child.isIn(EbXMLNamespace.eb) else {
                // An Acknowledgment repeats references of a signature; the schema has them.
                if !child.isIn(SignatureNamespace.ds) {
                    log.note("holds an element of another namespace", at: place, .note)
                }
                continue
            }
            guard let position = order.place(of: child, after: last)?.position else {
                throw malformed("holds an element that ebMS 2.0 does not have here")
            }
            if position < last { log.note("\(child.name) stands later than the schema allows", at: place) }
            last = max(last, position)
        } while child.moveToNextElement()
    }
}
