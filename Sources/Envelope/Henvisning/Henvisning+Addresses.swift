extension Henvisning.HCP {
    /// The party with this address: institution, and in it the service or the person.
    public init(_ address: AddressPath) {
        let organisation = address.organisation
        let isEmpty = organisation.name == nil && organisation.identifiers.isEmpty
        if isEmpty, address.service == nil, let person = address.person {
            let (id, others) = Henvisning.AdditionalID.split(person.identifiers)
            self.init(.hcProf(Henvisning.HCProf(name: person.name, id: id?.value, typeID: id?.type, additionalID: others)))
            return
        }
        let (id, others) = Henvisning.AdditionalID.split(organisation.identifiers)
        var inst = Henvisning.Inst(name: organisation.name, id: id?.value, typeID: id?.type, additionalID: others)
        if let person = address.person {
            let (id, others) = Henvisning.AdditionalID.split(person.identifiers)
            inst.hcPerson = [Henvisning.HCPerson(name: person.name, id: id?.value, typeID: id?.type, additionalID: others)]
        }
        if let service = address.service {
            let (id, others) = Henvisning.AdditionalID.split(service.identifiers)
            inst.dept = [Henvisning.Dept(name: service.name, id: id?.value, typeID: id?.type, additionalID: others)]
        }
        self.init(.inst(inst))
    }

    /// The address of this party. Only the first department and the first person count; a second one is reported on reading.
    public var addressPath: AddressPath { AddressPath(self) }
}

extension AddressPath {
    init(_ hcp: Henvisning.HCP) {
        switch hcp.kind {
        case .inst(let inst): self.init(inst)
        case .hcProf(let prof):
            let identifiers = Henvisning.AdditionalID.join(prof.id, prof.typeID, prof.additionalID)
            self.init(Unit(nil, []), person: Person(prof.name, identifiers))
        case nil: self.init(Unit(nil, []))
        }
    }

    private init(_ inst: Henvisning.Inst) {
        typealias AdditionalID = Henvisning.AdditionalID
        self.init(
            Unit(inst.name, AdditionalID.join(inst.id, inst.typeID, inst.additionalID)),
            service: inst.dept.first.map { Unit($0.name, AdditionalID.join($0.id, $0.typeID, $0.additionalID)) },
            person: inst.hcPerson.first.map { Person($0.name, AdditionalID.join($0.id, $0.typeID, $0.additionalID)) })
    }
}

extension Henvisning.AdditionalID {
    /// The HER-id, or failing that the first identifier, goes into `Id`; the others follow as `AdditionalId`.
    static func split(_ identifiers: [Identifier]) -> (Identifier?, [Self]) {
        var others = identifiers.map(\.withoutList)
        guard !others.isEmpty else { return (nil, []) }
        let first = others.remove(at: others.firstIndex { $0.type.code == OrganisationIDType.her.rawValue } ?? 0)
        return (first, others.map { Self($0.value, type: $0.type) })
    }

    static func join(_ id: String?, _ type: CodedValue?, _ others: [Self]) -> [Identifier] {
        let first = id.map { [Identifier($0, type: type ?? .blank)] } ?? []
        return (first + others.map { Identifier($0.id, type: $0.type) }).filter { !$0.value.isEmpty }
    }
}

extension Henvisning.HCP {
    /// That of ``addressPath``.
    var communicationHERID: String? {
        switch kind {
        case .inst(let inst): inst.communicationHERID
        case .hcProf(let prof): prof.herID
        case nil: nil
        }
    }

    func inspect(as name: String, _ reader: LayoutReader) {
        if case .inst(let inst) = kind { inst.inspect(as: name, reader) }
    }
}

/// An institution, service or person with its identifiers as the 1.x documents have them: one, and others beside it.
///
/// What every document is asked is answered from where it stands: an ``AddressPath`` is a copy of half the party.
protocol IdentifiedUnit {
    var id: String? { get }
    var typeID: CodedValue? { get }
    var additionalID: [Henvisning.AdditionalID] { get }
}

extension IdentifiedUnit {
    var herID: String? {
        if let id, !id.isEmpty, typeID?.code == OrganisationIDType.her.rawValue { return id }
        return additionalID.first { !$0.id.isEmpty && $0.type.code == OrganisationIDType.her.rawValue }?.id
    }
}

/// An institution; the first department and the first person in it are its address.
protocol AddressedInstitution: IdentifiedUnit {
    var dept: [Henvisning.Dept] { get }
    var hcPerson: [Henvisning.HCPerson] { get }
}

extension AddressedInstitution {
    var communicationHERID: String? { dept.first?.herID ?? hcPerson.first?.herID ?? herID }

    /// Reports what makes the address ambiguous.
    func inspect(as name: String, _ reader: LayoutReader) {
        if dept.count > 1 || hcPerson.count > 1 {
            reader.report("\(name) names several departments or persons; the first is the address")
        }
        if dept.first.map({ $0.herID == nil }) ?? false || hcPerson.first.map({ $0.herID == nil }) ?? false {
            reader.report("\(name) names a department or person without HER-id")
        }
        if let id = communicationHERID, !id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            reader.report("the HER-id of \(name) is no number")
        }
    }
}

extension Henvisning.Inst: AddressedInstitution {}
extension Henvisning.Dept: IdentifiedUnit {}
extension Henvisning.HCPerson: IdentifiedUnit {}
extension Henvisning.HCProf: IdentifiedUnit {}
