import Envelope
import Foundation
import Practice

/// Everything about a message that the rules about sharing ask for: kept with it, so that the same question can be asked again when
/// it is sent, without reading the document.
struct KeptQuestion: Sendable, Codable, Hashable {
    struct Party: Sendable, Codable, Hashable {
        let service: String
        let herID: String
        let organisationNumber: String

        /// - Parameter service: in place of what the registry says that the party is.
        init(_ party: RegisteredParty, in registry: Registry, as service: CareService? = nil) {
            self.service = (service ?? CareService(party, in: registry)).rawValue
            (herID, organisationNumber) = (party.herID.value, party.organisationNumber)
        }

        fileprivate var members: CanonicalJSON {
            .object([
                "service": .string(service), "herID": .string(herID), "organisationNumber": .string(organisationNumber),
            ])
        }

        /// A consent names a party by its HER-id or by the number of its organisation.
        func named(_ scheme: PartyIdentity.Scheme) -> ConsentParty {
            ConsentParty(
                CareService(rawValue: service) ?? .other,
                identity: PartyIdentity(scheme, scheme == .her ? herID : organisationNumber))
        }
    }

    let messageID: String
    let message: String
    let sender: Party
    let receiver: Party
    let relations: [String]
    let childScheme: String?
    let childNumber: String?
    let childBorn: String
    let childName: String?
    let emergency: String?
    let isClearedAsAnonymous: Bool
    /// The young person wants the guardians to have it. Nil where nobody was asked.
    private(set) var guardiansAreInvited: Bool?

    /// As it is kept; `JSONDecoder` reads it. Written without its encoder, which costs more than all else that is asked of an
    /// ordinary message.
    var text: String {
        var members: [String: CanonicalJSON] = [
            "messageID": .string(messageID), "message": .string(message), "sender": sender.members, "receiver": receiver.members,
            "relations": .array(relations.map { .string($0) }), "childBorn": .string(childBorn),
            "isClearedAsAnonymous": .bool(isClearedAsAnonymous),
        ]
        members["childScheme"] = childScheme.map { .string($0) }
        members["childNumber"] = childNumber.map { .string($0) }
        members["childName"] = childName.map { .string($0) }
        members["emergency"] = emergency.map { .string($0) }
        members["guardiansAreInvited"] = guardiansAreInvited.map { .bool($0) }
        return String(decoding: CanonicalJSON.object(members).bytes, as: UTF8.self)
    }

    var child: ConsentRecord.Child? {
        guard let born = OsloDay(childBorn) else { return nil }
        let scheme = childScheme.flatMap(PartyIdentity.Scheme.init(rawValue:))
        let identity = scheme.flatMap { scheme in childNumber.map { PartyIdentity(scheme, $0) } }
        return ConsentRecord.Child(identity: identity, birthDate: born, name: childName)
    }

    /// The question, with the parties named one way or the other. Nil when the row was not written by us.
    func asked(
        _ checkpoint: SharingQuestion.Checkpoint, about child: ConsentRecord.Child, at now: Date, from: PartyIdentity.Scheme,
        to: PartyIdentity.Scheme
    ) -> SharingQuestion? {
        guard let message = SharingMessage(rawValue: message) else { return nil }
        var question = SharingQuestion(
            checkpoint: checkpoint, message: message, sender: sender.named(from), receiver: receiver.named(to),
            information: message.information, child: child, at: now)
        question.relations = Set(relations.compactMap { SharingQuestion.Relation(rawValue: $0) })
        question.emergency = emergency
        question.isClearedAsAnonymous = isClearedAsAnonymous
        question.situation.guardiansHavePowerOfAttorney = guardiansAreInvited ?? false
        return question
    }
}

extension SharingQuestion {
    /// With what is noted about the child, beside what the message itself brings.
    func known(_ noted: ChildSituation) -> Self {
        var question = self
        let isInvited = situation.guardiansHavePowerOfAttorney
        question.situation = noted.asked
        question.situation.guardiansHavePowerOfAttorney = isInvited || noted.guardiansHavePowerOfAttorney
        return question
    }
}

extension KeptQuestion {
    /// Why a document cannot be asked about.
    enum Missing: Error, Sendable, Hashable { case birthDate }

