import Envelope
import Foundation

/// A code with the identifier of the code list that it stands in.
public struct RegistryCode: Sendable, Hashable {
    public let code: String
    public let oid: String
}

/// What a party can receive.
public struct PartyCapabilities: Sendable, Hashable {
    /// Never empty.
    public let protections: Set<PayloadProtection>
    /// Media types of attachments; empty when the registry does not say.
    public let attachmentFormats: [String]
    /// The largest message; nil when the registry does not say.
    public let maxBytes: Int?
}

/// A party as the registry knows it, with everything filled in that it has from its parent.
public struct RegisteredParty: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A legal unit: level 1.
        case organisation
        /// A service of an organisation: level 2.
        case service
        /// A person with an address of its own: level 2.
        case person
    }

    public let herID: HERID
    public let kind: Kind
    public let name: String
    public let parent: HERID?
    /// Nine digits with a right check digit.
    public let organisationNumber: String
    public let hprNumber: String?
    public let businessType: RegistryCode?
    public let serviceType: RegistryCode?
    /// The city district that a service is for.
    public let bydel: String?
    /// From this instant, the parent's included; nil means always.
    public let validFrom: Date?
    /// Until before this instant, the parent's included; nil means without end.
    public let validTo: Date?
    /// False while the registry says that it, or its parent, takes no messages.
    public let takesMessages: Bool
    public let capabilities: PartyCapabilities
    /// Where its node receives messages.
    public let endpoint: String?
    /// The node of ``endpoint``: what messages to it wait for together.
    let destination: String
    /// What its messages are signed with; several while one replaces another.
    public let signing: [Certificate]
    /// What payloads to it are encrypted for.
    public let encryption: [Certificate]

    /// Whether messages may be exchanged with it at this time.
    public func isActive(at time: Date) -> Bool {
        takesMessages && (validFrom.map { time >= $0 } ?? true) && (validTo.map { time < $0 } ?? true)
    }

    /// Why nothing is sent to it now, and what to do.
    func inactivity(at time: Date) -> String {
        if let validTo, time >= validTo {
            return
                "has expired: \(OsloTime.day(of: validTo - 86_400)) was its last day; ask 'msggw registry resolve' who answers now"
        }
        if let validFrom, time < validFrom { return "is not valid yet: \(OsloTime.day(of: validFrom)) is its first day" }
        return "is in the registry, which says that it takes no messages; ask 'msggw registry resolve' who answers now"
    }
}
