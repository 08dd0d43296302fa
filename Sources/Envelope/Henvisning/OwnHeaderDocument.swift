import Foundation
import Native

/// A `Message` with a header of its own, never wrapped in a MsgHead: Henvisning 1.1 and Epikrise 1.2.
protocol OwnHeaderDocument: ElementValue {
    static var namespace: String { get }
    /// For error messages.
    static var title: String { get }
    /// Namespaces that the writer declares on the root.
    static var vocabularies: [Vocabulary] { get }

    var deviations: [Deviation] { get set }
    /// Every `RefDoc`.
    var referred: [Henvisning.RefDoc] { get set }
    /// Refuses a message without what none can do without.
    func requireIdentity() throws(EnvelopeError)
    /// Reports what the schema allows and people will miss.
    func inspect(_ reader: LayoutReader)
}

extension OwnHeaderDocument {
    static func read(_ root: XMLNode, _ log: DeviationLog) throws(EnvelopeError) -> Self {
        guard root.is("Message", namespace) else {
            throw EnvelopeError(.documentUnknown, reason: "the document is no \(title)")
        }
        var reader = LayoutReader(namespace: namespace, root: "Message", log: log)
        var document: Self = try reader.element(root)
        try document.requireIdentity()
        document.inspect(reader)
        for referred in document.referred { referred.inspect(reader) }
        document.deviations = log.deviations
        return document
    }

    func require(_ value: String?, at place: String) throws(EnvelopeError) {
        guard let value, !value.isEmpty else {
            throw EnvelopeError(.documentIncomplete, reason: "missing or empty", place: place)
        }
    }

    /// Writes the document if its own reader has nothing to say about it and reads the same value.
    ///
    /// The trial is without the bytes of attachments: they are written as they are read, and dear to try.
    func written() throws(EnvelopeError) -> [UInt8] {
        for document in referred { try document.requireSendable() }
        var sketch = self
        sketch.deviations = []
        for index in sketch.referred.indices { sketch.referred[index].sketch() }
        let reread = try Self.read(XMLDocument.clinical(parsing: sketch.bytes).root, DeviationLog())
        if let deviation = reread.deviations.first {
            throw EnvelopeError(.documentMalformed, reason: "cannot be written: \(deviation.what)", place: deviation.place)
        }
        guard sketch == reread else {
            throw EnvelopeError(
                .documentMalformed,
                reason: "cannot be written: a text holds a character that XML cannot, or a value has no element to stand in")
        }
        return bytes
    }

    /// UTF-8, in schema order; checked by nobody.
    private var bytes: [UInt8] {
        var writer = XMLWriter()
        writer.declaration()
        let declarations = Self.vocabularies.map { vocabulary in
            (vocabulary.prefix.map { "xmlns:\($0)" } ?? "xmlns", vocabulary.namespace ?? Self.namespace)
        }
        writer.element("Message", declarations) { Self.layout.write(self, to: &$0) }
        return writer.bytes
    }
}

extension LayoutReader {
    /// Reports a patient who cannot be told from others.
    func inspect(patient name: String?, offID: String?, typeOffID: CodedValue?, dateOfBirth: DocumentTime?) {
        if (name ?? "").trimmed.isEmpty { report("the patient has no name") }
        if (offID ?? "").isEmpty, dateOfBirth == nil {
            report("the patient has neither an identity number nor a date of birth")
        }
        if offID != nil, typeOffID?.code == nil { report("OffId is there without TypeOffId") }
    }
}

extension DocumentTime {
    /// What the reader replaces.
    static let blank = DocumentTime(Date(timeIntervalSince1970: 0))
}

extension CodedValue {
    /// What the reader replaces.
    static let blank = CodedValue(nil)
}
