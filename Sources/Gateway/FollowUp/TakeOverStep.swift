import Envelope
import Foundation
import GRDB

/// A word about a discharge summary: somebody takes over (a clinical dialog, list 7322 = 7), or it does not belong there (a deviation,
/// list 8117 = 1). National codes alone: any system can say it, and any can read it.
struct TakeOverStep: Sendable {
    enum Said: String, Sendable, Codable { case taken, refused }

    let said: Said
    /// MsgId of the summary.
    let about: String
    /// Sealed with the document: whom to call.
    let contact: [UInt8]?

    /// nil for documents that say neither.
    init?(_ summary: DocumentSummary, seal: (String) throws -> [UInt8]) rethrows {
        guard let reference = summary.conversation, let note = summary.note else { return nil }
        switch MessageType(rawValue: summary.type.code ?? "") {
        case .dialogHelsefaglig
        where note.theme.listNumber == HelsefagligTema.number && note.theme.code == HelsefagligTema.readyForDischarge.rawValue:
            said = .taken
        case .dialogAvvik where note.theme.listNumber == AvvikTema.number && note.theme.code == AvvikTema.wrongReceiver.rawValue:
            said = .refused
        default: return nil
        }
        about = reference.parent
        contact = try note.contact.map { try seal(String($0.prefix(200))) }
    }

    /// Takes it down between those whom the summary went between, and no others.
    ///
    /// - Throws: ``SubmissionError`` `.outOfOrder` for a second word of ours.
    func follow(_ message: MessageRecord, at now: Date, in database: Database) throws {
        let summaries = try MessageRecord.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'document' AND name.value = ? AND direction = ? AND sender = ? AND receiver = ?
                      AND message.kind = ? ORDER BY message.id DESC LIMIT 1
                    """),
            arguments: [
                about, message.direction == .in ? "out" : "in", message.receiver, message.sender, MessageType.epikrise.rawValue,
            ])
        guard let summary = summaries.first else { return }
        if message.direction == .out, try Self.last(database, about: summary.id) == .taken {
            throw SubmissionError(
                .outOfOrder,
                "that the follow-up is taken over was said before; what has changed since must be told by telephone or in a dialogue message"
            )
        }
        try database.execute(
            sql: "INSERT INTO takeOver (answer, about, said, contact) VALUES (?, ?, ?, ?)",
            arguments: [message.id, summary.id, said.rawValue, contact.map { Data($0) }])
        guard message.direction == .in else { return }
        try AlertBoard.settle(.answered, of: summary.id, at: now, in: database)
        switch said {
        case .taken: try AlertBoard.resolve(.followUpRefused, about: "#\(summary.id)", at: now, in: database)
        case .refused where try Self.isPlanned(database, summary.id):
            try AlertBoard.raise(.followUpRefused, about: .message(summary), at: now, in: database)
        case .refused: break
        }
    }

    /// Whether there was a plan for the receiver of that message: what answers it is a word about the plan, and nothing else.
    static func isPlanned(_ database: Database, _ message: Int64) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM followUp WHERE message = ?)", arguments: [message])
            ?? false
    }

    /// What was last said about a summary.
    static func last(_ database: Database, about summary: Int64) throws -> Said? {
        try String.fetchOne(
            database, sql: "SELECT said FROM takeOver WHERE about = ? ORDER BY answer DESC LIMIT 1", arguments: [summary]
        ).flatMap { Said(rawValue: $0) }
    }
}
