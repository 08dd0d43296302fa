/// What a party is in the rules about sharing. The raw value is what rule files and consent records say.
public enum CareService: String, Sendable, Hashable, CaseIterable {
    case gp
    case bup
    case hospital
    case emergencyClinic = "legevakt"
    case bydelContactPoint = "bydel"
    case schoolHealth = "skolehelsetjeneste"
    case municipalPsychologist = "kommunepsykolog"
    case familyTeam = "familieteam"
    /// Educational-psychological service: not health personnel.
    case ppt
    case school = "skole"
    case kindergarten = "barnehage"
    case childWelfare = "barnevern"
    case guardian = "foresatt"
    case youngPerson = "ungdom"
    case other = "annen"

    /// As readers know it.
    public var name: String {
        switch self {
        case .gp: "fastlegen"
        case .bup: "BUP"
        case .hospital: "sykehuset"
        case .emergencyClinic: "legevakten"
        case .bydelContactPoint: "bydelens kontaktpunkt"
        case .schoolHealth: "skolehelsetjenesten"
        case .municipalPsychologist: "psykologen i bydelen"
        case .familyTeam: "familieteamet"
        case .ppt: "PPT"
        case .school: "skolen"
        case .kindergarten: "barnehagen"
        case .childWelfare: "barneverntjenesten"
        case .guardian: "foresatte"
        case .youngPerson: "ungdommen"
        case .other: "mottakeren"
        }
    }
}

/// A number and the list it comes from.
public struct PartyIdentity: Sendable, Hashable {
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        case her = "urn:oid:2.16.578.1.12.4.1.2"
        case organisation = "urn:oid:2.16.578.1.12.4.1.4.101"
        case fodselsnummer = "urn:oid:2.16.578.1.12.4.1.4.1"
        case dNumber = "urn:oid:2.16.578.1.12.4.1.4.2"
        case commonHelpNumber = "urn:oid:2.16.578.1.12.4.1.4.3"
        /// A number of the recorder's own, when the child has none.
        case local = "urn:msggw:consent:local-id"
    }
    public let scheme: Scheme
    public let value: String

    public init(_ scheme: Scheme, _ value: String) { (self.scheme, self.value) = (scheme, value) }
}

/// A service something is shared from or to. With an identity it is that one; without, every service of the kind.
public struct ConsentParty: Sendable, Hashable {
    public var service: CareService
    public var identity: PartyIdentity?
    public var name: String?

    public init(_ service: CareService, identity: PartyIdentity? = nil, name: String? = nil) {
        (self.service, self.identity, self.name) = (service, identity, name)
    }

    /// Whether what is said of this party holds for `other`. The name decides nothing.
    public func covers(_ other: ConsentParty) -> Bool {
        if let identity { return identity == other.identity && (service == .other || service == other.service) }
        return service == other.service
    }
}

/// What a consent lets somebody share.
public enum InformationKind: String, Sendable, Hashable, CaseIterable {
    case referral = "henvisning"
    case epikrise
    case pptReport = "ppt-rapport"
    case schoolReport = "skolerapport"
    case assessment = "utredning"
    case treatmentPlan = "behandlingsplan"
    case followUpPlan = "oppfolgingsplan"
    case contact = "kontaktopplysninger"
    case decision = "vedtak"
    case dialogue = "dialog"

    public var name: String {
        switch self {
        case .referral: "henvisningen"
        case .epikrise: "epikrisen"
        case .pptReport: "rapporten fra PPT"
        case .schoolReport: "rapporten fra skolen eller barnehagen"
        case .assessment: "resultatet av utredningen"
        case .treatmentPlan: "planen for behandlingen"
        case .followUpPlan: "planen for oppfølgingen"
        case .contact: "kontaktopplysninger"
        case .decision: "svaret på henvisningen"
        case .dialogue: "spørsmål og svar mellom tjenestene"
        }
    }
}

public enum SharingPurpose: String, Sendable, Hashable, CaseIterable {
    case treatment = "TREAT"
    case careManagement = "CAREMGT"
    case schooling = "opplaering"
    case childWelfare = "barnevern"

    /// The first two are codes of HL7's v3 ActReason; the others have none there.
    var system: String {
        switch self {
        case .treatment, .careManagement: "http://terminology.hl7.org/CodeSystem/v3-ActReason"
        case .schooling, .childWelfare: "urn:msggw:consent:purpose"
        }
    }
}
