extension Henvisning {
    /// A healthcare party: an institution with its department or person, or a person alone.
    public struct HCP: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case inst(Inst)
            case hcProf(HCProf)
        }

        /// nil only when a message without it was read.
        public var kind: Kind?
        /// List 8451.
        public var medSpeciality: CodedValue?
        public var address: Address?

        public init(_ kind: Kind, medSpeciality: CodedValue? = nil, address: Address? = nil) {
            (self.kind, self.medSpeciality, self.address) = (kind, medSpeciality, address)
        }
    }

    /// An institution. Persons stand before departments here; Epikrise has another order.
    public struct Inst: Sendable, Hashable {
        public var name: String?
        public var id: String?
        /// List 9051, as CS.
        public var typeID: CodedValue?
        public var additionalID: [AdditionalID]
        public var hcPerson: [HCPerson]
        public var dept: [Dept]

        public init(
            name: String?, id: String?, typeID: CodedValue? = OrganisationIDType.her.simple, additionalID: [AdditionalID] = [],
            hcPerson: [HCPerson] = [], dept: [Dept] = []
        ) {
            (self.name, self.id, self.typeID) = (name, id, typeID)
            (self.additionalID, self.hcPerson, self.dept) = (additionalID, hcPerson, dept)
        }
    }

    /// A department or service of an institution.
    public struct Dept: Sendable, Hashable {
        public var type: CodedValue?
        public var name: String?
        public var id: String?
        public var typeID: CodedValue?
        public var additionalID: [AdditionalID]

        public init(
            type: CodedValue? = nil, name: String?, id: String?, typeID: CodedValue? = OrganisationIDType.her.simple,
            additionalID: [AdditionalID] = []
        ) {
            (self.type, self.name, self.id, self.typeID, self.additionalID) = (type, name, id, typeID, additionalID)
        }
    }

    /// A person at an institution.
    public struct HCPerson: Sendable, Hashable {
        public var name: String?
        public var id: String?
        public var typeID: CodedValue?
        public var additionalID: [AdditionalID]

        public init(
            name: String?, id: String?, typeID: CodedValue? = PersonIDType.her.simple, additionalID: [AdditionalID] = []
        ) {
            (self.name, self.id, self.typeID, self.additionalID) = (name, id, typeID, additionalID)
        }
    }

    /// A healthcare professional.
    public struct HCProf: Sendable, Hashable {
        /// List 9060.
        public var type: CodedValue?
        public var name: String?
        public var id: String?
        public var typeID: CodedValue?
        public var additionalID: [AdditionalID]

        public init(
            type: CodedValue? = nil, name: String?, id: String?, typeID: CodedValue? = PersonIDType.hpr.simple,
            additionalID: [AdditionalID] = []
        ) {
            (self.type, self.name, self.id, self.typeID, self.additionalID) = (type, name, id, typeID, additionalID)
        }
    }

    /// Another identifier. `Id` and `Type`, where MsgHead has `TypeId`.
    public struct AdditionalID: Sendable, Hashable {
        public var id: String
        public var type: CodedValue

        public init(_ id: String, type: CodedValue) { (self.id, self.type) = (id, type) }
    }

    public struct Address: Sendable, Hashable {
        /// List 3401.
        public var type: CodedValue
        public var streetAdr: String?
        public var postalCode: String?
        public var city: String?
        public var county: CodedValue?
        public var country: CodedValue?
        /// The bydel.
        public var cityDistr: CodedValue?
        /// `tel:`, `mailto:` …
        public var teleAddress: [String]

        public init(
            type: CodedValue, streetAdr: String? = nil, postalCode: String? = nil, city: String? = nil, county: CodedValue? = nil,
            country: CodedValue? = nil, cityDistr: CodedValue? = nil, teleAddress: [String] = []
        ) {
            (self.type, self.streetAdr, self.postalCode, self.city) = (type, streetAdr, postalCode, city)
            (self.county, self.country, self.cityDistr, self.teleAddress) = (county, country, cityDistr, teleAddress)
        }

        /// Nothing but a telephone number at work, as `PatRelHCP` usually has it.
        public static func work(telephone number: String) -> Address {
            Address(type: AddressKind.work.simple, teleAddress: [Telecom.telephone(number).address])
        }
    }
}

extension Henvisning.HCP: ElementValue {
    static let blank: Self = {
        var blank = Self(.inst(.blank))
        blank.kind = nil
        return blank
    }()

    static let layout = ElementLayout<Self>(
        .document,
        .choice(
            \.kind,
            ElementAlternative("Inst", .element, make: Kind.inst) { if case .inst(let inst) = $0 { inst } else { nil } },
            ElementAlternative("HCProf", .element, make: Kind.hcProf) { if case .hcProf(let prof) = $0 { prof } else { nil } }),
        .optional("MedSpeciality", \.medSpeciality, .cv),
        .optional("Address", \.address, .element))
}

extension Henvisning.Inst: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Name", \.name, .text),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("AdditionalId", \.additionalID, .element),
        .many("HCPerson", \.hcPerson, .element),
        .many("Dept", \.dept, .element))
}

extension Henvisning.Dept: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("Name", \.name, .text),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("AdditionalId", \.additionalID, .element))
}

extension Henvisning.HCPerson: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Name", \.name, .text),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("AdditionalId", \.additionalID, .element))
}

extension Henvisning.HCProf: ElementValue {
    static let blank = Self(name: nil, id: nil, typeID: nil)
    static let layout = ElementLayout<Self>(
        .document,
        .optional("Type", \.type, .cs),
        .optional("Name", \.name, .text),
        .optional("Id", \.id, .id),
        .optional("TypeId", \.typeID, .cs),
        .many("AdditionalId", \.additionalID, .element))
}

extension Henvisning.AdditionalID: ElementValue {
    static let blank = Self("", type: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Id", \.id, .id),
        .one("Type", \.type, .cs))
}

extension Henvisning.Address: ElementValue {
    static let blank = Self(type: .blank)
    static let layout = ElementLayout<Self>(
        .document,
        .one("Type", \.type, .cs),
        .optional("StreetAdr", \.streetAdr, .text),
        .optional("PostalCode", \.postalCode, .text),
        .optional("City", \.city, .text),
        .optional("County", \.county, .cs),
        .optional("Country", \.country, .cs),
        .optional("CityDistr", \.cityDistr, .cs),
        .many("TeleAddress", \.teleAddress, .url))
}
