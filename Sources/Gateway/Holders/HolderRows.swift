import Foundation
import GRDB
import Practice

/// What is under way, and who has it.
struct HeldMessage: Sendable, Hashable {
    let id: Int64
    let messageID: String
    let direction: MessageRecord.Direction
    let state: MessageState
    let sender: String
    let receiver: String
    /// The door that has it, deputies left aside.
    let door: DoorID
    let answerBy: Date?

    /// Until it is opened the message itself is what somebody has; then it is the deadline.
    var subject: InFlight.Subject {
        guard let answerBy, state.isOpenedOrLater else { return .message(id: messageID) }
        return .deadline(messageID: messageID, rule: DeadlineEvent.answered.rawValue, due: answerBy)
    }

    var inFlight: InFlight { InFlight(subject, at: door) }
    /// Of the two, who is ours.
    var own: String { direction == .in ? receiver : sender }
}

extension MessageState {
    fileprivate var isOpenedOrLater: Bool {
        switch self {
        case .taken, .sealed, .held, .delivered, .opened: false
        default: true
        }
    }
}

/// Reads and writes who has a message, in somebody's transaction.
enum HolderRows {
    /// The door whose message it is: where it was sent, or what a reform has made of that.
    private static let door = """
        coalesce((SELECT toDoor FROM rehoming WHERE rehoming.message = message.id ORDER BY rehoming.id DESC LIMIT 1), receiver)
        """
    /// What has not left, has not been opened, or waits for its answer. Receipts follow the message that they are about.
    private static let underWay = """
        kind NOT IN ('APPREC', 'Acknowledgment', 'MessageError') AND (
          answerBy IS NOT NULL OR (direction = 'in' AND state = 'opened')
          OR (direction = 'out' AND (state IN ('taken', 'sealed', 'held') OR (state = 'delivered' AND acceptBy IS NOT NULL))))
        """
    private static let columns = "id, messageID, direction, state, sender, receiver, answerBy, \(door) AS door"

    static func doors(_ database: Database) throws -> [DoorID] {
        try String.fetchAll(database, sql: "SELECT DISTINCT \(door) FROM message WHERE \(underWay)").compactMap { DoorID($0) }
            .sorted()
    }

    static func all(_ database: Database) throws -> [HeldMessage] {
        try Row.fetchAll(database, sql: "SELECT \(columns) FROM message WHERE \(underWay) ORDER BY id").compactMap(
            HeldMessage.init)
    }

    static func fetch(at door: DoorID, after id: Int64 = 0, limit: Int, _ database: Database) throws -> [HeldMessage] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM message WHERE \(underWay) AND \(Self.door) = ? AND id > ? ORDER BY id LIMIT ?",
            arguments: [door.description, id, limit]
        ).compactMap(HeldMessage.init)
    }

    static func fetch(_ id: Int64, _ database: Database) throws -> HeldMessage? {
        try Row.fetchOne(database, sql: "SELECT \(columns) FROM message WHERE \(underWay) AND id = ?", arguments: [id])
            .flatMap(HeldMessage.init)
    }

    /// Who has it now, deputies too.
    static func holder(of message: Int64, _ database: Database) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT coalesce((SELECT turn.door FROM turn WHERE turn.message = message.id AND turn.line = \(door)
                      ORDER BY number DESC LIMIT 1), \(door)) FROM message WHERE id = ?
                    """), arguments: [message])
    }

    // MARK: - Reform

    static func insert(_ signed: SignedNote, at now: Date, by actor: AuditActor, in database: Database) throws {
        let note = signed.note
        try database.execute(
            sql: """
                INSERT INTO rehoming (message, fromDoor, toDoor, reform, effective, at, signedBytes, signature, certificate)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                signed.message.id, note.from.description, note.to.description, note.reform, note.effective.description,
                now.microseconds, Data(note.signedBytes), Data(signed.signature), Data(signed.certificate),
            ])
        try AuditTrail.append(
            AuditRecord(
                at: now, by: actor, action: "rehomed", message: signed.message.id, messageID: signed.message.messageID,
                state: signed.message.state, detail: signed.text, digest: signed.digest), in: database)
    }

    /// Whether messages to that door have another holder because of a reform.
    static func hasLeft(_ door: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM rehoming WHERE fromDoor = ?)", arguments: [door]) ?? false
    }

    // MARK: - Deputies

    static func turns(of message: Int64, line: DoorID, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM turn WHERE message = ? AND line = ?", arguments: [message, line.description])
            ?? 0
    }

    static func insert(
        _ turn: DeputyLine.Turn, number: Int, of message: Int64, line: DoorID, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO turn (message, line, number, door, begins, ends) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                message, line.description, number, turn.door.description, turn.from.microseconds, turn.until.microseconds,
            ])
    }

    /// When it came to the door that has it: there it was taken in, or so the Acknowledgment says, or a reform brought it.
    static func arrival(of message: HeldMessage, _ database: Database) throws -> Date? {
        let brought = try Int64.fetchOne(
            database, sql: "SELECT max(at) FROM rehoming WHERE message = ?", arguments: [message.id])
        let came = try Int64.fetchOne(
            database,
            sql: message.direction == .in
                ? "SELECT created FROM message WHERE id = ?"
                : "SELECT min(at) FROM audit WHERE message = ? AND action = 'delivered'", arguments: [message.id])
        return [came, brought].compactMap(\.self).max().map { Date(microseconds: $0) }
    }
}

extension HeldMessage {
    fileprivate init?(_ row: Row) {
        guard let door = DoorID(row["door"] as String), let direction = MessageRecord.Direction(rawValue: row["direction"]),
            let state = MessageState(rawValue: row["state"])
        else { return nil }
        self.init(
            id: row["id"], messageID: row["messageID"], direction: direction, state: state, sender: row["sender"],
            receiver: row["receiver"], door: door, answerBy: (row["answerBy"] as Int64?).map { Date(microseconds: $0) })
    }
}

extension GatewayStore {
    /// Whether messages to that door have another holder because of a reform.
    func haveLeft(_ door: String) throws -> Bool { try read { try HolderRows.hasLeft(door, $0) } }

    /// Who has a message now, as a HER-id: the door that it was sent to, the one that a reform has put in its place, or a deputy.
    public func holder(of message: Int64) throws -> String? { try read { try HolderRows.holder(of: message, $0) } }
}
