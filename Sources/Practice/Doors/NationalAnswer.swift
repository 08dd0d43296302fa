/// What the national address registry said: one party with what hangs below it, or a list of them.
///
/// The three forms name the same things differently: the export (`CommunicationPartyExport`, JSON), the REST interface (`api/v1`,
/// JSON) and SOAP. What is understood is kept; street addresses, birth dates, identity numbers and authorisations of persons
/// are not even looked at.
public struct NationalAnswer: Sendable, Hashable {
    public var doors: [Door]
    /// The registry's own time of answering, its day; nil when it does not say.
    public var serverDay: DoorDay?

    public init(doors: [Door], serverDay: DoorDay? = nil) { (self.doors, self.serverDay) = (doors, serverDay) }

    /// One party of the export, or a list of them.
    public static func export(_ json: [UInt8]) throws(DoorError) -> NationalAnswer {
        let root = try RegistryNode(json: json)
        guard case .list(let entries) = root else { return try exported(root, at: "") }
        var answer = NationalAnswer(doors: [])
        for (number, entry) in entries.enumerated() {
            let one = try exported(entry, at: "[\(number)]")
            answer.doors += one.doors
            answer.serverDay = [answer.serverDay, one.serverDay].compactMap(\.self).min()
        }
        return answer
    }

    /// A whole SOAP envelope.
    ///
    /// - Throws: `.notFound` when the registry says that it knows no such party, `.fault` when it answers with another fault.
    public static func soap(_ envelope: RegistryElement) throws(DoorError) -> NationalAnswer {
        if let fault = envelope.first("Fault") {
            let code = fault.first("ErrorCode")?.text.trimmed ?? ""
            let isUnknown = code == "InvalidHerIdSupplied"
            throw DoorError(
                isUnknown ? .notFound : .fault, at: "Fault",
                isUnknown ? "the registry knows no such party" : "the registry answered with a fault")
        }
        let body = ["GetCommunicationPartyDetailsResult", "CommunicationParty"].lazy.compactMap { envelope.first($0) }.first
        guard let body else { throw DoorError(.notElements, at: envelope.name, "holds no party") }
        return try party(try body.node(), at: body.name)
    }

    /// An answer of the REST interface, with those of its certificates where they were fetched.
    ///
    /// - Parameter read: says what a certificate is, from its DER in base64; nil when it is none.
    public static func rest(
        party json: [UInt8], signing: [UInt8]? = nil, encryption: [UInt8]? = nil,
        certificate read: (_ base64: String) -> CertificateFacts?
    ) throws(DoorError) -> NationalAnswer {
        let fields = try DoorFields(try RegistryNode(json: json), at: "", known: nil)
        guard let id = NationalParty.id(fields.value("herId")) else {
            throw fields.error(.malformed, "herId", "is missing or no HER-id")
        }
        var door = Door(id: id, kind: try NationalParty.kind(fields, "type"), name: try fields.required("name"))
        door.displayName = NationalParty.trimmed(fields.value("displayName"))
        door.period = DoorPeriod(from: try NationalParty.day(fields, "validFrom"), to: try NationalParty.day(fields, "validTo"))
        if case .object? = fields.value("organizationDetails"), let details = fields.value("organizationDetails") {
            let inner = try DoorFields(details, at: "organizationDetails", door: id, known: nil)
            door.organisationNumber = try inner.text("organizationNumber")
            door.businessType = inner.value("businessType").flatMap { Self.restCode($0) }
        }
        door.serviceType = fields.value("serviceDetails")?["serviceType"].flatMap { Self.restCode($0) }
        door.parent = NationalParty.id(fields.value("parentHerId"))
        if let address = NationalParty.trimmed(fields.value("ediAddress")) {
            door.endpoints.append(DoorEndpoint(type: "E_EDI", address: address))
        }
        for (use, name, json) in [
            (DoorCertificate.Use.signing, "currentSigningCertificate", signing),
            (.encryption, "currentEncryptionCertificate", encryption),
        ] {
            guard let stated = fields.value(name) else { continue }
            let summary = try DoorFields(stated, at: name, door: id, known: nil)
            door.certificates.append(try certificate(use, summary, json, read))
        }
        try NationalParty.check(door)
        return NationalAnswer(doors: [door])
    }

