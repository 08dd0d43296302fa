import Native

/// One party of an agreement. CPPA 2.0 §8.4.
public struct AgreementParty: Sendable, Hashable {
    public let name: String
    public let ids: [PartyID]
    public let roles: [AgreementRole]

    public var herID: String? { Party(ids: ids, role: nil).herID }

    public func matches(_ party: Party) -> Bool { Party(ids: ids, role: nil).matches(party) }
    func matches(_ other: AgreementParty) -> Bool { matches(Party(ids: other.ids, role: nil)) }

    /// The role and action of that service and name. A header without role leaves the role open.
    func find(
        _ service: Service, _ action: String, role: String?, among actions: KeyPath<AgreementRole, [AgreementAction]>
    ) -> (role: AgreementRole, action: AgreementAction)? {
        func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
        for candidate in roles where same(candidate.service.name, service.name) && (role.map { same($0, candidate.role) } ?? true)
        {
            if let found = candidate[keyPath: actions].first(where: { same($0.action, action) }) { return (candidate, found) }
        }
        return nil
    }
}

/// What a party does in one role of one process. CPPA 2.0 §8.4.3.
public struct AgreementRole: Sendable, Hashable {
    /// The process's name, such as `BehandlerKrav`.
    public let process: String?
    public let role: String
    public let service: Service
    public let canSend: [AgreementAction]
    public let canReceive: [AgreementAction]
    /// `ApplicationCertificateRef`: for what is sent to this party in this role.
    public let encryptionCertificate: Certificate?
}

/// One action that a party can send or receive.
public struct AgreementAction: Sendable, Hashable {
    public let action: String
    public let channel: AgreementChannel?
    /// What the packaging says; nil when it is not there.
    public let isEncrypted: Bool?
    public let isCompressed: Bool?
}

extension AgreementParty {
    init(_ element: AgreementElement, _ packagings: [String: AgreementPackaging]) throws(EnvelopeError) {
        name = element.attribute("partyName") ?? ""
        ids = element.children("PartyId").map { PartyID(type: $0.attribute("type"), value: $0.text) }
        guard !ids.isEmpty, ids.allSatisfy({ !$0.value.isEmpty }) else {
            throw element.malformed("a PartyId is missing or empty")
        }
        let certificates = try AgreementCertificates(element)
        let channels = try AgreementChannel.all(in: element, certificates)
        var roles: [AgreementRole] = []
        for role in element.children("CollaborationRole") {
            roles += try AgreementRole.all(in: role, certificates, channels, packagings)
        }
        self.roles = roles
    }
}

extension AgreementRole {
    /// One for each ServiceBinding; there is one in all agreements seen.
    static func all(
        in element: AgreementElement, _ certificates: AgreementCertificates, _ channels: [String: AgreementChannel],
        _ packagings: [String: AgreementPackaging]
    ) throws(EnvelopeError) -> [AgreementRole] {
        guard let name = element.child("Role")?.attribute("name") else { throw element.malformed("a role has no name") }
        let certificate = try certificates.certificate(element.child("ApplicationCertificateRef")?.attribute("certId"), element)
        var roles: [AgreementRole] = []
        for binding in element.children("ServiceBinding") {
            guard let service = binding.child("Service"), !service.text.isEmpty else {
                throw binding.malformed("there is no Service")
            }
            func actions(_ direction: String) -> [AgreementAction] {
                binding.children(direction).flatMap { $0.children("ThisPartyActionBinding") }.compactMap {
                    AgreementAction($0, channels, packagings)
                }
            }
            roles.append(
                AgreementRole(
                    process: element.child("ProcessSpecification")?.attribute("name"), role: name,
                    service: Service(service.text, type: service.attribute("type")), canSend: actions("CanSend"),
                    canReceive: actions("CanReceive"), encryptionCertificate: certificate))
        }
        return roles
    }
}

extension AgreementAction {
    init?(_ element: AgreementElement, _ channels: [String: AgreementChannel], _ packagings: [String: AgreementPackaging]) {
        guard let action = element.attribute("action") else {
            element.log.note("an action without name is not read", at: element.place)
            return nil
        }
        let ids = element.children("ChannelId").map(\.text)
        if ids.count > 1 { element.log.note("an action has several channels; the first is read", at: element.place, .note) }
        let channel = ids.first.flatMap { channels[$0] }
        if channel == nil { element.log.note("an action's channel is not there", at: element.place) }
        let packaging = element.attribute("packageId").flatMap { packagings[$0] }
        self.init(
            action: action, channel: channel, isEncrypted: packaging?.isEncrypted, isCompressed: packaging?.isCompressed)
    }
}

/// What happens to a document before it is a part: compressed, encrypted. CPPA 2.0 §8.6.
struct AgreementPackaging {
    let isEncrypted: Bool
    let isCompressed: Bool

    static func all(in root: AgreementElement) throws(EnvelopeError) -> [String: AgreementPackaging] {
        var found: [String: AgreementPackaging] = [:]
        for packaging in root.children("Packaging") {
            guard let id = packaging.attribute("id") else { continue }
            let types = packaging.children("CompositeList").flatMap { $0.children("Encapsulation") }
                .compactMap { $0.attribute("mimetype")?.lowercased() }
            let read = AgreementPackaging(
                isEncrypted: types.contains("application/pkcs7-mime"), isCompressed: types.contains("application/x-gzip"))
            if let other = found.updateValue(read, forKey: id), other.isEncrypted != read.isEncrypted {
                throw packaging.malformed("two packagings of one name, one of them not encrypted")
            }
        }
        return found
    }
}
