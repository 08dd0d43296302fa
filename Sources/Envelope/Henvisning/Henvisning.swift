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
    public internal(set) var deviations: [Deviation] = []

    public init(
        type: CodedValue? = MessageType.henvisning.simple, msgVersion: String? = nil, genDate: DocumentTime, msgID: String,
        status: CodedValue? = nil, servReq: ServReq
    ) {
        (self.type, self.msgVersion, self.genDate, self.msgID) = (type, msgVersion, genDate, msgID)
        (self.status, self.servReq) = (status, servReq)
    }
}

extension Henvisning {
    /// Reads a referral by the names of its elements. What breaks the schema without making the message ambiguous is read and
    /// listed in ``deviations``.
    ///
    /// - Throws: ``EnvelopeError``: `.documentUnknown` for another namespace or version, `.documentIncomplete` without
    ///   message id, referral id, patient, or HER-ids to send and answer by, `.documentMalformed` for elements that stand
    ///   twice, `.attachmentMalformed` for broken base64, compression, or references that lead out of the envelope.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        self = try Self.read(XMLDocument.clinical(parsing: bytes).root, DeviationLog())
    }

    /// The message as UTF-8, in schema order.
    ///
    /// - Throws: ``EnvelopeError`` for everything the reader would refuse or report: `.documentIncomplete`,
    ///   `.documentMalformed`, `.attachmentMissing`, `.attachmentMalformed`. The place says where.
    public func encoded() throws(EnvelopeError) -> [UInt8] { try written() }

    /// The attachments, in document order.
    public var attachments: [Attachment] { servReq.refDoc.compactMap(\.attachment) }

    /// What a gateway needs to know of the message. The requester sends, the service provider receives.
    public var summary: DocumentSummary {
        let patient = servReq.patient
        let identifiers = AdditionalID.join(patient.offID, patient.typeOffID, patient.additionalID)
        let handover = handover
        var summary = DocumentSummary(
            format: .henvisning11, type: type ?? MessageType.henvisning.simple, messageID: msgID, generated: genDate,
            sender: servReq.requester.hcp.addressPath, receiver: servReq.servProvider.hcp.addressPath,
            copyReceivers: servReq.copyDest.map(\.hcp.addressPath), attachments: attachments, documentID: servReq.id,
            patient: PatientSummary(
                name: PersonName(family: patient.name), identifiers: identifiers, dateOfBirth: patient.dateOfBirth,
                sex: patient.sex),
            ack: AckRequest(servReq.ack), processingStatus: MessageStatus(status)?.processing,
            isUrgent: DocumentUrgency.isUrgent(priority: servReq.reqServ.priority), deviations: deviations)
        summary.conversation = handover.map { ConversationReference(parent: $0.original, conversation: $0.original) }
        summary.firstReceived = handover?.firstReceived.date
        summary.firstReferrer = handover?.referrer
        summary.serviceType = servReq.servType.code.map { ServType(rawValue: $0) }
        return summary
    }
}

extension Henvisning: OwnHeaderDocument {
    static let title = "Henvisning 1.1"
    static let vocabularies = Vocabulary.allCases
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

    var referred: [RefDoc] {
        get { servReq.refDoc }
        set { servReq.refDoc = newValue }
    }

    func requireIdentity() throws(EnvelopeError) {
        try require(msgID, at: "Message/MsgId")
        try require(servReq.id, at: "Message/ServReq/Id")
        try require(servReq.servProvider.hcp.communicationHERID, at: "Message/ServReq/ServProvider: HER-id")
        try require(servReq.requester.hcp.communicationHERID, at: "Message/ServReq/Requester: HER-id")
        for copy in servReq.copyDest {
            try require(copy.hcp.communicationHERID, at: "Message/ServReq/CopyDest: HER-id")
        }
    }

    func inspect(_ reader: LayoutReader) {
        servReq.servProvider.hcp.inspect(as: "ServProvider", reader)
        servReq.requester.hcp.inspect(as: "Requester", reader)
        for copy in servReq.copyDest { copy.hcp.inspect(as: "CopyDest", reader) }
        let patient = servReq.patient
        reader.inspect(
            patient: patient.name, offID: patient.offID, typeOffID: patient.typeOffID, dateOfBirth: patient.dateOfBirth)
    }
}
