import Native

/// A discharge summary: Epikrise 1.2, namespace `http://www.kith.no/xmlstds/epikrise/2012-02-15`.
///
/// It has a header of its own and is never wrapped in a MsgHead. ``msgID`` is new for every message;
/// ``ServRprt/servProvID`` is the epikrise itself and stays through changes.
///
/// Nested types bear the names of the schema's elements, and each property is one child element, in the schema's order. Where
/// the schema has the same type as Henvisning 1.1, it is the same type here.
public struct Epikrise: Sendable, Hashable {
    public typealias AdditionalID = Henvisning.AdditionalID
    public typealias Address = Henvisning.Address
    public typealias ClinInv = Henvisning.ClinInv
    public typealias CopyDestRole = Henvisning.CopyDestRole
    public typealias DateResult = Henvisning.DateResult
    public typealias Dept = Henvisning.Dept
    public typealias HCPerson = Henvisning.HCPerson
    public typealias Interval = Henvisning.Interval
    public typealias Modifier = Henvisning.Modifier
    public typealias NumResult = Henvisning.NumResult
    public typealias PatientPrecaution = Henvisning.PatientPrecaution
    public typealias RefDoc = Henvisning.RefDoc
    /// A concept with its modifiers; so are ``CodedComment``, ``CodedDescr`` and ``DiagComment``.
    public typealias Diagnosis = Henvisning.Diagnosis
    public typealias CodedComment = Henvisning.Diagnosis
    public typealias CodedDescr = Henvisning.Diagnosis
    public typealias DiagComment = Henvisning.Diagnosis

    public static let namespace = "http://www.kith.no/xmlstds/epikrise/2012-02-15"
    /// `MIGversion`, fixed.
    public static let version = "v1.2 2012-02-15"

    /// List 8279: EPIKRISE.
    public var type: CodedValue?
    public var msgVersion: String?
    public var genDate: DocumentTime
    public var msgID: String
    /// List 8323: TEST, APR, NAPR.
    public var status: CodedValue?
    public var servRprt: ServRprt
    /// What was tolerated when this was read. Nothing that is written.
    public internal(set) var deviations: [Deviation] = []

    public init(
        type: CodedValue? = MessageType.epikrise.simple, msgVersion: String? = nil, genDate: DocumentTime, msgID: String,
        status: CodedValue? = nil, servRprt: ServRprt
    ) {
        (self.type, self.msgVersion, self.genDate, self.msgID) = (type, msgVersion, genDate, msgID)
        (self.status, self.servRprt) = (status, servRprt)
    }
}

extension Epikrise {
    /// Reads an epikrise by the names of its elements. What breaks the schema without making the message ambiguous is read and
    /// listed in ``deviations``.
    ///
    /// - Throws: ``EnvelopeError``: `.documentUnknown` for another namespace or version, `.documentIncomplete` without
    ///   message id, patient, or HER-ids to send and answer by, `.documentMalformed` for elements that stand twice,
    ///   `.attachmentMalformed` for broken base64, compression, or references that lead out of the envelope.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        self = try Self.read(XMLDocument.clinical(parsing: bytes).root, DeviationLog())
    }

    /// The message as UTF-8, in schema order.
    ///
    /// - Throws: ``EnvelopeError`` for everything the reader would refuse or report: `.documentIncomplete`,
    ///   `.documentMalformed`, `.attachmentMissing`, `.attachmentMalformed`. The place says where.
    public func encoded() throws(EnvelopeError) -> [UInt8] { try written() }

    /// The attachments, in document order.
    public var attachments: [Attachment] { servRprt.refDoc.compactMap(\.attachment) }

    /// What a gateway needs to know of the message. The service provider sends, the requester receives.
    public var summary: DocumentSummary {
        let patient = servRprt.patient
        let identifiers = AdditionalID.join(patient.offID, patient.typeOffID, patient.additionalID)
        return DocumentSummary(
            format: .epikrise12, type: type ?? MessageType.epikrise.simple, messageID: msgID, generated: genDate,
            sender: servRprt.servProvider.hcp.addressPath, receiver: servRprt.requester.hcp.addressPath,
            copyReceivers: servRprt.copyDest.map(\.hcp.addressPath), attachments: attachments,
            documentID: servRprt.servProvID,
            patient: PatientSummary(
                name: PersonName(family: patient.name), identifiers: identifiers, dateOfBirth: patient.dateOfBirth,
                sex: patient.sex),
            ack: AckRequest(servRprt.ack), processingStatus: MessageStatus(status)?.processing, deviations: deviations)
    }

    /// The epikrise with more attachments, put in where the schema has them. Every other byte stays what it was.
    ///
    /// - Throws: see ``Henvisning/attaching(_:to:)``.
    public static func attaching(_ attachments: [Attachment], to document: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        let tree = try XMLDocument.clinical(parsing: document)
        _ = try Epikrise.read(tree.root, DeviationLog())
        return try AttachmentPlace(namespace: namespace, parent: "ServRprt", after: ["RefDoc", "RelServProvider", "Requester"])
            .insert(attachments, into: document, tree)
    }
}

extension Epikrise: OwnHeaderDocument {
    static let title = "Epikrise 1.2"
    static let vocabularies = [Vocabulary.document]
    static let blank = Epikrise(type: nil, genDate: .blank, msgID: "", servRprt: .blank)

    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("MsgVersion", \.msgVersion, .text),
        .fixed("MIGversion", version),
        .one("GenDate", \.genDate, .ts, essential: true),
        .one("MsgId", \.msgID, .id, essential: true),
        .optional("Status", \.status, .cs),
        .one("ServRprt", \.servRprt, .element, essential: true))

    var referred: [RefDoc] {
        get { servRprt.refDoc }
        set { servRprt.refDoc = newValue }
    }

    func requireIdentity() throws(EnvelopeError) {
        try require(msgID, at: "Message/MsgId")
        try require(servRprt.servProvider.hcp.communicationHERID, at: "Message/ServRprt/ServProvider: HER-id")
        try require(servRprt.requester.hcp.communicationHERID, at: "Message/ServRprt/Requester: HER-id")
        for copy in servRprt.copyDest {
            try require(copy.hcp.communicationHERID, at: "Message/ServRprt/CopyDest: HER-id")
        }
    }

    func inspect(_ reader: LayoutReader) {
        servRprt.servProvider.hcp.inspect(as: "ServProvider", reader)
        servRprt.requester.hcp.inspect(as: "Requester", reader)
        for copy in servRprt.copyDest { copy.hcp.inspect(as: "CopyDest", reader) }
        let patient = servRprt.patient
        reader.inspect(
            patient: patient.name, offID: patient.offID, typeOffID: patient.typeOffID, dateOfBirth: patient.dateOfBirth)
        for event in servRprt.event { event.inspect(reader) }
    }
}
