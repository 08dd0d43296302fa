import Foundation

/// Who said yes or no to what about a child: the record that travels with every message that relies on it.
///
/// It is a FHIR R4 Consent on the wire (``bytes()``, ``init(parsing:)``). Consent to *treatment* and consent to *share* are
/// two records: ``scope`` tells which, and neither ever stands in for the other.
public struct ConsentRecord: Sendable, Hashable {
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        case share = "patient-privacy"
        case treatment
    }

    /// `Consent.status`.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case draft, proposed, active, rejected, inactive
        case enteredInError = "entered-in-error"
    }

    /// `Consent.provision.type`: a deny is an objection.
    public enum Stance: String, Sendable, Hashable, CaseIterable { case permit, deny }

    public struct Child: Sendable, Hashable {
        public var identity: PartyIdentity?
        /// A value of its own; never taken from the identity number.
        public var birthDate: OsloDay
        public var name: String?

        public init(identity: PartyIdentity?, birthDate: OsloDay, name: String? = nil) {
            (self.identity, self.birthDate, self.name) = (identity, birthDate, name)
        }

        /// The same child: by number when both have one, otherwise by date of birth and full name.
        public func isSame(as other: Child) -> Bool {
            if let identity, let theirs = other.identity { return identity == theirs }
            guard let name, let theirs = other.name else { return false }
            return birthDate == other.birthDate && name == theirs
        }
    }

    public enum GiverRole: String, Sendable, Hashable, CaseIterable {
        /// Has parental responsibility.
        case guardian = "foreldreansvar"
        /// The child itself.
        case youngPerson = "ungdom"
        /// The child welfare service that has taken over care.
        case childWelfare = "barnevern"
        /// A legal guardian appointed by the authorities (verge).
        case appointedGuardian = "verge"
        /// Cares for the child without parental responsibility: step parent, foster parent, grandparent.
        case caretaker = "omsorgsperson"
    }

    public struct Giver: Sendable, Hashable {
        public var role: GiverRole
        public var name: String?
        /// Points to one person without naming one: the recorder's own key, or an identity number.
        public var identity: PartyIdentity?

        public init(_ role: GiverRole, name: String? = nil, identity: PartyIdentity? = nil) {
            (self.role, self.name, self.identity) = (role, name, identity)
        }
    }

    /// Where the other holder of parental responsibility stands when one has given consent alone.
    public enum OtherGuardian: String, Sendable, Hashable, CaseIterable {
        case noOther = "ingen-annen"
        case agrees = "enig"
        case disagrees = "uenig"
        case notReached = "ikke-naadd"
        case notAsked = "ikke-spurt"
    }

    /// What the child itself thinks.
    public enum ChildsView: String, Sendable, Hashable, CaseIterable {
        case agrees = "enig"
        case disagrees = "uenig"
        case notHeard = "ikke-hort"
    }

    public enum HowGiven: Sendable, Hashable {
        case oral(notedBy: String)
        /// Where the paper is kept.
        case paper(reference: String)
        /// The assurance the log-in stated, as `idporten-loa-high`.
        case loggedIn(level: String)
    }

    public var id: String
    public var version = 1
    public var status = Status.active
    public var stance = Stance.permit
    public var scope = Scope.share
    public var child: Child
    public var givers: [Giver]
    public var otherGuardian: OtherGuardian?
    public var childsView = ChildsView.notHeard
    public var information: [InformationKind]
    public var from: [ConsentParty]
    public var to: [ConsentParty]
    /// Whether the receivers may also share with the senders.
    public var isMutual = false
    public var purposes: [SharingPurpose]
    public var givenAt: Date
    public var validFrom: OsloDay
    /// The last day it holds. A consent to share has one; nobody consents for ever.
    public var validUntil: OsloDay
    public var howGiven: HowGiven
    public var recordedBy: ConsentParty

    public init(
        id: String, child: Child, givers: [Giver], information: [InformationKind], from: [ConsentParty], to: [ConsentParty],
        purposes: [SharingPurpose], givenAt: Date, validUntil: OsloDay, howGiven: HowGiven, recordedBy: ConsentParty
    ) {
        (self.id, self.child, self.givers, self.information) = (id, child, givers, information)
        (self.from, self.to, self.purposes, self.givenAt) = (from, to, purposes, givenAt)
        (self.validFrom, self.validUntil) = (OsloDay(at: givenAt), validUntil)
        (self.howGiven, self.recordedBy) = (howGiven, recordedBy)
    }

    /// - Throws: ``ConsentError`` `.incomplete` or `.contradicts`, naming the element, when the record must not be written.
    public func check() throws(ConsentError) {
        guard UUID(uuidString: id) != nil, id == id.lowercased() else {
            throw ConsentError(.incomplete, at: "id", reason: "is not a UUID in lower case")
        }
        let lists: [(String, Bool)] = [
            ("performer", givers.isEmpty), ("provision.code", information.isEmpty),
            ("provision.actor (CST)", from.isEmpty), ("provision.actor (IRCP)", to.isEmpty),
            ("provision.purpose", purposes.isEmpty),
        ]
        for (place, isEmpty) in lists where isEmpty && scope == .share {
            throw ConsentError(.incomplete, at: place, reason: "names nobody or nothing")
        }
        guard version >= 1 else { throw ConsentError(.contradicts, at: "meta.versionId", reason: "is less than 1") }
        guard !givers.isEmpty else { throw ConsentError(.incomplete, at: "performer", reason: "names nobody") }
        guard validUntil >= validFrom else {
            throw ConsentError(.contradicts, at: "provision.period", reason: "ends before it begins")
        }
        guard givenAt >= child.birthDate.start else {
            throw ConsentError(.contradicts, at: "dateTime", reason: "is before the child was born")
        }
        guard recordedBy.identity != nil else {
            throw ConsentError(.incomplete, at: "organization", reason: "the recording party has no number")
        }
        if Set(givers).count != givers.count {
            throw ConsentError(.contradicts, at: "performer", reason: "names the same person twice")
        }
        let texts =
            givers.flatMap { [$0.name, $0.identity?.value] }
            + (from + to + [recordedBy]).flatMap { [$0.name, $0.identity?.value] }
            + [child.name, child.identity?.value]
        if texts.contains(where: { $0?.allSatisfy(\.isWhitespace) == true }) {
            // FHIR has no empty texts: a name is there or it is not.
            throw ConsentError(.incomplete, at: "a name or number", reason: "is empty")
        }
        try checkHowGiven()
    }

    private func checkHowGiven() throws(ConsentError) {
        let (place, text) =
            switch howGiven {
            case .oral(let name): ("noted by", name)
            case .paper(let reference): ("paper", reference)
            case .loggedIn(let level): ("log-in", level)
            }
        guard !text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            throw ConsentError(.incomplete, at: "how given: \(place)", reason: "is empty")
        }
    }
}

/// What is wrong with a consent record or a withdrawal. Names the element, never what stands in it.
public struct ConsentError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case notJSON, notConsent, incomplete, contradicts
        /// Something in it changes its meaning, and we do not understand it. FHIR forbids to read on.
        case notUnderstood
        case signatureInvalid, signerIsNotRecorder, digestDiffers, mayNotWithdraw
    }

    public let code: Code
    public let place: String
    public let reason: String

    public init(_ code: Code, at place: String, reason: String) {
        (self.code, self.place, self.reason) = (code, place, reason)
    }

    public var description: String { "consent \(code.rawValue): \(place) \(reason)" }

    public static func == (lhs: Self, rhs: Self) -> Bool { (lhs.code, lhs.place) == (rhs.code, rhs.place) }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(place)
    }
}
