import Envelope
import Foundation
import GRDB

extension Course {
    /// The time to answer a referral runs from when the receiver had it, as its signed receipt says: then both nodes show the same day.
    ///
    /// - Parameters:
    ///   - message: as it was before the receipt came.
    ///   - receipt: the receiver's time. What it says beyond what can be is not believed.
    static func count(
        _ message: MessageRecord, from receipt: Date, by table: DeadlineTable, at now: Date, in database: Database
    ) throws {
        guard message.answerBy != nil, DeadlineTable.referrals.contains(where: { $0.rawValue == message.kind }) else { return }
        let subject = Deadlines.Subject(message)
        func end(from time: Date) -> Date? { Deadlines.at(taken: time, subject, by: table).answerBy }
        let (before, after) = (end(from: message.created), end(from: min(max(receipt, message.created), now)))
        guard before != after, var deadlines = try MessageRecord.fetch(database, id: message.id)?.deadlines,
            // What was shortened for another reason stays so.
            deadlines.answerBy == before
        else { return }
        (deadlines.answerBy, deadlines.warnAt) = (after, now)
        try deadlines.write(database, message: message.id)
    }
}
