import Foundation
import GRDB

extension Deadlines {
    func write(_ database: Database, message: Int64) throws {
        try database.cachedStatement(
            sql: "UPDATE message SET deliverBy = ?, acceptBy = ?, answerBy = ?, warnAt = ? WHERE id = ?"
        ).execute(arguments: [
            deliverBy?.microseconds, acceptBy?.microseconds, answerBy?.microseconds, warnAt?.microseconds, message,
        ])
    }

    /// Clears one deadline. `warnAt` stays while another is left: the watch sets it right when it looks.
    static func clear(_ event: DeadlineEvent, _ database: Database, message: Int64) throws {
        guard var deadlines = try MessageRecord.fetch(database, id: message)?.deadlines, deadlines[event] != nil else { return }
        deadlines[event] = nil
        if deadlines.isEmpty { deadlines.warnAt = nil }
        try deadlines.write(database, message: message)
    }
}

extension Deadlines.Subject {
    /// A message in the store. What it does not wait for is not among its deadlines.
    init(_ message: MessageRecord) { self.init(message.kind, message.direction, urgent: message.priority == 0) }
}
