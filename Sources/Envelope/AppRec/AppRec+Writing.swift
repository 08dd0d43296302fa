extension AppRec {
    /// The receipt as XML, in the order of its schema.
    ///
    /// - Throws: ``EnvelopeError`` `.documentIncomplete` for a rejection without error, an OK with errors, an unknown status,
    ///   a party without identifier, an empty id or a time without offset in what is ours to state.
    public func encoded() throws(EnvelopeError) -> [UInt8] {
        try check()
        var writer = XMLWriter()
        writer.declaration()
        writer.element("AppRec", [("xmlns", version.namespace)]) { writer in
            writer.cs("MsgType", Self.messageType)
            writer.element("MIGversion", text: version.migVersion)
            writer.element("SoftwareName", text: softwareName)
            writer.element("SoftwareVersion", text: softwareVersion)
            writer.element("GenDate", text: generated.text)
            writer.element("Id", text: id)
            writer.element("Sender") { sender.write(to: &$0) }
            writer.element("Receiver") { receiver.write(to: &$0) }
            writer.cs("Status", status.coded)
            for error in errors { writer.cv("Error", error) }
            writer.element("OriginalMsgId") { writer in
                writer.cs("MsgType", original.type)
                writer.element("IssueDate", text: original.issued.text)
                writer.element("Id", text: original.id)
            }
        }
        return writer.bytes
    }

    func check() throws(EnvelopeError) {
        func incomplete(_ reason: String, _ place: String) -> EnvelopeError {
            EnvelopeError(.documentIncomplete, reason: reason, place: "AppRec/\(place)")
        }
        switch status {
        case .rejected where errors.isEmpty: throw incomplete("a rejection needs an error", "Error")
        case .ok where !errors.isEmpty: throw incomplete("an OK has no errors", "Error")
        case .unknown: throw incomplete("the status must be 1, 2 or 3", "Status")
        case .ok, .rejected, .okWithErrorInPart: break
        }
        guard !id.isEmpty else { throw incomplete("the id is empty", "Id") }
        guard !original.id.isEmpty else { throw incomplete("the original's id is empty", "OriginalMsgId/Id") }
        guard generated.precision == .second, generated.hasZone, generated.isWellFormed else {
            throw incomplete("the time must have an offset", "GenDate")
        }
        guard original.issued.precision == .second, original.issued.isWellFormed else {
            throw incomplete("the original's time is no xs:dateTime", "OriginalMsgId/IssueDate")
        }
        for error in errors where error.code?.isEmpty != false { throw incomplete("an error has no code", "Error") }
        try sender.check("Sender")
        try receiver.check("Receiver")
    }
}

extension AppRec.Party {
    fileprivate func check(_ name: String) throws(EnvelopeError) {
        guard address.communicationHERID != nil || !address.organisation.identifiers.isEmpty else {
            throw EnvelopeError(.documentIncomplete, reason: "\(name) has no identifier", place: "AppRec/\(name)")
        }
    }

    fileprivate func write(to writer: inout XMLWriter) {
        writer.cs("Role", role)
        writer.element("HCP") { writer in
            let organisation = address.organisation
            if organisation.name == nil, organisation.identifiers.isEmpty, let person = address.person {
                writer.element("HCProf") { Self.write(person.name, person.identifiers, to: &$0) }
                return
            }
            writer.element("Inst") { writer in
                Self.write(organisation.name, Array(organisation.identifiers.prefix(1)), to: &writer)
                if let service = address.service {
                    writer.element("Dept") { Self.write(service.name, service.identifiers, to: &$0) }
                }
                Self.writeAdditional(organisation.identifiers.dropFirst(), to: &writer)
                if let person = address.person {
                    writer.element("HCPerson") { Self.write(person.name, person.identifiers, to: &$0) }
                }
            }
        }
    }

    private static func write(_ name: String?, _ identifiers: [Identifier], to writer: inout XMLWriter) {
        writer.element("Name", text: name)
        if let first = identifiers.first {
            writer.element("Id", text: first.value)
            writer.cs("TypeId", first.type)
        }
        writeAdditional(identifiers.dropFirst(), to: &writer)
    }

    private static func writeAdditional(_ identifiers: ArraySlice<Identifier>, to writer: inout XMLWriter) {
        for identifier in identifiers {
            writer.element("AdditionalId") { writer in
                writer.element("Id", text: identifier.value)
                writer.cs("Type", identifier.type)
            }
        }
    }
}
