import Envelope
import Foundation
import GRDB
import Practice

/// A submission that passed its checks, its payloads sealed and on the disk; what is left is one commit.
struct PreparedSubmission: Sendable {
    struct Receiver: Sendable {
        let party: RegisteredParty
        let agreement: Agreement
        var checked = CheckedSubmission.Part()

        /// Whether it can show the answered list.
        var opensText: Bool {
            let formats = party.capabilities.attachmentFormats
            return formats.isEmpty || formats.contains("text/plain")
        }
    }

    struct Message: Sendable {
        let record: MessageRecord
        let receiver: RegisteredParty
        let checked: CheckedSubmission.Part
    }

    /// The one message of the submission as it goes out.
    struct Sealed: Sendable {
        let wire: WireMessage
        let event: MessageEvent
    }

    /// What became of it in the commit that took it.
    struct Taken: Sendable {
        var transitions: [Transition] = []
        /// Holds a message that can go out at once.
        var direct: (admission: DirectDelivery.Admission, message: ClaimedMessage)?
    }

    struct Part: Sendable {
        let contentID: String
        let mediaType: String
        let payload: StoredPayload
        /// Sealed; nil for the document.
        let title: [UInt8]?
    }

    /// Part 0 is the document.
    let parts: [Part]
    /// MsgId of the document that this one answers.
    private let answered: String?
    private let answer: Answer?
    private let course: CourseStep?
    private let takeOver: TakeOverStep?
    let messages: [Message]
    /// The bytes that go out, when they have been made by now.
    private(set) var sealed: Sealed?

    init(
        document: [UInt8], files: [AttachmentFile], summary: DocumentSummary, sender: HERID, receivers: [Receiver],
        store: GatewayStore, ids: IDSource, carriesChecklist: Bool = false, at now: Date
    ) throws {
        let submissionID = ids.next()
        var parts: [Part] = []
        var checked = receivers.map(\.checked)
        do {
            parts.append(
                Part(
                    contentID: "document.\(submissionID)@msggw", mediaType: "text/xml", payload: try store.vault.store(document),
                    title: nil))
            for (number, file) in files.enumerated() {
                let payload = try Self.seal(file, in: store.vault)
                parts.append(
                    Part(
                        contentID: "attachment\(number + 1).\(submissionID)@msggw", mediaType: file.mediaType, payload: payload,
                        title: try store.vault.sealed(file.title, with: payload)))
            }
            if carriesChecklist, let list = checked.lazy.compactMap(\.checklist).first {
                parts.append(try Self.part(list, number: parts.count, of: submissionID, in: store.vault))
            }
            for index in checked.indices { try checked[index].seal(with: parts[0].payload, in: store.vault) }
            takeOver = try TakeOverStep(summary) { try store.vault.sealed($0, with: parts[0].payload) }
            course = try CourseStep(summary) { try store.vault.sealed($0, with: parts[0].payload) }
            self.parts = parts
        } catch let error as SubmissionError {
            store.vault.delete(parts.map(\.payload))
            throw error
        } catch {
            store.vault.delete(parts.map(\.payload))
            throw SubmissionError(.store, "the store could not take the message: \(error)")
        }
        answered = summary.conversation?.parent
        answer = Answer(summary)
        let conversationID = summary.conversation?.conversation ?? ids.next()
        messages = zip(receivers, checked).map { receiver, checked in
            var record = MessageRecord(
                id: 0, direction: .out, state: .taken, kind: summary.type.code ?? "", messageID: ids.next(),
                conversationID: conversationID, documentID: summary.messageID, documentGenerated: summary.generated.text,
                cpaID: receiver.agreement.cpaID, sender: sender.value, receiver: receiver.party.herID.value,
                protection: receiver.agreement.protection, created: now, updated: now, due: now, attempts: 0, failure: nil,
                answers: nil, priority: MessagePriority(summary).rawValue,
                destination: receiver.party.destination)
            let subject = Deadlines.Subject(summary, .out, for: receiver.party.herID)
            record.deadlines = Deadlines.at(taken: now, subject, by: store.deadlines)
            if checked.followUp?.mustConfirm == true {
                record.deadlines.waitForTakeOver(from: now, subject, by: store.deadlines)
            }
            return Message(record: record, receiver: receiver.party, checked: checked)
        }
    }

    /// Documents up to this many bytes are sealed before they are taken.
    private static let sealedAtOnce = PayloadVault.rowLimit / 2

    /// Makes the bytes that go out at once, when there is one message and a small one. What stands in the way is left to the
    /// delivery, which has words for it.
    mutating func seal(_ document: [UInt8], with sealer: MessageSealer, at now: Date) {
        // A reply gets its conversation in the commit that takes it.
        guard messages.count == 1, parts.count == 1, answered == nil, document.count <= Self.sealedAtOnce else { return }
        let record = messages[0].record
        let part = PartRecord(
            position: 0, contentID: parts[0].contentID, mediaType: parts[0].mediaType, title: nil, payload: parts[0].payload)
        guard let wire = try? sealer.seal(record, parts: [part], document: document, at: now) else { return }
        sealed = Sealed(wire: wire, event: wire.sealed(under: record.protection))
    }

