import Envelope
import Foundation
import GRDB
import Native

/// An opened message on its way into the store: its rows, its duplicate mark and its Acknowledgment are one commit. An AppRec
/// moves the message that it answers in the same commit.
struct InboxEntry: Sendable {
    private let opened: OpenedMessage
    private let receipt: SignedEnvelope
    private let record: MessageRecord
    private let now: Date

    /// - Parameter filesItself: whether a worker has to file it; what nobody files waits for `inbox save`.
    init(_ opened: OpenedMessage, receipt: SignedEnvelope, filesItself: Bool, at now: Date) {
        (self.opened, self.receipt, self.now) = (opened, receipt, now)
        let header = opened.verified.header
        record = MessageRecord(
            id: 0, direction: .in, state: opened.isAppRec ? .filed : .opened, kind: opened.summary.type.code ?? "",
            messageID: header.messageData.messageID, conversationID: header.conversationID, documentID: opened.summary.messageID,
            documentGenerated: opened.summary.generated.text, cpaID: header.cpaID, sender: opened.sender.value,
            receiver: opened.receiver.value, protection: opened.agreement.protection, created: now, updated: now,
            due: filesItself ? now : nil, attempts: 0, failure: nil, answers: nil)
    }

    /// - Returns: the stored message with its step, and what else changed by it.
    func insert(_ database: Database) throws -> (MessageRecord, MessageStep, [(MessageRecord, MessageStep)]) {
        var record = record
        var changed: [(MessageRecord, MessageStep)] = []
        if case .appRec(let appRec) = opened.document, let (original, step) = try answer(appRec, database) {
            record.answers = original.id
            changed.append((original, step))
        }
        try record.insert(database)
        try database.cachedStatement(sql: "INSERT INTO received (sender, messageID, digest, message) VALUES (?, ?, ?, ?)")
            .execute(arguments: [record.sender, record.messageID, Data(Digest.of(opened.verified.evidence, .sha256)), record.id])
        for (position, part) in opened.parts.enumerated() {
            try PartRecord.insert(
                database, message: record.id, position: position, payload: try PartRecord.insertPayload(database, part.payload),
                contentID: part.contentID, mediaType: part.mediaType, title: part.title)
        }
        try ReceiptRecord(kind: .acknowledgment, direction: .out, at: now, bytes: receipt.soap).insert(
            database, message: record.id)
        let detail = opened.deviations.isEmpty ? nil : "\(opened.deviations.count) deviations tolerated"
        let step = MessageStep(at: now, what: "opened", detail: detail)
        try MessageStep.record(database, message: record.id, at: now, step.what, step.detail)
        if opened.agreement.signals == .separate { try insertSignal(database, answering: record) }
        return (record, step, changed)
    }

    /// Moves the message that the AppRec is about. Only from the one it was sent to, and never back from a positive answer.
    private func answer(_ appRec: AppRec, _ database: Database) throws -> (MessageRecord, MessageStep)? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT message.* FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'document' AND name.value = ? AND direction = 'out' AND receiver = ? AND sender = ?
                  AND state IN ('sealed', 'delivered', 'rejected') ORDER BY message.id DESC
                """)
        let arguments: StatementArguments = [appRec.original.id, opened.sender.value, opened.receiver.value]
        guard var original = try MessageRecord.fetchOne(statement, arguments: arguments), original.state != .accepted else {
            return nil
        }
        let step: MessageStep
        switch appRec.status {
        case .ok, .okWithErrorInPart:
            original.state = .accepted
            step = MessageStep(at: now, what: "accepted", detail: appRec.status == .ok ? nil : "with an error in a part")
        case .rejected:
            original.state = .rejected
            step = MessageStep(at: now, what: "rejected", detail: Self.codes(appRec.errors))
        case .unknown:
            step = MessageStep(
                at: now, what: "answered",
                detail: "AppRec with an unknown status: a person must look at it")
        }
        original.updated = now
        // An AppRec that overtakes the Acknowledgment proves delivery as well.
        if original.state == .accepted || original.state == .rejected { original.due = nil }
        try original.update(database)
        try MessageStep.record(database, message: original.id, at: now, step.what, step.detail)
        return (original, step)
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
            answers: message.id)
        try signal.insert(database)
        let layout = MessageLayout(signal: receipt.soap, encoding: .base64)
        try WireMessage(
            headers: layout.headers.map { ($0.name, $0.value) }, pieces: [], body: try layout.encoded(parts: []),
            soap: receipt.soap
        ).insert(database, message: signal.id)
    }
}
