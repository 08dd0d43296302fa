import Envelope
import Foundation
import Synchronization

/// Who can be reached, where, with which certificates and under which agreement. A value: another file gives another registry.
///
/// The answer to who may speak for a party is ``PartnerTrust``'s; the certificates here are only what the registry says.
public struct Registry: Sendable {
    /// Where it was read: a file, or a version in the store.
    public let name: String
    /// Sorted by HER-id.
    public let parties: [RegisteredParty]
    private let byHERID: [HERID: RegisteredParty]
    private let stated: [PartyPair: [StatedAgreement]]
    private let worked = WorkedOutAgreements()

    /// The largest registry that is read.
    static let largestFile = 256 << 20

    /// - Throws: what names the party and the field, prefixed with the file.
    public init(file: String) throws(RegistryError) {
        let url = URL(filePath: file)
        guard let content = FileManager.default.contents(atPath: url.path), content.count <= Registry.largestFile else {
            throw RegistryError(
                .fileUnreadable, file: file, reason: "cannot be read; set registry.file to a registry that this user may read")
        }
        try self.init(json: [UInt8](content), folder: url.deletingLastPathComponent().path, name: file)
    }

    /// - Parameters:
    ///   - folder: where the paths of certificates start.
    ///   - name: what errors call it.
    public init(json: [UInt8], folder: String, name: String = "registry") throws(RegistryError) {
        do { self.init(try RegistryFile(json: json, folder: folder), name: name) } catch {
            throw RegistryError(
                error.code, file: name, party: error.party, field: error.field, reason: error.reason, underlying: error.underlying
            )
        }
    }

    init(_ file: RegistryFile, name: String) {
        self.name = name
        self.byHERID = file.parties
        self.parties = file.parties.values.sorted { $0.herID < $1.herID }
        self.stated = Dictionary(grouping: file.agreements) { PartyPair($0.parties[0], $0.parties[1]) }
    }

    /// - Throws: `.unknownParty`, with the nearest HER-id when few digits differ.
    public func party(_ herID: HERID) throws(RegistryError) -> RegisteredParty {
        if let party = byHERID[herID] { return party }
        let hint =
            Spelling.nearest(to: herID.value, in: byHERID.keys.map(\.value), tolerated: 1).map { "; did you mean \($0)?" } ?? ""
        throw RegistryError(.unknownParty, party: herID, reason: "is not in the registry\(hint)")
    }

    /// - Throws: `.unknownParty`, or `.inactive` when it is not valid at that time.
    public func activeParty(_ herID: HERID, at time: Date) throws(RegistryError) -> RegisteredParty {
        let party = try party(herID)
        guard party.isActive(at: time) else {
            throw RegistryError(.inactive, party: herID, reason: party.inactivity(at: time))
        }
        return party
    }

    /// Where the party's node receives messages.
    public func endpoint(for herID: HERID) throws(RegistryError) -> String {
        guard let endpoint = try party(herID).endpoint else {
            throw RegistryError(
                .noEndpoint, party: herID, field: "endpoint", reason: "neither the party nor its parent has one")
        }
        return endpoint
    }

    /// What the registry says, validated by nobody yet; never empty.
    public func certificates(for herID: HERID, use: CertificateUse) throws(RegistryError) -> [Certificate] {
        let party = try party(herID)
        let certificates: [Certificate]
        switch use {
        case .signing: certificates = party.signing
        case .encryption: certificates = party.encryption
        case .tlsServer: certificates = []
        }
        guard !certificates.isEmpty else {
            throw RegistryError(
                .noCertificate, party: herID, field: "certificates.\(use.rawValue)",
                reason: "neither the party nor its parent has one")
        }
        return certificates
    }

    /// Parties whose HER-id begins with the text or whose name holds it; for people who look for an address.
    public func search(_ text: String, limit: Int = 5) -> [RegisteredParty] {
        let wanted = text.lowercased()
        guard !wanted.isEmpty else { return [] }
        return Array(
            parties.lazy.filter { $0.herID.value.hasPrefix(wanted) || $0.name.lowercased().contains(wanted) }.prefix(limit))
    }
}

/// Two parties in no order.
private struct PartyPair: Hashable {
    let lower: HERID
    let higher: HERID

    init(_ one: HERID, _ other: HERID) { (lower, higher) = (min(one, other), max(one, other)) }
}

/// What two parties have agreed follows from the registry alone, and is asked several times for each message.
private final class WorkedOutAgreements: Sendable {
    private struct Pair: Hashable {
        let one: HERID
        let other: HERID
    }

