import Native

/// The three schemas that define persons and organisations, and in what they differ.
enum PersonSchema {
    /// Everything in MsgHead's namespace.
    case msgHead
    /// The persons in the message's namespace, but what is inside `Ident`, `Address` and `TeleCom` in that of
    /// felleskomponent1.
    case dialogmelding(namespace: String)
    /// Everything in felleskomponent1; `TypeOrganisation` comes first.
    case felleskomponent1

    private static let sharedNamespace = "http://www.kith.no/xmlstds/felleskomponent1"

    /// Namespace of `FamilyName` and its siblings.
    var namespace: String {
        switch self {
        case .msgHead: MsgHead.namespace
        case .dialogmelding(let namespace): namespace
        case .felleskomponent1: Self.sharedNamespace
        }
    }

    /// Namespace of `Id`, `StreetAdr`, `TeleAddress`.
    var innerNamespace: String {
        if case .msgHead = self { MsgHead.namespace } else { Self.sharedNamespace }
    }

    /// Prefixes as our writers use them: the default namespace is the message's, `fk1` is felleskomponent1.
    private var outer: String { if case .felleskomponent1 = self { "fk1:" } else { "" } }
    private var inner: String { if case .msgHead = self { "" } else { "fk1:" } }

    static let tail = ["DateOfBirth", "Sex", "Nationality", "Ident", "Address", "TeleCom"]
    static let names = ["FamilyName", "MiddleName", "GivenName"]
    static let professionalOrder = ["TypeHealthcareProfessional", "RoleToPatient"] + names + tail

    var personOrder: [String] {
        if case .dialogmelding = self { Self.names.reversed() + Self.tail } else { Self.names + Self.tail }
    }

    var organisationOrder: [String] {
        let head = ["OrganisationName", "TypeOrganisation"]
        let start: [String] = if case .felleskomponent1 = self { head.reversed() } else { head }
        return start + ["Ident", "Address", "TeleCom", "Organisation", "HealthcareProfessional"]
    }
}

// MARK: Reading

extension PersonSchema {
    func person(_ reader: ElementReader) -> Person {
        Person(
            name: PersonName(
                family: reader.text("FamilyName"), middle: reader.text("MiddleName"), given: reader.text("GivenName")),
            dateOfBirth: reader.timeText("DateOfBirth"), sex: reader.coded("Sex"), nationality: reader.coded("Nationality"),
            identifiers: identifiers(reader, list: PersonIDType.number), address: address(reader), telecoms: telecoms(reader))
    }

    func person(_ node: XMLNode, of reader: ElementReader) -> Person {
        person(reader.child(node, order: personOrder, namespace: namespace))
    }

    func professional(_ node: XMLNode, of reader: ElementReader) -> HealthcareProfessional {
        let reader = reader.child(node, order: Self.professionalOrder, namespace: namespace)
        return HealthcareProfessional(
            person(reader), profession: reader.coded("TypeHealthcareProfessional"),
            roleToPatient: reader.coded("RoleToPatient", list: RoleToPatient.number))
    }

    func organisation(_ node: XMLNode, of reader: ElementReader) -> Organisation {
        let reader = reader.child(node, order: organisationOrder, namespace: namespace)
        var organisation = Organisation(
            reader.text("OrganisationName"), identifiers(reader, list: OrganisationIDType.number),
            professional: reader.one("HealthcareProfessional").map { professional($0, of: reader) },
            type: reader.coded("TypeOrganisation"), address: address(reader), telecoms: telecoms(reader))
        if let inner = reader.one("Organisation") {
            let service = self.organisation(inner, of: reader)
            if service.isEmpty {
                reader.log.note("holds an empty Organisation", at: reader.path)
            } else {
                organisation.service = service
            }
        }
        return organisation
    }

    private func identifiers(_ reader: ElementReader, list: Int) -> [Identifier] {
        reader.all("Ident").compactMap { node in
            let ident = reader.child(node, order: ["Id", "TypeId"], namespace: innerNamespace)
            guard let value = ident.text("Id") else {
                ident.log.note("Id is missing or empty", at: ident.path)
                return nil
            }
            // A person's HER-id stands with either list in official examples.
            let isPerson = list == PersonIDType.number
            let type = (isPerson ? ident.coded("TypeId", list: 8116, 9051) : ident.coded("TypeId", list: 9051)) ?? CodedValue(nil)
            if isPerson, type.listNumber == OrganisationIDType.number {
                ident.log.note("a person's identifier is of list 9051 instead of 8116", at: ident.path, .note)
            }
            return Identifier(value, type: type)
        }
    }

