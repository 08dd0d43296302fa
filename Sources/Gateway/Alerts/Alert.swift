public import Foundation
public import GRDB

/// One row of `alert`: a cause, from when it was first seen until it ended.
public struct Alert: Sendable, Hashable, Identifiable {
    public let id: Int64
    public let key: String
    public let kind: AlertKind
    public let severity: AlertSeverity
    public let subject: AlertSubject
    /// How far it has come; a higher one is told again.
    public let stage: Int
    public let firstAt: Date
    public let lastAt: Date
    /// How often it was raised.
    public let count: Int
    public let resolvedAt: Date?

    /// What lies in the column `about`.
    struct About: Codable {
        let stage: Int
        let subject: AlertSubject

        func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }

        init(stage: Int, subject: AlertSubject) { (self.stage, self.subject) = (stage, subject) }

        init(json: String) throws {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            self = try decoder.decode(Self.self, from: Data(json.utf8))
        }
    }

    static func key(_ kind: AlertKind, _ subject: String) -> String { "\(kind.rawValue) \(subject)" }
}

extension Alert: FetchableRecord {
    public init(row: Row) throws {
        let (kindName, severityName): (String, String) = (row["kind"], row["severity"])
        guard let kind = AlertKind(rawValue: kindName), let severity = AlertSeverity(rawValue: severityName),
            let about = try? About(json: row["about"])
        else {
            throw StoreError(
                .damaged, reason: "the store holds an alert '\(kindName)' that is not known; it may come from a newer msggw")
        }
        (id, key, count) = (row["id"], row["key"], row["count"])
        (self.kind, self.severity, subject, stage) = (kind, severity, about.subject, about.stage)
        (firstAt, lastAt) = (Date(microseconds: row["firstAt"]), Date(microseconds: row["lastAt"]))
        resolvedAt = (row["resolvedAt"] as Int64?).map { Date(microseconds: $0) }
    }

    static func fetch(_ database: Database, _ number: Int64) throws -> Alert? {
        try fetchOne(database.cachedStatement(sql: "SELECT * FROM alert WHERE id = ?"), arguments: [number])
    }

    static func fetchOpen(_ database: Database, key: String) throws -> Alert? {
        try fetchOne(
            database.cachedStatement(sql: "SELECT * FROM alert WHERE key = ? AND resolvedAt IS NULL"), arguments: [key])
    }
}