    /// A node has few pairs that write to each other; who asks for all there are is not to fill the memory with them.
    private static let most = 10_000
    private let known = Mutex<[Pair: [Agreement]]>([:])

    func out(between one: HERID, and other: HERID) -> [Agreement]? { known.withLock { $0[Pair(one: one, other: other)] } }

    func keep(_ agreements: [Agreement], between one: HERID, and other: HERID) {
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[Pair(one: one, other: other)] = agreements
        }
    }
}

extension Registry {
    /// Whether any partner may still sign with SHA-1: payloads are then digested with it too as they come in.
    var acceptsLegacySHA1: Bool { stated.values.contains { $0.contains(where: \.acceptsLegacySHA1) } }

    /// The agreement that messages between the two are sent under: the first of ``agreements(between:and:)``.
    public func agreement(between one: HERID, and other: HERID) throws(RegistryError) -> Agreement {
        guard let first = try agreements(between: one, and: other).first else {
            throw RegistryError(.noCommonProtection, party: other, reason: "has no agreement with \(one)")
        }
        return first
    }

    /// Every agreement that a message between the two may name, the preferred one first; never empty.
    ///
    /// Those in the registry come first: the parties' own, then those of their parents, nearest first. Only when there are
    /// none does the one follow that needs no negotiation: the strongest protection that both can.
    public func agreements(between one: HERID, and other: HERID) throws(RegistryError) -> [Agreement] {
        if let known = worked.out(between: one, and: other) { return known }
        let found = try workOutAgreements(between: one, and: other)
        worked.keep(found, between: one, and: other)
        return found
    }

    private func workOutAgreements(between one: HERID, and other: HERID) throws(RegistryError) -> [Agreement] {
        let left = try lineage(one), right = try lineage(other)
        var ranked: [(distance: Int, agreement: Agreement)] = []
        for (above, ancestor) in left.enumerated() {
            for (beside, relative) in right.enumerated() where ancestor.herID != relative.herID {
                for stated in stated[PartyPair(ancestor.herID, relative.herID)] ?? [] {
                    let roles = [left[0].herID: stated.roles[ancestor.herID], right[0].herID: stated.roles[relative.herID]]
                    let agreement = try Agreement(
                        stated, between: left[0], and: right[0], roles: roles.compactMapValues(\.self))
                    ranked.append((above + beside, agreement))
                }
            }
        }
        // A stable order: the distance, then the order in the file.
        let sorted = ranked.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
        if !sorted.isEmpty { return sorted.map(\.element.agreement) }
        return [try Agreement(between: left[0], and: right[0])]
    }

    /// The party and what stands above it, nearest first.
    private func lineage(_ herID: HERID) throws(RegistryError) -> [RegisteredParty] {
        var line = [try party(herID)]
        while let above = line.last?.parent { line.append(try party(above)) }
        return line
    }
}

extension Agreement {
    fileprivate init(
        _ stated: StatedAgreement, between one: RegisteredParty, and other: RegisteredParty, roles: [HERID: String]
    ) throws(RegistryError) {
        let protection: PayloadProtection
        if let agreed = stated.protection { protection = agreed } else { protection = try Agreement.strongest(one, other) }
        self.init(
            cpaID: stated.cpaID, parties: [one.herID, other.herID].sorted(), protection: protection, signals: stated.signals,
            acceptsTripleDES: stated.acceptsTripleDES, acceptsLegacySHA1: stated.acceptsLegacySHA1,
            partyIDType: stated.partyIDType, service: stated.service, action: stated.action, roles: roles, isExplicit: true)
    }

    fileprivate init(between one: RegisteredParty, and other: RegisteredParty) throws(RegistryError) {
        let parties = [one.herID, other.herID].sorted()
        self.init(
            cpaID: "msggw:\(parties[0]):\(parties[1])", parties: parties, protection: try Agreement.strongest(one, other),
            signals: .synchronous, acceptsTripleDES: false, acceptsLegacySHA1: false, partyIDType: "HER", service: nil,
            action: nil, roles: [:], isExplicit: false)
    }

    private static func strongest(_ one: RegisteredParty, _ other: RegisteredParty) throws(RegistryError) -> PayloadProtection {
        let common = one.capabilities.protections.intersection(other.capabilities.protections)
        if common.contains(.strong) { return .strong }
        if common.contains(.national) { return .national }
        throw RegistryError(
            .noCommonProtection, party: other.herID, field: "capabilities.protections",
            reason: "has no protection in common with party \(one.herID)")
    }
}
