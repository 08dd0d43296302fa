import Foundation
import Native

/// A referral: Henvisning 1.1, HIS 80517, namespace `http://www.kith.no/xmlstds/henvisning/2012-02-15`.
///
/// It has a header of its own and is never wrapped in a MsgHead. ``msgID`` is new for every message; ``ServReq/id`` is the
/// referral itself and stays through change, addition and cancellation.
///
/// Nested types bear the names of the schema's elements, and each property is one child element, in the schema's order.
public struct Henvisning: Sendable, Hashable {
    public static let namespace = "http://www.kith.no/xmlstds/henvisning/2012-02-15"
    /// `MIGversion`, fixed.
    public static let version = "v1.1 2012-02-15"

    /// List 8279: HENVISNING, HENVISNING_BUP, HENVISNING_REHAB.
    public var type: CodedValue?
    public var msgVersion: String?
    public var genDate: DocumentTime
    public var msgID: String
    /// List 8323: TEST, APR, NAPR.
    public var status: CodedValue?
    public var servReq: ServReq
    /// What was tolerated when this was read. Nothing that is written.
    public private(set) var deviations: [Deviation] = []

    public init(
        type: CodedValue? = MessageType.henvisning.simple, msgVersion: String? = nil, genDate: DocumentTime, msgID: String,
        status: CodedValue? = nil, servReq: ServReq
    ) {
        (self.type, self.msgVersion, self.genDate, self.msgID) = (type, msgVersion, genDate, msgID)
        (self.status, self.servReq) = (status, servReq)
    }
}

extension Henvisning: ElementValue {
    static let blank = Henvisning(type: nil, genDate: .blank, msgID: "", servReq: .blank)

    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("MsgVersion", \.msgVersion, .text),
        .fixed("MIGversion", version),
        .one("GenDate", \.genDate, .ts, essential: true),
        .one("MsgId", \.msgID, .id, essential: true),
        .optional("Status", \.status, .cs),
        .one("ServReq", \.servReq, .element, essential: true))
}

extension Henvisning {
    /// Reads a referral by the names of its elements. What breaks the schema without making the message ambiguous is read and
    /// listed in ``deviations``.
    ///
    /// - Throws: ``EnvelopeError``: `.documentUnknown` for another namespace or version, `.documentIncomplete` without
    ///   message id, referral id, patient, or HER-ids to send and answer by, `.documentMalformed` for elements that stand
    ///   twice, `.attachmentMalformed` for broken base64, compression, or references that lead out of the envelope.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        try self.init(reading: try XMLDocument.clinical(parsing: bytes).root, log: DeviationLog())
    }

    init(reading root: XMLNode, log: DeviationLog) throws(EnvelopeError) {
        guard root.is("Message", Self.namespace) else {
            throw EnvelopeError(.documentUnknown, reason: "the document is no Henvisning 1.1")
        }
        var reader = LayoutReader(namespace: Self.namespace, root: "Message", log: log)
        self = try reader.element(root)
        try requireIdentity()
        inspect(reader)
        deviations = log.deviations
    }

    /// The message as UTF-8, in schema order.
    ///
    /// - Throws: ``EnvelopeError`` for everything the reader would refuse or report: `.documentIncomplete`,
    ///   `.documentMalformed`, `.attachmentMissing`, `.attachmentMalformed`. The place says where.
    public func encoded() throws(EnvelopeError) -> [UInt8] {
        for document in servReq.refDoc { try document.requireSendable() }
        var sketch = self
        sketch.deviations = []
        for index in sketch.servReq.refDoc.indices { sketch.servReq.refDoc[index].sketch() }
        let reread = try Henvisning(parsing: sketch.written())
        try sketch.requireEqual(to: reread, reread.deviations)
        return written()
    }

    /// The bytes, checked by nobody.
    private func written() -> [UInt8] {
        var writer = XMLWriter()
        writer.declaration()
        let vocabularies = Vocabulary.allCases.map { vocabulary in
            (vocabulary.prefix.map { "xmlns:\($0)" } ?? "xmlns", vocabulary.namespace ?? Self.namespace)
        }
        writer.element("Message", vocabularies) { Self.layout.write(self, to: &$0) }
        return writer.bytes
    }
}

extension ElementValue {
    /// What is written must be what is read back, and nothing about it may need to be tolerated.
    func requireEqual(to reread: Self, _ deviations: [Deviation]) throws(EnvelopeError) {
        if let deviation = deviations.first {
            throw EnvelopeError(.documentMalformed, reason: "cannot be written: \(deviation.what)", place: deviation.place)
        }
        guard self == reread else {
            throw EnvelopeError(
                .documentMalformed,
                reason: "cannot be written: a text holds a character that XML cannot, or a value has no element to stand in")
        }
    }
}

extension DocumentTime {
    /// What the reader replaces.
    static let blank = DocumentTime(Date(timeIntervalSince1970: 0))
}
