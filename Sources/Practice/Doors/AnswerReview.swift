/// An answer of a registry as it came, before anybody believes it.
public struct IncomingAnswer: Sendable, Hashable {
    public enum Scope: Sendable, Hashable {
        /// All there is: what is missing has been removed.
        case everything
        /// One party was asked for, with what hangs below it.
        case party(DoorID)
    }

    public var scope: Scope
    public var doors: [Door]
    /// The address that was asked, and the one that answered; they differ when something redirected.
    public var asked: String
    public var answered: String
    public var status: Int
    /// What the header promised and what came; nil when nothing was promised.
    public var promisedBytes: Int?
    public var receivedBytes: Int
    /// The registry's own day of answering.
    public var serverDay: DoorDay?

    public init(
        _ scope: Scope, doors: [Door], asked: String, answered: String? = nil, status: Int = 200, promisedBytes: Int? = nil,
        receivedBytes: Int = 0, serverDay: DoorDay? = nil
    ) {
        (self.scope, self.doors, self.asked, self.answered) = (scope, doors, asked, answered ?? asked)
        (self.status, self.promisedBytes, self.receivedBytes) = (status, promisedBytes, receivedBytes)
        self.serverDay = serverDay
    }
}

/// Why an answer, or a part of it, is not believed. The raw value stands in logs and in the table of held changes.
public enum Suspicion: String, Sendable, Hashable, CaseIterable {
    // Nothing of the answer is taken
    case redirected, status, truncated, stale, fromTheFuture, otherParty, duplicateParty, empty, shrunken
    // That door is not taken
    case organisationNumberChanged, organisationNumberInvalid, kindChanged, foreignCertificate, malformedName, homoglyphName
    case reversedPeriod, unknownParent, plainTextEndpoint, hprNumberChanged, foreignRegistration
    // That door waits for somebody's approval
    case keyAdded, keyReplaced, keyRemoved, firstKeyOfKnownDoor, endpointMoved, parentChanged, reactivated, removed, lookalikeName
    case renamed, serviceTypeChanged, weakerProtection, certificateSharedWithOther, areaChanged, endsEarlier
    case newDoorWithOwnKey, newDoorWithOwnEndpoint, claimsServedArea

    /// Whether somebody may approve it. The others are refused whoever wishes: the data must be put right at its source.
    public var mayBeApproved: Bool {
        switch self {
        case .redirected, .status, .truncated, .stale, .fromTheFuture, .otherParty, .duplicateParty, .empty,
            .organisationNumberChanged, .organisationNumberInvalid, .kindChanged, .foreignCertificate, .malformedName,
            .homoglyphName, .reversedPeriod, .unknownParent, .plainTextEndpoint, .hprNumberChanged, .foreignRegistration:
            false
        case .shrunken, .keyAdded, .keyReplaced, .keyRemoved, .firstKeyOfKnownDoor, .endpointMoved, .parentChanged, .reactivated,
            .removed, .lookalikeName, .renamed, .serviceTypeChanged, .weakerProtection, .certificateSharedWithOther,
            .areaChanged, .endsEarlier, .newDoorWithOwnKey, .newDoorWithOwnEndpoint, .claimsServedArea:
            true
        }
    }
}

/// What is done with an answer: which changes hold at once, which wait, which are refused.
public struct AnswerReview: Sendable, Hashable {
    public struct Doubt: Sendable, Hashable {
        public let change: DoorChange
        public let suspicions: [Suspicion]
    }

    /// Why nothing of the answer is taken; empty when its parts were judged.
    public let refusal: [Suspicion]
    public let accepted: [DoorChange]
    /// For approval. Until then the registry says about these doors what it said before.
    public let held: [Doubt]
    public let refused: [Doubt]

    public struct Rules: Sendable, Hashable {
        /// An answer older than this, or than what is held, is stale.
        public var longestAge: Int32 = 2
        /// A whole export that lacks more than this share of what is known is held wholly.
        public var mayShrinkBy = 0.05
        /// The last answer that was taken.
        public var lastServerDay: DoorDay?
        public init() {}
    }

