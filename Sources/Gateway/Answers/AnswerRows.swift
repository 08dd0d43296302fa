import Foundation
import GRDB
import Practice

/// Rows of `answer` and `answerLetter`.
enum AnswerRows {
    /// One letter, sealed.
    struct Letter: Sendable {
        let page: AnswerBundle.Page
        let html: StoredPayload
        let text: StoredPayload
        let pdf: StoredPayload?
    }

    /// Everything of an answer that is known before its messages are stored.
    struct Draft: Sendable {
        let kind: AnswerFile.Kind
        let answer: any ReferralAnswer
        let receivedOn: LetterDay
        let bundle: AnswerBundle
        let record: StoredPayload
        let letters: [Letter]

        var payloads: [StoredPayload] {
            [record] + letters.flatMap { [$0.html, $0.text] + [$0.pdf].compactMap(\.self) }
        }
    }

    /// - Parameters:
    ///   - messages: to the mailbox, by the reader.
    /// - Returns: the answer's number.
    static func insert(
        _ draft: Draft, message: Int64, referral: Int64, forwarded: Int64?, letters messages: [LetterReader: Int64], at now: Date,
        in database: Database
    ) throws -> Int64 {
        let dates = Dates(draft)
        let record = try PartRecord.insertPayload(database, draft.record)
        try database.execute(
            sql: """
                INSERT INTO answer (message, referral, forwarded, at, kind, status, ground, receivedOn, decidedOn, knownOn, lastDay,
                  countedUntil, record, digest, rules, texts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                message, referral, forwarded, now.microseconds, draft.kind.rawValue, draft.bundle.status.status.rawValue,
                (draft.answer as? Rejection)?.ground.rawValue, draft.receivedOn.iso, dates.decided.iso,
                dates.complaint?.madeKnown.iso, dates.complaint?.lastDay.iso, dates.complaint?.countedUntil.iso, record,
                draft.bundle.digest, PlainLanguage.rules, AnswerBundle.texts,
            ])
        let id = database.lastInsertedRowID
        for letter in draft.letters {
            let (html, text) = (
                try PartRecord.insertPayload(database, letter.html), try PartRecord.insertPayload(database, letter.text)
            )
            let pdf = try letter.pdf.map { try PartRecord.insertPayload(database, $0) }
            try database.execute(
                sql: """
                    INSERT INTO answerLetter (answer, reader, language, html, text, pdf, score, lixTenths, message)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, letter.page.letter.reader.rawValue, letter.page.letter.language.rawValue, html, text, pdf,
                    letter.page.reading.score, letter.page.reading.lixTenths, messages[letter.page.letter.reader],
                ])
        }
        return id
    }

    private struct Dates {
        let decided: LetterDay
        let complaint: ComplaintRight?

        init(_ draft: Draft) {
            switch draft.answer {
            case let rejection as Rejection: (decided, complaint) = (rejection.assessedOn, rejection.complaint)
            case let acceptance as Acceptance: (decided, complaint) = (acceptance.assessedOn, acceptance.complaint)
            case let forwarding as Forwarding: (decided, complaint) = (forwarding.forwardedOn, nil)
            default: (decided, complaint) = (draft.receivedOn, nil)
            }
        }
    }

    // MARK: - Going

    /// Takes the content of the answer that went as this message off its rows: figures and days stay as long as the record of the
    /// message.
    ///
    /// - Returns: the payloads that nobody names any more.
    static func release(_ database: Database, message: Int64) throws -> [Int64] {
        let answers = try Int64.fetchAll(
            database, sql: "SELECT id FROM answer WHERE message = ? AND record IS NOT NULL", arguments: [message])
        var payloads: [Int64] = []
        for answer in answers {
            let rows =
                try Row.fetchAll(database, sql: "SELECT record FROM answer WHERE id = ?", arguments: [answer])
                + Row.fetchAll(database, sql: "SELECT html, text, pdf FROM answerLetter WHERE answer = ?", arguments: [answer])
            payloads += rows.flatMap { row in row.databaseValues.compactMap { Int64.fromDatabaseValue($0) } }
            try database.execute(sql: "UPDATE answer SET record = NULL WHERE id = ?", arguments: [answer])
            try database.execute(
                sql: "UPDATE answerLetter SET html = NULL, text = NULL, pdf = NULL WHERE answer = ?", arguments: [answer])
        }
        return payloads
    }

    /// Of a message whose record goes: what it answered with, and its place in other answers.
    static func delete(_ database: Database, message: Int64) throws {
        try database.execute(
            sql: "DELETE FROM answerLetter WHERE answer IN (SELECT id FROM answer WHERE message = ?)", arguments: [message])
        try database.execute(sql: "DELETE FROM answer WHERE message = ?", arguments: [message])
        for column in ["referral", "forwarded"] {
            try database.execute(sql: "UPDATE answer SET \(column) = NULL WHERE \(column) = ?", arguments: [message])
        }
        try database.execute(sql: "UPDATE answerLetter SET message = NULL WHERE message = ?", arguments: [message])
    }

    /// Answers to a referral, whichever of its documents they were given to.
    static let ofCourse = """
        referral = ?1 OR referral IN (SELECT other.message FROM course JOIN course AS other ON other.first = course.first
                                      WHERE course.message = ?1)
        """

    /// What this node last answered to a referral; nil when nothing, or when the referrer has said more since.
    static func last(_ database: Database, referral: Int64) throws -> AnswerFile.Kind? {
        let last = try Row.fetchOne(
            database, sql: "SELECT kind, message FROM answer WHERE \(ofCourse) ORDER BY id DESC LIMIT 1", arguments: [referral])
        guard let last else { return nil }
        let status: Int64 = last["message"]
        let isNewer = try Course.of(referral, in: database)?.documents.contains { document in
            document.message > status && document.what != .cancellation && document.what != .history
        }
        return isNewer == true ? nil : AnswerFile.Kind(rawValue: last["kind"])
    }
}
