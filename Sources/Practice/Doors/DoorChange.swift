/// What differs about one door between two versions of a registry.
public struct DoorChange: Sendable, Hashable {
    public enum Field: String, Sendable, CaseIterable {
        case kind, name, displayName, parent, organisationNumber, hprNumber, businessType, serviceType, area, municipality
        case validFrom, validTo, active, capabilities, endpoints, certificates
    }

    public enum Kind: Sendable, Hashable {
        case added(Door)
        case removed(Door)
        case changed(from: Door, to: Door, [Field])
    }

    public let door: DoorID
    public let kind: Kind

    public var fields: [Field] {
        guard case .changed(_, _, let fields) = kind else { return [] }
        return fields
    }

    /// How an operator sees it: `changed 80000203: certificates, endpoints`; names stand in the registry.
    public var summary: String {
        switch kind {
        case .added: "added \(door)"
        case .removed: "removed \(door)"
        case .changed(_, _, let fields): "changed \(door): \(fields.map(\.rawValue).joined(separator: ", "))"
        }
    }

    /// Fields that differ. Certificates and endpoints in another order are the same; what a file stated them as does not count.
    static func fields(_ old: Door, _ new: Door) -> [Field] {
        var fields: [Field] = []
        func note(_ field: Field, _ differs: Bool) { if differs { fields.append(field) } }
        note(.kind, old.kind != new.kind)
        note(.name, old.name != new.name)
        note(.displayName, old.displayName != new.displayName)
        note(.parent, old.parent != new.parent)
        note(.organisationNumber, old.organisationNumber != new.organisationNumber)
        note(.hprNumber, old.hprNumber != new.hprNumber)
        note(.businessType, old.businessType != new.businessType)
        note(.serviceType, old.serviceType != new.serviceType)
        note(.area, old.area != new.area)
        note(.municipality, old.municipality != new.municipality)
        note(.validFrom, old.period.from != new.period.from)
        note(.validTo, old.period.to != new.period.to)
        note(.active, old.isActive != new.isActive)
        note(.capabilities, old.capabilities != new.capabilities)
        note(.endpoints, Set(old.endpoints) != Set(new.endpoints))
        note(.certificates, old.keys != new.keys)
        return fields
    }
}

extension Door {
    /// What decides who can read a message to it, and whose signature counts: use and fingerprint of each certificate.
    var keys: Set<Key> { Set(certificates.map { Key(use: $0.use, fingerprint: $0.fingerprint) }) }

    struct Key: Hashable { let use: DoorCertificate.Use, fingerprint: String }
}

/// All that differs between two versions, in the order of the HER-ids.
public struct RegistryDifference: Sendable, Hashable {
    public let changes: [DoorChange]

    public init(from old: [Door], to new: [Door]) {
        let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        var changes: [DoorChange] = []
        for (id, door) in after {
            guard let known = before[id] else {
                changes.append(DoorChange(door: id, kind: .added(door)))
                continue
            }
            let fields = known == door ? [] : DoorChange.fields(known, door)
            if !fields.isEmpty { changes.append(DoorChange(door: id, kind: .changed(from: known, to: door, fields))) }
        }
        for (id, door) in before where after[id] == nil { changes.append(DoorChange(door: id, kind: .removed(door))) }
        self.changes = changes.sorted { $0.door < $1.door }
    }
}

/// One accepted version of a registry: what it changed, and where that came from.
public struct RegistryVersion: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let day: DoorDay
    /// `file`, `export`, `rest`, `soap`, with who approved what had been held.
    public let source: String
    public let changes: [DoorChange]

    public init(number: Int, day: DoorDay, source: String, changes: [DoorChange]) {
        (self.number, self.day, self.source, self.changes) = (number, day, source, changes)
    }
}

/// All versions, oldest first. What was is never rewritten: a correction is a version.
public struct RegistryHistory: Sendable, Hashable {
    public private(set) var versions: [RegistryVersion]

    public init(_ versions: [RegistryVersion] = []) { self.versions = versions }

    public mutating func append(_ changes: [DoorChange], on day: DoorDay, source: String) {
        guard !changes.isEmpty else { return }
        versions.append(RegistryVersion(number: versions.count + 1, day: day, source: source, changes: changes))
    }

    /// What happened to one door.
    public func changes(of door: DoorID) -> [(version: RegistryVersion, change: DoorChange)] {
        versions.flatMap { version in version.changes.filter { $0.door == door }.map { (version, $0) } }
    }

    /// The door as it was known at the end of a day; nil when it was not.
    public func door(_ id: DoorID, asKnownOn day: DoorDay) -> Door? {
        var known: Door?
        for version in versions where version.day <= day {
            for change in version.changes where change.door == id {
                switch change.kind {
                case .added(let door): known = door
                case .changed(_, let door, _): known = door
                case .removed: known = nil
                }
            }
        }
        return known
    }
}
