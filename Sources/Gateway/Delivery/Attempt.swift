import Envelope
import Foundation
import Logging
import Native

/// One message's turn: seal it if that has not been done, send the stored bytes, read the answer, write down what it came to.
///
/// A crash anywhere leaves the message due: sealed bytes are stored before they are sent, and the receiver answers a message
/// it already has with the Acknowledgment it stored.
struct Attempt: Sendable {
    let store: GatewayStore
    let sealer: MessageSealer
    let answers: AnswerReader
    let registry: Registry
    let transport: any MessageTransport
    let settings: DeliverySettings
    let clock: NodeClock
    let crypto: WorkPool
    let large: WorkPool
    let logger: Logger
    var planted: PlantedFault?
    let onStep: @Sendable (MessageRecord, MessageStep) -> Void

    /// Ends calls that are under way; the messages they carried are still due.
    func cancelCalls() { transport.cancel() }

    func run(_ id: Int64) async {
        do {
            guard let (message, wire) = try await ready(id) else { return }
            let outcome = await send(message, wire)
            try await record(outcome, for: message)
        } catch {
            logger.error("Attempt could not be recorded", metadata: [LogKey.own: "\(id)", LogKey.reason: "\(error)"])
            // The message is still due; without a pause it would be tried again at once, for ever.
            try? await clock.sleep(clock.now() + 5)
        }
    }

    // MARK: - Sealing

    /// The message with the bytes that go out; nil when there is nothing to send.
    private func ready(_ id: Int64) async throws -> (MessageRecord, WireMessage)? {
        let now = clock.now()
        var prepared = try await crypto.run { () throws -> Prepared in
            let looked = try look(id)
            guard case .unsealed(let message, let parts) = looked,
                parts.reduce(0, { $0 + $1.payload.length }) <= ReceivingDesk.largeMessage
            else { return looked }
            return seal(message, parts, at: now)
        }
        if case .unsealed(let message, let parts) = prepared {
            prepared = try await large.run { seal(message, parts, at: now) }
        }
        switch prepared {
        case .nothing, .unsealed: return nil
        case .stored(let message, let wire): return (message, wire)
        case .made(let message, let wire): return try await keep(wire, for: message)
        case .failed(let message, let error):
            try await cannotSeal(message, error)
            return nil
        }
    }

    private func look(_ id: Int64) throws -> Prepared {
        try store.read { database in
            guard let message = try MessageRecord.fetch(database, id: id), message.due != nil else { return .nothing }
            switch message.state {
            case .taken: return .unsealed(message, try PartRecord.fetch(database, message: id))
            case .sealed where planted == .rebuildsBytes:
                return .unsealed(message, try PartRecord.fetch(database, message: id))
            case .sealed: return try WireMessage.fetch(database, message: id).map { .stored(message, $0) } ?? .nothing
            case .delivered, .accepted, .rejected, .failed, .sent, .opened, .filed: return .nothing
            }
        }
    }

    private func seal(_ message: MessageRecord, _ parts: [PartRecord], at now: Date) -> Prepared {
        do { return .made(message, try sealer.seal(message, parts: parts, at: now)) } catch { return .failed(message, error) }
    }

    private enum Prepared: Sendable {
        case nothing
        case unsealed(MessageRecord, [PartRecord])
        case stored(MessageRecord, WireMessage)
        case made(MessageRecord, WireMessage)
        case failed(MessageRecord, any Error)
    }

    private func keep(_ wire: WireMessage, for message: MessageRecord) async throws -> (MessageRecord, WireMessage) {
        var sealed = message
        sealed.state = .sealed
        sealed.updated = clock.now()
        let step = MessageStep(at: sealed.updated, what: "sealed", detail: "\(message.protection.rawValue), \(wire.length) bytes")
        let record = sealed
        try await store.commit { [planted] database in
            if planted == .rebuildsBytes { try WireMessage.delete(database, message: record.id) }
            try wire.insert(database, message: record.id)
            try record.update(database)
            try MessageStep.record(database, message: record.id, at: step.at, step.what, step.detail)
        }
        onStep(record, step)
        return (record, wire)
    }

    private func cannotSeal(_ message: MessageRecord, _ error: any Error) async throws {
        let isTemporary = (error as? SealingError)?.isTemporary ?? (error is StoreError)
        var changed = message
        changed.updated = clock.now()
        changed.attempts += 1
        changed.failure = "\(error)"
        changed.state = isTemporary ? message.state : .failed
        changed.due = isTemporary ? changed.updated + settings.retryTime.seconds : nil
        try await write(
            changed, MessageStep(at: changed.updated, what: isTemporary ? "postponed" : "failed", detail: "\(error)"),
            receipt: nil)
    }

    // MARK: - Sending

