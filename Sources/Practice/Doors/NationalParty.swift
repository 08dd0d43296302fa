/// Reads the fields that the export and SOAP have in common (`CommunicationParty` of the national registry's model).
enum NationalParty {
    static func door(_ outer: DoorFields) throws(DoorError) -> Door {
        guard let id = id(outer.value("HerId")) else { throw outer.error(.malformed, "HerId", "is missing or no HER-id") }
        let fields = try DoorFields(outer.node, at: outer.place, door: id, known: nil)
        guard let name = trimmed(fields.value("Name")) else { throw fields.error(.malformed, "Name", "is missing") }
        var door = Door(id: id, kind: try kind(fields, "Type"), name: name, parent: self.id(fields.value("ParentHerId")))
        door.displayName = trimmed(fields.value("DisplayName"))
        door.organisationNumber = digits(fields.value("OrganizationNumber"))
        door.hprNumber = digits(fields.value("Person")?["HPRInformation"]?["HPRNo"])
        door.businessType = fields.value("BusinessType").flatMap(code)
        door.serviceType = fields.value("Code").flatMap(code)
        if let municipality = fields.value("Municipality").flatMap(code) { door.municipality = AreaID(municipality.code) }
        guard let valid = fields.value("Valid") else { throw fields.error(.malformed, "Valid", "is missing") }
        let period = try DoorFields(valid, at: "\(fields.place).Valid", door: id, known: nil)
        door.period = DoorPeriod(from: try day(period, "From"), to: try day(period, "To"))
        // An organisation that only holds services together is no valid communication party and still a parent.
        door.isActive =
            flag(fields.value("Active")) && (flag(fields.value("IsValidCommunicationParty")) || door.kind == .organisation)
        for entry in entries(fields.value("ElectronicAddresses")) where !flag(entry["Inherited"], orWhenMissing: false) {
            guard let type = trimmed(entry["TypeCodeValue"]), let address = trimmed(entry["Address"]) else { continue }
            guard ["E_EDI", "E_DS"].contains(type) || type.hasPrefix("E_SB_") else { continue }
            door.endpoints.append(DoorEndpoint(type: type, address: address))
            if type == "E_DS" { door.certificates += serials(in: address) }
        }
        try check(door)
        return door
    }

    /// What cannot be so, whoever says it.
    static func check(_ door: Door) throws(DoorError) {
        func wrong(_ field: String, _ reason: String) -> DoorError { DoorError(.invalidValue, door: door.id, at: field, reason) }
        if door.period.isReversed { throw wrong("Valid", "ends before it begins") }
        if let number = door.organisationNumber, !isOrganisationNumber(number) {
            throw wrong("OrganizationNumber", "is not nine digits with a right check digit")
        }
        switch door.kind {
        case .organisation:
            if door.parent != nil { throw wrong("ParentHerId", "an organisation stands by itself") }
            if door.organisationNumber == nil { throw wrong("OrganizationNumber", "is missing") }
        case .service: if door.parent == nil { throw wrong("ParentHerId", "is missing") }
        case .person: if door.parent == nil { throw wrong("ParentHerId", "is missing") }
        }
    }

    static func id(_ node: RegistryNode?) -> DoorID? { digits(node).flatMap { DoorID($0) } }

    static func kind(_ fields: DoorFields, _ name: String) throws(DoorError) -> Door.Kind {
        switch trimmed(fields.value(name))?.lowercased() {
        case "organization", "organisation": return .organisation
        case "service": return .service
        case "person", "organizationperson": return .person
        default: throw fields.error(.invalidValue, name, "is none of Organization, Service and Person")
        }
    }

    /// The day of `2023-04-04T00:00:00`, with or without fraction and offset. The year 9999 is "without end".
    static func day(_ fields: DoorFields, _ name: String) throws(DoorError) -> DoorDay? {
        guard let text = trimmed(fields.value(name)) else { return nil }
        guard let day = DoorDay(String(text.prefix(10))), text.utf8.count == 10 || text.dropFirst(10).first == "T" else {
            throw fields.error(.invalidValue, name, "is no point in time such as 2026-11-22T00:00:00")
        }
        return day.parts.year == 9999 ? nil : day
    }

    static func trimmed(_ node: RegistryNode?) -> String? {
        guard case .text(let text)? = node else { return nil }
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The elements of a list: an array in JSON; in XML an element of which several make a list and one stands alone.
    static func entries(_ node: RegistryNode?) -> [RegistryNode] {
        switch node {
        case .list(let entries)?: entries
        case .object(let members)? where members.count == 1: [members[0].value]
        default: []
        }
    }

    /// A number as text or number; nil for none and for -1, which is how the registry writes none.
    private static func digits(_ node: RegistryNode?) -> String? {
        let text: String
        switch node {
        case .number(let number)?: text = number
        case .text(let stated)?: text = stated
        default: return nil
        }
        return !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
    }

    private static func flag(_ node: RegistryNode?, orWhenMissing missing: Bool = true) -> Bool {
        switch node {
        case .flag(let flag)?: flag
        case .text(let text)?: text == "true"
        default: missing
        }
    }

    private static func code(_ node: RegistryNode) -> DoorCode? {
        guard let code = trimmed(node["CodeValue"]), let list = digits(node["OID"]) else { return nil }
        return DoorCode(code, list: list)
    }

    /// `ldap://…?(|(certificateSerialNumber=1)(certificateSerialNumber=2))` names certificates without saying for what.
    private static func serials(in address: String) -> [DoorCertificate] {
        address.split(separator: "(").compactMap { part in
            let key = "certificateSerialNumber="
            guard part.hasPrefix(key) else { return nil }
            let serial = part.dropFirst(key.count).prefix { $0.isASCII && $0.isNumber }
            return serial.isEmpty ? nil : DoorCertificate(use: .unstated, fingerprint: "serial:\(serial)")
        }
    }
}
