import Native

extension MsgHead {
    private static let order = [
        "Type", "MIGversion", "GenDate", "MsgId", "ProcessingStatus", "RequestedPriority", "Ack", "ConversationRef", "Sender",
        "Receiver", "OtherReceiver", "Patient",
    ]

    /// - Throws: ``EnvelopeError`` `.documentUnknown` for another root, `.documentIncomplete` without type, id, time, sender,
    ///   receiver or any document, `.documentMalformed` when one of those stands twice, `.attachmentMalformed`.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        try self.init(reading: XMLDocument.clinical(parsing: bytes).root, log: DeviationLog())
    }

    init(reading root: XMLNode, log: DeviationLog) throws(EnvelopeError) {
        guard root.is("MsgHead", Self.namespace) else {
            throw EnvelopeError(.documentUnknown, reason: "the document is no MsgHead 1.2")
        }
        let head = ElementReader(
            root, order: ["MsgInfo", "Document", "PatientReport", "Signature"], namespace: nil, log: log)
        guard head.all("PatientReport").isEmpty else {
            throw EnvelopeError(.documentUnknown, reason: "reports to registers are not handled", place: head.path)
        }
        let reader = head.child(try head.required("MsgInfo"), order: Self.order, namespace: Self.namespace)
        if reader.text("MIGversion") != Self.migVersion {
            log.note("MIGversion is missing or not \(Self.migVersion)", at: reader.path)
        }
        let type = reader.coded(try reader.required("Type"))
        guard type.code?.isEmpty == false else { throw reader.missing("Type") }
        self.init(
            type: type, generated: try reader.requiredTimeText("GenDate"), messageID: try reader.requiredText("MsgId"),
            processingStatus: reader.coded("ProcessingStatus"), requestedPriority: reader.coded("RequestedPriority"),
            ack: reader.coded("Ack"), conversation: try Self.conversation(reader),
            sender: try Self.party("Sender", reader), receiver: try Self.party("Receiver", reader),
            otherReceivers: try Self.otherReceivers(reader),
            patient: try Self.patient(reader),
            documents: try Self.documents(head))
        hasSignature = !head.all("Signature").isEmpty
        deviations = log.deviations
    }

    private static func conversation(_ reader: ElementReader) throws(EnvelopeError) -> ConversationReference? {
        guard let node = try reader.only("ConversationRef") else { return nil }
        let reference = reader.child(node, order: ["RefToParent", "RefToConversation"], namespace: namespace)
        let parent = reference.text("RefToParent")
        let conversation = reference.text("RefToConversation")
        if parent == nil || conversation == nil {
            reader.log.note("RefToParent or RefToConversation is missing", at: reference.path)
        }
        guard let known = parent ?? conversation else { return nil }
        return ConversationReference(parent: parent ?? known, conversation: conversation ?? known)
    }

    private static func party(_ name: String, _ reader: ElementReader) throws(EnvelopeError) -> Party {
        let party = reader.child(
            try reader.required(name), order: ["ComMethod", "Organisation"], namespace: namespace)
        let organisation = PersonSchema.msgHead.organisation(try party.required("Organisation"), of: party)
        let path = organisation.addressPath
        guard !organisation.identifiers.isEmpty || path.communicationHERID != nil else { throw party.missing("Ident") }
        try path.checkUnambiguous(at: party.path)
        if path.service != nil, path.person != nil {
            reader.log.note("both a service and a person; the service is the address", at: party.path, .note)
        }
        if path.communicationHERID == nil { reader.log.note("no HER-id, so there is no address", at: party.path) }
        return Party(organisation, comMethod: party.coded("ComMethod"))
    }

    /// A message about two different numbers is about nobody.
    private static func patient(_ reader: ElementReader) throws(EnvelopeError) -> Person? {
        guard let node = try reader.only("Patient") else { return nil }
        let patient = PersonSchema.msgHead.person(node, of: reader)
        for type in [PersonIDType.fnr, .dnr, .hnr, .fhn] {
            try patient.identifiers.checkUnambiguous(type.rawValue, at: "\(reader.path)/Patient")
        }
        return patient
    }

    private static func otherReceivers(_ reader: ElementReader) throws(EnvelopeError) -> [OtherReceiver] {
        var receivers: [OtherReceiver] = []
        for node in reader.all("OtherReceiver") {
            let other = reader.child(
                node,
                order: ["ComMethod", "RoleReceiver", "Organisation", "Patient", "Person", "HealthcareProfessional"],
                namespace: namespace)
            let persons = PersonSchema.msgHead
            let who: OtherReceiver.Who
            if let node = try other.only("Organisation") {
                who = .organisation(persons.organisation(node, of: other))
            } else if let node = try other.only("Patient") {
                who = .patient(persons.person(node, of: other))
            } else if let node = try other.only("Person") {
                who = .person(persons.person(node, of: other))
            } else if let node = try other.only("HealthcareProfessional") {
                who = .professional(persons.professional(node, of: other))
            } else {
                reader.log.note("names nobody", at: other.path)
                continue
            }
            let role = other.coded("RoleReceiver")
            if role == nil { reader.log.note("RoleReceiver is missing; read as a copy receiver", at: other.path) }
            if case .organisation(let organisation) = who {
                try organisation.addressPath.checkUnambiguous(at: other.path)
            }
            receivers.append(OtherReceiver(who, role: role ?? OtherReceiver.copyRole, comMethod: other.coded("ComMethod")))
        }
        return receivers
    }

    private static func documents(_ head: ElementReader) throws(EnvelopeError) -> [Document] {
        var documents: [Document] = []
        for node in head.all("Document") { documents.append(try Document(reading: node, of: head)) }
        guard let first = documents.first else { throw head.missing("Document") }
        let payloads = documents.count { if case .attachment = $0.content { false } else { true } }
        if payloads > 1 { head.log.note("there are \(payloads) payloads", at: head.path) }
        if case .attachment = first.content { head.log.note("the first Document is an attachment", at: head.path) }
        return documents
    }
}

