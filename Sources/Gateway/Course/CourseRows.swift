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
    let contact: [UInt8]?
    let direction: MessageRecord.Direction
    let sender: String
    let receiver: String
    let answerBy: Date?
    /// Whether nobody will ever have it: what goes out was given up or taken out of the queue.
    let isLost: Bool

    /// - Parameter row: of ``columns``.
    private init(_ row: StatementRow) throws {
        (message, first) = (try row.integer(0), try row.optionalInteger(1))
        let (whatText, standingText, directionText) = (try row.text(2), try row.text(7), try row.text(9))
        (code, referral, referrer) = (try row.optionalText(3), try row.optionalText(4), try row.optionalText(5))
        generated = Date(microseconds: try row.integer(6))
        contact = row.isNull(8) ? nil : try row.bytes(8)
        (sender, receiver) = (try row.text(10), try row.text(11))
        answerBy = try row.optionalInteger(12).map { Date(microseconds: $0) }
        isLost = [MessageState.failed, .cancelled].contains(MessageState(rawValue: try row.text(13)))
        guard let what = CourseStep.What(rawValue: whatText), let standing = Standing(rawValue: standingText),
            let way = MessageRecord.Direction(rawValue: directionText)
        else {
            throw StoreError(.damaged, reason: "the store holds an unknown step of a referral; it may come from a newer msggw")
        }
        (self.what, self.standing, self.direction) = (what, standing, way)
    }

    /// Documents of one referral that are joined: nobody makes the next one dear by sending many.
    static let most = 100

    private static let columns = """
        SELECT course.message, course.first, course.what, course.code, course.referral, course.referrer, course.generated,
          course.standing, course.contact, message.direction, message.sender, message.receiver, message.answerBy, message.state
        FROM course JOIN message ON message.id = course.message
        """

    /// Everything that goes by that `ServReq/Id`, oldest first.
    static func fetch(_ database: Database, referral: String) throws -> [CourseRow] {
        try database.cachedStatement(sql: byReferral).all(.string(referral)) { row in try CourseRow(row) }
    }

    /// A whole course, oldest first.
    static func fetch(_ database: Database, first: Int64) throws -> [CourseRow] {
        try database.cachedStatement(sql: byFirst).all(.number(first)) { row in try CourseRow(row) }
    }

    static func fetch(_ database: Database, message: Int64) throws -> CourseRow? {
        try database.cachedStatement(sql: byMessage).first(.number(message)) { row in try CourseRow(row) }
    }

    private static let byReferral = query("course.referral = ?")
    private static let byFirst = query("course.first = ?")
    private static let byMessage = query("course.message = ?")

    private static func query(_ condition: String) -> String {
        "\(columns) WHERE \(condition) ORDER BY course.message LIMIT \(4 * most)"
    }

    static func insert(
        _ step: CourseStep, message: Int64, first: Int64?, _ standing: Standing, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO course (message, first, what, code, referral, referrer, generated, standing, contact)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).run(
            .number(message), .integer(first), .string(step.what.rawValue), .text(step.code), .text(step.referral),
            .text(step.referrer), .time(step.generated), .string(standing.rawValue), .bytes(step.contact))
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
