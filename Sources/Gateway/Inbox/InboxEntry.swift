import Envelope
import Foundation
import GRDB
import Native

/// An opened message on its way into the store: its rows, its duplicate mark and its Acknowledgment are one commit. An AppRec
/// moves the message that it answers in the same commit.
struct InboxEntry: Sendable {
    private let opened: OpenedMessage
    private let receipt: SignedEnvelope
    private let sender: String
    private let record: MessageRecord
    private let table: DeadlineTable
    private let now: Date
    /// Working days within which withdrawals should be answered.
    private let answerDays: Int

    /// - Parameters:
    ///   - sender: the destination of the sender's node, where an Acknowledgment of its own goes.
    ///   - filesItself: whether a worker has to file it; what nobody files waits for `inbox save`.
    init(
        _ opened: OpenedMessage, receipt: SignedEnvelope, sender: String, filesItself: Bool, deadlines table: DeadlineTable,
        answerDays: Int, at now: Date
    ) {
        self.answerDays = answerDays
        (self.opened, self.receipt, self.sender, self.table, self.now) = (opened, receipt, sender, table, now)
        let header = opened.verified.header
        var record = MessageRecord(
            id: 0, direction: .in, state: opened.isAppRec ? .filed : .opened, kind: opened.summary.type.code ?? "",
            messageID: header.messageData.messageID, conversationID: header.conversationID, documentID: opened.summary.messageID,
            documentGenerated: opened.summary.generated.text, cpaID: header.cpaID, sender: opened.sender.value,
            receiver: opened.receiver.value, protection: opened.agreement.protection, created: now, updated: now,
            due: filesItself ? now : nil, attempts: 0, failure: nil, answers: nil, priority: opened.summary.isUrgent ? 0 : 1)
        if !opened.isAppRec {
            let subject = Deadlines.Subject(opened.summary, .in, for: opened.receiver)
            record.deadlines = Deadlines.at(taken: now, subject, by: table)
        }
        self.record = record
    }

    /// - Returns: the stored message, and what else changed by it.
    func insert(_ database: Database) throws -> [Transition] {
        var record = record
        var changed: [Transition] = []
        if let appRec = opened.appRec, let original = try original(of: appRec, database) {
            record.answers = original
            if let answered = try Ledger.apply(Self.event(appRec), to: original, at: now, by: .node, in: database) {
                changed.append(answered)
            }
        }
        let digest = ReceivedDigest(opened.verified)
        let detail = opened.deviations.isEmpty ? nil : "\(opened.deviations.count) deviations tolerated"
        let stored = try Ledger.insert(record, .opened(detail: detail, digest: digest.envelope), at: now, by: .node, in: database)
        record = stored.message
        try opened.answer?.settle(.in, from: record.sender, to: record.receiver, at: now, in: database)
        try opened.takeOver?.follow(record, at: now, in: database)
        if let step = opened.course { try Course.follow(step, record, at: now, in: database) }
        try database.cachedStatement(
            sql: "INSERT INTO received (sender, messageID, digest, message, stamped) VALUES (?, ?, ?, ?, ?)"
        )
        .run(
            .string(record.sender), .string(record.messageID), .blob(digest.bytes), .number(record.id),
            .time(opened.verified.header.messageData.timestamp.date))
        for (position, part) in opened.parts.enumerated() {
            try PartRecord.insert(
                database, message: record.id, position: position, payload: try PartRecord.insertPayload(database, part.payload),
                contentID: part.contentID, mediaType: part.mediaType, title: part.title)
        }
        // What the sender signed: with it, that they sent it can be proved to others.
        try ReceiptRecord(kind: .envelope, direction: .in, at: now, bytes: opened.verified.evidence).insert(
            database, message: record.id)
        try ReceiptRecord(kind: .acknowledgment, direction: .out, at: now, bytes: receipt.soap).insert(
            database, message: record.id)
        if !opened.isAppRec { try ToldWithdrawal.meet(record, at: now, by: table, days: answerDays, in: database) }
        if opened.agreement.signals == .separate { try insertSignal(database, answering: record) }
        return [stored] + changed
    }

    /// The message that the AppRec is about: sent to the one that it comes from, and sent at all. The last of them when the
    /// document was handed in again after a failure.
    private func original(of appRec: AppRec, _ database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT message.id FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'document' AND name.value = ? AND direction = 'out' AND receiver = ? AND sender = ?
                  AND state <> 'taken' ORDER BY message.id DESC
                """)
        return try Int64.fetchOne(statement, arguments: [appRec.original.id, opened.sender.value, opened.receiver.value])
    }

    private static func event(_ appRec: AppRec) -> MessageEvent {
        switch appRec.status {
        case .ok: .accepted(detail: nil)
        case .okWithErrorInPart: .accepted(detail: "with an error in a part")
        case .rejected: .rejected(detail: codes(appRec.errors))
        case .unknown: .answeredUnknown
        }
    }

    /// Codes of the national list. What a peer writes beside them may be anything, so it stays in the sealed document.
    private static func codes(_ errors: [CodedValue]) -> String {
        let codes = errors.prefix(10).map { error in
            error.code.flatMap { AppRecError(rawValue: $0).isKnown ? $0 : nil } ?? "an unknown code"
        }
        return codes.joined(separator: ", ")
    }

    /// The Acknowledgment as a message of its own, due at once.
    private func insertSignal(_ database: Database, answering message: MessageRecord) throws {
        var signal = MessageRecord(
            id: 0, direction: .out, state: .sealed, kind: "Acknowledgment", messageID: receipt.header.messageData.messageID,
            conversationID: message.conversationID, documentID: "", documentGenerated: "", cpaID: message.cpaID,
            sender: message.receiver,
            receiver: message.sender, protection: message.protection, created: now, updated: now, due: now, attempts: 0,
            failure: nil,
            answers: message.id, priority: MessagePriority.urgent.rawValue, destination: sender)
        signal.deadlines = Deadlines.at(taken: now, Deadlines.Subject(signal.kind, .out), by: table)
        let stored = try Ledger.insert(
            signal, .sealed(detail: nil, digest: Digest.of(receipt.soap, .sha256)), at: now, by: .node, in: database)
        let layout = MessageLayout(signal: receipt.soap, encoding: .base64)
        try WireMessage(
            headers: layout.headers.map { ($0.name, $0.value) }, pieces: [], body: try layout.encoded(parts: []),
            soap: receipt.soap
        ).insert(database, message: stored.message.id)
    }
}
