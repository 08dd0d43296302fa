import Foundation

extension ConsentRecord {
    /// A record together with what was tolerated to read it.
    public struct Reading: Sendable, Hashable {
        public let record: ConsentRecord
        public let deviations: [ConsentDeviation]
    }

    /// Reads FHIR R4 Consent. What cannot change the meaning is tolerated and reported; what narrows the consent in a way we
    /// do not understand is refused, because reading past it would widen it.
    ///
    /// - Throws: ``ConsentError`` with the element's path.
    public static func read(_ bytes: [UInt8]) throws(ConsentError) -> Reading {
        let json: CanonicalJSON
        do { json = try CanonicalJSON(parsing: bytes) } catch {
            throw ConsentError(
                .notJSON, at: "byte \(error.offset)", reason: "is not the JSON of one document: \(error.code.rawValue)")
        }
        let reader = FHIRReader()
        let record = try read(json, reader)
        try record.check()
        if try record.bytes() != bytes { reader.report("Consent", .notCanonical) }
        return Reading(record: record, deviations: reader.deviations)
    }

    private static func read(_ json: CanonicalJSON, _ reader: FHIRReader) throws(ConsentError) -> ConsentRecord {
        let root = try reader.object(
            json, "Consent",
            knows: [
                "resourceType", "id", "meta", "language", "contained", "extension", "identifier", "status", "scope", "category",
                "patient", "dateTime", "performer", "organization", "policyRule", "policy", "provision", "text",
            ])
        guard root["resourceType"]?.text == "Consent" else {
            throw ConsentError(.notConsent, at: "resourceType", reason: "is not Consent")
        }
        let people = try ConsentPeople(root, reader)
        let provision = try ConsentProvision(root["provision"], reader)
        guard let given = root["dateTime"]?.text.flatMap(UTCText.read) else {
            throw ConsentError(.incomplete, at: "dateTime", reason: "is not a time with zone")
        }
        let about = reader.extensions(
            root["extension"], "Consent",
            knows: [ConsentCodes.childsView, ConsentCodes.otherGuardian, ConsentCodes.howGiven, ConsentCodes.mutual])
        let organizations = try reader.array(root["organization"], "organization").map { party throws(ConsentError) in
            try ConsentProvision.party(party, "organization", reader)
        }
        guard let recorder = organizations.first else {
            throw ConsentError(.incomplete, at: "organization", reason: "is missing: who recorded it")
        }
        var record = ConsentRecord(
            id: try identifier(root), child: people.child, givers: people.givers, information: provision.information,
            from: provision.from, to: provision.to, purposes: provision.purposes, givenAt: given,
            validUntil: provision.end, howGiven: try howGiven(about[ConsentCodes.howGiven]), recordedBy: recorder)
        record.validFrom = provision.start ?? OsloDay(at: given)
        record.stance = provision.stance
        record.status = try value(root["status"]?.text, "status")
        record.scope = try value(reader.code(root["scope"], "scope", system: ConsentCodes.scope), "scope")
        record.version = root["meta"]?["versionId"]?.text.flatMap { Int($0) } ?? 1
        if root["meta"]?["versionId"] == nil { reader.report("meta.versionId", .missing) }
        if let view = about[ConsentCodes.childsView] { record.childsView = try value(view["valueCode"]?.text, "child's view") }
        if let other = about[ConsentCodes.otherGuardian] {
            record.otherGuardian = try value(other["valueCode"]?.text, "other guardian") as OtherGuardian
        }
        record.isMutual = about[ConsentCodes.mutual]?["valueBoolean"]?.boolean ?? false
        return record
    }

    static func value<Value: RawRepresentable>(
        _ text: String?, _ place: String
    ) throws(ConsentError) -> Value where Value.RawValue == String {
        guard let text else { throw ConsentError(.incomplete, at: place, reason: "is missing") }
        guard let value = Value(rawValue: text) else {
            throw ConsentError(.notUnderstood, at: place, reason: "has a code we do not know")
        }
        return value
    }

    private static func identifier(_ root: [String: CanonicalJSON]) throws(ConsentError) -> String {
        let named = (root["identifier"]?.items ?? []).first { $0["system"]?.text == ConsentCodes.uuid }?["value"]?.text
        let text = named.map { $0.hasPrefix("urn:uuid:") ? String($0.dropFirst(9)) : $0 } ?? root["id"]?.text
        guard let text, UUID(uuidString: text) != nil else {
            throw ConsentError(.incomplete, at: "identifier", reason: "holds no UUID")
        }
        return text.lowercased()
    }

