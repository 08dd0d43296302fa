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
            case .sealed, .sent: return try WireMessage.fetch(database, message: id).map { .stored(message, $0) } ?? .nothing
            case .delivered, .accepted, .rejected, .failed, .held, .cancelled, .opened, .filed: return .nothing
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

    private func keep(_ wire: WireMessage, for message: MessageRecord) async throws -> (MessageRecord, WireMessage)? {
        let now = clock.now()
        let event = MessageEvent.sealed(
            detail: "\(message.protection.rawValue), \(wire.length) bytes", digest: Digest.of(wire.soap, .sha256))
        let (isKept, sealed) = try await store.commit { [planted] database -> (Bool, Transition?) in
            let sealed = try Ledger.apply(event, to: message.id, at: now, by: .node, in: database)
            guard sealed != nil || planted == .rebuildsBytes else { return (false, nil) }
            if planted == .rebuildsBytes { try WireMessage.delete(database, message: message.id) }
            try wire.insert(database, message: message.id)
            return (true, sealed)
        }
        // Somebody took it back or held it meanwhile: nothing goes out.
        guard isKept else {
            wire.spooledFiles.forEach { store.spool.delete($0) }
            return nil
        }
        if let sealed { onStep(sealed.message, sealed.step) }
        return (sealed?.message ?? message, wire)
    }

    private func cannotSeal(_ message: MessageRecord, _ error: any Error) async throws {
        let isTemporary = (error as? SealingError)?.isTemporary ?? (error is StoreError)
        let now = clock.now()
        try await write(
            isTemporary
                ? .postponed(reason: "\(error)", until: now + settings.retryTime.seconds) : .failed(reason: "\(error)"),
            to: message, at: now)
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
        let event: MessageEvent =
            switch outcome {
            case .acknowledged(let receipt): .delivered(receiptID: receipt.receiptID, evidence: receipt.evidence)
            case .handedOver where message.isSignal: .sent
            // Until the signal comes, the same bytes are due again: the receiver answers a repeat with the same receipt.
            case .handedOver: .handedOver(until: now + settings.retryTime.seconds)
            case .refused(let reason, let evidence): .refused(reason: reason, evidence: evidence)
            case .postponed(let reason, let after):
                .postponed(reason: reason, until: now + (after ?? settings.retryTime).seconds)
            }
        try await write(event, to: message, at: now)
    }

    /// One commit. What came another way meanwhile stands: the ledger lets nothing go back.
    private func write(_ event: MessageEvent, to message: MessageRecord, at now: Date) async throws {
        let (transition, spooled) = try await store.commit { database -> (Transition?, [String]) in
            // What the receiver has on its disk need not be sent again.
            let spooled =
                event.kind == .delivered ? try WireMessage.fetch(database, message: message.id)?.spooledFiles ?? [] : []
            return (try Ledger.apply(event, to: message.id, at: now, by: .node, in: database), spooled)
        }
        spooled.forEach { store.spool.delete($0) }
        guard let transition else { return }
        let changed = transition.message
        onStep(changed, transition.step)
        if changed.state == .failed {
            logger.error(
                "Message failed: nobody will try again",
                metadata: [LogKey.message: "\(changed.messageID)", LogKey.reason: "\(changed.failure ?? "unknown")"])
        }
        logger.notice(
            "Message moved on",
            metadata: [
                LogKey.message: "\(changed.messageID)", LogKey.state: "\(changed.state.rawValue)",
                LogKey.step: "\(transition.step.what)",
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
