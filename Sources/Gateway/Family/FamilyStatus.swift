import Envelope
public import Foundation
import GRDB
public import Practice

/// What came of a family's message, in words for the family.
public struct FamilyStatus: Sendable, Codable, Hashable {
    public struct Receipt: Sendable, Codable, Hashable {
        /// One of ``ReceiptEvent``.
        public let event: String
        public let at: Date
        public let heading: String
        public let text: String
    }

    public struct Answer: Sendable, Codable, Hashable {
        /// This node's number of the message.
        public let number: Int64
        public let at: Date
        public let sender: String
        public let title: String?
        public let text: String
        public let attachments: Int
    }

    public let number: Int64
    public let messageID: String
    public let receiver: String
    public let receipts: [Receipt]
    public let answers: [Answer]
}

extension FamilyDesk {
    /// Receipts and answers, for somebody who may see them. Whoever may not is told what one is told of a message that does not exist.
    ///
    /// - Parameter reader: in which role the mailbox knows them.
    /// - Throws: ``StoreError`` `.notFound`, `.destroyed`. That it was shown is in the audit trail first.
    public func status(_ name: String, as reader: FamilyRights.Role, for reading: Reading) async throws -> FamilyStatus {
        let now = intake.clock.now()
        let nothing = StoreError(.notFound, reason: "there is no family's message '\(name.prefix(80))' that you may read")
        let (message, notice) = try store.read { database -> (MessageRecord, FamilyNotice) in
            for message in try MessageRecord.find(database, name) where message.direction == .out {
                if let notice = try FamilyNotice.fetch(database, message: message.id) { return (message, notice) }
            }
            throw nothing
        }
        let child = try ClinicalDocument(parsing: store.receivedDocument(message)).summary.patient
        guard let born = child?.dateOfBirth?.day.flatMap({ OsloDay($0) }),
            FamilyRights(notice.role, isKept: notice.keptFromGuardians, born: born).mayRead(reader, at: now)
        else { throw nothing }
        try await store.record(reading, of: message, how: "receipts shown to the family as \(reader.rawValue)")
        let answers = try await answers(to: message, about: child, as: reader, reading)
        let receiver = HERID(message.receiver).flatMap { try? registry.party($0).name } ?? message.receiver
        return FamilyStatus(
            number: message.id, messageID: message.messageID, receiver: receiver,
            receipts: try receipts(of: message, from: receiver, answers, at: now), answers: answers)
    }

    // MARK: - Answers

    /// From the one whom it was sent to, about the same child, to this document or to its conversation.
    private func answers(
        to message: MessageRecord, about child: PatientSummary?, as reader: FamilyRights.Role, _ reading: Reading
    ) async throws -> [FamilyStatus.Answer] {
        let found = try store.read { database in
            try MessageRecord.fetchAll(
                database,
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'conversation' AND name.value = ? AND direction = 'in' AND sender = ? AND receiver = ?
                      AND message.kind <> 'APPREC' AND purged IS NULL ORDER BY message.id
                    """, arguments: [message.conversationID, message.receiver, message.sender])
        }
        var answers: [FamilyStatus.Answer] = []
        for one in found {
            guard case .msgHead(let head) = try ClinicalDocument(parsing: store.receivedDocument(one)),
                [head.conversation?.parent, head.conversation?.conversation].contains(message.documentID),
                Self.isSame(head.patient?.summary, child)
            else { continue }
            try await store.record(reading, of: one, how: "shown to the family as \(reader.rawValue)")
            let note = head.dialogmelding?.notater.first
            answers.append(
                FamilyStatus.Answer(
                    number: one.id, at: one.created,
                    sender: HERID(one.sender).flatMap { try? registry.party($0).name } ?? one.sender,
                    title: note?.tema, text: note?.tekst?.plain ?? "",
                    attachments: try store.read { try PartRecord.fetch($0, message: one.id).count } - 1))
        }
        return answers
    }

    /// An answer that names nobody is about whom was asked about; one that names another is not shown.
    private static func isSame(_ one: PatientSummary?, _ other: PatientSummary?) -> Bool {
        guard let number = one?.identifiers.nationalIdentity?.value else { return one == nil }
        return number == other?.identifiers.nationalIdentity?.value
    }

    // MARK: - Receipts

    private func receipts(
        of message: MessageRecord, from receiver: String, _ answers: [FamilyStatus.Answer], at now: Date
    ) throws -> [FamilyStatus.Receipt] {
        let events: [String: ReceiptEvent] = [
            "taken": .taken, "delivered": .delivered, "accepted": .accepted, "rejected": .refusedTechnically,
            "cancelled": .cancelled,
        ]
        let steps = try store.read { try AuditTrail.records(of: message.id, in: $0).map(\.step) }
        var seen: [(event: ReceiptEvent, at: Date)] = steps.compactMap { step in events[step.what].map { ($0, step.at) } }
        let isLate = message.state == .failed || message.deadlines.deliverBy.map { $0 <= now } ?? false
        if isLate, message.state != .cancelled { seen.append((.late, now)) }
        seen += answers.map { (.answered, $0.at) }
        return seen.compactMap { event, at in Self.receipt(event, at, receiver) }
    }

    private static func receipt(_ event: ReceiptEvent, _ at: Date, _ receiver: String) -> FamilyStatus.Receipt? {
        let day = LetterDay(at)?.written(in: .bokmal) ?? OsloDay(at: at).description
        let values = ReceiptText.Values(receiver: receiver, what: "meldingen din", when: day)
        if let text = ReceiptText(event, to: .family, .bokmal, values) {
            return FamilyStatus.Receipt(event: event.rawValue, at: at, heading: text.heading, text: text.text)
        }
        // The registry has no telephone to name.
        guard event == .late else { return nil }
        return FamilyStatus.Receipt(
            event: event.rawValue, at: at, heading: "Det tar lengre tid",
            text: "Meldingen din er ikke kommet fram til \(receiver) ennå. Haster det, må du ringe dem.")
    }
}
