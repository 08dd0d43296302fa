import Foundation
import GRDB

/// What is missing or unsure after a node was restored, and whom to ask.
public struct RestoreReport: Sendable, Codable {
    public struct Message: Sendable, Codable {
        public let number: Int64
        public let kind: String
        public let messageID: String
        public let documentID: String
        public let conversationID: String
        /// The party at the other end.
        public let partner: String
        public let since: Date
    }

    /// Somebody who may know what is missing here.
    public struct Partner: Sendable, Codable {
        /// HER-id.
        public let party: String
        /// Messages to it that are held.
        public let held: Int
        /// Messages that it has and whose answer may have been lost here.
        public let unanswered: Int
        /// The last thing that is known here of what it sent.
        public let lastReceived: Date?
    }

    /// When the backup was made. What happened from then on is not known here.
    public let made: Date
    public let restored: Date
    public let folder: String
    /// Outgoing messages that may have been delivered since the backup. They are held: see `msggw restore resend`.
    public let held: [Message]
    /// Received messages that may have been filed since. Nobody files them again: see `msggw inbox save`.
    public let notFiled: [Message]
    /// Sent messages that were delivered and had no AppRec yet: it may have come since, and nobody sends it again.
    public let unanswered: [Message]
    /// Folders of messages filed after the backup: their documents are there, and nothing of them is in the store.
    public let filedSince: [String]
    public let partners: [Partner]
    /// What was wrong with the backup.
    public internal(set) var problems: [String] = []
    /// Keys that no backup holds.
    public internal(set) var toPutBack: [String] = []
    public internal(set) var remarks: [String] = []
    /// What retention destroyed again at once.
    public internal(set) var destroyed: RetentionReport?
}

extension GatewayStore {
    /// What is still unsure in a store that was restored.
    ///
    /// - Parameter node: the node's folder, where filed messages are looked for.
    /// - Throws: ``StoreError`` `.notFound` when it was not restored, or somebody has said that all is settled.
    public func restoreReport(at now: Date, node folder: String) throws -> RestoreReport {
        let filing = try? NodeSettings(folder: folder, environment: [:]).filing
        return try read { database in
            guard let restored = try Fact.date(database, .restored), let made = try Fact.date(database, .restoredFrom) else {
                throw StoreError(.notFound, reason: "this store was not restored from a backup, or its restoration was settled")
            }
            let held = try Self.messages(
                database, "direction = 'out' AND state = 'held' AND failure LIKE ?", [RestoredStore.reason + "%"], "receiver")
            let last = try Fact.number(database, .restoredLast) ?? 0
            let notFiled = try Self.messages(database, "direction = 'in' AND state = 'opened' AND id <= ?", [last], "sender")
            let unanswered = try Self.messages(
                database, "direction = 'out' AND state = 'delivered' AND kind <> 'APPREC' AND id <= ? AND updated > ?",
                [last, (made - 90 * 86_400).microseconds], "receiver")
            return RestoreReport(
                made: made, restored: restored, folder: folder, held: held, notFiled: notFiled, unanswered: unanswered,
                filedSince: filing.map { Self.filed($0, after: last, before: last + RestoredStore.numberLeap) } ?? [],
                partners: try Self.partners(database, held, unanswered, made: made))
        }
    }

    /// Lets messages go that were held by a restoration: the same bytes, for a receiver that knows repeats. What was not sealed then
    /// is sealed anew; a receiver that has it already refuses it as another message of that name, and thereby says that it has it.
    ///
    /// - Parameter receiver: only those to this party; nil for all.
    /// - Returns: how many.
    public func resendRestored(to receiver: HERID?, at now: Date, by actor: AuditActor) async throws -> Int {
        try await commit { database in
            let ids = try Int64.fetchAll(
                database,
                sql:
                    "SELECT id FROM message WHERE direction = 'out' AND state = 'held' AND failure LIKE ? AND (? IS NULL OR receiver = ?) ORDER BY id",
                arguments: [RestoredStore.reason + "%", receiver?.value, receiver?.value])
            return try ids.filter { try Ledger.apply(.released, to: $0, at: now, by: actor, in: database) != nil }.count
        }
    }

    /// Somebody has looked into everything that a restoration left unsure.
    public func settleRestoration(at now: Date, by actor: AuditActor) async throws {
        try await commit { database in
            guard try Fact.date(database, .restored) != nil else {
                throw StoreError(.notFound, reason: "this store was not restored from a backup, or its restoration was settled")
            }
            try Fact.set(database, .restored, nil as String?)
            try AuditTrail.append(AuditRecord(at: now, by: actor, action: "restoration settled"), in: database)
        }
    }

    /// For the log at each start, until somebody has settled it.
    var restorationRemark: String? {
        let made = try? read { database in
            try Fact.date(database, .restored) == nil ? nil : try Fact.date(database, .restoredFrom)
        }
        return made.map {
            "this store was restored from a backup of \($0.formatted(.iso8601)); see 'msggw restore report', and end it with 'msggw restore settled'"
        }
    }

    private static func messages(
        _ database: Database, _ condition: String, _ arguments: StatementArguments, _ partner: String
    ) throws -> [RestoreReport.Message] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, kind, messageID, documentID, conversationID, created, \(partner) AS partner FROM message
                WHERE \(condition) ORDER BY id LIMIT 10000
                """, arguments: arguments
        ).map {
            RestoreReport.Message(
                number: $0["id"], kind: $0["kind"], messageID: $0["messageID"], documentID: $0["documentID"],
                conversationID: $0["conversationID"], partner: $0["partner"], since: Date(microseconds: $0["created"]))
        }
    }

    /// Everybody with whom there was something in the last three months.
    private static func partners(
        _ database: Database, _ held: [RestoreReport.Message], _ unanswered: [RestoreReport.Message], made: Date
    ) throws -> [RestoreReport.Partner] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT iif(direction = 'in', sender, receiver) AS party, max(iif(direction = 'in', created, NULL)) AS last
                FROM message WHERE created > ? GROUP BY party ORDER BY party
                """, arguments: [(made - 90 * 86_400).microseconds])
        return rows.map { row in
            let party: String = row["party"]
            return RestoreReport.Partner(
                party: party, held: held.count { $0.partner == party }, unanswered: unanswered.count { $0.partner == party },
                lastReceived: (row["last"] as Int64?).map { Date(microseconds: $0) })
        }
    }

    /// Folders named by own numbers that were given after the backup.
    private static func filed(_ filing: FilingSettings, after: Int64, before: Int64) -> [String] {
        let folders = ([filing.mode] + filing.overrides.values).compactMap { mode in
            if case .folder(let folder) = mode { folder } else { nil as String? }
        }
        return Set(folders).sorted().flatMap { folder in
            ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).filter { name in
                guard let last = name.split(separator: "/").last, let number = Int64(last.prefix { $0.isNumber }),
                    last.dropFirst(String(number).count).first == "-"
                else { return false }
                return number > after && number < before
            }.map { folder + "/" + $0 }
        }.sorted()
    }
}
