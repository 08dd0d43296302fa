extension Epikrise {
    /// A healthcare party: an institution with its department or person, or a person alone.
    public struct HCP: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case inst(Inst)
            case hcProf(HCProf)
        }

        /// nil only when a message without it was read.
        public var kind: Kind?
        /// List 8451. Spelt so in this schema.
        public var medSpecialty: CodedValue?
        public var address: Address?

        public init(_ kind: Kind, medSpecialty: CodedValue? = nil, address: Address? = nil) {
            (self.kind, self.medSpecialty, self.address) = (kind, medSpecialty, address)
        }
    }

    /// An institution. Departments stand before persons here; Henvisning has another order.
    public struct Inst: Sendable, Hashable {
        public var name: String?
        public var id: String?
        public var typeID: CodedValue?
        public var dept: [Dept]
        public var hcPerson: [HCPerson]
        public var additionalID: [AdditionalID]

        public init(
            name: String?, id: String?, typeID: CodedValue? = OrganisationIDType.her.simple, dept: [Dept] = [],
            hcPerson: [HCPerson] = [], additionalID: [AdditionalID] = []
        ) {
            (self.name, self.id, self.typeID) = (name, id, typeID)
            (self.dept, self.hcPerson, self.additionalID) = (dept, hcPerson, additionalID)
        }
    }

    /// A healthcare professional.
    public struct HCProf: Sendable, Hashable {
        /// List 9060.
        public var type: CodedValue?
        public var position: CodedValue?
        public var name: String?
        public var qual: [CodedValue]
        public var id: String?
        public var typeID: CodedValue?
        public var additionalID: [AdditionalID]

        public init(
            type: CodedValue? = nil, position: CodedValue? = nil, name: String?, qual: [CodedValue] = [], id: String?,
            typeID: CodedValue? = PersonIDType.hpr.simple, additionalID: [AdditionalID] = []
        ) {
            (self.type, self.position, self.name, self.qual) = (type, position, name, qual)
            (self.id, self.typeID, self.additionalID) = (id, typeID, additionalID)
        }
    }

    /// `ServProvider` or `Requester`.
    public struct Party: Sendable, Hashable {
        /// SPR or REQ.
        public var role: CodedValue?
        /// List 8235: EDI, PST.
        public var comMethod: CodedValue?
        public var hcp: HCP

        public init(role: CodedValue? = nil, comMethod: CodedValue? = nil, hcp: HCP) {
            (self.role, self.comMethod, self.hcp) = (role, comMethod, hcp)
        }

        /// Whoever reports.
        public static func servProvider(_ address: AddressPath) -> Party {
            Party(role: CodedValue("SPR", "Tjenesteyter"), comMethod: CodedValue("EDI", "EDI"), hcp: HCP(address))
        }

        /// Whoever referred.
        public static func requester(_ address: AddressPath) -> Party {
            Party(role: CodedValue("REQ", "Rekvirent"), comMethod: CodedValue("EDI", "EDI"), hcp: HCP(address))
        }
    }

    /// Someone who gets a copy.
    public struct CopyDest: Sendable, Hashable {
        public var role: CodedValue?
        public var copyDestRole: [CopyDestRole]
        public var hcp: HCP

        public init(role: CodedValue? = nil, copyDestRole: [CopyDestRole] = [], hcp: HCP) {
            (self.role, self.copyDestRole, self.hcp) = (role, copyDestRole, hcp)
        }

        public init(_ address: AddressPath) { self.init(hcp: HCP(address)) }
    }

    /// A healthcare party the patient has to do with.
    public struct PatRelHCP: Sendable, Hashable {
        /// List 8254; see ``HCPRelation``.
        public var relation: CodedValue
        public var startDateTime: DocumentTime?
        public var endDateTime: DocumentTime?
        public var hcp: HCP

        public init(relation: CodedValue, startDateTime: DocumentTime? = nil, endDateTime: DocumentTime? = nil, hcp: HCP) {
            (self.relation, self.startDateTime, self.endDateTime, self.hcp) = (relation, startDateTime, endDateTime, hcp)
        }
    }

    /// A healthcare party that has to do with the report, the event or an item of it: AHP is the responsible clinician, list
    /// 7318. `RelHCProvider` is the same.
    public struct RelServProvider: Sendable, Hashable {
        public var relation: CodedValue
        public var role: CodedValue?
        public var hcp: HCP

        public init(relation: CodedValue, role: CodedValue? = nil, hcp: HCP) {
            (self.relation, self.role, self.hcp) = (relation, role, hcp)
        }
    }

    public typealias RelHCProvider = RelServProvider

    /// Where an item of information comes from.
    public struct Origin: Sendable, Hashable {
        public var role: CodedValue?
        public var hcp: HCP

        public init(role: CodedValue? = nil, hcp: HCP) { (self.role, self.hcp) = (role, hcp) }
    }
}

extension Epikrise.HCP {
    /// The party with this address: institution, and in it the service or the person.
    public init(_ address: AddressPath) {
        switch Henvisning.HCP(address).kind {
        case .hcProf(let prof):
            self.init(
                .hcProf(
                    Epikrise.HCProf(name: prof.name, id: prof.id, typeID: prof.typeID, additionalID: prof.additionalID)))
        case .inst(let inst):
            self.init(
                .inst(
                    Epikrise.Inst(
                        name: inst.name, id: inst.id, typeID: inst.typeID, dept: inst.dept, hcPerson: inst.hcPerson,
                        additionalID: inst.additionalID)))
        case nil: self.init(.inst(.blank))
        }
    }

    /// The address of this party. Only the first department and the first person count; a second one is reported on reading.
    public var addressPath: AddressPath {
        switch kind {
        case .inst(let inst):
            let same = Henvisning.Inst(
                name: inst.name, id: inst.id, typeID: inst.typeID, additionalID: inst.additionalID, hcPerson: inst.hcPerson,
                dept: inst.dept)
            return AddressPath(Henvisning.HCP(.inst(same)))
        case .hcProf(let prof):
            let same = Henvisning.HCProf(name: prof.name, id: prof.id, typeID: prof.typeID, additionalID: prof.additionalID)
            return AddressPath(Henvisning.HCP(.hcProf(same)))
        case nil: return AddressPath(AddressPath.Unit(nil, []))
        }
    }

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

extension Epikrise.Inst: AddressedInstitution {}
extension Epikrise.HCProf: IdentifiedUnit {}
