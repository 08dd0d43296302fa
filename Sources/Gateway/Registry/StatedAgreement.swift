import Envelope

/// An agreement as it stands in the registry's file.
struct StatedAgreement: Sendable {
    let cpaID: String
    let parties: [HERID]
    /// nil: what both can.
    let protection: PayloadProtection?
    let signals: SignalRoute
    let acceptsTripleDES: Bool
    let acceptsLegacySHA1: Bool
    let partyIDType: String
    let service: String?
    let action: String?
    let roles: [HERID: String]

    static let fields = [
        "cpaId", "parties", "protection", "signals", "accepts3DES", "acceptsLegacySHA1", "partyIdType", "service", "action",
        "roles",
    ]

    init(_ value: JSONValue, number: Int, parties known: [HERID: RegisteredParty]) throws(RegistryError) {
        let fields = try RegistryFields(value, path: "agreements[\(number)]", party: nil, known: StatedAgreement.fields)
        self.cpaID = try fields.required("cpaId")
        self.parties = try StatedAgreement.parties(fields, known: known)
        self.protection = try StatedAgreement.protection(fields, parties: parties, known: known)
        self.signals = try fields.choice("signals", SignalRoute.self) ?? .synchronous
        self.acceptsTripleDES = try fields.flag("accepts3DES")
        self.acceptsLegacySHA1 = try fields.flag("acceptsLegacySHA1")
        self.partyIDType = try fields.string("partyIdType") ?? "HER"
        self.service = try fields.string("service")
        self.action = try fields.string("action")
        self.roles = try StatedAgreement.roles(fields, parties: parties)
    }

    private static func parties(
        _ fields: RegistryFields, known: [HERID: RegisteredParty]
    ) throws(RegistryError) -> [HERID] {
        let texts = try fields.strings("parties")
        let parties = texts.compactMap(HERID.init).sorted()
        guard texts.count == 2, parties.count == 2, parties[0] != parties[1] else {
            throw fields.error(.malformed, "parties", "must be two different HER-ids")
        }
        for party in parties where known[party] == nil {
            throw RegistryError(
                .unknownParty, party: party, field: fields.place("parties"), reason: "is not in the registry")
        }
        return parties
    }

    /// An agreement on what one of the two cannot do would fail at every message: better now.
    private static func protection(
        _ fields: RegistryFields, parties: [HERID], known: [HERID: RegisteredParty]
    ) throws(RegistryError) -> PayloadProtection? {
        guard let protection = try fields.choice("protection", PayloadProtection.self) else { return nil }
        for party in parties where known[party]?.capabilities.protections.contains(protection) == false {
            throw RegistryError(
                .noCommonProtection, party: party, field: fields.place("protection"),
                reason: "is \(protection.rawValue), which the party's capabilities do not name")
        }
        return protection
    }

    private static func roles(_ fields: RegistryFields, parties: [HERID]) throws(RegistryError) -> [HERID: String] {
        guard let value = fields.value("roles") else { return [:] }
        let names = try RegistryFields(value, path: fields.place("roles"), party: nil, known: parties.map(\.value))
        var roles: [HERID: String] = [:]
        for party in parties { roles[party] = try names.string(party.value) }
        return roles
    }
}
