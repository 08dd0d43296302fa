import Envelope
import Foundation
import GRDB
import Practice

/// Whose overview is asked for.
public enum OverviewSubject: Sendable {
    case number(IdentityNumber)
    /// A message about the child: number, MessageId or the document's MsgId.
    case message(String)
}

/// Puts together what this node knows of a child's messages. Whoever asks is in the audit trail of each message that is shown.
public struct OverviewDesk: Sendable {
    let store: GatewayStore
    let registry: Registry
    let reading: Reading

    /// - Throws: ``StoreError`` `.notFound` when there is no such message, `.ambiguous` when it may be about several children.
    public func overview(of subject: OverviewSubject) async throws -> ChildOverview {
        let given = try named(subject)
        let unreadable = try await store.markChildren()
        let found = try find(subject, given)
        let messages = try found.all.compactMap { id in try message(id, isByName: found.byName.contains(id)) }
        let unknown = try store.read { try Self.unmarked($0) } + unreadable
        try await record(messages)
        return ChildOverview(at: reading.at, messages: messages, unknown: unknown)
    }

    private func named(_ subject: OverviewSubject) throws -> [MessageRecord] {
        guard case .message(let name) = subject else { return [] }
        let found = try store.read { try MessageRecord.find($0, name) }.filter { $0.kind != MessageType.appRec.rawValue }
        guard !found.isEmpty else {
            throw StoreError(
                .notFound, reason: "this node has no message '\(name.prefix(80))'; see 'msggw inbox list' and 'msggw queue list'")
        }
        return found
    }

    private func find(_ subject: OverviewSubject, _ given: [MessageRecord]) throws -> ChildRows.Found {
        switch subject {
        case .number(let number):
            let mark = try ChildMark(number: number.value, under: store.vault.key)
            return try store.read { try ChildRows.find([mark.data], in: $0) }
        case .message:
            guard let found = try store.read({ try ChildRows.find(about: given.map(\.id), in: $0) }) else {
                throw StoreError(
                    .notFound,
                    reason: "it is not known whom that message is about: it names nobody, or its content was destroyed")
            }
            return found
        }
    }

