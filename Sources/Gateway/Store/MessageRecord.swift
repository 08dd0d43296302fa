import Envelope
import Foundation
import GRDB

/// Microseconds since 1970, UTC: how times lie in the store.
extension Date {
    /// Times beyond what 64 bits hold become the last one that they do.
    var microseconds: Int64 { Int64(exactly: (timeIntervalSince1970 * 1_000_000).rounded()) ?? .max }
    init(microseconds: Int64) { self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}

extension StatementValue {
    static func time(_ date: Date?) -> Self { date.map { .number($0.microseconds) } ?? .null }
}

/// One row of `message`. Only ``Ledger`` writes one, except that ``DeadlineWatch`` moves its deadlines.
public struct MessageRecord: Sendable, Hashable {
    public enum Direction: String, Sendable, Codable {
        case out, `in`
    }

    /// Grows with time. Only this node knows it.
    public var id: Int64
    public var direction: Direction
    public var state: MessageState
    /// Code list 8279, or `Acknowledgment`/`MessageError` for a signal of its own.
    public var kind: String
    /// `eb:MessageId`.
    public var messageID: String
    public var conversationID: String
    /// The clinical document's `MsgId`.
    public var documentID: String
    /// The document's `GenDate` as it stands in it.
    public var documentGenerated: String
    public var cpaID: String
    public var sender: String
    public var receiver: String
    public var protection: PayloadProtection
    public var created: Date
    public var updated: Date
    /// When somebody has to do something with it next; nil when nobody has.
    public var due: Date?
    public var attempts: Int
    /// Why the last attempt did not succeed, or why the message failed.
    public var failure: String?
    /// The message that this one answers.
    public var answers: Int64?
    /// 0 urgent and signals, 1 ordinary.
    var priority = 1
    /// Out: scheme://host:port of the node it goes to; empty until it is known.
    var destination = ""
    /// Out: since when delivery is tried; nil means since it was created.
    var tryingSince: Date?
    /// Out: where an operator sends it, in place of the registry's endpoint.
    var endpoint: String?
    /// The daemon's incarnation that works on it, and until when at most.
    var leasedBy: Int64?
    var leasedUntil: Date?
    /// How often the daemon died while it worked on it.
    var crashes = 0
    /// What a person asked for while it was leased.
    var wish: String?
    /// Deadlines, and when someone has to be told about the next of them.
    var deliverBy: Date?
    var acceptBy: Date?
    var answerBy: Date?
    var warnAt: Date?
}

extension MessageRecord: FetchableRecord {
    /// The columns in the order in which ``init(row:)`` takes them: that of a query which asks for all of them by name, so that
    /// none is looked for by its name in every row.
    static let columns = columnNames.map { "message." + $0 }.joined(separator: ", ")

    private static let columnNames = [
        "id", "direction", "state", "kind", "messageID", "conversationID", "documentID", "documentGenerated", "cpaID", "sender",
        "receiver", "protection", "created", "updated", "due", "attempts", "failure", "answers", "priority", "destination",
        "tryingSince", "endpoint", "leasedBy", "leasedUntil", "crashes", "wish", "deliverBy", "acceptBy", "answerBy", "warnAt",
    ]

    public init(row: Row) throws { try self.init(Columns(row)) }

    private init<Cells: MessageCells>(_ columns: Columns<Cells>) throws {
        var columns = columns
        id = try columns.number()
        direction = try columns.value("direction")
        state = try columns.value("state")
        kind = try columns.text()
        messageID = try columns.text()
        conversationID = try columns.text()
        documentID = try columns.text()
        documentGenerated = try columns.text()
        cpaID = try columns.text()
        sender = try columns.text()
        receiver = try columns.text()
        protection = try columns.value("protection")
        created = try columns.time()
        updated = try columns.time()
        due = try columns.optionalTime()
        attempts = try columns.count()
        failure = try columns.optionalText()
        answers = try columns.optionalNumber()
        priority = try columns.count()
        destination = try columns.text()
        tryingSince = try columns.optionalTime()
        endpoint = try columns.optionalText()
        leasedBy = try columns.optionalNumber()
        leasedUntil = try columns.optionalTime()
        crashes = try columns.count()
        wish = try columns.optionalText()
        deliverBy = try columns.optionalTime()
        acceptBy = try columns.optionalTime()
        answerBy = try columns.optionalTime()
        warnAt = try columns.optionalTime()
    }

    /// Takes one value after the other.
    private struct Columns<Cells: MessageCells> {
        private let cells: Cells
        private var index: Int32 = 0

        init(_ cells: Cells) { self.cells = cells }

        private mutating func next() -> Int32 {
            defer { index += 1 }
            return index
        }

        mutating func number() throws -> Int64 { try cells.integer(next()) }
        mutating func count() throws -> Int { Int(try number()) }
        mutating func text() throws -> String { try cells.text(next()) }
        mutating func optionalNumber() throws -> Int64? { try cells.optionalInteger(next()) }
        mutating func optionalText() throws -> String? { try cells.optionalText(next()) }
        mutating func time() throws -> Date { Date(microseconds: try number()) }
        mutating func optionalTime() throws -> Date? { try optionalNumber().map { Date(microseconds: $0) } }

