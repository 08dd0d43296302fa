import Foundation

/// A code with the identifier of the list that it stands in: `PB` of 8668.
public struct DoorCode: Sendable, Hashable, CustomStringConvertible {
    public let code: String
    /// The list's number, without the national prefix `2.16.578.1.12.4.1.1.`.
    public let list: String

    public init(_ code: String, list: String) {
        let isNational = list.hasPrefix(Self.prefix)
        (self.code, self.list) = (code, isNational ? String(list.dropFirst(Self.prefix.count)) : list)
    }

    /// The whole identifier; a list that is none of the national ones keeps its own.
    public var oid: String { list.contains(".") ? list : Self.prefix + list }
    public var description: String { "\(code) (\(list))" }

    private static let prefix = "2.16.578.1.12.4.1.1."
}

/// What a door can receive.
public struct DoorCapabilities: Sendable, Hashable {
    /// `strong`, `national`; the first is preferred.
    public var protections: [String]
    /// Message profiles that its system reads, such as `henvisning-1.1`; empty when the registry does not say.
    public var profiles: [String]
    /// Media types that the receiver can open; empty when the registry does not say.
    public var attachmentFormats: [String]
    /// The largest single attachment; nil when the registry does not say.
    public var maxBytes: Int?

    public init(
        protections: [String] = [], profiles: [String] = [], attachmentFormats: [String] = [], maxBytes: Int? = nil
    ) {
        (self.protections, self.profiles) = (protections, profiles)
        (self.attachmentFormats, self.maxBytes) = (attachmentFormats, maxBytes)
    }

    /// Whether the receiver can open such a file; nil when the registry does not say.
    public func opens(_ mediaType: String) -> Bool? {
        attachmentFormats.isEmpty ? nil : attachmentFormats.contains { $0.lowercased() == mediaType.lowercased() }
    }
}

/// Where something of a door is reached. The type is the national one (code list 9044): `E_EDI`, `E_SB_ASYNC`, ...; our own
/// file's `endpoint` is `EBXML`.
public struct DoorEndpoint: Sendable, Hashable {
    public static let ebXML = "EBXML"

    public let type: String
    public let address: String

    public init(type: String, address: String) { (self.type, self.address) = (type, address) }

    /// The scheme and host, in lower case, of an address that has one; of a mail address what follows the @.
    public var host: String {
        var rest = Substring(address)
        if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { !"/?#".contains($0) }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        return rest.lowercased()
    }
}

/// A certificate of a door by its fingerprint: what decides who can read a message to it.
public struct DoorCertificate: Sendable, Hashable {
    public enum Use: String, Sendable, CaseIterable {
        case signing, encryption
        /// The national export names certificates by serial number and does not say for what.
        case unstated
    }

    public let use: Use
    /// `sha256:…`, `sha1:…` (the national thumbprint) or `serial:…`, in lower case.
    public let fingerprint: String
    /// Of the certificate itself, where it was read.
    public let organisationNumber: String?
    public let period: DoorPeriod
    /// What the file said: PEM, or a path beside the file. Written again as it was.
    public let stated: String?

    public init(
        use: Use, fingerprint: String, organisationNumber: String? = nil, period: DoorPeriod = DoorPeriod(),
        stated: String? = nil
    ) {
        (self.use, self.fingerprint) = (use, fingerprint.lowercased())
        (self.organisationNumber, self.period, self.stated) = (organisationNumber, period, stated)
    }
}

/// A party of the address registry as its own entry says, before anything comes from its parent.
public struct Door: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A legal unit: level 1.
        case organisation
        /// A service of an organisation: level 2.
        case service
        /// A person with an address of its own: level 2.
        case person
    }

    public var id: DoorID
    public var kind: Kind
    public var name: String
    public var displayName: String?
    public var parent: DoorID?
    /// Nine digits with a right check digit. Organisations have one, the others take their parent's.
    public var organisationNumber: String?
    public var hprNumber: String?
    public var businessType: DoorCode?
    public var serviceType: DoorCode?
    /// The city district, or other area, that it is for.
    public var area: AreaID?
    /// The municipality that it lies in (code list 3402).
    public var municipality: AreaID?
    public var period = DoorPeriod()
    /// What the national registry calls Active and IsValidCommunicationParty, both.
    public var isActive = true
    /// nil: the parent's.
    public var capabilities: DoorCapabilities?
    /// Empty: the parent's.
    public var endpoints: [DoorEndpoint] = []
    /// Empty: the parent's.
    public var certificates: [DoorCertificate] = []

    public init(id: DoorID, kind: Kind, name: String, parent: DoorID? = nil) {
        (self.id, self.kind, self.name, self.parent) = (id, kind, name, parent)
    }

    /// What people read.
    public var shownName: String { displayName ?? name }
}

/// Nine digits with the check digit of the Central Coordinating Register for Legal Entities.
func isOrganisationNumber(_ text: String) -> Bool {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard digits.count == 9, digits.allSatisfy((0...9).contains) else { return false }
    let weights = [3, 2, 7, 6, 5, 4, 3, 2]
    let sum = (0..<8).reduce(0) { $0 + weights[$1] * digits[$1] } + digits[8]
    return sum % 11 == 0
}
