extension MsgHead {
    /// The message as XML, in the order of its schema, without signature.
    ///
    /// - Throws: ``EnvelopeError`` `.documentIncomplete` for what the schema or the addressing rules demand and is not there,
    ///   `.attachmentMissing` and `.attachmentMalformed` for attachments that cannot be sent.
    public func encoded() throws(EnvelopeError) -> [UInt8] {
        try check()
        var writer = XMLWriter()
        writer.declaration()
        writer.element("MsgHead", [("xmlns", Self.namespace)]) { writer in
            writer.element("MsgInfo") { writeInfo(to: &$0) }
            for document in documents { document.write(to: &writer) }
        }
        return writer.bytes
    }

    private func writeInfo(to writer: inout XMLWriter) {
        let persons = PersonSchema.msgHead
        writer.cs("Type", type)
        writer.element("MIGversion", text: Self.migVersion)
        writer.element("GenDate", text: generated.text)
        writer.element("MsgId", text: messageID)
        writer.cs("ProcessingStatus", processingStatus)
        writer.cs("RequestedPriority", requestedPriority)
        writer.cs("Ack", ack)
        if let conversation {
            writer.element("ConversationRef") { writer in
                writer.element("RefToParent", text: conversation.parent)
                writer.element("RefToConversation", text: conversation.conversation)
            }
        }
        for (name, party) in [("Sender", sender), ("Receiver", receiver)] {
            writer.element(name) { writer in
                writer.cs("ComMethod", party.comMethod)
                persons.write(party.organisation, as: "Organisation", to: &writer)
            }
        }
        for other in otherReceivers {
            writer.element("OtherReceiver") { writer in
                writer.cs("ComMethod", other.comMethod)
                writer.cs("RoleReceiver", other.role)
                switch other.who {
                case .organisation(let organisation): persons.write(organisation, as: "Organisation", to: &writer)
                case .patient(let person): persons.write(person, as: "Patient", to: &writer)
                case .person(let person): persons.write(person, as: "Person", to: &writer)
                case .professional(let professional): persons.write(professional, to: &writer)
                }
            }
        }
        if let patient { persons.write(patient, as: "Patient", to: &writer) }
    }
}

extension MsgHead.Document {
    fileprivate func write(to writer: inout XMLWriter) {
        writer.element("Document") { writer in
            writer.cs("DocumentConnection", documentConnection)
            writer.cv("ContentType", contentType)
            writer.element("ContentDescription", text: contentDescription)
            writer.cv("ContentCategory", contentCategory)
            writer.cv("Consent", consent)
            writer.element("Annotation", text: annotation)
            writer.ts("FromDate", fromDate)
            writer.ts("ToDate", toDate)
            writer.element("OidRef", text: oidRef)
            writer.element("EnquiryRefId", text: enquiryRefID)
            switch content {
            case .attachment(let attachment): attachment.write(to: &writer)
            case .dialogmelding(let dialog): writePayload(to: &writer) { dialog.write(to: &$0) }
            case .unknown(_, _, let xml): writePayload(to: &writer) { $0.raw(xml) }
            }
        }
    }

    private func writePayload(to writer: inout XMLWriter, _ payload: (inout XMLWriter) -> Void) {
        writer.element("RefDoc") { writer in
            writer.ts("IssueDate", issued)
            writer.cs("MsgType", DocumentKind.xml.simple)
            writer.element("Id", text: id)
            writer.element("MimeType", text: mimeType)
            writer.element("Description", text: description)
            writer.element("Content") { payload(&$0) }
        }
    }
}

// MARK: Checks before writing

extension MsgHead {
    /// What ``encoded()`` demands.
    func check() throws(EnvelopeError) {
        func incomplete(_ reason: String, _ place: String) -> EnvelopeError {
            EnvelopeError(.documentIncomplete, reason: reason, place: "MsgHead/\(place)")
        }
        guard type.code?.isEmpty == false else { throw incomplete("the type is missing", "MsgInfo/Type") }
        guard !messageID.isEmpty, messageID == messageID.trimmed else { throw incomplete("the id is empty", "MsgInfo/MsgId") }
        guard generated.precision == .second, generated.hasZone, generated.isWellFormed else {
            throw incomplete("the time must have an offset", "MsgInfo/GenDate")
        }
        if let conversation, conversation.parent.isEmpty || conversation.conversation.isEmpty {
            throw incomplete("both references must be there", "MsgInfo/ConversationRef")
        }
        for (name, party) in [("Sender", sender), ("Receiver", receiver)] {
            try party.organisation.check(name)
            guard party.organisation.addressPath.communicationHERID?.isEmpty == false else {
                throw incomplete("there is no HER-id", "MsgInfo/\(name)")
            }
        }
        for other in otherReceivers {
            guard other.role.code?.isEmpty == false else { throw incomplete("the role is missing", "MsgInfo/OtherReceiver") }
            switch other.who {
            case .organisation(let organisation): try organisation.check("OtherReceiver")
            case .patient(let person), .person(let person): try person.check()
            case .professional(let professional): try professional.check("OtherReceiver")
            }
        }
        try patient?.check()
        guard let first = documents.first else { throw incomplete("there is no document", "Document") }
        if case .attachment = first.content { throw incomplete("the payload must come first", "Document") }
        for document in documents {
            switch document.content {
            case .dialogmelding(let dialog): try dialog.check()
            case .attachment(let attachment): try attachment.check()
            case .unknown: break
            }
        }
    }
}

extension Organisation {
    /// The schema lets an organisation be empty. An address cannot be.
    func check(_ place: String) throws(EnvelopeError) {
        guard name?.isEmpty == false, !identifiers.isEmpty else {
            throw EnvelopeError(.documentIncomplete, reason: "an organisation needs a name and an identifier", place: place)
        }
        for identifier in identifiers { try identifier.check(place) }
        try service?.check(place)
        try professional?.check(place)
    }
}

extension HealthcareProfessional {
    func check(_ place: String) throws(EnvelopeError) {
        guard !person.identifiers.isEmpty else {
            throw EnvelopeError(.documentIncomplete, reason: "a healthcare professional needs an identifier", place: place)
        }
        try person.check()
    }
}

extension Person {
    func check() throws(EnvelopeError) {
        for identifier in identifiers { try identifier.check("Ident") }
        if let dateOfBirth, dateOfBirth.precision != .day || !dateOfBirth.isWellFormed {
            throw EnvelopeError(.documentIncomplete, reason: "the date of birth is no calendar day", place: "DateOfBirth")
        }
    }
}

extension Identifier {
    func check(_ place: String) throws(EnvelopeError) {
        guard !value.isEmpty, type.code?.isEmpty == false, type.hasWellFormedList else {
            throw EnvelopeError(
                .documentIncomplete, reason: "an identifier lacks its value or its type, or names no code list", place: place)
        }
    }
}
