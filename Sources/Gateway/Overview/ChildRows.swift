import Envelope
import Foundation
import GRDB
import Native
import Practice

/// Which messages are about which child. Rows are made when somebody asks, not when messages come: that costs nobody who never
/// asks, and finds those too that are older than this table.
enum ChildRows {
    /// How the mark was made.
    enum Kind: Int, Sendable {
        case number = 0
        case nameAndBirth = 1
    }

    struct Mark: Sendable {
        let mark: ChildMark
        let kind: Kind
    }

    /// The marks of a document's patient; none where it has none.
    static func marks(of summary: DocumentSummary, under key: AEADKey) throws -> [Mark] {
        guard let patient = summary.patient else { return [] }
        var marks: [Mark] = []
        if let number = patient.identifiers.nationalIdentity?.value, !number.isEmpty {
            marks = [Mark(mark: try ChildMark(number: number, under: key), kind: .number)]
        }
        if let day = patient.dateOfBirth?.day.flatMap({ OsloDay($0) }), let name = KeptQuestion.name(patient.name) {
            marks.append(Mark(mark: try ChildMark(born: day, name, under: key), kind: .nameAndBirth))
        }
        return marks
    }

    /// Messages of a child, and whether each was found by its number.
    ///
    /// A message without a number is somebody's of the same name, born on the same day: it is found, and said to be found that way.
    /// One with another number is another child's, whatever the name.
    struct Found: Sendable {
        var byNumber: [Int64]
        var byName: [Int64]

        var all: [Int64] { (byNumber + byName).sorted() }
    }

    static func find(_ numbers: [Data], in database: Database) throws -> Found {
        let byNumber = try messages(numbers, .number, in: database)
        let names = try marks(of: byNumber, .nameAndBirth, in: database)
        return Found(byNumber: byNumber, byName: try withoutNumber(names, in: database))
    }

    /// - Returns: nil when the messages have no mark.
    /// - Throws: ``StoreError`` `.ambiguous` when they are about several children.
    static func find(about given: [Int64], in database: Database) throws -> Found? {
        let perMessage = try given.map { try marks(of: [$0], .number, in: database) }.filter { !$0.isEmpty }
        if let first = perMessage.first {
            guard perMessage.allSatisfy({ $0 == first }) else { throw severalChildren }
            return try find(first, in: database)
        }
        let names = try marks(of: given, .nameAndBirth, in: database)
        guard !names.isEmpty else { return nil }
        guard names.count == 1 else { throw severalChildren }
        let nameless = try withoutNumber(names, in: database)
        let numbered = Set(try messages(names, .nameAndBirth, in: database)).subtracting(nameless).sorted()
        let numbers = Set(try numbered.map { try marks(of: [$0], .number, in: database) })
        // Of two children with one name and one day of birth nobody can say here which of them it is about.
        guard numbers.count == 1, let only = numbers.first else { return Found(byNumber: [], byName: nameless) }
        return try find(only, in: database)
    }

    private static let severalChildren = StoreError(
        .ambiguous, reason: "that name is of messages about several children; say which message by its number: #12")

    private static func messages(_ marks: [Data], _ kind: Kind, in database: Database) throws -> [Int64] {
        let statement = try database.cachedStatement(sql: "SELECT message FROM childMessage WHERE child = ? AND kind = ?")
        return Set(try marks.flatMap { try Int64.fetchAll(statement, arguments: [$0, kind.rawValue]) }).sorted()
    }

    private static func marks(of messages: [Int64], _ kind: Kind, in database: Database) throws -> [Data] {
        let statement = try database.cachedStatement(
            sql: "SELECT child FROM childMessage WHERE message = ? AND kind = ? ORDER BY child")
        var found: [Data] = []
        for message in messages {
            for mark in try Data.fetchAll(statement, arguments: [message, kind.rawValue]) where !found.contains(mark) {
                found.append(mark)
            }
        }
        return found
    }

    private static func withoutNumber(_ names: [Data], in database: Database) throws -> [Int64] {
        try messages(names, .nameAndBirth, in: database).filter { try marks(of: [$0], .number, in: database).isEmpty }
    }
}

extension GatewayStore {
    private static let batch = 100

    /// Looks at every message that nobody has looked at yet for whom it is about.
    ///
    /// - Returns: how many could not be read.
    func markChildren() async throws -> Int {
        var unreadable = 0
        while true {
            let (rows, upTo) = try read { database in try Self.unmarked(database) }
            guard let upTo else { return unreadable }
            var found: [(Int64, [ChildRows.Mark])] = []
            for (message, payload) in rows {
                do {
                    let summary = try ClinicalDocument(parsing: vault.bytes(of: payload)).summary
                    found.append((message, try ChildRows.marks(of: summary, under: vault.key)))
                } catch is EnvelopeError {
                    unreadable += 1
                } catch let error as StoreError where error.code == .damaged {
                    unreadable += 1
                }
            }
            try await commit { [found] database in
                for (message, marks) in found {
                    for mark in marks {
                        // Retention may have taken it since.
                        try database.cachedStatement(
                            sql:
                                "INSERT OR IGNORE INTO childMessage (child, message, kind) SELECT ?, id, ? FROM message WHERE id = ?"
                        ).execute(arguments: [mark.mark.data, mark.kind.rawValue, message])
                    }
                }
                try Fact.set(database, .childrenMarkedTo, max(upTo, Fact.number(database, .childrenMarkedTo) ?? 0))
            }
        }
    }

    /// The next of them, and up to which number they go; nil when there is none.
    private static func unmarked(_ database: Database) throws -> ([(Int64, StoredPayload)], Int64?) {
        let after = try Fact.number(database, .childrenMarkedTo) ?? 0
        let ids = try Int64.fetchAll(
            database, sql: "SELECT id FROM message WHERE id > ? ORDER BY id LIMIT ?", arguments: [after, batch])
        guard let last = ids.last else { return ([], nil) }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT part.message AS number, payload.name, payload.length, payload.sealed, payload.file, contentKey.wrapped
                FROM message JOIN part ON part.message = message.id AND part.position = 0
                JOIN payload ON payload.id = part.payload LEFT JOIN contentKey ON contentKey.payload = payload.id
                WHERE message.id > ? AND message.id <= ? AND message.kind <> 'APPREC'
                """, arguments: [after, last])
        return (rows.map { ($0["number"], StoredPayload(row: $0)) }, last)
    }
}
