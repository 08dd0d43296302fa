extension Henvisning {
    /// What a gateway needs to know of the message. The requester sends, the service provider receives.
    public var summary: DocumentSummary {
        let patient = servReq.patient
        let identifiers = AdditionalID.join(patient.offID, patient.typeOffID, patient.additionalID)
        return DocumentSummary(
            format: .henvisning11, type: type ?? MessageType.henvisning.simple, messageID: msgID, generated: genDate,
            sender: servReq.requester.hcp.addressPath, receiver: servReq.servProvider.hcp.addressPath,
            copyReceivers: servReq.copyDest.map(\.hcp.addressPath), attachments: attachments, documentID: servReq.id,
            patient: PatientSummary(
                name: PersonName(family: patient.name), identifiers: identifiers, dateOfBirth: patient.dateOfBirth,
                sex: patient.sex),
            ack: AckRequest(servReq.ack), processingStatus: MessageStatus(status)?.processing, deviations: deviations)
    }

    /// The attachments, in document order.
    public var attachments: [Attachment] { servReq.refDoc.compactMap(\.attachment) }

    /// What no message can do without, whoever sent it.
    func requireIdentity() throws(EnvelopeError) {
        func require(_ value: String?, _ place: String) throws(EnvelopeError) {
            guard let value, !value.isEmpty else {
                throw EnvelopeError(.documentIncomplete, reason: "missing or empty", place: place)
            }
        }
        try require(msgID, "Message/MsgId")
        try require(servReq.id, "Message/ServReq/Id")
        try require(
            servReq.servProvider.hcp.addressPath.communicationHERID, "Message/ServReq/ServProvider: HER-id of the receiver")
        try require(servReq.requester.hcp.addressPath.communicationHERID, "Message/ServReq/Requester: HER-id of the sender")
        for copy in servReq.copyDest {
            try require(copy.hcp.addressPath.communicationHERID, "Message/ServReq/CopyDest: HER-id of the copy receiver")
        }
    }

    /// Reports what the schema allows and people will miss.
    func inspect(_ reader: LayoutReader) {
        servReq.servProvider.hcp.inspect(as: "ServProvider", reader)
        servReq.requester.hcp.inspect(as: "Requester", reader)
        for copy in servReq.copyDest { copy.hcp.inspect(as: "CopyDest", reader) }
        let patient = servReq.patient
        if (patient.name ?? "").trimmed.isEmpty { reader.report("the patient has no name") }
        if (patient.offID ?? "").isEmpty, patient.dateOfBirth == nil {
            reader.report("the patient has neither an identity number nor a date of birth")
        }
        if patient.offID != nil, patient.typeOffID?.code == nil { reader.report("OffId is there without TypeOffId") }
        for document in servReq.refDoc { document.inspect(reader) }
    }
}

extension Henvisning.RefDoc {
    func inspect(_ reader: LayoutReader) {
        if let attachment, attachment.bytes?.isEmpty == true { reader.report("an attachment has no content") }
        if attachment == nil, DocumentKind(msgType) == .attachment {
            reader.report("an attachment is XML inside the document and is not offered as a file")
        }
    }
}
