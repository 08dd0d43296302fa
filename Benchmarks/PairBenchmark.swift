import Envelope
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Synchronization
import Web

/// Two nodes on the loopback address, TLS between them, durable at both ends before anything is acknowledged.
struct PairBenchmark: Sendable {
    struct Figures: Sendable {
        let inFlight: Int
        let messages: Int
        let seconds: Double
        let median: Double
        let p99: Double
        /// CPU time of the process for one message, both nodes.
        let cpuMicroseconds: Double

        var perSecond: Double { Double(messages) / seconds }
    }

    let sender: Node
    let receiver: Node
    let text: ReferralText

    /// Sends for about that long with so many messages in flight, and returns when every one of them is acknowledged.
    func run(inFlight: Int, seconds: Double, waiting: DeliveryWaiting) async throws -> Figures {
        let begin = ContinuousClock.now
        let cpu = ProcessTime.now
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var own: [Double] = []
                    while begin.duration(to: .now) < .seconds(seconds) {
                        let start = ContinuousClock.now
                        try await deliver(waiting)
                        own.append(start.duration(to: .now).inSeconds)
                    }
                    return own
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let elapsed = begin.duration(to: .now).inSeconds
        let sorted = latencies.sorted()
        guard let last = sorted.last else { throw BenchmarkFailure("no message was delivered") }
        return Figures(
            inFlight: inFlight, messages: sorted.count, seconds: elapsed, median: sorted[sorted.count / 2],
            p99: sorted.count < 100 ? last : sorted[sorted.count * 99 / 100],
            cpuMicroseconds: (ProcessTime.now - cpu) / Double(sorted.count) * 1e6)
    }

    /// One message, from its submission to the receiver's verified Acknowledgment on this side's disk.
    private func deliver(_ waiting: DeliveryWaiting) async throws {
        let document = text.document(ReferralText.id())
        let taken = try await sender.intake.submit(Submission(document: document))
        guard let message = taken.first else { throw BenchmarkFailure("nothing was taken") }
        try await waiting.delivered(message.messageID)
    }
}

/// Wakes whoever waits for a message's Acknowledgment.
final class DeliveryWaiting: Sendable {
    private enum Place {
        case waiting(CheckedContinuation<Void, any Error>)
        case arrived(MessageState)
    }

    private let places = Mutex<[String: Place]>([:])

    func watch(_ node: Node) {
        node.steps.watch { [self] event in
            guard event.message.direction == .out, [.delivered, .failed].contains(event.message.state) else { return }
            let state = event.message.state
            let waiting: CheckedContinuation<Void, any Error>? = places.withLock { places in
                if case .waiting(let continuation)? = places.removeValue(forKey: event.message.messageID) { return continuation }
                places[event.message.messageID] = .arrived(state)
                return nil
            }
            if let waiting { Self.resume(waiting, state) }
        }
    }

    func delivered(_ messageID: String) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let arrived: MessageState? = places.withLock { places in
                if case .arrived(let state)? = places.removeValue(forKey: messageID) { return state }
                places[messageID] = .waiting(continuation)
                return nil
            }
            if let arrived { Self.resume(continuation, arrived) }
        }
    }

    private static func resume(_ continuation: CheckedContinuation<Void, any Error>, _ state: MessageState) {
        if state == .delivered {
            continuation.resume()
        } else {
            continuation.resume(throwing: BenchmarkFailure("a message was not delivered"))
        }
    }
}
