import Foundation
import GRDB

extension Course {
    /// Takes a stored message into the course that it belongs to, in the commit that stores it.
    ///
    /// - Throws: ``SubmissionError`` for what goes out and must not: a change of somebody else's referral, an answer out of order.
    static func follow(_ step: CourseStep, _ message: MessageRecord, at now: Date, in database: Database) throws {
        if step.what == .status {
            try joinStatus(step, message, at: now, in: database)
        } else if let referral = step.referral {
            try joinDocument(step, message, referral, at: now, in: database)
        }
    }

    // MARK: - Documents of the referral

    private static func joinDocument(
        _ step: CourseStep, _ message: MessageRecord, _ referral: String, at now: Date, in database: Database
    ) throws {
        let known = try CourseRow.fetch(database, referral: referral).filter {
            $0.direction == message.direction && $0.receiver == message.receiver
        }
        let own = known.filter { $0.sender == message.sender || $0.referrer == message.sender }
        if known.count < CourseRow.most, let first = own.lazy.compactMap(\.first).first {
            try CourseRow.insert(step, message: message.id, first: first, .joined, in: database)
            return try apply(message.id, Course(CourseRow.fetch(database, first: first)), at: now, in: database)
        }
        guard step.what == .new || known.count >= CourseRow.most else {
            let isForeign = known.contains { $0.first != nil }
            try refuse(isForeign, message)
            try CourseRow.insert(step, message: message.id, first: nil, isForeign ? .foreign : .waiting, in: database)
            // Nobody waits for an answer to a cancellation.
            if step.what == .cancellation { try Deadlines.clear(.answered, database, message: message.id) }
            if message.direction == .in {
                try AlertBoard.raise(.referralStray, about: .message(message), at: now, in: database)
            }
            return
        }
        try CourseRow.insert(step, message: message.id, first: message.id, .joined, in: database)
        guard !known.isEmpty, known.count < CourseRow.most else { return }
        try adopt(own, into: message.id, at: now, in: database)
        try database.execute(
            sql: "UPDATE course SET standing = ? WHERE referral = ? AND first IS NULL AND message IN (\(Self.list(known)))",
            arguments: [CourseRow.Standing.foreign.rawValue, referral])
    }

    /// Whoever hands it in can be asked; whoever got it is told by an alert.
    private static func refuse(_ isForeign: Bool, _ message: MessageRecord) throws {
        guard isForeign, message.direction == .out else { return }
        throw SubmissionError(
            .senderDiffers,
            "the referral with this ServReq/Id was sent by another party of this node; only whoever sent it can change it, add to it or take it back"
        )
    }

    /// What came before its first: it takes its place now.
    private static func adopt(_ rows: [CourseRow], into first: Int64, at now: Date, in database: Database) throws {
        for row in rows where row.first == nil {
            try database.execute(
                sql: "UPDATE course SET first = ?, standing = ? WHERE message = ?",
                arguments: [first, CourseRow.Standing.joined.rawValue, row.message])
            try AlertBoard.resolve(.referralStray, about: "#\(row.message)", at: now, in: database)
            try apply(row.message, Course(CourseRow.fetch(database, first: first)), at: now, in: database)
        }
    }

    private static func list(_ rows: [CourseRow]) -> String { rows.map { String($0.message) }.joined(separator: ", ") }

    /// What a joined document means for who waits.
    private static func apply(_ id: Int64, _ course: Course, at now: Date, in database: Database) throws {
        guard let row = course.rows.first(where: { $0.message == id }) else { return }
        if let cancellation = course.cancellation {
            // Also what came after it and was made before.
            for waiting in course.documents where waiting.answerBy != nil {
                try AlertBoard.settle(.answered, of: waiting.message, at: now, in: database)
            }
            if row.what == .cancellation, row.direction == .in, course.standingStatus != nil,
                let message = try MessageRecord.fetch(database, id: cancellation.message)
            {
                try AlertBoard.raise(.answerCrossed, about: .message(message), at: now, in: database)
            }
            return
        }
        guard row.what != .cancellation else { return try AlertBoard.settle(.answered, of: id, at: now, in: database) }
        // One referral is answered once, and within the time of its first receipt: a later document can only make it sooner.
        guard let open = course.documents.first(where: { $0.message != id && $0.answerBy != nil }) else { return }
        if let own = row.answerBy {
            try AlertBoard.settle(.answered, of: id, at: now, in: database)
            if let end = open.answerBy, own < end, var deadlines = try MessageRecord.fetch(database, id: open.message)?.deadlines
            {
                // Who looks then sets right when somebody is told.
                (deadlines.answerBy, deadlines.warnAt) = (own, now)
                try deadlines.write(database, message: open.message)
            }
        }
    }

    // MARK: - Statuses

    private static func joinStatus(
        _ step: CourseStep, _ message: MessageRecord, at now: Date, in database: Database
    ) throws {
        let asked: MessageRecord.Direction = message.direction == .in ? .out : .in
        for id in step.about {
            let firsts = try Int64.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT DISTINCT course.first FROM name JOIN course ON course.message = name.message
                          JOIN message ON message.id = course.message
                        WHERE name.kind = 'document' AND name.value = ? AND message.direction = ? AND course.first IS NOT NULL
                          AND course.what <> 'S' ORDER BY course.first DESC LIMIT 20
                        """), arguments: [id, asked.rawValue])
            for first in firsts {
                let course = Course(try CourseRow.fetch(database, first: first))
                guard course.mayAnswer(message), course.rows.count < 2 * CourseRow.most else { continue }
                if message.direction == .out, let code = step.code, let reason = course.reasonAgainst(code: code) {
                    throw SubmissionError(.outOfOrder, reason)
                }
                try CourseRow.insert(step, message: message.id, first: first, .joined, in: database)
                if message.direction == .in, course.cancellation != nil {
                    try AlertBoard.raise(.answerCrossed, about: .message(message), at: now, in: database)
                }
                return
            }
        }
    }

    /// Whether that sender may say where the referral is: who got it; of one that was handed over also somebody else.
    private func mayAnswer(_ status: MessageRecord) -> Bool {
        let isHandedOver = statuses.contains { $0.code == "3" }
        return documents.contains { document in
            status.direction == .out
                ? document.receiver == status.sender
                : document.sender == status.receiver && (document.receiver == status.sender || isHandedOver)
        }
    }
}
