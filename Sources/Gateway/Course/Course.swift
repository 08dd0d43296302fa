import Envelope
import Foundation
import GRDB

/// A referral from its first message on: what changed it, what was added, whether it was taken back, what it was answered with.
///
/// The same at both ends: the sender's node follows what goes out and the receiver's what comes in, by `ServReq/Id`, sender and
/// receiver as they were verified. A later document of somebody else changes nothing.
struct Course: Sendable {
    /// Joined rows alone, oldest first, without those that never go out.
    let rows: [CourseRow]

    init(_ rows: [CourseRow]) { self.rows = rows.filter { $0.standing == .joined && !$0.isLost } }

    /// The course that a message belongs to; nil when it belongs to none.
    static func of(_ message: Int64, in database: Database) throws -> Course? {
        guard let first = try CourseRow.fetch(database, message: message)?.first else { return nil }
        return Course(try CourseRow.fetch(database, first: first))
    }

    var documents: [CourseRow] { rows.filter { $0.what != .status } }
    var statuses: [CourseRow] { rows.filter { $0.what == .status } }

    /// The referral as it now stands: the last that holds all of it.
    var base: CourseRow? { documents.last { $0.what.isWhole } ?? documents.first }

    /// The cancellation that stands. One is undone by a referral made after it alone.
    var cancellation: CourseRow? {
        documents.last { row in
            row.what == .cancellation && !documents.contains { $0.what.isWhole && $0.generated > row.generated }
        }
    }

    /// What it was last answered with, as far as nothing has been said since that must be assessed anew.
    var standingStatus: CourseRow? {
        guard let last = statuses.last else { return nil }
        let isNewer = documents.contains { $0.message > last.message && $0.what != .cancellation && $0.what != .history }
        return isNewer ? nil : last
    }

    static func takenBack(_ message: Int64) -> String {
        "the referral was taken back by its referrer (#\(message)); there is nothing to answer. See 'msggw referral show #\(message)'"
    }

    /// Why a status may not go out now; nil when it may.
    func reasonAgainst(code: String) -> String? {
        if let cancellation { return Self.takenBack(cancellation.message) }
        guard let before = standingStatus?.code else { return nil }
        let (called, entitled) = (HenvisningStatus.called.rawValue, HenvisningStatus.entitled.rawValue)
        switch before {
        case HenvisningStatus.forwarded.rawValue:
            return "the referral was handed over before (9148 = 3), and the other door answers it"
        // A time follows a right to care, and a complaint may turn a no into a yes.
        case called, entitled, HenvisningStatus.rejected.rawValue:
            return code == called || code == entitled
                ? nil : "the referral was answered before (9148 = \(before)); 9148 = \(code) cannot follow that"
        default: return nil
        }
    }
}