    /// Content that went before anybody asked whom it was about.
    private static func unmarked(_ database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM message WHERE purged IS NOT NULL AND kind NOT IN ('APPREC', 'Acknowledgment', 'MessageError')
                  AND NOT EXISTS (SELECT 1 FROM childMessage WHERE childMessage.message = message.id)
                """) ?? 0
    }

    private func record(_ messages: [ChildOverview.Message]) async throws {
        try await store.commit { [reading] database in
            let about = messages.map { (Int64?.some($0.number), String?.some($0.messageID)) }
            for (number, messageID) in about.isEmpty ? [(nil, nil)] : about {
                try AuditTrail.append(
                    AuditRecord(
                        at: reading.at, by: reading.actor, action: "overview", message: number, messageID: messageID,
                        detail: number == nil ? "nothing found" : nil, purpose: reading.purpose?.text),
                    in: database)
            }
        }
        if reading.actor != .node { WakePipe.poke(folder: store.folder) }
    }

    // MARK: - One message

    private func message(_ id: Int64, isByName: Bool) throws -> ChildOverview.Message? {
        let facts = try store.read { try Facts(of: id, in: $0) }
        guard let facts else { return nil }
        let (message, next) = (facts.message, facts.next)
        return ChildOverview.Message(
            number: id, at: message.created, direction: message.direction, kind: message.kind,
            title: MessageType.names[message.kind] ?? message.kind, sender: party(message.sender),
            receiver: party(message.receiver), messageID: message.messageID, documentID: message.documentID, state: message.state,
            receipts: Receipts(facts.trail), basis: facts.basis,
            opened: facts.trail.filter { $0.action == MessageEvent.Kind.read.rawValue && $0.actor != AuditActor.node.text }.map {
                ChildOverview.Opened(by: $0.actor, at: $0.at, purpose: $0.purpose)
            }, answered: facts.answer.map { ChildOverview.Answered(kind: $0.kind, decidedOn: $0.decidedOn) },
            nextStep: next.step, deadline: next.by, contact: try contact(facts), isFoundByName: isByName)
    }

    private func party(_ herID: String) -> ChildOverview.Party {
        let known = HERID(herID).flatMap { try? registry.party($0) }
        return ChildOverview.Party(herID: herID, name: known?.name)
    }

    /// Whoever answers for the treatment, when a referral was accepted here; else whoever answered; else the person, or the
    /// service, at the other side of the message.
    private func contact(_ facts: Facts) throws -> ChildOverview.Contact? {
        if let record = facts.answer?.record, let kept = try? store.vault.bytes(of: record),
            let read = try? JSONDecoder().decode(KeptAnswer.self, from: Data(kept)),
            let person = read.answer.responsible ?? read.answer.case?.contact
        {
            return ChildOverview.Contact(name: person.name, role: person.role, phone: person.phone)
        }
        guard let document = facts.document, let bytes = try? store.vault.bytes(of: document),
            let summary = try? ClinicalDocument(parsing: bytes).summary
        else { return nil }
        let path = facts.message.direction == .in ? summary.sender : summary.receiver
        let person = path.person?.name.flatMap { $0.isEmpty ? nil : $0 }
        return (person ?? path.service?.name ?? path.organisation.name).map {
            ChildOverview.Contact(name: $0, role: person == nil ? nil : path.service?.name ?? path.organisation.name, phone: nil)
        }
    }

    /// What of an answer's record names people.
    private struct KeptAnswer: Decodable {
        struct Person: Decodable { let name: String, role: String?, phone: String? }
        struct Case: Decodable { let contact: Person? }
        struct Answer: Decodable { let responsible: Person?, `case`: Case? }
        let answer: Answer
    }
}

/// What the store has of one message.
private struct Facts {
    struct Answer {
        let kind: String
        let decidedOn: String
        let record: StoredPayload?
    }

    let message: MessageRecord
    let trail: [AuditRecord]
    let basis: ChildOverview.Basis?
    let answer: Answer?
    let document: StoredPayload?

    init?(of id: Int64, in database: Database) throws {
        guard let message = try MessageRecord.fetch(database, id: id) else { return nil }
        self.message = message
        trail = try AuditTrail.records(of: id, in: database)
        basis = try ConsentRows.verdicts(of: id, in: database).last.map { try Self.basis($0, in: database) }
        answer = try Row.fetchOne(
            database,
            sql: """
                SELECT answer.kind AS how, answer.decidedOn, payload.name, payload.length, payload.sealed, payload.file,
                  contentKey.wrapped
                FROM answer LEFT JOIN payload ON payload.id = answer.record LEFT JOIN contentKey ON contentKey.payload = payload.id
                WHERE answer.referral = ? ORDER BY answer.id DESC LIMIT 1
                """, arguments: [id]
        ).map { row in
            let hasRecord = (row["name"] as Data?) != nil
            return Answer(kind: row["how"], decidedOn: row["decidedOn"], record: hasRecord ? StoredPayload(row: row) : nil)
        }
        document = try PartRecord.fetch(database, message: id).first?.payload
    }

    private static func basis(_ verdict: ShownVerdict, in database: Database) throws -> ChildOverview.Basis {
        let consents = try (verdict.consents ?? []).map { digest in
            ChildOverview.Consent(
                id: try String.fetchOne(database, sql: "SELECT consentID FROM consent WHERE digest = ?", arguments: [digest]),
                digest: digest)
        }
        return ChildOverview.Basis(
            decision: verdict.decision, law: verdict.basis, rule: verdict.rule, consents: consents,
            emergency: verdict.emergency ?? false, at: verdict.at)
    }

    /// What has to happen next, and by when.
    var next: (step: ChildOverview.Step, by: Date?) {
        switch message.state {
        case .held, .failed, .rejected: (.person, nil)
        case .taken, .sealed: (.deliver, message.deliverBy)
        case .opened: message.answerBy.map { (.ourAnswer, $0) } ?? (.file, message.acceptBy)
        case .filed: message.answerBy.map { (.ourAnswer, $0) } ?? (.none, nil)
        case .delivered: message.acceptBy.map { (.confirm, $0) } ?? message.answerBy.map { (.theirAnswer, $0) } ?? (.none, nil)
        case .accepted: message.answerBy.map { (.theirAnswer, $0) } ?? (.none, nil)
        case .cancelled, .sent: (.none, nil)
        }
    }
}

extension Node {
    /// What this node knows of who shared what about a child.
    public func overview(for reading: Reading) -> OverviewDesk {
        OverviewDesk(store: store, registry: registry, reading: reading)
    }
}