    /// - Parameters:
    ///   - isCopy: whether this receiver is another than the one that the document is to.
    ///   - isCleared: of an anonymous discussion.
    ///   - known: of a message that a desk of this node made.
    /// - Returns: nil for what no rule is about.
    init?(
        _ summary: DocumentSummary, attachments: Int, from sender: RegisteredParty, to receiver: RegisteredParty,
        in registry: Registry,
        isCopy: Bool, emergency: String?, isCleared: Bool, known: KnownSharing? = nil
    ) throws(Missing) {
        let (from, to) = (
            Party(sender, in: registry, as: known?.sender), Party(receiver, in: registry, as: known?.receiver)
        )
        let hasAttachments = attachments > 0 || !summary.attachments.isEmpty
        guard
            let kind = known?.message
                ?? SharingMessage(summary)?.seen(
                    from: CareService(rawValue: from.service) ?? .other, hasAttachments: hasAttachments)
        else { return nil }
        guard let child = Self.child(of: summary) ?? Self.nobody(kind) else { throw .birthDate }
        (messageID, message, self.sender, self.receiver) = (summary.messageID, kind.rawValue, from, to)
        let isReferrer = known?.referrers.contains(receiver.herID) ?? false
        relations = Self.relations(kind, isCopy: isCopy && !isReferrer).map(\.rawValue)
        (childScheme, childNumber) = (child.identity?.scheme.rawValue, child.identity?.value)
        (childBorn, childName) = (child.birthDate.description, child.name)
        self.emergency = emergency
        isClearedAsAnonymous = isCleared
        if known?.guardiansAreInvited == true { guardiansAreInvited = true }
    }

    /// The patient of a document, when it says who that is and when they were born.
    static func child(of summary: DocumentSummary) -> ConsentRecord.Child? {
        guard let patient = summary.patient, let born = patient.dateOfBirth?.day.flatMap({ OsloDay($0) }) else { return nil }
        let identity = patient.identifiers.nationalIdentity.flatMap { number in
            scheme(number).map { PartyIdentity($0, number.value) }
        }
        return ConsentRecord.Child(identity: identity, birthDate: born, name: name(patient.name))
    }

    /// An anonymous discussion is about nobody; the day is there because the question has one, and no rule looks at it.
    private static func nobody(_ kind: SharingMessage) -> ConsentRecord.Child? {
        kind == .anonymousDiscussion ? ConsentRecord.Child(identity: nil, birthDate: OsloDay(daysSince1970: 0)) : nil
    }

    /// By what the standard says of the receiver of such a message, and the sender by naming one as copy receiver of an epikrise.
    private static func relations(_ kind: SharingMessage, isCopy: Bool) -> [SharingQuestion.Relation] {
        switch kind {
        case .referralAnswer: isCopy ? [] : [.referrer]
        case .epikrise: isCopy ? [.followsUp] : [.referrer]
        default: []
        }
    }

    private static func scheme(_ identifier: Identifier) -> PartyIdentity.Scheme? {
        switch identifier.type.code {
        case PersonIDType.fnr.rawValue: .fodselsnummer
        case PersonIDType.dnr.rawValue: .dNumber
        case PersonIDType.fhn.rawValue, PersonIDType.hnr.rawValue: .commonHelpNumber
        default: nil
        }
    }

    /// As people write it: «Vennlig Blåklokke», also where the document has «Blåklokke, Vennlig» in one field.
    static func name(_ name: PersonName) -> String? {
        let shown = name.shown
        guard shown.utf8.contains(UInt8(ascii: ",")) else { return shown.isEmpty ? nil : shown }
        let parts = shown.split(separator: ",").map(trimmed)
        let text = parts.count == 2 ? "\(parts[1]) \(parts[0])" : shown
        return text.isEmpty ? nil : text
    }

    /// Without the spaces around it.
    private static func trimmed(_ part: Substring) -> Substring {
        let isSpace = { (scalar: Unicode.Scalar) in scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator }
        let scalars = part.unicodeScalars.drop(while: isSpace)
        let end = scalars.lastIndex { !isSpace($0) }.map(scalars.index(after:)) ?? scalars.startIndex
        return part[scalars.startIndex..<end]
    }
}
