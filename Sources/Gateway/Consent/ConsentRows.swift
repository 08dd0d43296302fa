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

    static func columns(_ payload: StoredPayload) -> StatementArguments {
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

    /// Everything about a child: one look at an index for each mark when there is nothing. Without sorting and without a
    /// list in the statement, SQLite makes no table of its own for it, which costs more than the look.
    static func consents(of marks: [ChildMark], in database: Database) throws -> [ConsentRow] {
        let looking = try database.cachedStatement(sql: "SELECT consent FROM consentChild WHERE child = ?")
        let found = try marks.reduce(into: Set<Int64>()) { found, mark in
            found.formUnion(try Int64.fetchAll(looking, arguments: [mark.data]))
        }
        return try found.sorted().compactMap { id in
            try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM consent WHERE id = ?"), arguments: [id])
                .map { ConsentRow($0, consent: "id") }
        }
    }

    static func row(of digest: ConsentDigest, in database: Database) throws -> ConsentRow? {
        try Row.fetchOne(database, sql: "SELECT * FROM consent WHERE digest = ?", arguments: [digest.description])
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

    static func insert(
        _ question: [UInt8], mark: ChildMark?, settled: SettledSharing?, message: Int64, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO sharing (message, question, settled, settledUntil, settledBy, settledAfter, child)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).run(
            .number(message), .blob(question), .integer(settled.map { $0.isAllowed ? 1 : 0 }), .time(settled?.until),
            .text(settled?.rules), .integer(settled?.wordsBefore), .bytes(mark?.bytes))
    }

    /// What was settled about a message at submission; nil when it has to be asked anew, also because a consent, an objection or
    /// whatever has come in since, about whomever: children are found by several marks, and this must miss none.
    static func settled(_ database: Database, message: Int64) throws -> SettledSharing? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT settled, settledUntil, settledBy, settledAfter FROM sharing WHERE message = ? AND settled IS NOT NULL
                  AND settledAfter = coalesce((SELECT max(id) FROM consent), 0) + coalesce((SELECT max(id) FROM childSituation), 0)
                """)
        return try Row.fetchOne(statement, arguments: [message]).map {
            SettledSharing(
                isAllowed: $0["settled"], until: Date(microseconds: $0["settledUntil"]), rules: $0["settledBy"],
                wordsBefore: $0["settledAfter"])
        }
    }

    /// How much has been said, about whomever: it grows with each consent and each note, and never shrinks.
    static func words(in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: "SELECT coalesce((SELECT max(id) FROM consent), 0) + coalesce((SELECT max(id) FROM childSituation), 0)")
        return try statement.first { row in try row.integer(0) } ?? 0
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

    /// The last one of its checkpoint stands. Two statements: one that does either keeps a journal of its own for it, each time.
    static func insert(_ verdict: KeptVerdict, message: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE consentVerdict SET at = ?, bytes = ? WHERE message = ? AND checkpoint = ?")
            .run(.time(verdict.at), .blob(verdict.bytes), .number(message), .string(verdict.checkpoint))
        if database.changesCount == 0 {
            try insertFirst(verdict, message: message, in: database)
        } else {
            try bind(verdict, message: message, in: database)
        }
    }

    /// The first one of its checkpoint.
    static func insertFirst(_ verdict: KeptVerdict, message: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO consentVerdict (at, bytes, message, checkpoint) VALUES (?, ?, ?, ?)")
            .run(.time(verdict.at), .blob(verdict.bytes), .number(message), .string(verdict.checkpoint))
        try bind(verdict, message: message, in: database)
    }

    private static func bind(_ verdict: KeptVerdict, message: Int64, in database: Database) throws {
        for digest in verdict.consents {
            try database.cachedStatement(sql: "INSERT OR IGNORE INTO consentBinding (digest, message) VALUES (?, ?)")
                .execute(arguments: [digest.description, message])
        }
    }

    static func verdicts(of message: Int64, in database: Database) throws -> [ShownVerdict] {
        let statement = try database.cachedStatement(
            sql: "SELECT checkpoint, at, bytes FROM consentVerdict WHERE message = ? ORDER BY at, checkpoint DESC")
        return try Row.fetchAll(statement, arguments: [message]).reduce(into: []) { shown, row in
            let bytes = row["bytes"] as Data
            if !bytes.isEmpty {
                shown += ShownVerdict(bytes).map { [$0] } ?? []
            } else if let before = shown.last {
                shown.append(before.again(row["checkpoint"], at: Date(microseconds: row["at"])))
            }
        }
    }
}

/// What was decided, as it is kept: codes, digests and the moment.
struct KeptVerdict: Sendable, Hashable {
    let checkpoint: String
    let at: Date
    /// Empty: as the one before it says.
    let bytes: [UInt8]
    /// What it relies on: withdrawing one of these stops the message.
    let consents: [ConsentDigest]

    /// What was settled at submission, found again at sending.
    static func again(at now: Date) -> Self {
        Self(checkpoint: SharingQuestion.Checkpoint.sending.rawValue, at: now, bytes: [], consents: [])
    }
}

/// What was found at submission to hold until a moment, by rules of a version, as long as nobody says anything.
struct SettledSharing: Sendable, Hashable {
    let isAllowed: Bool
    let until: Date
    let rules: String
    /// How much had been said at that moment, about whomever (``ConsentRows/words(in:)``).
    let wordsBefore: Int64
}

/// What `msggw status` says of a verdict.
public struct ShownVerdict: Sendable, Codable, Hashable {
    public private(set) var checkpoint: String
    public private(set) var at: Date
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

    /// The same, found again.
    func again(_ checkpoint: String, at: Date) -> Self {
        var verdict = self
        (verdict.checkpoint, verdict.at) = (checkpoint, at)
        return verdict
    }
}