        mutating func value<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
            let text = try text()
            guard let value = Value(rawValue: text) else {
                throw StoreError(
                    .damaged, reason: "the store holds an unknown \(column) '\(text)'; it may come from a newer msggw")
            }
            return value
        }
    }
}

/// The cells of a row, whoever read it.
private protocol MessageCells {
    func integer(_ column: Int32) throws -> Int64
    func text(_ column: Int32) throws -> String
    func optionalInteger(_ column: Int32) throws -> Int64?
    func optionalText(_ column: Int32) throws -> String?
}

extension StatementRow: MessageCells {}

extension Row: MessageCells {
    fileprivate func integer(_ column: Int32) -> Int64 { self[Int(column)] }
    fileprivate func text(_ column: Int32) -> String { self[Int(column)] }
    fileprivate func optionalInteger(_ column: Int32) -> Int64? { self[Int(column)] }
    fileprivate func optionalText(_ column: Int32) -> String? { self[Int(column)] }
}

extension MessageRecord {
    private static let byID = "SELECT \(columns) FROM message WHERE id = ?"

    static func fetch(_ database: Database, id: Int64) throws -> MessageRecord? {
        try database.cachedStatement(sql: byID).first(.number(id)) { row in try MessageRecord(Columns(row)) }
    }
}

/// One step of a message's way on this node, as the audit trail has it.
public struct MessageStep: Sendable, Hashable, Codable {
    public var at: Date
    public var what: String
    public var detail: String?
}

/// One part of a message: the document (position 0) or an attachment.
struct PartRecord: Sendable, Hashable {
    let position: Int
    let contentID: String
    let mediaType: String
    /// The attachment's name, sealed; nil for the document.
    let title: [UInt8]?
    let payload: StoredPayload

    static func insertPayload(_ database: Database, _ payload: StoredPayload) throws -> Int64 {
        let (sealed, file): ([UInt8]?, String?) =
            switch payload.place {
            case .row(let bytes): (bytes, nil)
            case .file(let name): (nil, name)
            }
        try database.cachedStatement(sql: "INSERT INTO payload (name, length, sealed, file) VALUES (?, ?, ?, ?)")
            .run(.blob(payload.name), .integer(payload.length), .bytes(sealed), .text(file))
        let id = database.lastInsertedRowID
        if !payload.wrappedKey.isEmpty {
            try database.cachedStatement(sql: "INSERT INTO contentKey (payload, wrapped) VALUES (?, ?)")
                .run(.number(id), .blob(payload.wrappedKey))
        }
        return id
    }

    static func insert(
        _ database: Database, message: Int64, position: Int, payload: Int64, contentID: String, mediaType: String, title: [UInt8]?
    ) throws {
        try database.cachedStatement(
            sql: "INSERT INTO part (message, position, payload, contentID, mediaType, title) VALUES (?, ?, ?, ?, ?, ?)"
        ).run(.number(message), .integer(position), .number(payload), .string(contentID), .string(mediaType), .bytes(title))
    }

    static func fetch(_ database: Database, message: Int64) throws -> [PartRecord] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT part.position, part.contentID, part.mediaType, part.title,
                  payload.name, payload.length, payload.sealed, payload.file, contentKey.wrapped
                FROM part JOIN payload ON payload.id = part.payload LEFT JOIN contentKey ON contentKey.payload = payload.id
                WHERE part.message = ? ORDER BY part.position
                """)
        return try Row.fetchAll(statement, arguments: [message]).map { row in
            return PartRecord(
                position: row["position"], contentID: row["contentID"], mediaType: row["mediaType"],
                title: (row["title"] as Data?).map { Array($0) },
                payload: StoredPayload(row: row))
        }
    }
}

extension StoredPayload {
    /// A row of `payload` with the `wrapped` of its key.
    init(row: Row) {
        let sealed: Data? = row["sealed"]
        let name: Data = row["name"]
        let wrapped: Data? = row["wrapped"]
        let place: Place = if let sealed { .row(Array(sealed)) } else { .file(row["file"] ?? "") }
        self.init(
            name: Array(name), length: row["length"], place: place, wrappedKey: wrapped.map { Array($0) } ?? [])
    }
}

/// A signal as it was received or sent, kept as evidence.
struct ReceiptRecord: Sendable {
    enum Kind: String, Sendable {
        case acknowledgment, messageError, appRec
        /// The signed header of a message that came.
        case envelope
        /// The signed header of what we sent, kept when its content is destroyed.
        case header
    }

    let kind: Kind
    let direction: MessageRecord.Direction
    let at: Date
    let bytes: [UInt8]

    func insert(_ database: Database, message: Int64) throws {
        try database.cachedStatement(sql: "INSERT INTO receipt (message, kind, direction, at, bytes) VALUES (?, ?, ?, ?, ?)")
            .run(.number(message), .string(kind.rawValue), .string(direction.rawValue), .number(at.microseconds), .blob(bytes))
    }
}
