import Foundation
import GRDB

/// What lies in the store and needs somebody.
enum StoreWork {
    static func examine(_ store: GatewayStore, _ report: inout DoctorReport, at now: Date) throws {
        try examineTimes(store, &report, at: now)
        let oldest = try store.read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT min(created) FROM message INDEXED BY messageQueue WHERE due IS NOT NULL AND direction = 'out'")
        }
        guard let oldest else { return report.ok("queue", "nothing waits to be sent") }
        let hours = Int(now.timeIntervalSince(Date(microseconds: oldest)) / 3600)
        if hours >= 24 {
            report.wrong(
                "queue", "a message has waited to be delivered for \(hours) hours",
                "see 'msggw queue list', and call the receiver")
        } else if hours >= 1 {
            report.warn("queue", "a message has waited to be delivered for \(hours) hours", "see 'msggw queue list'")
        } else {
            report.ok("queue", "what waits to be sent is younger than an hour")
        }
    }

    /// Whether every page of the database is as it was written.
    static func examinePages(_ store: GatewayStore, _ report: inout DoctorReport) throws -> Bool {
        guard let first = try store.checkPages().findings.first else {
            report.ok("store", "every page of the database is as it was written")
            return true
        }
        report.wrong("store", first.what, StoreFile.remedy)
        return false
    }

    /// A clock that has gone back makes deadlines pass unseen.
    private static func examineTimes(_ store: GatewayStore, _ report: inout DoctorReport, at now: Date) throws {
        let last = try store.read { try Int64.fetchOne($0, sql: "SELECT updated FROM message ORDER BY id DESC LIMIT 1") }
        guard let last else { return }
        let ahead = Int(Date(microseconds: last).timeIntervalSince(now))
        if ahead > 60 {
            report.wrong(
                "clock", "the newest message was written \(ahead) seconds in the future: the clock has been set back",
                "set the clock right before the node runs on")
        }
    }
}
