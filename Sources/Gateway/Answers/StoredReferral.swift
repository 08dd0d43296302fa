import Envelope
import Foundation
import GRDB
import Practice

/// A referral as this node got it: whom it is about, who sent it, and since when it waits. What an answer says of these is taken
/// from here, whatever stands in a file.
struct StoredReferral: Sendable {
    let message: MessageRecord
    let parts: [PartRecord]
    let document: ClinicalDocument
    let summary: DocumentSummary
    /// The first message of its course: it began the time to answer, and the conversation.
    let first: MessageRecord
    /// What was added to it since, which is not in ``document``.
    let additions: [Int64]

    /// - Parameter name: number, MessageId, the document's MsgId or ConversationId; of several messages the one referral is meant.
    /// - Throws: ``StoreError`` `.notFound`, `.ambiguous`, `.destroyed`; ``AnswerError`` `.noReferral`.
    init(_ name: String, in store: GatewayStore) throws {
        let named = try Self.find(name, in: store)
        let (base, first, course) = try store.read { database in
            let course = try Course.of(named.id, in: database)
            return (
                try course?.base.flatMap { try MessageRecord.fetch(database, id: $0.message) },
                try course?.documents.first.flatMap { try MessageRecord.fetch(database, id: $0.message) }, course
            )
        }
        if let reason = course?.cancellation.map({ Course.takenBack($0.message) }) { throw AnswerError(.noReferral, reason) }
        // A change holds all of the referral: what it was before is no longer so.
        message = base ?? named
        self.first = first ?? message
        additions = course?.documents.filter { $0.what == .addition }.map(\.message) ?? []
        parts = try store.read { [id = message.id] in try PartRecord.fetch($0, message: id) }
        guard let first = parts.first else {
            throw StoreError(
                .destroyed,
                reason: "the content of that referral was destroyed when its time was over; it cannot be answered from here")
        }
        do { document = try ClinicalDocument(parsing: store.vault.bytes(of: first.payload)) } catch let error as EnvelopeError {
            throw AnswerError(.noReferral, "the referral cannot be read: \(error.reason)")
        }
        summary = document.summary
        if summary.receiver.communicationHERID != message.receiver {
            throw AnswerError(.noReferral, "this is a copy of the referral; whoever it was sent to answers it")
        }
        if case .henvisning(let referral) = document, referral.servReq.servType.code == ServType.cancellation.rawValue {
            throw AnswerError(.noReferral, "this message takes a referral back; there is nothing to answer")
        }
    }

    /// The message alone.
    static func find(_ name: String, in store: GatewayStore) throws -> MessageRecord {
        let found = try store.read { try MessageRecord.find($0, name) }.filter { $0.direction == .in && $0.kind != "APPREC" }
        let kinds = Set(DeadlineTable.referrals.map(\.rawValue))
        let referrals = found.filter { kinds.contains($0.kind) }
        if referrals.isEmpty, !found.isEmpty {
            throw AnswerError(.noReferral, "'\(name.prefix(80))' is no referral; see 'msggw inbox list'")
        }
        // None, or several: the inbox has the words for both.
        return referrals.count == 1 ? referrals[0] : try store.findReceived(name).0
    }

    var henvisning: Henvisning? { if case .henvisning(let referral) = document { referral } else { nil } }

    /// The referral's own id, the same through changes; of a kind without one its `MsgId`.
    var referralID: String { summary.documentID ?? summary.messageID }

    /// When it was received first, here or where it was handed over.
    var received: Date { min(first.created, summary.firstReceived ?? first.created) }

    /// MsgId of the conversation's first message.
    var conversation: String { summary.conversation?.conversation ?? first.documentID }

    var patientName: PersonName {
        summary.patient.map { PersonName(listed: $0.name) } ?? PersonName()
    }

    var born: OsloDay? { summary.patient?.dateOfBirth?.day.flatMap { OsloDay($0) } }

    /// As a letter names the referrer: the clinician with a title, or whom the referral came from.
    var referrer: String? {
        let relations = henvisning?.servReq.patient.patRelHCP ?? []
        for relation in [HCPRelation.referring, .fastlege] {
            for one in relations where one.relation.code == relation.rawValue {
                guard case .hcProf(let clinician)? = one.hcp.kind, let name = clinician.name, !name.isEmpty else { continue }
                let title = clinician.type?.code.flatMap { HealthcareProfession.names[$0] }.map { $0.lowercased() + " " } ?? ""
                return clinician.type?.code == HealthcareProfession.unknown.rawValue ? name : title + name
            }
        }
        return summary.sender.person?.name ?? summary.sender.service?.name ?? summary.sender.organisation.name
    }

    /// The bydel of the address, where the referral states one.
    var area: String? {
        let stated = henvisning?.servReq.patient.address?.cityDistr
        return [stated?.code, stated?.displayName].compactMap { $0 }.first { !$0.isEmpty }
    }

    /// Whether something in it says that nobody may be told where the child lives. There is no code for it in Henvisning 1.1.
    var isProtected: Bool {
        guard let referral = henvisning else { return false }
        let patient = referral.servReq.patient
        let texts =
            [
                patient.address?.streetAdr, patient.address?.city, patient.address?.cityDistr?.displayName,
                referral.servReq.reqComment,
            ]
            .compactMap { $0 } + patient.patientPrecaution.map(\.precaution) + patient.parorendeForesatt.compactMap(\.merknad)
            + referral.servReq.comment.map(\.textResultValue)
        let said = texts.joined(separator: "\n").lowercased()
        return Self.protections.contains { said.contains($0) }
    }

    private static let protections = [
        "kode 6", "kode 7", "kode6", "kode7", "fortrolig adresse", "fortruleg adresse", "sperret adresse", "adressesperre",
        "skjermet adresse", "skjerma adresse", "hemmelig adresse", "hemmeleg adresse", "gradert adresse", "beskyttet adresse",
    ]
}

extension PersonName {
    /// A name as people write it: the last word is the family's.
    init(shown: String) {
        let words = shown.split(separator: " ").map(String.init)
        self.init(family: words.last ?? shown, given: words.count > 1 ? words.dropLast().joined(separator: " ") : nil)
    }

    /// In its parts, of a name that a document holds as one text, `Family, Given`.
    init(listed name: PersonName) {
        guard name.given == nil, let whole = name.family?.trimmingCharacters(in: .whitespaces) else {
            self = name
            return
        }
        let parts = whole.split(separator: ",", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        self = parts.count == 2 ? PersonName(family: parts[0], given: parts[1]) : PersonName(shown: whole)
    }

    /// Whether every word of `text` is one of the name's.
    func holds(_ text: String) -> Bool {
        func words(_ text: String) -> [String] {
            text.precomposedStringWithCanonicalMapping.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        let asked = words(text)
        return !asked.isEmpty && Set(asked).isSubset(of: words(shown))
    }
}
