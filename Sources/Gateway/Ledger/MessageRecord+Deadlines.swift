import Foundation

extension MessageRecord {
    var deadlines: Deadlines {
        get { Deadlines(deliverBy: deliverBy, acceptBy: acceptBy, answerBy: answerBy, warnAt: warnAt) }
        set {
            (deliverBy, acceptBy, answerBy, warnAt) = (newValue.deliverBy, newValue.acceptBy, newValue.answerBy, newValue.warnAt)
        }
    }

    /// What the change of state means for the deadlines: what has happened is no longer waited for, and what has stopped is
    /// not watched until it goes on. ``Ledger`` calls it for every event.
    mutating func followDeadlines(from before: MessageState, at now: Date) {
        var left = deadlines
        if left.isEmpty { return }
        for event in Deadlines.over(in: state, isAtRest: due == nil) { left[event] = nil }
        if left.isEmpty || !state.isWatched {
            left.warnAt = nil
        } else if !before.isWatched {
            // It goes on: the watch looks at once how late it is.
            left.warnAt = now
        }
        deadlines = left
    }
}

extension MessageState {
    /// Whether someone waits for what comes next. Of a message that has failed, was rejected or taken back people are told as
    /// such, not as late; its deadlines come back when it goes on.
    var isWatched: Bool {
        switch self {
        case .taken, .sealed, .delivered, .accepted, .held, .opened, .filed: true
        case .rejected, .failed, .cancelled, .sent: false
        }
    }
}
