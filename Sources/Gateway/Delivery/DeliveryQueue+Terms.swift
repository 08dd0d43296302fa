extension DeliveryQueue {
    struct Limits: Sendable, Hashable {
        /// Calls at the same time.
        var slots: Int
        /// Of these for one destination, so that none can hold them all.
        var perDestination: Int { slots < 4 ? max(1, slots) : max(2, slots / 4) }
        /// Of these for all destinations together that have not answered lately.
        var unproven: Int { max(1, slots / 2) }
        /// Of these for the same, when the call is the first to one that has not been tried: it may well be there.
        var untried: Int { max(1, slots * 3 / 4) }
        var firstWindow = 4
        /// How long an answer shows that a destination is there.
        var provenTime: Duration = .seconds(600)
        /// Nobody sleeps longer: a clock that jumps is noticed.
        var longestSleep: Duration = .seconds(60)
    }

    /// What to take from the store.
    struct Claim: Sendable, Hashable {
        let destination: String
        let limit: Int
        /// This one, and nothing else: the node died while it worked on it.
        var suspect: Int64?
    }

    /// What a call showed of the destination.
    enum Finding: Sendable, Hashable {
        /// It answered.
        case up
        /// It certainly is not there, or asks for time.
        case down(patience: Duration?)
        /// No answer that counts; it may be the message's fault.
        case doubtful
        /// Nothing, since the message did not get that far.
        case nothing
    }
}