    private func address(_ reader: ElementReader) -> PostalAddress? {
        reader.one("Address").map { node in
            let address = reader.child(
                node, order: ["Type", "StreetAdr", "PostalCode", "City", "Postbox", "County", "Country"],
                namespace: innerNamespace)
            return PostalAddress(
                type: address.coded("Type"), street: address.text("StreetAdr"), postalCode: address.text("PostalCode"),
                city: address.text("City"), postbox: address.text("Postbox"), county: address.coded("County"),
                country: address.coded("Country"))
        }
    }

    private func telecoms(_ reader: ElementReader) -> [Telecom] {
        reader.all("TeleCom").compactMap { node in
            let telecom = reader.child(node, order: ["TypeTelecom", "TeleAddress"], namespace: innerNamespace)
            guard let address = telecom.one("TeleAddress")?.attribute("V") else { return nil }
            return Telecom(address.trimmed, type: telecom.coded("TypeTelecom"))
        }
    }
}

// MARK: Writing

extension PersonSchema {
    func write(_ person: Person, as name: String, to writer: inout XMLWriter) {
        writer.element(outer + name) { writer in
            let order = personOrder.prefix(3)
            for element in order { writer.element(outer + element, text: part(element, of: person.name)) }
            writeTail(person, to: &writer)
        }
    }

    func write(_ professional: HealthcareProfessional, to writer: inout XMLWriter) {
        writer.element(outer + "HealthcareProfessional") { writer in
            writer.cs(outer + "TypeHealthcareProfessional", professional.profession)
            writer.cv(outer + "RoleToPatient", professional.roleToPatient)
            for element in Self.names { writer.element(outer + element, text: part(element, of: professional.person.name)) }
            writeTail(professional.person, to: &writer)
        }
    }

    /// Writes the element `name` (with the prefix it needs) with the organisation in it.
    func write(_ organisation: Organisation, as name: String, to writer: inout XMLWriter) {
        writer.element(name) { writer in
            for element in organisationOrder.prefix(2) {
                if element == "OrganisationName" {
                    writer.element(outer + element, text: organisation.name ?? "")
                } else {
                    writer.cv(outer + element, organisation.type)
                }
            }
            write(organisation.identifiers, organisation.address, organisation.telecoms, to: &writer)
            if let service = organisation.service { write(service, as: outer + "Organisation", to: &writer) }
            if let professional = organisation.professional, !isFelleskomponent1 { write(professional, to: &writer) }
        }
    }

    private var isFelleskomponent1: Bool { if case .felleskomponent1 = self { true } else { false } }

    private func part(_ element: String, of name: PersonName) -> String? {
        switch element {
        case "FamilyName": name.family
        case "MiddleName": name.middle
        default: name.given
        }
    }

    private func writeTail(_ person: Person, to writer: inout XMLWriter) {
        writer.element(outer + "DateOfBirth", text: person.dateOfBirth?.text)
        writer.cs(outer + "Sex", person.sex)
        writer.cs(outer + "Nationality", person.nationality)
        write(person.identifiers, person.address, person.telecoms, to: &writer)
    }

    private func write(
        _ identifiers: [Identifier], _ address: PostalAddress?, _ telecoms: [Telecom], to writer: inout XMLWriter
    ) {
        for identifier in identifiers {
            writer.element(outer + "Ident") { writer in
                writer.element(inner + "Id", text: identifier.value)
                writer.cv(inner + "TypeId", identifier.type)
            }
        }
        if let address {
            writer.element(outer + "Address") { writer in
                writer.cs(inner + "Type", address.type)
                writer.element(inner + "StreetAdr", text: address.street)
                writer.element(inner + "PostalCode", text: address.postalCode)
                writer.element(inner + "City", text: address.city)
                writer.element(inner + "Postbox", text: address.postbox)
                writer.cs(inner + "County", address.county)
                writer.cs(inner + "Country", address.country)
            }
        }
        for telecom in telecoms {
            writer.element(outer + "TeleCom") { writer in
                writer.cs(inner + "TypeTelecom", telecom.type)
                writer.url(inner + "TeleAddress", telecom.address)
            }
        }
    }
}
