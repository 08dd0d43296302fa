import Practice

extension CareService {
    /// What a party is in the rules, by what the registry says that it does. What is not in the table is `other`, for which the
    /// rules ask a consent.
    init(_ party: RegisteredParty, in registry: Registry) {
        if let type = party.serviceType, let known = Self.known[Self.list(type.oid)]?[type.code] {
            self = known
        } else if party.serviceType?.code == "02", party.bydel != nil {
            self = .bydelContactPoint
        } else {
            self = Self.byOrganisation(party, registry)
        }
    }

    /// Service types, by the number of the code list: municipality, county, specialist, common, and the older one.
    private static let known: [String: [String: CareService]] = [
        "8663": [
            "KA01": .gp, "KA02": .emergencyClinic, "KF01": .schoolHealth, "KF0103": .schoolHealth,
            "KF0107": .municipalPsychologist, "KX12": .familyTeam, "KX15": .childWelfare, "KX16": .ppt, "KX17": .gp,
            "KX18": .childWelfare,
        ],
        "8662": ["ES01": .ppt, "ES02": .schoolHealth],
        "8668": ["PB": .bup, "H07": .hospital, "S06": .hospital],
        "8655": ["PB": .bup, "PB01": .bup, "PB02": .bup],
        "8666": ["05": .gp, "KP05": .municipalPsychologist],
    ]

    /// For parties without a service type: a hospital; and a person with a HPR number at a private provider, who in this registry is
    /// a GP. That is our reading: a private psychologist looks the same until the registry gives it a service type.
    private static func byOrganisation(_ party: RegisteredParty, _ registry: Registry) -> CareService {
        guard party.serviceType == nil else { return .other }
        let parent = party.parent.flatMap { try? registry.party($0) }
        guard let type = party.businessType ?? parent?.businessType, list(type.oid) == "9040" else { return .other }
        if type.code == "103", party.kind == .person, party.hprNumber != nil { return .gp }
        return type.code == "101" ? .hospital : .other
    }

    /// The last number of the list's OID.
    private static func list(_ oid: String) -> String {
        oid.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(oid[oid.utf8.index(after: $0)...]) } ?? oid
    }
}
