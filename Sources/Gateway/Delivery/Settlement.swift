import Envelope
import Foundation

/// What becomes of a message after an attempt.
enum Settlement: Sendable {
    case delivered(DeliveryReceipt)
    /// A signal that the other node has taken.
    case sent
    /// Taken by the other node; the same bytes are due again unless its Acknowledgment comes first.
    case handedOver(due: Date)
    case postponed(DeliveryError, due: Date)
    /// Nobody tries again.
    case failed(DeliveryError, after: Ending)
    /// Nobody tries again until a person has done something.
    case held(DeliveryError)
    /// No attempt at all: the node stops.
    case givenBack

    enum Ending: Sendable, Hashable { case refused, schedule }
}

/// Decides what becomes of a message. A value: the same question gets the same answer.
struct DeliveryJudge: Sendable {
    let schedule: RetrySchedule
    /// The morning of the `count`th working day before a time.
    let workingDays: @Sendable (_ count: Int, _ before: Date) -> Date
    /// An Acknowledgment that comes as a message of its own is not asked for sooner.
    private static let patience: Duration = .seconds(60)

    /// - Parameter breaker: of the destination, when this attempt changed it or it is open.
    func settle(_ outcome: DeliveryOutcome, of message: MessageRecord, _ breaker: CircuitBreaker?, at now: Date) -> Settlement {
        let attempt = message.attempts + 1
        switch outcome {
        case .acknowledged(let receipt): return .delivered(receipt)
        case .handedOver where message.isSignal: return .sent
        case .handedOver:
            let error = DeliveryError(.answerUnreadable, "taken by the receiving node, but no Acknowledgment came")
            if hasEnded(message, failures: attempt, at: now) { return .failed(error, after: .schedule) }
            let wait = max(schedule.delay(afterAttempt: attempt, of: message.messageID), Self.patience)
            return .handedOver(due: now + min(wait, schedule.longest).seconds)
        case .failed(let error, _):
            if error.code == .cancelled { return .givenBack }
            // Trying again cannot mend it, and must not slip through: a person does.
            if error.code == .notShareable { return .held(error) }
            if error.class == .permanent { return .failed(error, after: .refused) }
            // A receipt that was asked for again: it has been taken once, and nobody is told that it did not go twice.
            if message.state == .sent, hasEnded(message, failures: attempt, at: now) { return .sent }
            let failures = max(attempt, breaker?.failures ?? 0)
            if hasEnded(message, failures: failures, at: now) { return ending(error) }
            // One that waits for its destination goes behind the others, so that another one asks next time.
            let waitsForDestination = breaker?.isOpen == true && error.finding != .nothing && error.finding != .up
            let own = now + schedule.delay(afterAttempt: attempt, of: message.messageID).seconds
            return .postponed(error, due: waitsForDestination ? now : own)
        }
    }

    /// What becomes of messages whose time is over while their destination is not there.
    func ending(_ error: DeliveryError) -> Settlement {
        error.class == .needsPerson ? .held(error) : .failed(error, after: .schedule)
    }

    func cutoff(at now: Date) -> Date { schedule.cutoff(at: now, workingDays) }

    private func hasEnded(_ message: MessageRecord, failures: Int, at now: Date) -> Bool {
        failures >= RetrySchedule.leastAttempts && (message.tryingSince ?? message.created) <= cutoff(at: now)
    }
}