    /// Deletes the payloads of a submission that was not taken after all.
    func discard(from vault: PayloadVault) { vault.delete(parts.map(\.payload)) }

    /// The answered list as its receiver reads it: nobody phones for what is already there.
    private static func part(
        _ list: AnsweredChecklist, number: Int, of submissionID: String, in vault: PayloadVault
    ) throws(StoreError) -> Part {
        let payload = try vault.store(Array((list.text + "\n").utf8))
        return Part(
            contentID: "attachment\(number).\(submissionID)@msggw", mediaType: "text/plain", payload: payload,
            title: try vault.sealed("Svar på sjekklisten", with: payload))
    }

    /// Reads the file once, from start to end, into the vault.
    private static func seal(_ file: AttachmentFile, in vault: PayloadVault) throws -> StoredPayload {
        if let held = file.held { return try held.stored(in: vault) }
        let reader = try FileReader(file.path, followsLinks: true)
        var writer = try vault.writer()
        var total = 0
        while true {
            let piece = try reader.read(PayloadVault.pieceLength)
            if piece.isEmpty { break }
            total += piece.count
            try writer.write(piece)
        }
        guard total == file.length else {
            throw SubmissionError(
                .attachmentUnreadable, "the attachment \(file.path) changed while it was read; send it again when it is complete")
        }
        return try writer.finish()
    }

    /// Puts the rows of every message of the submission into the store.
    ///
    /// - Parameter direct: lets a sealed message go out at once.
    /// - Throws: ``SubmissionError`` `.duplicate` when the document was taken before.
    func insert(_ database: Database, by actor: AuditActor, direct: DirectDelivery) throws -> Taken {
        try refuseDuplicate(database)
        let payloads = try parts.map { try PartRecord.insertPayload(database, $0.payload) }
        let conversationID = try conversation(database)
        var taken = Taken()
        for message in messages {
            var record = message.record
            if let conversationID { record.conversationID = conversationID }
            let id = try insert(record, &taken, database, by: actor, direct)
            try answer?.settle(.out, from: record.sender, to: record.receiver, at: record.created, in: database)
            for (position, part) in parts.enumerated() {
                try PartRecord.insert(
                    database, message: id, position: position, payload: payloads[position],
                    contentID: part.contentID, mediaType: part.mediaType, title: part.title)
            }
            let settled = try message.checked.insert(message: id, withLease: taken.direct != nil, in: database)
            taken.direct?.message.settled = settled
            if let takeOver {
                record.id = id
                try takeOver.follow(record, at: record.created, in: database)
            }
            // A status is one step, however many get it.
            if let course, course.what != .status || id == taken.transitions.first?.message.id {
                record.id = id
                try Course.follow(course, record, at: record.created, in: database)
            }
        }
        return taken
    }

    private func insert(
        _ record: MessageRecord, _ taken: inout Taken, _ database: Database, by actor: AuditActor, _ direct: DirectDelivery
    ) throws -> Int64 {
        guard let sealed else {
            let transition = try Ledger.insert(record, .taken, at: record.created, by: actor, in: database)
            taken.transitions.append(transition)
            return transition.message.id
        }
        let admission = direct.admit(record.destination)
        let lease = admission.map { MessageEvent.leased(by: $0.lease.incarnation, until: $0.lease.until) }
        taken.transitions = try Ledger.insert(
            record, .taken, then: [sealed.event] + [lease].compactMap(\.self), at: record.created, by: actor, in: database)
        let stored = taken.transitions[taken.transitions.count - 1].message
        try sealed.wire.insert(database, message: stored.id)
        taken.direct = admission.map { ($0, ClaimedMessage(message: stored, contents: .sealed(sealed.wire))) }
        return stored.id
    }

    /// A reply stays in the conversation of the message it answers, as ConversationId goes; nil when that is not here.
    private func conversation(_ database: Database) throws -> String? {
        guard let answered else { return nil }
        let statement = try database.cachedStatement(
            sql: """
                SELECT message.conversationID FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'document' AND name.value = ? ORDER BY message.id DESC LIMIT 1
                """)
        return try String.fetchOne(statement, arguments: [answered])
    }

    /// A document id goes out once; sending the same again would be a second referral to whoever reads it.
    private func refuseDuplicate(_ database: Database) throws {
        guard let first = messages.first?.record, !first.documentID.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                SELECT message.id FROM name JOIN message ON message.id = name.message
                WHERE name.kind = 'document' AND name.value = ? AND message.direction = 'out' AND message.sender = ? AND message.state NOT IN ('failed', 'cancelled')
                """)
        if try statement.first(.string(first.documentID), .string(first.sender), read: { _ in true }) != nil {
            throw SubmissionError(
                .duplicate,
                "a document with this MsgId was taken before; look at it with 'msggw status \(first.documentID)', or give a new document a new MsgId"
            )
        }
    }
}