extension MsgHead.Document {
    private static let order = [
        "DocumentConnection", "ContentType", "ContentDescription", "ContentCategory", "Consent", "Annotation", "FromDate",
        "ToDate", "OidRef", "EnquiryRefId", "RefDoc",
    ]

    fileprivate init(reading node: XMLNode, of head: ElementReader) throws(EnvelopeError) {
        let reader = head.child(node, order: Self.order, namespace: MsgHead.namespace)
        let element = reader.child(
            try reader.required("RefDoc"), order: RefDoc.order, namespace: MsgHead.namespace)
        let refDoc = try RefDoc(element)
        let payload = refDoc.content?.children.first
        if let payload, payload.name != "Base64Container", refDoc.kind != .attachment {
            self.init(try Self.payload(refDoc, element), issued: refDoc.issued, description: refDoc.description)
            (id, mimeType) = (refDoc.id, refDoc.mimeType)
        } else {
            if refDoc.kind == .xml { head.log.note("MsgType says XML, the content is a file", at: element.path) }
            self.init(.attachment(try refDoc.attachment()))
        }
        documentConnection = reader.coded("DocumentConnection")
        contentType = reader.coded("ContentType")
        contentDescription = reader.text("ContentDescription")
        contentCategory = reader.coded("ContentCategory")
        consent = reader.coded("Consent")
        annotation = reader.text("Annotation")
        fromDate = reader.time("FromDate")
        toDate = reader.time("ToDate")
        oidRef = reader.text("OidRef")
        enquiryRefID = reader.text("EnquiryRefId")
    }

    private static func payload(_ refDoc: RefDoc, _ reader: ElementReader) throws(EnvelopeError) -> Content {
        let elements = refDoc.content?.children ?? []
        guard elements.count == 1, let payload = elements.first else {
            throw EnvelopeError(.documentMalformed, reason: "Content holds several payloads", place: reader.path)
        }
        let isDialog = Dialogmelding.Version.allCases.contains { payload.is("Dialogmelding", $0.namespace) }
        if isDialog {
            return .dialogmelding(try Dialogmelding(reading: payload, in: "\(reader.path)/Content", log: reader.log))
        }
        reader.log.note("the payload is of a kind that is passed on unread", at: reader.path)
        do {
            let xml = try payload.document.canonicalized(.inclusive, CanonicalSelection(apex: payload))
            return .unknown(name: payload.name, namespace: payload.namespace, xml: xml)
        } catch {
            throw EnvelopeError(.xmlMalformed, reason: error.reason, place: reader.path)
        }
    }
}