    /// - Parameter current: the doors as they are believed now; with none, the first answer is the trust that everything later is
    ///   compared with, and only what contradicts itself is refused.
    public init(_ answer: IncomingAnswer, against current: [Door], today: DoorDay, rules: Rules = Rules()) {
        let whole = Self.judge(answer, against: current, today: today, rules: rules)
        guard whole.allSatisfy({ $0 == .shrunken }) else {
            (refusal, accepted, held, refused) = (whole, [], [], [])
            return
        }
        let concerned: [Door]
        switch answer.scope {
        case .everything: concerned = current
        case .party:
            let told = Set(answer.doors.map(\.id))
            concerned = current.filter { told.contains($0.id) }
        }
        let judge = DoorJudge(current: current, incoming: answer.doors, today: today)
        var (accepted, held, refused): ([DoorChange], [Doubt], [Doubt]) = ([], [], [])
        for change in RegistryDifference(from: concerned, to: answer.doors).changes {
            let suspicions = judge.suspicions(change) + whole
            if suspicions.isEmpty {
                accepted.append(change)
            } else if suspicions.allSatisfy(\.mayBeApproved) {
                held.append(Doubt(change: change, suspicions: suspicions))
            } else {
                refused.append(Doubt(change: change, suspicions: suspicions))
            }
        }
        // A service of an organisation that is not taken has nothing to stand on.
        let missing = Set((held + refused).compactMap { if case .added(let door) = $0.change.kind { door.id } else { nil } })
        let orphans = accepted.filter {
            if case .added(let door) = $0.kind { door.parent.map(missing.contains) ?? false } else { false }
        }
        accepted.removeAll { orphans.contains($0) }
        held += orphans.map { Doubt(change: $0, suspicions: [.parentChanged]) }
        (refusal, self.accepted, self.held, self.refused) = ([], accepted, held, refused)
    }

    /// The doors after the accepted changes, and after held ones that somebody approved.
    public func applied(to current: [Door], approving approved: Set<DoorID> = []) -> [Door] {
        var doors = Dictionary(current.map { ($0.id, $0) }) { first, _ in first }
        for change in accepted + held.filter({ approved.contains($0.change.door) }).map(\.change) {
            switch change.kind {
            case .added(let door), .changed(_, let door, _): doors[change.door] = door
            case .removed: doors[change.door] = nil
            }
        }
        return doors.values.sorted { $0.id < $1.id }
    }

    private static func judge(
        _ answer: IncomingAnswer, against current: [Door], today: DoorDay, rules: Rules
    ) -> [Suspicion] {
        var found: [Suspicion] = []
        if answer.asked != answer.answered || (300..<400).contains(answer.status) { found.append(.redirected) }
        if !(200..<400).contains(answer.status) { found.append(.status) }
        if let promised = answer.promisedBytes, promised != answer.receivedBytes { found.append(.truncated) }
        if let day = answer.serverDay {
            if day.number < today.number - rules.longestAge || rules.lastServerDay.map({ day < $0 }) ?? false {
                found.append(.stale)
            }
            // A day's difference is another time zone.
            if day.number > today.number + 1 { found.append(.fromTheFuture) }
        }
        if answer.doors.isEmpty { found.append(.empty) }
        if Set(answer.doors.map(\.id)).count != answer.doors.count { found.append(.duplicateParty) }
        switch answer.scope {
        case .party(let asked):
            let strangers = answer.doors.dropFirst().contains { $0.parent != asked && $0.id != answer.doors.first?.parent }
            if answer.doors.first?.id != asked || strangers { found.append(.otherParty) }
        case .everything:
            let told = Set(answer.doors.map(\.id))
            let lost = current.count { !told.contains($0.id) }
            if Double(lost) > Double(current.count) * rules.mayShrinkBy, lost > 1 { found.append(.shrunken) }
        }
        return found
    }
}
