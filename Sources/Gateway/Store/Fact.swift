import Foundation
import GRDB

/// What the store knows about itself: one value for each name.
enum Fact: String, Sendable {
    case storeKey
    /// When the store last showed that it takes a commit, for somebody who asked how the node fares.
    case provedToCommit
    /// When retention last ran to its end.
    case retentionRan
    /// Since when retention waits because the clock leapt.
    case retentionWaits
    /// Messages stamped up to this time may have been forgotten: a mark of theirs is no longer to be expected.
    case forgotten
    /// The own number up to which marks have been looked at.
    case forgottenTo
    /// The own number up to which it has been looked at whom messages are about.
    case childrenMarkedTo
    /// When the last backup was made.
    case backedUp
    /// In a backup alone: when it was made. A store that says so is no store to work with.
    case isBackup
    /// When this store was made of a backup.
    case restored
    /// When that backup was made.
    case restoredFrom
    /// The last own number in it.
    case restoredLast

    static func text(_ database: Database, _ fact: Fact) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM fact WHERE name = ?"), arguments: [fact.rawValue])
    }

    static func number(_ database: Database, _ fact: Fact) throws -> Int64? { try text(database, fact).flatMap { Int64($0) } }

    static func date(_ database: Database, _ fact: Fact) throws -> Date? {
        try number(database, fact).map { Date(microseconds: $0) }
    }

    static func set(_ database: Database, _ fact: Fact, _ value: String?) throws {
        if let value {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)")
                .execute(arguments: [fact.rawValue, value])
        } else {
            try database.execute(sql: "DELETE FROM fact WHERE name = ?", arguments: [fact.rawValue])
        }
    }

    static func set(_ database: Database, _ fact: Fact, _ number: Int64) throws { try set(database, fact, String(number)) }
    static func set(_ database: Database, _ fact: Fact, _ date: Date) throws { try set(database, fact, date.microseconds) }
}
