import Envelope
import Foundation
import Native

/// One message's turn: seal it if that has not been done, send the stored bytes, read the answer.
///
/// A crash anywhere leaves the message due: sealed bytes are stored before they are sent, and the receiver answers a message
/// it already has with the Acknowledgment it stored.
struct Attempt: Sendable {
    let store: GatewayStore
    /// What the message's whole turn goes by.
    private(set) var view: RegistryView
    let transport: any MessageTransport
    let settings: DeliverySettings
    let clock: NodeClock
    let crypto: WorkPool
    let large: WorkPool
    var planted: PlantedFault?
    let observation: Observation
    let onStep: @Sendable (MessageRecord, MessageStep) -> Void

    init(
        store: GatewayStore, view: RegistryView, transport: any MessageTransport, settings: DeliverySettings, clock: NodeClock,
        crypto: WorkPool, large: WorkPool, planted: PlantedFault?, observation: Observation,
        onStep: @escaping @Sendable (MessageRecord, MessageStep) -> Void
    ) {
        (self.store, self.view, self.transport, self.settings, self.clock) = (store, view, transport, settings, clock)
        (self.crypto, self.large, self.planted) = (crypto, large, planted)
        (self.observation, self.onStep) = (observation, onStep)
    }

    func by(_ view: RegistryView) -> Attempt {
        var attempt = self
        attempt.view = view
        return attempt
    }

    /// What it came to, with the bytes that were sent; no outcome when somebody took the message back before anything was.
    struct Result: Sendable {
        let outcome: DeliveryOutcome?
        let wire: WireMessage?
        /// Whether it may be shared, asked before anything of it left.
        var verdict: KeptVerdict?
    }

    /// Ends calls that are under way; the messages they carried are still due.
    func cancelCalls() { transport.cancel() }

    func run(_ claimed: ClaimedMessage) async -> Result {
        let start = ContinuousClock.now
        // Also for bytes that are sealed already: a consent may be withdrawn, or end, between two attempts.
        let asked = view.sharing.ask(claimed, at: clock.now())
        var result =
            if let refusal = asked.refusal {
                Result(outcome: .failed(refusal, evidence: nil), wire: nil)
            } else { await carryOut(claimed) }
        result.verdict = asked.verdict
        if let outcome = result.outcome { observation.attempt(outcome, of: claimed.message, time: .now - start) }
        return result
    }

    private func carryOut(_ claimed: ClaimedMessage) async -> Result {
        do {
            guard let wire = try await wire(of: claimed) else { return Result(outcome: nil, wire: nil) }
            do {
                return Result(outcome: try await send(wire, of: claimed.message), wire: wire)
            } catch {
                return Result(outcome: .failed(DeliveryError(error), evidence: nil), wire: wire)
            }
        } catch {
            return Result(outcome: .failed(DeliveryError(error), evidence: nil), wire: nil)
        }
    }

    // MARK: - Sealing

    /// The bytes that go out; nil when nothing may go out.
    private func wire(of claimed: ClaimedMessage) async throws -> WireMessage? {
        switch claimed.contents {
        case .none: throw DeliveryError(.bodyFailed, "the stored message has no bytes that could be sent")
        case .sealed(let wire):
            guard planted == .rebuildsBytes, !claimed.message.isSignal else { return wire }
            let parts = try store.read { try PartRecord.fetch($0, message: claimed.message.id) }
            return try await seal(claimed.message, parts)
        case .unsealed(let parts): return try await keep(seal(claimed.message, parts), of: claimed.message)
        }
    }

    private func seal(_ message: MessageRecord, _ parts: [PartRecord]) async throws -> WireMessage {
        let now = clock.now()
        let isLarge = parts.reduce(0) { $0 + $1.payload.length } > ReceivingDesk.largeMessage
        return try await (isLarge ? large : crypto).run { try view.sealer.seal(message, parts: parts, at: now) }
    }

    private func keep(_ wire: WireMessage, of message: MessageRecord) async throws -> WireMessage? {
        let now = clock.now()
        let sealed = try await store.commit { try DeliveryRecording.keepSealed(wire, message.id, at: now, in: $0) }
        guard let sealed else {
            wire.spooledFiles.forEach { store.spool.delete($0) }
            return nil
        }
        onStep(sealed.message, sealed.step)
        return wire
    }

    // MARK: - Sending

    private func send(_ wire: WireMessage, of message: MessageRecord) async throws -> DeliveryOutcome {
        guard let receiver = HERID(message.receiver) else {
            throw DeliveryError(.receiverUnknown, "the stored message names no receiver")
        }
        let endpoint = try message.endpoint ?? view.registry.endpoint(for: receiver)
        return try await transport.post {
            request(wire, to: endpoint)
        } reading: { answer in
            view.answers.read(answer, to: message, sent: wire, at: clock.now())
        }
    }

    private func request(_ wire: WireMessage, to endpoint: String) -> HTTPPost {
        let source = WireSource(wire, spool: store.spool)
        return HTTPPost(
            url: endpoint, headers: wire.headers, contentLength: Int64(wire.length), body: HTTPBody { try source.next() },
            timeouts: HTTPTimeouts(connect: settings.connectTime, stalled: settings.stallTime, total: settings.attemptTime))
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