    private func send(_ message: MessageRecord, _ wire: WireMessage) async -> DeliveryOutcome {
        guard let receiver = HERID(message.receiver) else {
            return .postponed(reason: "the stored message names no receiver", after: nil)
        }
        do {
            let endpoint = try registry.endpoint(for: receiver)
            return try await transport.post {
                request(wire, to: endpoint)
            } reading: { answer in
                answers.read(answer, to: message, sent: wire, at: clock.now())
            }
        } catch {
            return .postponed(reason: "\(error)", after: nil)
        }
    }

    private func request(_ wire: WireMessage, to endpoint: String) -> HTTPPost {
        let source = WireSource(wire, spool: store.spool)
        return HTTPPost(
            url: endpoint, headers: wire.headers, contentLength: Int64(wire.length), body: HTTPBody { try source.next() },
            timeouts: HTTPTimeouts(connect: settings.connectTime, stalled: settings.stallTime, total: settings.attemptTime))
    }

    // MARK: - What it came to

    func record(_ outcome: DeliveryOutcome, for message: MessageRecord) async throws {
        let now = clock.now()
        var changed = message
        changed.updated = now
        changed.attempts += 1
        var receipt: ReceiptRecord?
        let step: MessageStep
        switch outcome {
        case .acknowledged(let delivered):
            changed.state = .delivered
            (changed.due, changed.failure) = (nil, nil)
            receipt = ReceiptRecord(kind: .acknowledgment, direction: .in, at: now, bytes: delivered.evidence)
            step = MessageStep(at: now, what: "delivered", detail: "signed Acknowledgment \(delivered.receiptID)")
        case .handedOver where message.isSignal:
            changed.state = .sent
            (changed.due, changed.failure) = (nil, nil)
            step = MessageStep(at: now, what: "sent", detail: nil)
        case .handedOver:
            // Until the signal comes, the same bytes are due again: the receiver answers a repeat with the same receipt.
            changed.due = now + settings.retryTime.seconds
            step = MessageStep(at: now, what: "handed over", detail: "the Acknowledgment comes as a message of its own")
        case .refused(let reason, let evidence):
            changed.state = .failed
            (changed.due, changed.failure) = (nil, "refused by the receiving node: \(reason)")
            receipt = ReceiptRecord(kind: .messageError, direction: .in, at: now, bytes: evidence)
            step = MessageStep(at: now, what: "failed", detail: changed.failure)
        case .postponed(let reason, let after):
            changed.due = now + (after ?? settings.retryTime).seconds
            changed.failure = reason
            step = MessageStep(at: now, what: "postponed", detail: reason)
        }
        try await write(changed, step, receipt: receipt)
    }

    /// One commit. A receipt that came another way meanwhile wins: nothing goes back from delivered.
    private func write(_ changed: MessageRecord, _ step: MessageStep, receipt: ReceiptRecord?) async throws {
        let (isWritten, spooled) = try await store.commit { database -> (Bool, [String]) in
            // What the receiver has on its disk need not be sent again.
            let isThere = changed.state == .delivered
            let spooled = isThere ? try WireMessage.fetch(database, message: changed.id)?.spooledFiles ?? [] : []
            guard let now = try MessageRecord.fetch(database, id: changed.id), now.due != nil else { return (false, spooled) }
            try changed.update(database)
            try MessageStep.record(database, message: changed.id, at: step.at, step.what, step.detail)
            try receipt?.insert(database, message: changed.id)
            return (true, spooled)
        }
        spooled.forEach { store.spool.delete($0) }
        guard isWritten else { return }
        onStep(changed, step)
        if changed.state == .failed {
            logger.error(
                "Message failed: nobody will try again",
                metadata: [LogKey.message: "\(changed.messageID)", LogKey.reason: "\(changed.failure ?? "unknown")"])
        }
        logger.notice(
            "Message moved on",
            metadata: [
                LogKey.message: "\(changed.messageID)", LogKey.state: "\(changed.state.rawValue)", LogKey.step: "\(step.what)",
            ])
    }
}

/// Lets a closure pull from a noncopyable ``WireBody``. Used on the one thread that sends.
private final class WireSource {
    private var body: WireBody

    init(_ message: WireMessage, spool: Spool) { body = WireBody(message, spool: spool) }

    /// The next piece; empty at the end.
    func next() throws -> [UInt8] { try body.next() ?? [] }
}

extension MessageRecord {
    /// An Acknowledgment or MessageError sent as a message of its own. Nothing answers it.
    var isSignal: Bool { kind == "Acknowledgment" || kind == "MessageError" }
}

extension Duration {
    var seconds: TimeInterval { TimeInterval(components.seconds) + TimeInterval(components.attoseconds) / 1e18 }
}
