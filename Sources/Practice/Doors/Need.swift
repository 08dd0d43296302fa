/// What somebody needs a door for. The ids stand in the data: `bup`, `contact-point`.
public struct Need: Sendable, Hashable, CustomStringConvertible {
    public let id: String
    public init(_ id: String) { self.id = id }
    public var description: String { id }

    public static let contactPoint = Need("contact-point")
    public static let bup = Need("bup")
    public static let schoolHealth = Need("school-health")
    public static let ppt = Need("ppt")
    public static let generalPractitioner = Need("gp")
}

/// How a need finds its door: which services can meet it and what decides between them.
public struct NeedRule: Sendable, Hashable {
    /// In this order: the first that gives anything decides.
    public enum Reach: String, Sendable, CaseIterable {
        /// Who takes patients from where is said by ``Catchment``.
        case catchment
        /// The service's own area: its bydel, or else its municipality.
        case area
        /// The register of patients and their GPs says it.
        case assignment
    }

    public var need: Need
    /// What people call it, in bokmål: `kontaktpunktet`.
    public var label: String
    public var serviceTypes: [DoorCode]
    /// What kind of organisation the service belongs to; empty for any. Every organisation may register a `02`; only a
    /// municipality's is a contact point.
    public var businessTypes: [DoorCode]
    public var reach: [Reach]

    public init(
        _ need: Need, label: String, serviceTypes: [DoorCode], businessTypes: [DoorCode] = [], reach: [Reach]
    ) {
        (self.need, self.label, self.serviceTypes) = (need, label, serviceTypes)
        (self.businessTypes, self.reach) = (businessTypes, reach)
    }

    /// Used where the data says nothing else. The codes are those of message-standards and samples/README.md.
    public static let usual: [NeedRule] = [
        NeedRule(
            .contactPoint, label: "kontaktpunktet", serviceTypes: [DoorCode("02", list: "8666")], businessTypes: [municipality],
            reach: [.area]),
        NeedRule(
            .bup, label: "BUP", serviceTypes: [DoorCode("PB", list: "8668"), DoorCode("PB", list: "8655")], reach: [.catchment]),
        NeedRule(
            .schoolHealth, label: "helsestasjons- og skolehelsetjenesten", serviceTypes: [DoorCode("KF01", list: "8663")],
            businessTypes: [municipality], reach: [.area]),
        NeedRule(
            .ppt, label: "PPT", serviceTypes: [DoorCode("KX16", list: "8663")], businessTypes: [municipality],
            reach: [.catchment, .area]),
        NeedRule(.generalPractitioner, label: "fastlegen", serviceTypes: [], reach: [.assignment]),
    ]

    private static let municipality = DoorCode("102", list: "9040")
}

/// That a door takes patients from these areas for this need.
public struct Catchment: Sendable, Hashable {
    public var need: Need
    public var door: DoorID
    public var areas: [AreaID]
    public var period: DoorPeriod

    public init(need: Need, door: DoorID, areas: [AreaID], period: DoorPeriod = DoorPeriod()) {
        (self.need, self.door, self.areas, self.period) = (need, door, areas, period)
    }
}

/// Where the child lives, or the area asked about.
public enum Place: Sendable, Hashable {
    case area(AreaID)
    /// As somebody wrote it: `Bydel Sagene`.
    case named(String)
    /// The person's address is protected. The case holds no place, so none can leak.
    case protected
    case unknown

    /// The only way from a looked-up address to a place: what is protected loses the area at once.
    public init(_ area: AreaID?, isProtected: Bool) {
        self = isProtected ? .protected : area.map(Place.area) ?? .unknown
    }
}

/// What the register of GPs says about a patient; asked by whoever has the patient's number, which never comes here.
public enum AssignedGP: Sendable, Hashable {
    case door(DoorID)
    /// The person has no GP.
    case none
    /// Nobody has asked, or nobody answered.
    case unknown
}
