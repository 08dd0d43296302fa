import Foundation

/// When a message goes out again, and when nobody tries any more. A value, so a table can test it.
///
/// Delays double from ``first`` to ``longest``. Trying ends when ``days`` have passed, and two whole working days among them:
/// a partner that fails on the evening before Easter is tried until people are back and have had time to mend it.
struct RetrySchedule: Sendable, Hashable {
    var first: Duration = .seconds(15)
    var longest: Duration = .seconds(3600)
    var days = 4
    /// Nothing is given up with fewer attempts in a row, whatever the clock says: a node that was switched off for a week, or a
    /// clock that jumps ahead, ends no message.
    static let leastAttempts = 12
    static let workingDays = 2

    /// How long to wait after that many attempts in a row that failed, at most. Attempts count from 1.
    func delay(afterAttempt attempt: Int) -> Duration { min(longest, first * (1 << min(max(attempt, 1) - 1, 30))) }

    /// The delay, shorter by up to a fifth: what failed together does not come back together. The same for the same name and
    /// attempt, so that a simulation repeats itself.
    func delay(afterAttempt attempt: Int, of name: String) -> Duration {
        let whole = delay(afterAttempt: attempt)
        return whole - whole * Jitter.fraction(of: name, attempt) / 5
    }

    /// A destination is asked more often than a message is sent again: one question for all that wait for it.
    var ofDestinations: RetrySchedule {
        var schedule = self
        schedule.longest = max(first, longest / 4)
        return schedule
    }

    /// How long a peer's `Retry-After` is believed: it may ask for time, not for silence.
    static func patience(with seconds: Int) -> Duration { .seconds(min(max(seconds, 1), 3600)) }

    /// No due time lies further ahead, unless the clock was wrong when it was set.
    var horizon: Duration { max(longest, .seconds(3600)) }

    /// What has been tried since this time or longer has had its time.
    ///
    /// - Parameter workingDays: the morning of the `count`th working day before a time.
    func cutoff(at now: Date, _ workingDays: (_ count: Int, _ before: Date) -> Date) -> Date {
        min(now - TimeInterval(days) * 86_400, workingDays(Self.workingDays, now))
    }
}

/// Chance without chance.
enum Jitter {
    /// A number of thousandths below 1, from a name and a number: FNV-1a, mixed once more as SplitMix64 does.
    static func fraction(of name: String, _ number: Int) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash &+= UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((hash ^ (hash >> 31)) % 1000) / 1000
    }
}