    private static func certificate(
        _ use: DoorCertificate.Use, _ summary: DoorFields, _ json: [UInt8]?, _ read: (String) -> CertificateFacts?
    ) throws(DoorError) -> DoorCertificate {
        let thumbprint = try summary.required("thumbprint")
        let period = DoorPeriod(from: try NationalParty.day(summary, "validFrom"), to: try NationalParty.day(summary, "validTo"))
        guard let json else { return DoorCertificate(use: use, fingerprint: "sha1:\(thumbprint)", period: period) }
        let whole = try DoorFields(try RegistryNode(json: json), at: summary.place, door: summary.door, known: nil)
        guard try whole.required("thumbprint").lowercased() == thumbprint.lowercased() else {
            throw summary.error(.certificate, "thumbprint", "is not that of the certificate that was fetched")
        }
        guard let facts = read(try whole.required("certificateValue")) else {
            throw summary.error(.certificate, "certificateValue", "is no certificate that can be read")
        }
        guard facts.sha1 == thumbprint.lowercased() else {
            throw summary.error(.certificate, "certificateValue", "does not have the thumbprint that stands beside it")
        }
        return DoorCertificate(
            use: use, fingerprint: "sha256:\(facts.sha256)", organisationNumber: facts.organisationNumber, period: period)
    }

    private static func restCode(_ node: RegistryNode) -> DoorCode? {
        guard case .text(let code)? = node["value"], case .text(let list)? = node["codeListId"] else { return nil }
        return DoorCode(code, list: list)
    }

    private static func exported(_ node: RegistryNode, at place: String) throws(DoorError) -> NationalAnswer {
        let fields = try DoorFields(node, at: place, known: nil)
        guard let inner = fields.value("communicationParty") else { return try party(node, at: place) }
        let answer = try party(inner, at: place.isEmpty ? "communicationParty" : "\(place).communicationParty")
        // The wrapper and what is in it say the same, or one of them is wrong.
        if let outer = fields.value("herId"), NationalParty.id(outer) != answer.doors.first?.id {
            throw fields.error(.invalidValue, "herId", "is another than that of the party inside")
        }
        return answer
    }

    private static func party(_ node: RegistryNode, at place: String) throws(DoorError) -> NationalAnswer {
        let fields = try DoorFields(node, at: place, known: nil)
        var answer = NationalAnswer(doors: [], serverDay: try NationalParty.day(fields, "ServerTime"))
        let kind = try NationalParty.kind(fields, "Type")
        answer.doors.append(try NationalParty.door(fields))
        let below =
            switch kind {
            case .organisation: ["Services", "People"]
            case .person: ["Organizations"]
            case .service: [String]()
            }
        for list in below {
            for (number, entry) in NationalParty.entries(fields.value(list)).enumerated() {
                answer.doors.append(try NationalParty.door(try DoorFields(entry, at: "\(place).\(list)[\(number)]", known: nil)))
            }
        }
        return answer
    }
}

/// What whoever reads certificates says about one.
public struct CertificateFacts: Sendable, Hashable {
    /// Of the DER, in lower-case hexadecimal.
    public var sha1: String
    public var sha256: String
    public var organisationNumber: String?
    public var period: DoorPeriod

    public init(sha1: String, sha256: String, organisationNumber: String? = nil, period: DoorPeriod = DoorPeriod()) {
        (self.sha1, self.sha256) = (sha1.lowercased(), sha256.lowercased())
        (self.organisationNumber, self.period) = (organisationNumber, period)
    }
}

extension String {
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
