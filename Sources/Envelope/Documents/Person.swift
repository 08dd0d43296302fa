import Native

/// `Patient` and `Person` of MsgHead, Dialogmelding and felleskomponent1.
public struct Person: Sendable, Hashable {
    public var name: PersonName
    public var dateOfBirth: DocumentTime?
    /// List 3101.
    public var sex: CodedValue?
    public var nationality: CodedValue?
    public var identifiers: [Identifier]
    public var address: PostalAddress?
    public var telecoms: [Telecom]

    public init(
        name: PersonName, dateOfBirth: DocumentTime? = nil, sex: CodedValue? = nil, nationality: CodedValue? = nil,
        identifiers: [Identifier] = [], address: PostalAddress? = nil, telecoms: [Telecom] = []
    ) {
        (self.name, self.dateOfBirth, self.sex, self.nationality) = (name, dateOfBirth, sex, nationality)
        (self.identifiers, self.address, self.telecoms) = (identifiers, address, telecoms)
    }

    public var summary: PatientSummary {
        PatientSummary(name: name, identifiers: identifiers, dateOfBirth: dateOfBirth, sex: sex)
    }
}

/// `HealthcareProfessional`: a person with a profession and a role.
public struct HealthcareProfessional: Sendable, Hashable {
    /// `TypeHealthcareProfessional`, list 9060. Teachers and child-welfare workers have no code.
    public var profession: CodedValue?
    /// List 9034.
    public var roleToPatient: CodedValue?
    public var person: Person

    public init(_ person: Person, profession: CodedValue? = nil, roleToPatient: CodedValue? = nil) {
        (self.person, self.profession, self.roleToPatient) = (person, profession, roleToPatient)
    }
}

/// `Organisation`: a legal unit, and in it a service or a person.
public struct Organisation: Sendable, Hashable {
    public var name: String?
    /// `TypeOrganisation`.
    public var type: CodedValue?
    public var identifiers: [Identifier]
    public var address: PostalAddress?
    public var telecoms: [Telecom]
    public var professional: HealthcareProfessional?
    /// At most one; an array because a struct cannot hold itself.
    private var services: [Organisation] = []

    /// `Organisation` inside this one: the service.
    public var service: Organisation? {
        get { services.first }
        set { services = newValue.map { [$0] } ?? [] }
    }

    public init(
        _ name: String?, _ identifiers: [Identifier], service: Organisation? = nil,
        professional: HealthcareProfessional? = nil, type: CodedValue? = nil, address: PostalAddress? = nil,
        telecoms: [Telecom] = []
    ) {
        (self.name, self.identifiers, self.type, self.address) = (name, identifiers, type, address)
        (self.telecoms, self.professional) = (telecoms, professional)
        self.service = service
    }

    /// The organisation of an address, as looked up or as another family of documents states it: identifier types without
    /// list get theirs. The person's name, known as one string, becomes the family name.
    public init(_ path: AddressPath) {
        func identifiers(_ unit: AddressPath.Unit) -> [Identifier] {
            unit.identifiers.map { $0.inList(OrganisationIDType.number) }
        }
        self.init(path.organisation.name, identifiers(path.organisation))
        service = path.service.map { Organisation($0.name, identifiers($0)) }
        professional = path.person.map { person in
            HealthcareProfessional(
                Person(
                    name: PersonName(family: person.name),
                    identifiers: person.identifiers.map { $0.inList(PersonIDType.number) }),
                roleToPatient: person.roleToPatient)
        }
    }

    /// Nothing stands in it; the schema allows that.
    var isEmpty: Bool { self == Organisation(nil, []) }

    public var addressPath: AddressPath {
        let professional = professional ?? service?.professional
        return AddressPath(
            AddressPath.Unit(name, identifiers), service: service.map { AddressPath.Unit($0.name, $0.identifiers) },
            person: professional.map {
                AddressPath.Person(
                    $0.person.name.isEmpty ? nil : $0.person.name.shown, $0.person.identifiers, roleToPatient: $0.roleToPatient)
            })
    }
}
