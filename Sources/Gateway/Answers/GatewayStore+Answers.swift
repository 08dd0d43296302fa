public import Foundation
import GRDB
import Native

/// An answer as it lies in the store, without what was written.
public struct AnswerReport: Sendable, Hashable, Codable {
    public struct Letter: Sendable, Hashable, Codable {
        public let reader: String
        public let language: String
        public let score: Int
        public let lixTenths: Int
        /// This node's number of the message that took it to the mailbox; absent when it was not sent.
        public let message: Int64?
    }

    public let number: Int64
    /// This node's number of the referral, of the status, and of the referral as it was handed on.
    public let referral: Int64
    public let message: Int64
    public let forwarded: Int64?
    public let at: Date
    public let kind: String
    /// List 9148.
    public let status: String
    public let ground: String?
    public let receivedOn: String
    public let decidedOn: String
    public let knownOn: String?
    public let lastDay: String?
    public let countedUntil: String?
    /// SHA-256 of the record.
    public let digest: String
    /// Whether the record is what was signed into the audit trail; absent when it was destroyed.
    public let isIntact: Bool?
    public let letters: [Letter]
}

extension GatewayStore {
    /// What this node answered to a referral, oldest first; that somebody looked is in the audit trail.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is no such referral or no answer.
    public func answers(to name: String, for reading: Reading) async throws -> [AnswerReport] {
        let referral = try await answered(name, for: reading, how: "answer shown")
        return try read { database in
            try Self.rows(database, referral).map { row in
                let record = try Self.payload(database, row["record"]).map { try vault.bytes(of: $0) }
                return try Self.report(row, record: record, referral, database)
            }
        }
    }

    /// The last answer's record: canonical JSON, whose SHA-256 is its digest.
    public func answerRecord(to name: String, for reading: Reading) async throws -> Data {
        let referral = try await answered(name, for: reading, how: "record of the answer shown")
        let sealed = try read { database in
            try Self.rows(database, referral).last.flatMap { try Self.payload(database, $0["record"]) }
        }
        guard let sealed else { throw Self.destroyed }
        return Data(try vault.bytes(of: sealed))
    }

    /// Writes the last answer's letters to a folder, for whoever prints them: a page and a text for each reader, and PDF where
    /// one was made.
    ///
    public func writeLetters(to name: String, into folder: String, for reading: Reading) async throws -> FiledMessage {
        let referral = try await answered(name, for: reading, how: "letters of the answer saved")
        let files = try read { database -> [(name: String, payload: StoredPayload)] in
            guard let answer = try Self.rows(database, referral).last else { return [] }
            let id: Int64 = answer["id"]
            let letters = try Row.fetchAll(
                database, sql: "SELECT reader, html, text, pdf FROM answerLetter WHERE answer = ? ORDER BY reader",
                arguments: [id])
            return try letters.flatMap { letter in
                try [("html", "html"), ("text", "txt"), ("pdf", "pdf")].compactMap { column, ending in
                    try Self.payload(database, letter[column]).map { ("brev-\(letter["reader"] as String).\(ending)", $0) }
                }
            }
        }
        if files.isEmpty { throw Self.destroyed }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for file in files {
            let target = try DurableFile(creating: folder + "/" + file.name)
            try target.write(vault.bytes(of: file.payload))
            try target.finish()
        }
        return FiledMessage(folder: folder, files: files.map(\.name))
    }

    private static var destroyed: StoreError {
        StoreError(.destroyed, reason: "the content of that answer was destroyed when its time was over")
    }

    private func answered(_ name: String, for reading: Reading, how: String) async throws -> Int64 {
        let referral = try StoredReferral.find(name, in: self)
        guard try !read({ try Self.rows($0, referral.id) }).isEmpty else {
            throw StoreError(.notFound, reason: "the referral #\(referral.id) has not been answered from this node")
        }
        try await record(reading, of: referral, how: how)
        return referral.id
    }

    private static func rows(_ database: Database, _ referral: Int64) throws -> [Row] {
        try Row.fetchAll(database, sql: "SELECT * FROM answer WHERE \(AnswerRows.ofCourse) ORDER BY id", arguments: [referral])
    }

    private static func payload(_ database: Database, _ id: Int64?) throws -> StoredPayload? {
        guard let id else { return nil }
        return try Row.fetchOne(
            database,
            sql: """
                SELECT payload.name, payload.length, payload.sealed, payload.file, contentKey.wrapped
                FROM payload LEFT JOIN contentKey ON contentKey.payload = payload.id WHERE payload.id = ?
                """, arguments: [id]
        ).map { StoredPayload(row: $0) }
    }

    private static func report(
        _ row: Row, record: [UInt8]?, _ referral: Int64, _ database: Database
    ) throws -> AnswerReport {
        let (number, digest): (Int64, Data) = (row["id"], row["digest"])
        let letters = try Row.fetchAll(
            database, sql: "SELECT * FROM answerLetter WHERE answer = ? ORDER BY reader", arguments: [number])
        return AnswerReport(
            number: number, referral: referral, message: row["message"], forwarded: row["forwarded"],
            at: Date(microseconds: row["at"]), kind: row["kind"], status: String(row["status"] as Int), ground: row["ground"],
            receivedOn: row["receivedOn"], decidedOn: row["decidedOn"], knownOn: row["knownOn"], lastDay: row["lastDay"],
            countedUntil: row["countedUntil"], digest: digest.hexadecimal,
            isIntact: record.map { Data(Digest.of($0, .sha256)) == digest },
            letters: letters.map {
                AnswerReport.Letter(
                    reader: $0["reader"], language: $0["language"], score: $0["score"], lixTenths: $0["lixTenths"],
                    message: $0["message"])
            })
    }
}
