import ArgumentParser
import Foundation
import GRDB
import Gateway

/// What a message costs when little is stored, and when a lot is: two pairs of nodes, measured in turns.
struct Flat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "CPU time and latency of a message with 1,000 and with 1,000,000 messages stored, in one run.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Messages in the small stores.") var small = 1000
    @Option(help: "Messages in the large stores.") var large = 1_000_000
    @Option(help: "Seconds for each figure.") var seconds = 5.0
    @Option(help: "Turns; the median counts.") var turns = 5

    func run() async throws {
        let base = try work.prepared()
        var pairs: [(stored: Int, folders: [String])] = []
        for count in [small, large] {
            let folders = try TwoNodes.make(at: "\(base)/flat-\(count)", pki: base + "/certificates")
            try await seedOne(folders)
            let begin = ContinuousClock.now
            for folder in folders { try StoreFilling(folder: folder).fill(to: count) }
            print("\(count) messages stored at both nodes, \(Int(begin.duration(to: .now).inSeconds)) s to fill")
            pairs.append((count, folders))
        }
        var figures: [Int: [PairBenchmark.Figures]] = [:]
        for _ in 0..<turns {
            for pair in pairs {
                let begin = ContinuousClock.now
                let nodes = try TwoNodes(folders: pair.folders)
                let opened = begin.duration(to: .now).inSeconds
                let figure = try await measure(nodes, seconds)
                figures[pair.stored, default: []].append(figure)
                print(
                    "  \(pair.stored) stored: opened in \(String(format: "%.2f", opened)) s, CPU \(Int(figure.cpuMicroseconds)) us a message, p50 \(String(format: "%.1f", figure.median * 1000)) ms, p99 \(String(format: "%.1f", figure.p99 * 1000)) ms, \(figure.messages) messages"
                )
            }
        }
        let (few, many) = (figures[small] ?? [], figures[large] ?? [])
        print(
            "with \(large) stored a message costs \(ratio(many, few, \.cpuMicroseconds)) of the CPU time, p50 \(ratio(many, few, \.median)), p99 \(ratio(many, few, \.p99)) of what it costs with \(small)"
        )
    }

    private func ratio(
        _ above: [PairBenchmark.Figures], _ below: [PairBenchmark.Figures], _ figure: KeyPath<PairBenchmark.Figures, Double>
    ) -> String {
        func median(_ figures: [PairBenchmark.Figures]) -> Double {
            let sorted = figures.map { $0[keyPath: figure] }.sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        }
        return String(format: "%.2f", median(above) / median(below))
    }

    /// One real message each, of which the rest are copies.
    private func seedOne(_ folders: [String]) async throws { _ = try await measure(TwoNodes(folders: folders), 0.2) }

    private func measure(_ nodes: TwoNodes, _ seconds: Double) async throws -> PairBenchmark.Figures {
        let text = try ReferralText()
        return try await nodes.serving {
            let waiting = DeliveryWaiting()
            waiting.watch(nodes.sender)
            let pair = PairBenchmark(sender: nodes.sender, receiver: nodes.receiver, text: text)
            _ = try await pair.run(inFlight: 4, seconds: 0.3, waiting: waiting)
            return try await pair.run(inFlight: 32, seconds: seconds, waiting: waiting)
        }
    }
}

/// Fills a node's store with copies of a message that it has, under ids of their own.
struct StoreFilling {
    private let database: DatabaseQueue

    init(folder: String) throws { database = try DatabaseQueue(path: folder + "/store/gateway.sqlite") }

    /// Rows of every table that a message has rows in. Ids that others made are random, as they are in life; contents are 300
    /// bytes each, so that a million messages fit on the disk: what is measured is the cost of many rows, not of many bytes.
    func fill(to count: Int) throws {
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000") }
        while true {
            let left = try database.write { database -> Int in
                let stored = try Int.fetchOne(database, sql: "SELECT count(*) FROM message") ?? 0
                let left = min(count - stored, 100_000)
                if left > 0 { try copy(left, database) }
                return left
            }
            if left <= 0 { break }
        }
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private func copy(_ count: Int, _ database: Database) throws {
        guard let template = try Int64.fetchOne(database, sql: "SELECT min(id) FROM message WHERE due IS NULL"),
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM message")
        else { throw BenchmarkFailure("the store has no message to copy") }
        let identifier = "lower(hex(randomblob(16)))"
        try insert(
            "message", "id = \(template)",
            ["id": "\(last) + n.i", "messageID": identifier, "conversationID": identifier, "documentID": identifier],
            count, database)
        for kind in ["message", "document", "conversation"] {
            let column = kind == "message" ? "messageID" : kind + "ID"
            try database.execute(
                sql:
                    "INSERT OR IGNORE INTO name (kind, value, message) SELECT '\(kind)', \(column), id FROM message WHERE id > \(last)"
            )
        }
        if try Bool.fetchOne(database, sql: "SELECT count(*) > 0 FROM received") ?? false {
            try database.execute(
                sql:
                    "INSERT INTO received (sender, messageID, digest, message) SELECT sender, messageID, randomblob(32), id FROM message WHERE id > \(last) AND direction = 'in'"
            )
        }
        let content = "randomblob(300)"
        try insert(
            "wire", "message = \(template)", ["message": "\(last) + n.i", "body": content, "soap": content], count, database)
        try insert(
            "receipt", "message = \(template)", ["id": "NULL", "message": "\(last) + n.i", "bytes": content], count, database)
        let payloads = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) FROM payload") ?? 0
        try insert(
            "payload", "id = (SELECT payload FROM part WHERE message = \(template) AND position = 0)",
            ["id": "\(payloads) + n.i", "name": "randomblob(16)", "sealed": content], count, database)
        try insert(
            "part", "message = \(template) AND position = 0", ["message": "\(last) + n.i", "payload": "\(payloads) + n.i"], count,
            database)
        try copyTrail(of: template, above: last, count, database)
    }

    private func copyTrail(of template: Int64, above last: Int64, _ count: Int, _ database: Database) throws {
        let trail = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) FROM audit") ?? 0
        let records = try Int.fetchOne(database, sql: "SELECT count(*) FROM audit WHERE message = \(template)") ?? 0
        guard records > 0 else { return }
        // Hashes are not chained: what is measured is the cost, and nobody verifies this trail.
        let columns = try names(of: "audit", database)
        let values = columns.map { $0 == "id" ? "NULL" : $0 == "message" ? "\(last) + n.i" : "t.\($0)" }
        try database.execute(
            sql: """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO audit (\(columns.joined(separator: ", ")))
                SELECT \(values.map { $0 == "NULL" ? "\(trail) + row_number() OVER (ORDER BY n.i, t.id)" : $0 }.joined(separator: ", "))
                FROM n, (SELECT * FROM audit WHERE message = \(template)) t ORDER BY 1
                """)
    }

    /// `count` copies of the rows that `condition` finds, with some columns made anew; `n.i` counts from 1.
    private func insert(
        _ table: String, _ condition: String, _ changed: [String: String], _ count: Int, _ database: Database
    ) throws {
        let columns = try names(of: table, database)
        let values = columns.map { changed[$0] ?? "t.\($0)" }
        try database.execute(
            sql: """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO \(table) (\(columns.joined(separator: ", ")))
                SELECT \(values.joined(separator: ", ")) FROM n, (SELECT * FROM \(table) WHERE \(condition)) t
                """)
    }

    private func names(of table: String, _ database: Database) throws -> [String] {
        try database.columns(in: table).map(\.name)
    }
}
