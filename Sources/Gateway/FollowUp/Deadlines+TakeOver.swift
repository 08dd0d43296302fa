import Foundation

extension Deadlines {
    /// A discharge summary whose receiver is to take over: it is answered when somebody says that they do.
    mutating func waitForTakeOver(from time: Date, _ subject: Subject, by table: DeadlineTable) {
        answerBy = table.calendar.end(ofWorkingDay: table.takeOverDays, after: time)
        warnAt = nextWarning(after: .distantPast, subject, by: table)
    }
}