    private static func howGiven(_ found: CanonicalJSON?) throws(ConsentError) -> HowGiven {
        let parts = found?["extension"]?.items ?? []
        let way = parts.first { $0["url"]?.text == "way" }?["valueCode"]?.text
        let detail = parts.first { $0["url"]?.text == "detail" }?["valueString"]?.text ?? ""
        switch way {
        case "oral": return .oral(notedBy: detail)
        case "paper": return .paper(reference: detail)
        case "logged-in": return .loggedIn(level: detail)
        case nil: throw ConsentError(.incomplete, at: "how given", reason: "is missing")
        default: throw ConsentError(.notUnderstood, at: "how given", reason: "has a code we do not know")
        }
    }
}

/// The child and those who gave the consent.
struct ConsentPeople {
    let child: ConsentRecord.Child
    let givers: [ConsentRecord.Giver]

    init(_ root: [String: CanonicalJSON], _ reader: FHIRReader) throws(ConsentError) {
        var contained: [String: CanonicalJSON] = [:]
        for resource in reader.array(root["contained"], "contained") {
            guard let id = resource["id"]?.text else {
                reader.report("contained", .ignored)
                continue
            }
            contained["#\(id)"] = resource
        }
        let pointer = root["patient"]?["reference"]?.text ?? ""
        guard let patient = contained[pointer], patient["resourceType"]?.text == "Patient" else {
            throw ConsentError(.incomplete, at: "patient", reason: "is not contained in the consent")
        }
        child = try Self.child(patient, reader)
        var found: [ConsentRecord.Giver] = []
        for performer in reader.array(root["performer"], "performer") {
            let target = performer["reference"]?.text ?? ""
            if target == pointer {
                found.append(ConsentRecord.Giver(.youngPerson))
            } else if let person = contained[target] {
                found.append(try Self.giver(person, reader))
            } else {
                throw ConsentError(.incomplete, at: "performer", reason: "is not contained in the consent")
            }
        }
        givers = found
    }

    private static func child(_ patient: CanonicalJSON, _ reader: FHIRReader) throws(ConsentError) -> ConsentRecord.Child {
        let members = try reader.object(
            patient, "patient", knows: ["resourceType", "id", "identifier", "name", "birthDate"])
        guard let born = members["birthDate"]?.text.flatMap({ OsloDay($0) }) else {
            throw ConsentError(.incomplete, at: "patient.birthDate", reason: "is no full date, and age decides who consents")
        }
        return ConsentRecord.Child(
            identity: identity(members["identifier"], "patient.identifier", reader), birthDate: born,
            name: name(members["name"], "patient.name", reader))
    }

    private static func giver(_ person: CanonicalJSON, _ reader: FHIRReader) throws(ConsentError) -> ConsentRecord.Giver {
        let members = try reader.object(
            person, "performer", knows: ["resourceType", "id", "patient", "relationship", "identifier", "name"])
        var role: String?
        for relationship in reader.array(members["relationship"], "performer.relationship") where role == nil {
            role = try reader.code(relationship, "performer.relationship", system: ConsentCodes.giverRole)
        }
        // Kin is not parental responsibility: without our role the person is one who cares for the child, no more.
        let known = try role.map { text throws(ConsentError) in
            try ConsentRecord.value(text, "performer.relationship") as ConsentRecord.GiverRole
        }
        return ConsentRecord.Giver(
            known ?? .caretaker, name: name(members["name"], "performer.name", reader),
            identity: identity(members["identifier"], "performer.identifier", reader))
    }

    static func identity(_ value: CanonicalJSON?, _ place: String, _ reader: FHIRReader) -> PartyIdentity? {
        var found: PartyIdentity?
        for item in reader.array(value, place) {
            if found == nil, let scheme = item["system"]?.text.flatMap(PartyIdentity.Scheme.init), let value = item["value"]?.text
            {
                found = PartyIdentity(scheme, value)
            } else {
                reader.report(place, .ignored)
            }
        }
        return found
    }

