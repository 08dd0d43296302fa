import Envelope
import Foundation
import GRDB
import Practice

/// What people and registers know of a child and no message says: who has parental responsibility, whether the address is protected,
/// what is kept from the parents. Noted by whoever knows it; the newest note stands as a whole.
public struct ChildSituation: Sendable, Codable, Hashable {
    public var responsibility: String
    public var hasProtectedAddress: Bool
    public var representationChecked: Bool
    public var keptFromGuardians: Bool
    public var guardiansHavePowerOfAttorney: Bool
    /// Who noted it, and how it is known: «Folkeregisteret, slått opp av lege 1».
    public var how: String
    /// When it was noted.
    public internal(set) var at: Date

    public init(_ situation: SharingQuestion.Situation = .init(), how: String, at: Date = Date(timeIntervalSince1970: 0)) {
        responsibility = situation.responsibility.rawValue
        (hasProtectedAddress, representationChecked) = (situation.hasProtectedAddress, situation.representationChecked)
        (keptFromGuardians, guardiansHavePowerOfAttorney) = (
            situation.keptFromGuardians, situation.guardiansHavePowerOfAttorney
        )
        (self.how, self.at) = (how, at)
    }

    /// As the rules ask for it.
    var asked: SharingQuestion.Situation {
        var asked = SharingQuestion.Situation()
        asked.responsibility = SharingQuestion.Situation.Responsibility(rawValue: responsibility) ?? .unknown
        (asked.hasProtectedAddress, asked.representationChecked) = (hasProtectedAddress, representationChecked)
        (asked.keptFromGuardians, asked.guardiansHavePowerOfAttorney) = (keptFromGuardians, guardiansHavePowerOfAttorney)
        return asked
    }
}

/// Rows of notes about children: sealed under a key of their own, found by the child's marks.
enum SituationRows {
    static func version21(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE childSituation (
                  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
                  name BLOB NOT NULL, length INTEGER NOT NULL, sealed BLOB NOT NULL, wrapped BLOB NOT NULL
                );
                CREATE TABLE childSituationMark (
                  child BLOB NOT NULL, situation INTEGER NOT NULL REFERENCES childSituation (id), PRIMARY KEY (child, situation)
                ) WITHOUT ROWID;
                """)
    }

    static func insert(_ payload: StoredPayload, marks: [ChildMark], at now: Date, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO childSituation (at, name, length, sealed, wrapped) VALUES (?, ?, ?, ?, ?)",
            arguments: [now.microseconds] + ConsentRows.columns(payload))
        let id = database.lastInsertedRowID
        for mark in marks {
            try database.execute(
                sql: "INSERT INTO childSituationMark (child, situation) VALUES (?, ?)", arguments: [mark.data, id])
        }
    }

    /// The newest that any of the marks finds.
    static func newest(of marks: [ChildMark], in database: Database) throws -> StoredPayload? {
        let statement = try database.cachedStatement(sql: "SELECT max(situation) FROM childSituationMark WHERE child = ?")
        guard let id = try marks.compactMap({ try Int64.fetchOne(statement, arguments: [$0.data]) }).max() else { return nil }
        return try Row.fetchOne(
            database.cachedStatement(
                sql: "SELECT id, 0 AS consent, at, name, length, sealed, wrapped FROM childSituation WHERE id = ?"),
            arguments: [id]
        ).map { ConsentRow($0, consent: "consent").payload }
    }
}

extension GatewayStore {
    /// What is noted about a child; nil when nothing is.
    func situation(of child: ConsentRecord.Child) throws -> ChildSituation? {
        let marks = try ChildMark.all(of: child, under: vault.key)
        return try look { try SituationRows.newest(of: marks, in: $0) }.map { try situation($0) }
    }

    func situation(_ payload: StoredPayload) throws -> ChildSituation {
        let bytes = try vault.bytes(of: payload)
        do { return try JSONDecoder().decode(ChildSituation.self, from: Data(bytes)) } catch {
            throw ConsentDeskError(.unverifiable, "what is noted about a child is not of our form; note it anew")
        }
    }
}

extension ConsentDesk {
    /// What is noted about the patient of a document; nil when nothing is. That it was read is in the audit trail first.
    public func situation(about document: [UInt8], for reading: Reading) async throws -> ChildSituation? {
        let child = try Self.child(of: ClinicalDocument(parsing: document).summary)
        try await store.commit { database in
            try AuditTrail.append(
                AuditRecord(at: reading.at, by: reading.actor, action: "situation read", purpose: reading.purpose?.text),
                in: database)
        }
        return try store.situation(of: child)
    }

    /// Notes it about the patient of a document, in place of what was noted before. What waits is asked about anew when it is sent.
    ///
    /// - Throws: ``ConsentDeskError``; nothing is noted then.
    public func note(_ situation: ChildSituation, about document: [UInt8]) async throws -> ChildSituation {
        let child = try Self.child(of: ClinicalDocument(parsing: document).summary)
        let marks = try ChildMark.all(of: child, under: store.vault.key)
        guard !marks.isEmpty else {
            throw ConsentDeskError(
                .wrongDocument, "the document has neither a number nor a name of the child, so nobody could find the note")
        }
        let now = clock.now()
        var noted = situation
        noted.at = now
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = try store.vault.store(Array(try encoder.encode(noted)))
        guard case .row = payload.place else {
            store.vault.delete([payload])
            throw ConsentDeskError(.unreadable, "how it is known must be said in less than 48 KiB")
        }
        try await store.commit { [actor] database in
            try SituationRows.insert(payload, marks: marks, at: now, in: database)
            // Not a word of it: whoever reads the trail need not know it.
            try AuditTrail.append(AuditRecord(at: now, by: actor, action: "situation noted"), in: database)
        }
        return noted
    }
}
