extension DoorFile {
    static let partyFields = [
        "herId", "kind", "name", "displayName", "parent", "organisationNumber", "hprNumber", "businessType", "serviceType",
        "bydel",
        "municipality", "validFrom", "validTo", "active", "capabilities", "endpoint", "addresses", "certificates", "fingerprints",
    ]

    /// One object of the list `parties`, as ``written(_:)-(Door)`` writes it. Whether its parent is known is not looked at.
    public static func door(_ json: [UInt8], certificates: CertificateReading) throws(DoorError) -> Door {
        try door(try DoorFields(try RegistryNode(json: json), at: "", known: partyFields), certificates)
    }

    static func door(_ entry: DoorFields, _ read: CertificateReading) throws(DoorError) -> Door {
        guard let id = try entry.door("herId") else { throw entry.error(.malformed, "herId", "is missing") }
        let fields = try DoorFields(entry.node, at: "", door: id, known: nil)
        guard let kind = try fields.choice("kind", Door.Kind.self) else { throw fields.error(.malformed, "kind", "is missing") }
        var door = Door(id: id, kind: kind, name: try fields.required("name"), parent: try fields.door("parent"))
        door.displayName = try fields.text("displayName")
        door.organisationNumber = try fields.text("organisationNumber")
        door.hprNumber = try fields.text("hprNumber")
        (door.businessType, door.serviceType) = (try fields.code("businessType"), try fields.code("serviceType"))
        (door.area, door.municipality) = (
            try fields.text("bydel").map(AreaID.init), try fields.text("municipality").map(AreaID.init)
        )
        door.period = try fields.period()
        door.isActive = try fields.flag("active") ?? true
        door.capabilities = try capabilities(fields)
        if let address = try fields.text("endpoint") {
            door.endpoints.append(DoorEndpoint(type: DoorEndpoint.ebXML, address: address))
        }
        door.endpoints += try fields.each("addresses", known: ["type", "address"]) { (entry) throws(DoorError) in
            DoorEndpoint(type: try entry.required("type"), address: try entry.required("address"))
        }
        door.certificates = try stated(fields, read) + fingerprints(fields)
        if let hpr = door.hprNumber, !(1...9).contains(hpr.utf8.count) || !hpr.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw fields.error(.invalidValue, "hprNumber", "is not 1 to 9 digits")
        }
        try NationalParty.check(door)
        return door
    }

    private static func capabilities(_ party: DoorFields) throws(DoorError) -> DoorCapabilities? {
        guard let value = party.value("capabilities") else { return nil }
        let fields = try DoorFields(
            value, at: "capabilities", door: party.door, known: ["protections", "profiles", "attachmentFormats", "maxBytes"])
        let protections = try fields.texts("protections")
        guard !protections.isEmpty, protections.allSatisfy(["strong", "national"].contains) else {
            throw fields.error(.invalidValue, "protections", "names something else than strong and national, or nothing")
        }
        let size = try fields.integer("maxBytes")
        guard size != 0 else { throw fields.error(.invalidValue, "maxBytes", "is 0") }
        return DoorCapabilities(
            protections: protections, profiles: try fields.texts("profiles"),
            attachmentFormats: try fields.texts("attachmentFormats"),
            maxBytes: size)
    }

    private static func stated(_ party: DoorFields, _ read: CertificateReading) throws(DoorError) -> [DoorCertificate] {
        guard let value = party.value("certificates") else { return [] }
        let fields = try DoorFields(value, at: "certificates", door: party.door, known: ["signing", "encryption"])
        var certificates: [DoorCertificate] = []
        for use in [DoorCertificate.Use.signing, .encryption] {
            for text in try fields.texts(use.rawValue) {
                guard let facts = read(text) else {
                    throw fields.error(.certificate, use.rawValue, "holds no certificate that can be read")
                }
                certificates.append(
                    DoorCertificate(
                        use: use, fingerprint: "sha256:\(facts.sha256)", organisationNumber: facts.organisationNumber,
                        period: facts.period,
                        stated: text))
            }
        }
        return certificates
    }

    /// Certificates that are known by fingerprint alone: what was imported from the national registry.
    private static func fingerprints(_ party: DoorFields) throws(DoorError) -> [DoorCertificate] {
        try party.each("fingerprints", known: ["use", "fingerprint", "organisationNumber", "validFrom", "validTo"]) {
            (entry) throws(DoorError) in
            let print = try entry.required("fingerprint").lowercased()
            let parts = print.split(separator: ":", omittingEmptySubsequences: false)
            let isHex = parts.last?.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) } ?? false
            guard parts.count == 2, isHex, let last = parts.last, !last.isEmpty,
                ["sha256": 64, "sha1": 40, "serial": last.count][parts[0]] == last.count
            else {
                throw entry.error(.invalidValue, "fingerprint", "is none of sha256:, sha1: and serial: with their digits")
            }
            return DoorCertificate(
                use: try entry.choice("use", DoorCertificate.Use.self) ?? .unstated, fingerprint: print,
                organisationNumber: try entry.text("organisationNumber"), period: try entry.period())
        }
    }
}
