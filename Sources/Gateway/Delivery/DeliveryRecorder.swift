import Envelope
import Foundation
import GRDB
import Logging

/// Writes down what attempts and signals came to, and tells whoever watches.
struct DeliveryRecorder: Sendable {
    let store: GatewayStore
    let judge: DeliveryJudge
    let clock: NodeClock
    let logger: Logger
    let onStep: @Sendable (MessageRecord, MessageStep) -> Void

    /// The end of an attempt.
    ///
    /// - Returns: when the message is due again; nil when it is not.
    func end(
        _ settlement: Settlement, of claimed: ClaimedMessage, _ result: Attempt.Result, _ breaker: CircuitBreaker?
    ) async throws -> Date? {
        let now = clock.now()
        let evidence = result.outcome?.evidence
        let written = try await store.commit { database in
            if let verdict = result.verdict { try ConsentRows.insert(verdict, message: claimed.message.id, in: database) }
            let written = try DeliveryRecording.end(
                settlement, of: claimed.message, evidence: evidence, breaker, at: now, in: database)
            try count(settlement, claimed.message, at: now, in: database)
            return written
        }
        tell(written.changes)
        // What the receiver has on its disk need not be sent again.
        if case .delivered = settlement { result.wire?.spooledFiles.forEach { store.spool.delete($0) } }
        return written.due
    }

    /// A signal about a message that came by itself. Only what the receiver signed may come here.
    func take(_ outcome: DeliveryOutcome, about message: MessageRecord, sent: WireMessage) async throws {
        let now = clock.now()
        let settlement = judge.settle(outcome, of: message, nil, at: now)
        let evidence = outcome.evidence
        let written = try await store.commit { database in
            let written = try DeliveryRecording.take(settlement, about: message.id, evidence: evidence, at: now, in: database)
            try count(settlement, message, at: now, in: database)
            return written
        }
        tell(written)
        if case .delivered = settlement { sent.spooledFiles.forEach { store.spool.delete($0) } }
    }

    private func count(
        _ settlement: Settlement, _ message: MessageRecord, at now: Date, in database: Database
    ) throws {
        guard case .delivered(let receipt) = settlement else { return }
        try Course.count(message, from: receipt.receivedAt.date, by: store.deadlines, at: now, in: database)
    }

    /// Ends what has waited too long for a destination that is not there.
    func giveUp(_ destination: String, _ error: DeliveryError) async throws {
        let now = clock.now()
        let (cutoff, settlement) = (judge.cutoff(at: now), judge.ending(error))
        while true {
            let ended = try await store.commit { database in
                try DeliveryRecording.giveUp(destination, settlement, since: cutoff, at: now, in: database)
            }
            tell(ended)
            if ended.count < DeliveryRecording.endingAtOnce { return }
        }
    }

    func tell(_ changes: [DeliveryRecording.Change]) {
        for change in changes {
            onStep(change.message, change.step)
            if change.message.state == .failed || change.message.state == .held {
                logger.error(
                    change.message.state == .failed ? "Message failed: nobody will try again" : "Message held: a person must act",
                    metadata: [
                        LogKey.message: "\(change.message.messageID)", LogKey.reason: "\(change.message.failure ?? "unknown")",
                    ])
            }
            logger.notice(
                "Message moved on",
                metadata: [
                    LogKey.message: "\(change.message.messageID)", LogKey.state: "\(change.message.state.rawValue)",
                    LogKey.step: "\(change.step.what)",
                ])
        }
    }
}

extension DeliveryOutcome {
    /// The signed MessageError, if it was one.
    fileprivate var evidence: [UInt8]? { if case .failed(_, let evidence) = self { evidence } else { nil } }
}
