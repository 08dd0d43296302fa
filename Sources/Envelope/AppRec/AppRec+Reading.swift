import Native

extension AppRec {
    private static let order = [
        "MsgType", "MIGversion", "SoftwareName", "SoftwareVersion", "GenDate", "Id", "Sender", "Receiver", "Status", "Error",
        "OriginalMsgId",
    ]

    /// - Throws: ``EnvelopeError`` `.documentUnknown` for another root, `.documentIncomplete` for what a receipt cannot do
    ///   without: id, sender, receiver, status, the original's id.
    public init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        try self.init(reading: XMLDocument.clinical(parsing: bytes).root, log: DeviationLog())
    }

    init(reading root: XMLNode, log: DeviationLog) throws(EnvelopeError) {
        guard root.name == "AppRec", let version = Version.allCases.first(where: { $0.namespace == root.namespace }) else {
            throw EnvelopeError(.documentUnknown, reason: "the document is no AppRec 1.0 or 1.1")
        }
        let reader = ElementReader(root, order: Self.order, namespace: version.namespace, log: log)
        if reader.coded("MsgType")?.code != MessageType.appRec.rawValue {
            log.note("MsgType is missing or not APPREC", at: reader.path)
        }
        if reader.text("MIGversion") != version.migVersion {
            log.note("MIGversion is missing or not that of the namespace", at: reader.path)
        }
        let status = Status(reader.coded(try reader.required("Status")))
        if case .unknown = status { log.note("the status is not 1, 2 or 3; a person must look at it", at: reader.path) }
        let errors = reader.allCoded("Error")
        if status == .rejected, errors.isEmpty { log.note("a rejection without any error", at: reader.path) }
        if status == .ok, !errors.isEmpty { log.note("status OK with errors", at: reader.path) }
        self.init(
            version: version, softwareName: reader.text("SoftwareName"), softwareVersion: reader.text("SoftwareVersion"),
            generated: try reader.requiredTimeText("GenDate"), id: try reader.requiredText("Id"),
            sender: try Self.party(reader, "Sender", version), receiver: try Self.party(reader, "Receiver", version),
            status: status, errors: errors, original: try Self.original(reader, version))
        deviations = log.deviations
    }

    private static func original(_ reader: ElementReader, _ version: Version) throws(EnvelopeError) -> OriginalMessage {
        let original = reader.child(
            try reader.required("OriginalMsgId"), order: ["MsgType", "IssueDate", "Id"], namespace: version.namespace)
        return OriginalMessage(
            type: original.coded(try original.required("MsgType")), issued: try original.requiredTimeText("IssueDate"),
            id: try original.requiredText("Id"))
    }

    private static func party(_ reader: ElementReader, _ name: String, _ version: Version) throws(EnvelopeError) -> Party {
        let namespace = version.namespace
        let party = reader.child(try reader.required(name), order: ["Role", "HCP"], namespace: namespace)
        let hcp = party.child(
            try party.required("HCP"), order: ["Inst", "HCProf", "MedSpeciality", "Address"], namespace: namespace)
        if let node = try hcp.only("HCProf") {
            let professional = hcp.child(
                node, order: ["Type", "Name", "Id", "TypeId", "AdditionalId"], namespace: namespace)
            let person = AddressPath.Person(professional.text("Name"), identifiers(professional, namespace))
            return Party(AddressPath(AddressPath.Unit(nil, []), person: person), role: party.coded("Role"))
        }
        let inst = hcp.child(
            try hcp.required("Inst"), order: ["Name", "Id", "TypeId", "Dept", "AdditionalId", "HCPerson"], namespace: namespace)
        let service = inst.one("Dept").map { node in
            let dept = inst.child(node, order: ["Type", "Name", "Id", "TypeId", "AdditionalId"], namespace: namespace)
            return AddressPath.Unit(dept.text("Name"), identifiers(dept, namespace))
        }
        let person = inst.one("HCPerson").map { node in
            let person = inst.child(node, order: ["Name", "Id", "TypeId", "AdditionalId"], namespace: namespace)
            return AddressPath.Person(person.text("Name"), identifiers(person, namespace))
        }
        let organisation = AddressPath.Unit(inst.text("Name"), identifiers(inst, namespace))
        guard !organisation.identifiers.isEmpty || service?.herID != nil || person?.herID != nil else {
            throw EnvelopeError(.documentIncomplete, reason: "\(name) has no identifier", place: inst.path)
        }
        let address = AddressPath(organisation, service: service, person: person)
        try address.checkUnambiguous(at: inst.path)
        return Party(address, role: party.coded("Role"))
    }

    /// `Id` with `TypeId`, then each `AdditionalId`.
    private static func identifiers(_ reader: ElementReader, _ namespace: String) -> [Identifier] {
        var identifiers: [Identifier] = []
        if let id = reader.text("Id") { identifiers.append(Identifier(id, type: reader.coded("TypeId") ?? CodedValue(nil))) }
        for node in reader.all("AdditionalId") {
            let additional = reader.child(node, order: ["Id", "Type"], namespace: namespace)
            guard let id = additional.text("Id") else { continue }
            identifiers.append(Identifier(id, type: additional.coded("Type") ?? CodedValue(nil)))
        }
        return identifiers
    }
}
