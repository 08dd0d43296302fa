import Envelope
import Foundation
import GRDB

/// Who reads content, and what for.
public struct Reading: Sendable {
    let actor: AuditActor
    let purpose: ReadingPurpose?
    let at: Date

    public init(by actor: AuditActor, purpose: ReadingPurpose?, at now: Date) {
        (self.actor, self.purpose, at) = (actor, purpose, now)
    }
}

/// Looking at what was received. It needs the store alone: also when a certificate of the node has expired, what came before
/// can be read.
extension GatewayStore {
    /// Messages received, newest first, receipts left out.
    public func received(limit: Int = 100) throws -> [MessageRecord] {
        try read { database in
            try MessageRecord.fetchAll(
                database,
                sql:
                    "SELECT \(MessageRecord.columns) FROM message WHERE direction = 'in' AND kind <> 'APPREC' ORDER BY id DESC LIMIT ?",
                arguments: [limit])
        }
    }

    /// A received message with what is known of its attachments: their titles are content.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is none. Nothing is shown when the audit trail cannot say so.
    public func received(_ id: String, for reading: Reading) async throws -> Inbox.Entry {
        let (message, parts) = try findReceived(id)
        try await record(reading, of: message, how: "facts and attachments shown")
        let carried = try parts.dropFirst().map { part in
            Inbox.AttachmentEntry(
                title: try part.title.map { try vault.text(of: $0, with: part.payload) }, mediaType: part.mediaType,
                bytes: part.payload.length)
        }
        return Inbox.Entry(
            message: message, attachments: carried + (try embedded(parts)),
            course: try read { try CourseReport(of: message.id, in: $0, vault: vault) })
    }

    /// Attachments that lie inside the document itself.
    private func embedded(_ parts: [PartRecord]) throws -> [Inbox.AttachmentEntry] {
        guard let document = parts.first else { return [] }
        return try ClinicalDocument(parsing: vault.bytes(of: document.payload)).summary.attachments.compactMap {
            guard case .embedded(let bytes) = $0.content else { return nil }
            return Inbox.AttachmentEntry(
                title: $0.description, mediaType: $0.mimeType ?? "application/octet-stream", bytes: bytes.count)
        }
    }

    /// The document as it came, for whoever reads it on the screen.
    public func receivedDocument(_ id: String, for reading: Reading) async throws -> [UInt8] {
        let (message, parts) = try findReceived(id)
        try await record(reading, of: message, how: "document shown")
        return try document(parts)
    }

    /// Writes into the audit trail that somebody gets to see content, before they do.
    func record(_ reading: Reading, of message: MessageRecord, how: String) async throws {
        _ = try await commit { database in
            try Ledger.apply(
                .read(how: how, purpose: reading.purpose?.text), to: message.id, at: reading.at, by: reading.actor, in: database)
        }
        // The daemon signs the trail in a while also when nothing else happens.
        if reading.actor != .node { WakePipe.poke(folder: folder) }
    }

    func receivedDocument(_ message: MessageRecord) throws -> [UInt8] {
        try document(read { try PartRecord.fetch($0, message: message.id) })
    }

    private func document(_ parts: [PartRecord]) throws -> [UInt8] {
        guard let document = parts.first else { throw StoreError(.damaged, reason: "the message has no document") }
        return try vault.bytes(of: document.payload)
    }

    /// The one received message of that name.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is none, `.ambiguous` when there are several: nobody is shown or answered
    ///   for a message that was only probably meant.
    func findReceived(_ id: String) throws -> (MessageRecord, [PartRecord]) {
        let (found, parts) = try read { database -> ([MessageRecord], [PartRecord]) in
            let found = try MessageRecord.find(database, id).filter { $0.direction == .in && $0.kind != "APPREC" }
            return (found, found.count == 1 ? try PartRecord.fetch(database, message: found[0].id) : [])
        }
        guard let message = found.first else {
            throw StoreError(.notFound, reason: "there is no received message '\(id.prefix(80))'; see 'msggw inbox list'")
        }
        guard found.count == 1 else {
            let numbers = found.prefix(5).map { "#\($0.id)" }.joined(separator: ", ")
            throw StoreError(.ambiguous, reason: "'\(id.prefix(80))' names several messages; say which by its number: \(numbers)")
        }
        return (message, parts)
    }
}
