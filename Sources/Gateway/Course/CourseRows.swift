import Foundation
import GRDB

/// One row of `course` with what is needed of its message.
struct CourseRow: Sendable {
    enum Standing: String, Sendable {
        case joined
        /// Its first has not come.
        case waiting
        /// Somebody else's referral: it changes nothing.
        case foreign
    }

    let message: Int64
    let first: Int64?
    let what: CourseStep.What
    let code: String?
    let referral: String?
    let referrer: String?
    let generated: Date
    let standing: Standing
    let contact: Data?
    let direction: MessageRecord.Direction
    let sender: String
    let receiver: String
    let answerBy: Date?
    /// Whether nobody will ever have it: what goes out was given up or taken out of the queue.
    let isLost: Bool

    private init(_ row: Row) throws {
        let direction: String = row["direction"]
        let state: String = row["state"]
        isLost = [MessageState.failed, .cancelled].contains(MessageState(rawValue: state))
        (message, first, code, referral) = (row["message"], row["first"], row["code"], row["referral"])
        (referrer, contact, sender, receiver) = (row["referrer"], row["contact"], row["sender"], row["receiver"])
        generated = Date(microseconds: row["generated"])
        answerBy = (row["answerBy"] as Int64?).map { Date(microseconds: $0) }
        guard let what = CourseStep.What(rawValue: row["what"]), let standing = Standing(rawValue: row["standing"]),
            let way = MessageRecord.Direction(rawValue: direction)
        else {
            throw StoreError(.damaged, reason: "the store holds an unknown step of a referral; it may come from a newer msggw")
        }
        (self.what, self.standing, self.direction) = (what, standing, way)
    }

    /// Documents of one referral that are joined: nobody makes the next one dear by sending many.
    static let most = 100

    private static let columns = """
        SELECT course.*, message.direction, message.sender, message.receiver, message.answerBy, message.state
        FROM course JOIN message ON message.id = course.message
        """

    /// Everything that goes by that `ServReq/Id`, oldest first.
    static func fetch(_ database: Database, referral: String) throws -> [CourseRow] {
        try fetch(database, "course.referral = ?", referral)
    }

    /// A whole course, oldest first.
    static func fetch(_ database: Database, first: Int64) throws -> [CourseRow] {
        try fetch(database, "course.first = ?", first)
    }

    static func fetch(_ database: Database, message: Int64) throws -> CourseRow? {
        try fetch(database, "course.message = ?", message).first
    }

    private static func fetch(
        _ database: Database, _ condition: String, _ value: some DatabaseValueConvertible & Sendable
    ) throws -> [CourseRow] {
        let statement = try database.cachedStatement(
            sql: "\(columns) WHERE \(condition) ORDER BY course.message LIMIT \(4 * most)")
        return try Row.fetchAll(statement, arguments: [value]).map { try CourseRow($0) }
    }

    static func insert(
        _ step: CourseStep, message: Int64, first: Int64?, _ standing: Standing, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO course (message, first, what, code, referral, referrer, generated, standing, contact)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            message, first, step.what.rawValue, step.code, step.referral, step.referrer, step.generated.microseconds,
            standing.rawValue, step.contact.map { Data($0) },
        ])
    }

    /// Messages of one course that still wait for an answer, when a document goes by one of them.
    static func waiting(
        _ database: Database, document: String, _ direction: MessageRecord.Direction, from sender: String
    ) throws -> [MessageRecord] {
        try MessageRecord.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN course AS named ON named.message = name.message
                      JOIN course AS other ON other.first = named.first AND other.what <> 'S'
                      JOIN message ON message.id = other.message
                    WHERE name.kind = 'document' AND name.value = ? AND message.direction = ? AND message.sender = ?
                      AND message.answerBy IS NOT NULL
                    """),
            arguments: [document, direction.rawValue, sender])
    }
}
