import Envelope
import Foundation
import GRDB

/// Microseconds since 1970, UTC: how times lie in the store.
extension Date {
    /// Times beyond what 64 bits hold become the last one that they do.
    var microseconds: Int64 { Int64(exactly: (timeIntervalSince1970 * 1_000_000).rounded()) ?? .max }
    init(microseconds: Int64) { self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
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
    public init(row: Row) throws {
        id = row["id"]
        direction = try Self.value(row, "direction")
        state = try Self.value(row, "state")
        kind = row["kind"]
        messageID = row["messageID"]
        conversationID = row["conversationID"]
        documentID = row["documentID"]
        documentGenerated = row["documentGenerated"]
        cpaID = row["cpaID"]
        sender = row["sender"]
        receiver = row["receiver"]
        protection = try Self.value(row, "protection")
        created = Date(microseconds: row["created"])
        updated = Date(microseconds: row["updated"])
        due = Self.time(row, "due")
        attempts = row["attempts"]
        failure = row["failure"]
        answers = row["answers"]
        priority = row["priority"]
        destination = row["destination"]
        tryingSince = Self.time(row, "tryingSince")
        endpoint = row["endpoint"]
        leasedBy = row["leasedBy"]
        leasedUntil = Self.time(row, "leasedUntil")
        crashes = row["crashes"]
        wish = row["wish"]
        deliverBy = Self.time(row, "deliverBy")
        acceptBy = Self.time(row, "acceptBy")
        answerBy = Self.time(row, "answerBy")
        warnAt = Self.time(row, "warnAt")
    }

    private static func time(_ row: Row, _ column: String) -> Date? {
        (row[column] as Int64?).map { Date(microseconds: $0) }
    }

    private static func value<Value: RawRepresentable<String>>(_ row: Row, _ column: String) throws -> Value {
        let text: String = row[column]
        guard let value = Value(rawValue: text) else {
            throw StoreError(.damaged, reason: "the store holds an unknown \(column) '\(text)'; it may come from a newer msggw")
        }
        return value
    }
}

extension MessageRecord {
    static func fetch(_ database: Database, id: Int64) throws -> MessageRecord? {
        try MessageRecord.fetchOne(database.cachedStatement(sql: "SELECT * FROM message WHERE id = ?"), arguments: [id])
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
            .execute(arguments: [Data(payload.name), payload.length, sealed.map { Data($0) }, file])
        let id = database.lastInsertedRowID
        if !payload.wrappedKey.isEmpty {
            try database.cachedStatement(sql: "INSERT INTO contentKey (payload, wrapped) VALUES (?, ?)")
                .execute(arguments: [id, Data(payload.wrappedKey)])
        }
        return id
    }

    static func insert(
        _ database: Database, message: Int64, position: Int, payload: Int64, contentID: String, mediaType: String, title: [UInt8]?
    ) throws {
        try database.cachedStatement(
            sql: "INSERT INTO part (message, position, payload, contentID, mediaType, title) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [message, position, payload, contentID, mediaType, title.map { Data($0) }])
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
            .execute(arguments: [message, kind.rawValue, direction.rawValue, at.microseconds, Data(bytes)])
    }
}