    private static func name(_ value: CanonicalJSON?, _ place: String, _ reader: FHIRReader) -> String? {
        guard let first = reader.array(value, place).first else { return nil }
        if let text = first["text"]?.text { return text }
        reader.report(place, .otherType)
        let given = (first["given"]?.items ?? []).compactMap(\.text)
        let parts = given + [first["family"]?.text].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// What may be shared between whom, for what and how long.
struct ConsentProvision {
    var stance = ConsentRecord.Stance.permit
    var start: OsloDay?
    let end: OsloDay
    var from: [ConsentParty] = []
    var to: [ConsentParty] = []
    var purposes: [SharingPurpose] = []
    var information: [InformationKind] = []

    init(_ value: CanonicalJSON?, _ reader: FHIRReader) throws(ConsentError) {
        let members = try reader.object(
            value, "provision", knows: ["type", "period", "actor", "action", "purpose", "code", "id"])
        // Each of these narrows what is permitted; a nested provision is an exception. To pass over one would widen the consent.
        for key in ["provision", "securityLabel", "class", "dataPeriod", "data"] where members[key] != nil {
            throw ConsentError(.notUnderstood, at: "provision.\(key)", reason: "narrows the consent in a way we do not handle")
        }
        stance = try ConsentRecord.value(members["type"]?.text, "provision.type")
        // An objection is read as wide as it can be meant, a consent as narrow.
        let widens = stance == .deny
        let period = try reader.object(members["period"], "provision.period", knows: ["start", "end", "id"])
        start = try period["start"].map { value throws(ConsentError) in
            try Self.day(value, "provision.period.start", reader, earlier: widens)
        }
        guard let last = period["end"] else {
            throw ConsentError(.incomplete, at: "provision.period.end", reason: "is missing: until when")
        }
        end = try Self.day(last, "provision.period.end", reader, earlier: !widens)
        try readActions(members["action"], reader)
        try readActors(members["actor"], reader)
        for purpose in reader.array(members["purpose"], "provision.purpose") {
            guard let known = purpose["code"]?.text.flatMap(SharingPurpose.init), purpose["system"]?.text == known.system else {
                try passOver("provision.purpose", reader)
                continue
            }
            purposes.append(known)
        }
        for concept in reader.array(members["code"], "provision.code") {
            let code = try reader.code(concept, "provision.code", system: ConsentCodes.information)
            guard let code, let known = InformationKind(rawValue: code) else {
                try passOver("provision.code", reader)
                continue
            }
            information.append(known)
        }
    }

    /// A code we do not know: left out of a consent, which is then narrower. An objection would be narrower too, so not there.
    private func passOver(_ place: String, _ reader: FHIRReader) throws(ConsentError) {
        guard stance == .permit else {
            throw ConsentError(.notUnderstood, at: place, reason: "objects to something we do not know")
        }
        reader.report(place, .unknownCode)
    }

    private func readActions(_ value: CanonicalJSON?, _ reader: FHIRReader) throws(ConsentError) {
        var codes: [String?] = []
        for action in reader.array(value, "provision.action") {
            codes.append(try reader.code(action, "provision.action", system: ConsentCodes.action))
        }
        guard codes.isEmpty || codes.contains("disclose") else {
            throw ConsentError(.notUnderstood, at: "provision.action", reason: "does not speak of sharing")
        }
    }

    private mutating func readActors(_ value: CanonicalJSON?, _ reader: FHIRReader) throws(ConsentError) {
        for actor in reader.array(value, "provision.actor") {
            let role = try reader.code(actor["role"], "provision.actor.role", system: ConsentCodes.participation)
            let party = try Self.party(actor["reference"], "provision.actor", reader)
            switch role {
            case ConsentCodes.custodian: from.append(party)
            case ConsentCodes.recipient: to.append(party)
            default: throw ConsentError(.notUnderstood, at: "provision.actor.role", reason: "is neither sender nor receiver")
            }
        }
    }

    static func party(
        _ value: CanonicalJSON?, _ place: String, _ reader: FHIRReader
    ) throws(ConsentError) -> ConsentParty {
        let members = try reader.object(value, place, knows: ["type", "identifier", "display", "extension", "reference", "id"])
        let about = reader.extensions(members["extension"], place, knows: [ConsentCodes.service])
        let service = about[ConsentCodes.service]?["valueCode"]?.text.flatMap(CareService.init)
        if service == nil { reader.report("\(place).service", .missing) }
        let single = members["identifier"].map { CanonicalJSON.array([$0]) }
        let identity = ConsentPeople.identity(single, "\(place).identifier", reader)
        guard service != nil || identity != nil else {
            throw ConsentError(.notUnderstood, at: place, reason: "has neither a service we know nor a number")
        }
        return ConsentParty(service ?? .other, identity: identity, name: members["display"]?.text)
    }

    /// A day. Of a moment that is not midnight the day itself would be a day too many at one end, so it is told which to take.
    private static func day(
        _ value: CanonicalJSON, _ place: String, _ reader: FHIRReader, earlier: Bool
    ) throws(ConsentError) -> OsloDay {
        let text = value.text ?? ""
        if let day = OsloDay(text) { return day }
        guard let instant = UTCText.read(text) else {
            throw ConsentError(.notUnderstood, at: place, reason: "is neither a day nor a time with zone")
        }
        reader.report(place, .roundedToDay)
        let day = OsloDay(at: instant)
        let isStart = place.hasSuffix("start")
        if isStart { return earlier || day.start == instant ? day : day.adding(days: 1) }
        return earlier ? day.adding(days: -1) : day
    }
}
