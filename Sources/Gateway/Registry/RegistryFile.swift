import Envelope
import Foundation
import Practice

/// Reads a registry's JSON into parties with their parents' values filled in, or says which party and field is wrong.
struct RegistryFile {
    private(set) var parties: [HERID: RegisteredParty] = [:]
    private(set) var agreements: [StatedAgreement] = []
    private var entries: [HERID: RegistryEntry] = [:]

    init(json: [UInt8], folder: String) throws(RegistryError) {
        let root: JSONValue
        do { root = try JSONDecoder().decode(JSONValue.self, from: Data(json)) } catch {
            throw Self.notJSON(json)
        }
        let fields = try RegistryFields(root, path: "", party: nil, known: ["description", "parties", "agreements"])
        var loader = CertificateLoader(folder: folder)
        guard case .list(let list)? = fields.value("parties") else { throw fields.error(.malformed, "parties", "is not a list") }
        var order: [HERID] = []
        for (number, value) in list.enumerated() {
            let entry = try RegistryEntry(value, number: number, certificates: &loader)
            try add(entry)
            order.append(entry.herID)
        }
        try finish(order)
        try readAgreements(fields)
    }

    init() {}

    /// Says on which line, and nothing of what stands there. Foundation's decoder does not tell; the other reader does.
    private static func notJSON(_ json: [UInt8]) -> RegistryError {
        var line = ""
        do { _ = try RegistryNode(json: json) } catch {
            if [.notJSON, .truncated].contains(error.code), let byte = Int(error.place.dropFirst("byte ".count)) {
                line = " (line \(json.prefix(byte).count { $0 == 0x0A } + 1))"
            }
        }
        return RegistryError(
            .malformed, reason: "is not JSON\(line); correct it; samples/README.md describes the form")
    }

    mutating func add(_ entry: RegistryEntry) throws(RegistryError) {
        guard entries.updateValue(entry, forKey: entry.herID) == nil else {
            throw RegistryError(.duplicate, party: entry.herID, field: "herId", reason: "is there twice")
        }
    }

    /// Every party gets what it has from its parent.
    mutating func finish(_ order: [HERID]) throws(RegistryError) {
        for herID in order { _ = try fill(herID, below: []) }
    }

    /// The party with everything from its parent, which is filled in before it.
    private mutating func fill(_ herID: HERID, below children: Set<HERID>) throws(RegistryError) -> RegisteredParty {
        if let party = parties[herID] { return party }
        guard let entry = entries[herID] else {
            throw RegistryError(.unknownParty, party: herID, reason: "is not in the registry")
        }
        var parent: RegisteredParty?
        if let above = entry.parent {
            guard entries[above] != nil else {
                let hint =
                    Spelling.nearest(to: above.value, in: entries.keys.map(\.value), tolerated: 1).map { "; did you mean \($0)?" }
                    ?? ""
                throw RegistryError(
                    .unknownParent, party: herID, field: "parent", reason: "\(above) is not in the registry\(hint)")
            }
            let below = children.union([herID])
            guard !below.contains(above) else {
                throw RegistryError(.parentLoop, party: herID, field: "parent", reason: "leads back to itself")
            }
            parent = try fill(above, below: below)
        }
        let party = try RegisteredParty(entry, parent: parent)
        parties[herID] = party
        return party
    }

    mutating func readAgreements(_ root: RegistryFields) throws(RegistryError) {
        guard let value = root.value("agreements") else { return }
        guard case .list(let list) = value else { throw root.error(.malformed, "agreements", "is not a list") }
        var seen: Set<String> = []
        for (number, value) in list.enumerated() {
            let agreement = try StatedAgreement(value, number: number, parties: parties)
            guard seen.insert(agreement.cpaID).inserted else {
                throw RegistryError(.duplicate, field: "agreements[\(number)].cpaId", reason: "is there twice")
            }
            agreements.append(agreement)
        }
    }
}

extension RegisteredParty {
    fileprivate init(_ entry: RegistryEntry, parent: RegisteredParty?) throws(RegistryError) {
        guard let organisationNumber = entry.organisationNumber ?? parent?.organisationNumber else {
            throw RegistryError(.malformed, party: entry.herID, field: "organisationNumber", reason: "is missing")
        }
        guard let capabilities = entry.capabilities ?? parent?.capabilities ?? entry.usual else {
            throw RegistryError(
                .malformed, party: entry.herID, field: "capabilities.protections", reason: "names neither national nor strong")
        }
        self.herID = entry.herID
        self.kind = entry.kind
        self.name = entry.name
        self.parent = entry.parent
        self.organisationNumber = organisationNumber
        self.hprNumber = entry.hprNumber
        self.businessType = entry.businessType
        self.serviceType = entry.serviceType
        self.bydel = entry.bydel
        self.validFrom = [entry.validFrom, parent?.validFrom].compactMap(\.self).max()
        self.validTo = [entry.validTo, parent?.validTo].compactMap(\.self).min()
        self.takesMessages = entry.takesMessages && parent?.takesMessages ?? true
        self.capabilities = capabilities
        let endpoint = entry.endpoint ?? parent?.endpoint
        self.endpoint = endpoint
        destination = endpoint.map { Destination.of(endpoint: $0) } ?? Destination.unknown
        self.signing = entry.signing ?? parent?.signing ?? []
        self.encryption = entry.encryption ?? parent?.encryption ?? []
    }
}
