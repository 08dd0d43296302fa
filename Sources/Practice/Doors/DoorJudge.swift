/// Judges one change of a door. Keys above all: a key that was seen first is never replaced without somebody's word.
struct DoorJudge {
    private let current: [DoorID: Door]
    private let incoming: [DoorID: Door]
    private let lookalikes: Lookalikes
    /// Whose key each fingerprint is, by what was believed before.
    private let owners: [String: String]
    private let claims: [Claim: Set<String>]
    private let today: DoorDay

    /// That an organisation of a kind has such a service for a place.
    private struct Claim: Hashable { let type: DoorCode, business: DoorCode?, place: AreaID }

    init(current: [Door], incoming: [Door], today: DoorDay) {
        let known = Dictionary(current.map { ($0.id, $0) }) { first, _ in first }
        self.current = known
        self.incoming = Dictionary(incoming.map { ($0.id, $0) }) { first, _ in first }
        lookalikes = Lookalikes(current)
        self.today = today
        var owners: [String: String] = [:]
        for door in current {
            guard let owner = door.organisationNumber ?? door.parent.flatMap({ known[$0]?.organisationNumber }) else { continue }
            // Serial numbers are the issuer's, and two issuers may give the same.
            for certificate in door.certificates where !certificate.fingerprint.hasPrefix("serial:") {
                owners[certificate.fingerprint] = owner
            }
        }
        self.owners = owners
        var claims: [Claim: Set<String>] = [:]
        for door in current {
            let parent = door.parent.flatMap { known[$0] }
            for claim in Self.claims(of: door, below: parent) {
                claims[claim, default: []].insert(parent?.organisationNumber ?? door.organisationNumber ?? "")
            }
        }
        self.claims = claims
    }

    private static func claims(of door: Door, below parent: Door?) -> [Claim] {
        guard let type = door.serviceType else { return [] }
        return Set([door.area, door.municipality ?? parent?.municipality].compactMap(\.self)).map {
            Claim(type: type, business: door.businessType ?? parent?.businessType, place: $0)
        }
    }

    /// A new door can draw messages to itself: with a key or an address of its own below a known organisation, or as a
    /// second organisation of the same kind with the same service for the same place.
    private func intruding(_ door: Door) -> [Suspicion] {
        var found: [Suspicion] = []
        let parent = door.parent.flatMap { incoming[$0] ?? current[$0] }
        if let parent, current[parent.id] != nil {
            if !door.keys.isSubset(of: parent.keys) { found.append(.newDoorWithOwnKey) }
            if !Set(door.endpoints).isSubset(of: parent.endpoints) { found.append(.newDoorWithOwnEndpoint) }
        }
        let organisation = parent?.organisationNumber ?? door.organisationNumber ?? ""
        if Self.claims(of: door, below: parent).contains(where: { claims[$0].map { !$0.contains(organisation) } ?? false }) {
            found.append(.claimsServedArea)
        }
        return found
    }

    func suspicions(_ change: DoorChange) -> [Suspicion] {
        switch change.kind {
        case .added(let door):
            own(door) + (current.isEmpty ? [] : lookalikes.suspicions(door) + intruding(door)) + shared(door)
        case .removed: [.removed]
        case .changed(let old, let new, let fields): own(new) + between(old, new, fields) + shared(new)
        }
    }

    /// What is wrong with the entry in itself.
    private func own(_ door: Door) -> [Suspicion] {
        var found: [Suspicion] = []
        if let number = door.organisationNumber, !isOrganisationNumber(number) { found.append(.organisationNumberInvalid) }
        if door.period.isReversed { found.append(.reversedPeriod) }
        for name in [door.name, door.displayName].compactMap(\.self) {
            if Lookalikes.isMalformed(name) { found.append(.malformedName) }
            if Lookalikes.isForeign(name) { found.append(.homoglyphName) }
        }
        let parent = door.parent.flatMap { incoming[$0] ?? current[$0] }
        if let stated = door.parent, parent == nil || parent?.kind != .organisation || stated == door.id {
            found.append(.unknownParent)
        }
        let organisation = door.organisationNumber ?? parent?.organisationNumber
        if door.kind != .organisation, let own = door.organisationNumber, let above = parent?.organisationNumber, own != above {
            found.append(.foreignRegistration)
        }
        // A certificate may be the organisation's; any other's is a key in a stranger's hand.
        if door.certificates.contains(where: { $0.organisationNumber.map { $0 != organisation } ?? false }) {
            found.append(.foreignCertificate)
        }
        if door.endpoints.contains(where: { $0.type == DoorEndpoint.ebXML && !Self.isSafe($0) }) {
            found.append(.plainTextEndpoint)
        }
        return found
    }

