import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the store says about itself when somebody asks. Costs the same however many messages it holds: it reads what
/// ``TallySchema`` keeps, and one row for each destination and state in which something waits.
struct StoreLook {
    /// Destinations with a line of their own; the further ones are one line, `other`.
    static let largestNumberOfDestinations = 200

    private struct Group {
        let direction, state, destination: String
        let isReceipt: Bool
        let count: Int
    }

    /// - Parameters:
    ///   - events: what has been counted before.
    ///   - now: ages are told from here.
    static func look(_ database: Database, _ events: EventCount, at now: Date, into looked: inout LookedUp) throws {
        let groups = try Row.fetchAll(database.cachedStatement(sql: "SELECT * FROM tally WHERE count > 0")).map {
            Group(
                direction: $0["direction"], state: $0["state"], destination: $0["destination"], isReceipt: $0["isReceipt"],
                count: $0["count"])
        }
        messages(groups, into: &looked)
        try queue(groups.filter { $0.direction == "out" }, database, at: now, into: &looked)
        let held = "messageAside WHERE state IN ('held', 'failed') AND state = 'held'"
        for (metric, those) in [(Metric.heldOldest, held), (.inboxOldest, "messageWaiting WHERE state = 'opened'")] {
            looked[metric] = [Sample([], try oldest(of: those, database, at: now))]
        }
        looked[.events] = try events.look(database)
        looked[.alertsOpen] = try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT kind, severity, count(*) AS count FROM alert WHERE resolvedAt IS NULL GROUP BY kind, severity")
        ).map { Sample([$0["kind"], $0["severity"]], $0["count"]) }
        let waitedFor = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT count(*) FROM destination WHERE closedUntil IS NOT NULL"))
        looked[.destinationsWaitedFor] = [Sample([], Double(waitedFor ?? 0))]
        let records = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM audit"))
        looked[.auditRecords] = [Sample([], Double(records ?? 0))]
    }

    private static func messages(_ groups: [Group], into looked: inout LookedUp) {
        var byState: [[String]: Int] = [:]
        for group in groups {
            byState[[group.direction, group.state, group.isReceipt ? "receipt" : "message"], default: 0] += group.count
        }
        looked[.messages] = byState.map { Sample($0.key, Double($0.value)) }
        let waiting = { (state: String) in
            groups.filter { $0.direction == "out" && $0.state == state && !$0.isReceipt }.reduce(0) { $0 + $1.count }
        }
        looked[.receiptsOutstanding] = [
            Sample(["Acknowledgment"], Double(waiting("sealed"))), Sample(["AppRec"], Double(waiting("delivered"))),
        ]
    }

    private static func queue(
        _ groups: [Group], _ database: Database, at now: Date, into looked: inout LookedUp
    ) throws {
        let states = ["taken", "sealed", "held"]
        var counts: [String: [String: Int]] = [:]
        for group in groups where states.contains(group.state) {
            counts[group.destination, default: [:]][group.state, default: 0] += group.count
        }
        let total = { (counts: [String: Int]) in counts.values.reduce(0, +) }
        let ranked = counts.sorted { (total($1.value), $0.key) < (total($0.value), $1.key) }
        var depth: [[String]: Int] = [:]
        var ages: [String: Double] = [:]
        for (place, (destination, counts)) in ranked.enumerated() {
            let name = place >= largestNumberOfDestinations ? "other" : destination.isEmpty ? "unknown" : destination
            for (state, count) in counts { depth[[name, state], default: 0] += count }
            if let age = try oldest(to: destination, database, at: now) { ages[name] = max(ages[name] ?? 0, age) }
        }
        looked[.queueDepth] = depth.map { Sample($0.key, Double($0.value)) }
        looked[.queueOldest] = ages.map { Sample([$0.key], $0.value) }
    }

    /// How long the oldest message to that destination has been on its way.
    private static func oldest(to destination: String, _ database: Database, at now: Date) throws -> Double? {
        try Int64.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT coalesce(tryingSince, created) FROM message INDEXED BY messageTrying
                    WHERE due IS NOT NULL AND direction = 'out' AND destination = ?
                    ORDER BY coalesce(tryingSince, created) LIMIT 1
                    """), arguments: [destination]
        ).map { age($0, at: now) }
    }

    /// How long the oldest of these has been here; 0 when there is none.
    ///
    /// - Parameter those: an index of some states alone, and its condition in the very words that it was made with.
    private static func oldest(of those: String, _ database: Database, at now: Date) throws -> Double {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT created FROM message INDEXED BY \(those) ORDER BY id LIMIT 1")
        ).map { age($0, at: now) } ?? 0
    }

    private static func age(_ since: Int64, at now: Date) -> Double { max(0, now.timeIntervalSince(Date(microseconds: since))) }

    // MARK: - Files

    static func look(folder: String, into looked: inout LookedUp) {
        looked[.storeBytes] = [("database", "gateway.sqlite"), ("wal", "gateway.sqlite-wal")].compactMap { part, name in
            var status = stat()
            return stat(folder + "/" + name, &status) == 0 ? Sample([part], Double(status.st_size)) : nil
        }
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return }
        looked[.diskFree] = [Sample([], Double(facts.f_bavail) * Double(facts.f_frsize))]
        looked[.diskSize] = [Sample([], Double(facts.f_blocks) * Double(facts.f_frsize))]
        // File systems that make inodes as they need them say 0.
        if facts.f_files > 0 { looked[.inodesFree] = [Sample([], Double(facts.f_favail))] }
    }
}
