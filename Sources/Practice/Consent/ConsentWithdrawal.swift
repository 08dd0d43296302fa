import Foundation

/// Somebody takes a consent (or an objection) back. A message of its own that reaches every holder.
///
/// It is told from a consent's end in that it reaches backwards: what waits is stopped, and each holder of what was shared
/// answers what became of it.
public struct ConsentWithdrawal: Sendable, Hashable {
    public let id: String
    public let consentID: String
    public let consentDigest: ConsentDigest
    public let by: ConsentRecord.Giver
    public let at: Date
    public let howGiven: String
    public let recordedBy: ConsentParty
    /// Empty: the whole consent. Otherwise only these receivers.
    public let receivers: [ConsentParty]
    /// Whether deletion of what was shared is asked for.
    public let asksDeletion: Bool

    /// - Throws: ``ConsentError`` `.mayNotWithdraw` when it is not this person's to take back at this time.
    public init(
        id: String, of consent: VerifiedConsent, by giver: ConsentRecord.Giver, at instant: Date, howGiven: String,
        recordedBy: ConsentParty, receivers: [ConsentParty] = [], asksDeletion: Bool = true, ages: AgeRules = .standard
    ) throws(ConsentError) {
        let record = consent.record
        guard instant >= record.givenAt else {
            throw ConsentError(.contradicts, at: "withdrawal, time", reason: "is before the consent was given")
        }
        guard Self.mayWithdraw(record, giver, instant, ages) else {
            throw ConsentError(
                .mayNotWithdraw, at: "withdrawal, by",
                reason: "has no say: from 16 the young person decides; before, those who have parental responsibility or care")
        }
        guard !howGiven.isEmpty else { throw ConsentError(.incomplete, at: "withdrawal, how given", reason: "is empty") }
        (self.id, consentID, consentDigest) = (id, record.id, consent.digest)
        (self.by, at, self.howGiven, self.recordedBy) = (giver, instant, howGiven, recordedBy)
        (self.receivers, self.asksDeletion) = (receivers, asksDeletion)
    }

    /// Checks a withdrawal that came from elsewhere against the consent it names.
    ///
    /// - Throws: `.digestDiffers` or `.mayNotWithdraw`. The holder then stops nothing and answers with the error.
    public func check(against consent: VerifiedConsent, ages: AgeRules = .standard) throws(ConsentError) {
        guard consent.record.id == consentID, consent.digest == consentDigest else {
            throw ConsentError(.digestDiffers, at: "withdrawal, digest", reason: "is of another consent")
        }
        guard Self.mayWithdraw(consent.record, by, at, ages) else {
            throw ConsentError(.mayNotWithdraw, at: "withdrawal, by", reason: "has no say at that time")
        }
    }

    /// Whether ``check(against:ages:)`` holds. Asked where a withdrawal opens something, as that of an objection does.
    func isValid(for consent: VerifiedConsent, _ ages: AgeRules) -> Bool {
        do throws(ConsentError) {
            try check(against: consent, ages: ages)
            return true
        } catch { return false }
    }

    /// Whether the withdrawal is about sharing with this receiver.
    public func reaches(_ receiver: ConsentParty) -> Bool {
        receivers.isEmpty || receivers.contains { $0.covers(receiver) }
    }

    /// Anyone whose word the consent rests on may take it back; one of two is enough. From 16 the young person alone.
    private static func mayWithdraw(
        _ record: ConsentRecord, _ giver: ConsentRecord.Giver, _ instant: Date, _ ages: AgeRules
    ) -> Bool {
        let capacity = ages.capacity(born: record.child.birthDate, at: instant)
        if capacity.ownDecision { return giver.role == .youngPerson }
        switch giver.role {
        case .guardian, .appointedGuardian, .childWelfare: return true
        // A child of 12 or more takes back its own objection; a consent of its guardians it may ask to be heard about.
        case .youngPerson: return record.givers.contains { $0.role == .youngPerson } && capacity != .guardiansDecide
        case .caretaker: return false
        }
    }

    /// The bytes that are signed and sent.
    public var bytes: [UInt8] {
        CanonicalJSON.object([
            "format": .string(Self.format), "id": .string(id), "consent": .string(consentID),
            "digest": .string(consentDigest.description), "by": .string(by.role.rawValue),
            "at": .string(UTCText.write(at)), "howGiven": .string(howGiven), "recordedBy": Self.party(recordedBy),
            "receivers": receivers.isEmpty ? nil : .array(receivers.map(Self.party)), "asksDeletion": .bool(asksDeletion),
        ]).bytes
    }

    /// Reads what ``bytes`` wrote. The signature is the gateway's to check first, against ``recordedBy``.
    public init(parsing bytes: [UInt8]) throws(ConsentError) {
        guard let json = try? CanonicalJSON(parsing: bytes), json["format"]?.text == Self.format else {
            throw ConsentError(.notConsent, at: "format", reason: "is not \(Self.format)")
        }
        guard let id = json["id"]?.text, let consent = json["consent"]?.text,
            let digest = json["digest"]?.text.flatMap({ ConsentDigest($0) }),
            let role = json["by"]?.text.flatMap(ConsentRecord.GiverRole.init), let at = json["at"]?.text.flatMap(UTCText.read),
            let how = json["howGiven"]?.text, let recorder = json["recordedBy"].flatMap(Self.party),
            let asks = json["asksDeletion"]?.boolean
        else { throw ConsentError(.incomplete, at: "withdrawal", reason: "lacks a member, or has one of another type") }
        var receivers: [ConsentParty] = []
        for item in json["receivers"]?.items ?? [] {
            guard let party = Self.party(item) else {
                // Fewer receivers would be a smaller withdrawal; none at all would be the largest.
                throw ConsentError(.notUnderstood, at: "withdrawal, receivers", reason: "names a service we do not know")
            }
            receivers.append(party)
        }
        if json["receivers"] != nil, receivers.isEmpty {
            throw ConsentError(.notUnderstood, at: "withdrawal, receivers", reason: "is not a list with something in it")
        }
        (self.id, consentID, consentDigest, by) = (id, consent, digest, ConsentRecord.Giver(role))
        (self.at, howGiven, recordedBy, self.receivers, asksDeletion) = (at, how, recorder, receivers, asks)
    }

    static let format = "msggw-consent-withdrawal/1"

    static func party(_ party: ConsentParty) -> CanonicalJSON {
        .object([
            "service": .string(party.service.rawValue), "scheme": party.identity.map { .string($0.scheme.rawValue) },
            "number": party.identity.map { .string($0.value) },
        ])
    }

    static func party(_ json: CanonicalJSON) -> ConsentParty? {
        guard let service = json["service"]?.text.flatMap(CareService.init) else { return nil }
        guard let number = json["number"]?.text else { return ConsentParty(service) }
        guard let scheme = json["scheme"]?.text.flatMap(PartyIdentity.Scheme.init) else { return nil }
        return ConsentParty(service, identity: PartyIdentity(scheme, number))
    }
}
