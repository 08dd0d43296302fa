// FHIR R4 Consent, strict out. The order of nothing matters: the bytes are canonical.

/// The code systems and extensions of a consent. Where HL7 has a code we use it; the extensions are ours.
enum ConsentCodes {
    static let scope = "http://terminology.hl7.org/CodeSystem/consentscope"
    static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    static let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    static let action = "http://terminology.hl7.org/CodeSystem/consentaction"
    static let information = "urn:msggw:consent:information"
    static let giverRole = "urn:msggw:consent:giver-role"
    static let service = "urn:msggw:consent:service"
    static let otherGuardian = "urn:msggw:consent:other-guardian"
    static let childsView = "urn:msggw:consent:childs-view"
    static let howGiven = "urn:msggw:consent:how-given"
    static let mutual = "urn:msggw:consent:mutual"
    static let uuid = "urn:ietf:rfc:3986"
    /// v3-ParticipationType: who holds the information, and who receives it.
    static let custodian = "CST"
    static let recipient = "IRCP"
}

extension ConsentRecord {
    /// The record as FHIR R4 Consent in canonical JSON. These are the bytes that are signed and that a digest is taken of.
    ///
    /// - Throws: ``ConsentError`` when something that must be in a consent is missing (``check()``).
    public func bytes() throws(ConsentError) -> [UInt8] {
        try check()
        return json.bytes
    }

    private var json: CanonicalJSON {
        .object([
            "resourceType": .string("Consent"),
            "id": .string(id),
            "meta": .object(["versionId": .string(String(version))]),
            "language": .string("nb"),
            "contained": .array([childJSON] + givers.enumerated().filter { $0.element.role != .youngPerson }.map(giverJSON)),
            "extension": .array(extensions),
            "identifier": .array([.object(["system": .string(ConsentCodes.uuid), "value": .string("urn:uuid:\(id)")])]),
            "status": .string(status.rawValue),
            "scope": Self.concept(ConsentCodes.scope, scope.rawValue),
            "category": .array([Self.concept(ConsentCodes.actCode, scope == .share ? "IDSCL" : "ICOL")]),
            "patient": Self.reference("#child"),
            "dateTime": .string(UTCText.write(givenAt)),
            "performer": .array(givers.indices.map { Self.reference(self.pointer($0)) }),
            "organization": .array([Self.party(recordedBy)]),
            "policyRule": Self.concept(ConsentCodes.actCode, stance == .permit ? "OPTIN" : "OPTOUT"),
            "provision": provision,
        ])
    }

    private var provision: CanonicalJSON {
        .object([
            "type": .string(stance.rawValue),
            "period": .object(["start": .string(validFrom.description), "end": .string(validUntil.description)]),
            "actor": Self.list(
                from.map { Self.actor(ConsentCodes.custodian, $0) } + to.map { Self.actor(ConsentCodes.recipient, $0) }),
            "action": .array([Self.concept(ConsentCodes.action, "disclose")]),
            "purpose": Self.list(purposes.map { Self.coding($0.system, $0.rawValue) }),
            "code": Self.list(information.map { Self.concept(ConsentCodes.information, $0.rawValue) }),
        ])
    }

    private var extensions: [CanonicalJSON] {
        var all = [Self.codeExtension(ConsentCodes.childsView, childsView.rawValue)]
        if let otherGuardian { all.append(Self.codeExtension(ConsentCodes.otherGuardian, otherGuardian.rawValue)) }
        let (way, detail) =
            switch howGiven {
            case .oral(let name): ("oral", name)
            case .paper(let reference): ("paper", reference)
            case .loggedIn(let level): ("logged-in", level)
            }
        all.append(
            .object([
                "url": .string(ConsentCodes.howGiven),
                "extension": .array([
                    .object(["url": .string("way"), "valueCode": .string(way)]),
                    .object(["url": .string("detail"), "valueString": .string(detail)]),
                ]),
            ]))
        if isMutual { all.append(.object(["url": .string(ConsentCodes.mutual), "valueBoolean": .bool(true)])) }
        return all
    }

    private var childJSON: CanonicalJSON {
        .object([
            "resourceType": .string("Patient"), "id": .string("child"),
            "identifier": child.identity.map { .array([Self.identifier($0)]) },
            "name": child.name.map(Self.name), "birthDate": .string(child.birthDate.description),
        ])
    }

    /// A person is a `RelatedPerson` of the child; the child welfare service is one too, so that one form carries all roles.
    private func giverJSON(_ position: Int, _ giver: Giver) -> CanonicalJSON {
        .object([
            "resourceType": .string("RelatedPerson"), "id": .string(String(pointer(position).dropFirst())),
            "patient": Self.reference("#child"),
            "relationship": .array([Self.concept(ConsentCodes.giverRole, giver.role.rawValue)]),
            "identifier": giver.identity.map { .array([Self.identifier($0)]) }, "name": giver.name.map(Self.name),
        ])
    }

    private func pointer(_ position: Int) -> String {
        givers[position].role == .youngPerson ? "#child" : "#giver\(position + 1)"
    }

    private static func list(_ items: [CanonicalJSON]) -> CanonicalJSON? { items.isEmpty ? nil : .array(items) }

    private static func coding(_ system: String, _ code: String) -> CanonicalJSON {
        .object(["system": .string(system), "code": .string(code)])
    }

    private static func concept(_ system: String, _ code: String) -> CanonicalJSON {
        .object(["coding": .array([coding(system, code)])])
    }

    private static func reference(_ pointer: String) -> CanonicalJSON { .object(["reference": .string(pointer)]) }

    private static func name(_ name: String) -> CanonicalJSON { .array([.object(["text": .string(name)])]) }

    private static func identifier(_ identity: PartyIdentity) -> CanonicalJSON {
        .object(["system": .string(identity.scheme.rawValue), "value": .string(identity.value)])
    }

    private static func codeExtension(_ url: String, _ code: String) -> CanonicalJSON {
        .object(["url": .string(url), "valueCode": .string(code)])
    }

    private static func party(_ party: ConsentParty) -> CanonicalJSON {
        .object([
            "type": .string("Organization"), "identifier": party.identity.map(identifier),
            "display": party.name.map { .string($0) },
            "extension": .array([codeExtension(ConsentCodes.service, party.service.rawValue)]),
        ])
    }

    private static func actor(_ role: String, _ party: ConsentParty) -> CanonicalJSON {
        .object(["role": concept(ConsentCodes.participation, role), "reference": self.party(party)])
    }
}
