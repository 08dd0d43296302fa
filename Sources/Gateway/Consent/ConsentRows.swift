import Foundation
import GRDB
import Practice

/// A sealed record as it lies in a row.
struct ConsentRow: Sendable {
    let id: Int64
    /// Of a withdrawal: the row of its consent.
    let consent: Int64
    let at: Date
    let payload: StoredPayload

    init(_ row: Row, consent: String) {
        (id, self.consent, at) = (row["id"], row[consent], Date(microseconds: row["at"]))
        payload = StoredPayload(
            name: Array(row["name"] as Data), length: row["length"], place: .row(Array(row["sealed"] as Data)),
            wrappedKey: Array(row["wrapped"] as Data))
    }
}

/// Rows of consents, withdrawals, and what they were asked for.
enum ConsentRows {
    // MARK: - Consents

    static func insert(
        _ consent: VerifiedConsent, _ payload: StoredPayload, marks: [ChildMark], at now: Date, in database: Database
    )
        throws
    {
        try database.execute(
            sql: """
                INSERT INTO consent (consentID, version, digest, at, name, length, sealed, wrapped) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [consent.record.id, consent.record.version, consent.digest.description, now.microseconds]
                + columns(payload))
        let id = database.lastInsertedRowID
        for mark in marks {
            try database.execute(sql: "INSERT INTO consentChild (child, consent) VALUES (?, ?)", arguments: [mark.data, id])
        }
    }

    private static func columns(_ payload: StoredPayload) -> StatementArguments {
        guard case .row(let sealed) = payload.place else { return [nil, nil, nil, nil] }
        return [Data(payload.name), payload.length, Data(sealed), Data(payload.wrappedKey)]
    }

    static func hasDigest(_ digest: ConsentDigest, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM consent WHERE digest = ?)", arguments: [digest.description]) ?? false
    }

    static func newestVersion(of id: String, in database: Database) throws -> Int? {
        try Int.fetchOne(database, sql: "SELECT max(version) FROM consent WHERE consentID = ?", arguments: [id])
    }

    /// Everything about a child: one look at an index when there is nothing.
    static func consents(of marks: [ChildMark], in database: Database) throws -> [ConsentRow] {
        guard let first = marks.first else { return [] }
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM consent WHERE id IN (SELECT consent FROM consentChild WHERE child IN (?, ?)) ORDER BY id
                """)
        return try Row.fetchAll(statement, arguments: [first.data, marks[marks.count - 1].data])
            .map { ConsentRow($0, consent: "id") }
    }

    static func all(in database: Database) throws -> [ConsentRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM consent ORDER BY id").map { ConsentRow($0, consent: "id") }
    }

    static func versions(of id: String, in database: Database) throws -> [ConsentRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM consent WHERE consentID = ? ORDER BY version, id", arguments: [id])
            .map { ConsentRow($0, consent: "id") }
    }

    // MARK: - Withdrawals

    static func insert(
        _ withdrawal: ConsentWithdrawal, of consent: Int64, _ payload: StoredPayload, at now: Date, in database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO withdrawal (withdrawalID, consent, at, name, length, sealed, wrapped) VALUES (?, ?, ?, ?, ?, ?, ?)
                """, arguments: [withdrawal.id, consent, now.microseconds] + columns(payload))
        return database.lastInsertedRowID
    }

    static func withdrawals(of consents: [Int64], in database: Database) throws -> [ConsentRow] {
        try consents.flatMap { id in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM withdrawal WHERE consent = ? ORDER BY id"), arguments: [id]
            ).map { ConsentRow($0, consent: "consent") }
        }
    }

    // MARK: - Messages

    static func insert(_ question: [UInt8], marks: [ChildMark], message: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO sharing (message, question) VALUES (?, ?)")
            .execute(arguments: [message, Data(question)])
        for mark in marks {
            try database.cachedStatement(sql: "INSERT INTO sharingChild (child, message) VALUES (?, ?)")
                .execute(arguments: [mark.data, message])
        }
    }

    /// The sealed question with the key that opens it; nil when nothing is asked about the message.
    static func question(_ database: Database, message: Int64) throws -> (sealed: [UInt8], key: StoredPayload)? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sharing.question, payload.name, payload.length, contentKey.wrapped FROM sharing
                JOIN part ON part.message = sharing.message AND part.position = 0 JOIN payload ON payload.id = part.payload
                LEFT JOIN contentKey ON contentKey.payload = payload.id WHERE sharing.message = ?
                """)
        return try Row.fetchOne(statement, arguments: [message]).map { row in
            let key = StoredPayload(
                name: Array(row["name"] as Data), length: row["length"], place: .row([]),
                wrappedKey: (row["wrapped"] as Data?).map { Array($0) } ?? [])
            return (Array(row["question"] as Data), key)
        }
    }

    /// The last one of its checkpoint stands.
    static func insert(_ verdict: KeptVerdict, message: Int64, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO consentVerdict (message, checkpoint, at, bytes) VALUES (?, ?, ?, ?)
                ON CONFLICT (message, checkpoint) DO UPDATE SET at = excluded.at, bytes = excluded.bytes
                """
        ).execute(arguments: [message, verdict.checkpoint, verdict.at.microseconds, Data(verdict.bytes)])
        for digest in verdict.consents {
            try database.cachedStatement(sql: "INSERT OR IGNORE INTO consentBinding (digest, message) VALUES (?, ?)")
                .execute(arguments: [digest.description, message])
        }
    }

    static func verdicts(of message: Int64, in database: Database) throws -> [ShownVerdict] {
        let rows = try Data.fetchAll(
            database.cachedStatement(sql: "SELECT bytes FROM consentVerdict WHERE message = ? ORDER BY at, checkpoint DESC"),
            arguments: [message])
        return rows.compactMap { ShownVerdict($0) }
    }
}

/// What was decided, as it is kept: codes, digests and the moment.
struct KeptVerdict: Sendable, Hashable {
    let checkpoint: String
    let at: Date
    let bytes: [UInt8]
    /// What it relies on: withdrawing one of these stops the message.
    let consents: [ConsentDigest]
}

/// What `msggw status` says of a verdict.
public struct ShownVerdict: Sendable, Codable, Hashable {
    public let checkpoint: String
    public let at: Date
    /// `allowed`, `needs` or `refused`.
    public let decision: String
    public let basis: String?
    /// The rule of law that allows it; absent where a consent or an emergency does.
    public let rule: String?
    public let consents: [String]?
    public let emergency: Bool?
    public let needs: [String]?
    public let refused: String?

    init?(_ bytes: Data) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let read = try? decoder.decode(ShownVerdict.self, from: bytes) else { return nil }
        self = read
    }
}