    /// https, or plain http to the same machine.
    private static func isSafe(_ endpoint: DoorEndpoint) -> Bool {
        let host = endpoint.host
        let isHere =
            host == "127.0.0.1" || host.hasPrefix("127.0.0.1:") || host == "localhost" || host.hasPrefix("localhost:")
            || host.hasPrefix("[::1]")
        // In front of an @ stands a name, not the host that people take it for.
        if endpoint.address.prefix(while: { !"?#".contains($0) }).contains("@") { return false }
        return endpoint.address.hasPrefix("https://") && !host.isEmpty || endpoint.address.hasPrefix("http://") && isHere
    }

    private func between(_ old: Door, _ new: Door, _ fields: [DoorChange.Field]) -> [Suspicion] {
        var found: [Suspicion] = []
        for field in fields {
            switch field {
            case .kind: found.append(.kindChanged)
            case .organisationNumber: found.append(.organisationNumberChanged)
            case .hprNumber: if old.hprNumber != nil { found.append(.hprNumberChanged) }
            case .parent: found.append(.parentChanged)
            case .certificates: found += keys(old, new)
            case .endpoints: found.append(.endpointMoved)
            case .active: if new.isActive { found.append(.reactivated) }
            case .name, .displayName:
                let twins = lookalikes.suspicions(new)
                found += found.contains(.renamed) ? [] : [.renamed] + twins
            case .serviceType, .businessType: found.append(.serviceTypeChanged)
            case .area, .municipality: found.append(.areaChanged)
            case .capabilities: if weakened(old, new) { found.append(.weakerProtection) }
            case .validTo: found += ends(old, new)
            case .validFrom: break
            }
        }
        return found
    }

    /// That a door ends some day ahead is how doors end. That it ends at once, or is opened again, is a way to lead messages away.
    private func ends(_ old: Door, _ new: Door) -> [Suspicion] {
        if old.period.isOver(on: today), !new.period.isOver(on: today) { return [.reactivated] }
        return new.period.isOver(on: today) && !old.period.isOver(on: today) ? [.endsEarlier] : []
    }

    private func weakened(_ old: Door, _ new: Door) -> Bool {
        guard let before = old.capabilities?.protections else { return false }
        let after = new.capabilities?.protections ?? []
        return before.contains("strong") && (!after.contains("strong") || after.first != before.first)
    }

    private func keys(_ old: Door, _ new: Door) -> [Suspicion] {
        let (added, gone) = (new.keys.subtracting(old.keys), old.keys.subtracting(new.keys))
        // One that has ended may go without a word.
        let ended = Set(old.certificates.filter { $0.period.isOver(on: today) }.map(\.fingerprint))
        let missed = gone.filter { !ended.contains($0.fingerprint) }
        if old.keys.isEmpty { return added.isEmpty ? [] : [.firstKeyOfKnownDoor] }
        if !added.isEmpty { return [missed.isEmpty && gone.isEmpty ? .keyAdded : .keyReplaced] }
        return missed.isEmpty && !new.keys.isEmpty ? [] : [.keyRemoved]
    }

    /// A key that another organisation is known by.
    private func shared(_ door: Door) -> [Suspicion] {
        let organisation = door.organisationNumber ?? door.parent.flatMap { (incoming[$0] ?? current[$0])?.organisationNumber }
        let isShared = door.certificates.contains { certificate in
            owners[certificate.fingerprint].map { $0 != organisation } ?? false
        }
        return isShared ? [.certificateSharedWithOther] : []
    }
}
