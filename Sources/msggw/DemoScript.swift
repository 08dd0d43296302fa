import Foundation
import Gateway
import Synchronization

/// Prints steps as they are committed, and knows which messages have come to their end.
final class DemoScript: Sendable {
    private struct Ended {
        var states: [String: MessageState] = [:]
        var listener: AsyncStream<Void>.Continuation?
    }

    private let ended = Mutex(Ended())
    private let isFirst = Mutex(true)

    init() {
        say("Three nodes on this machine; each opens only what is for its own parties:\n")
    }

    /// Says, at once and from now on, that some message has come to its end; ``state(of:)`` says which, and how. For one listener
    /// at a time.
    func news() -> AsyncStream<Void> {
        let (stream, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        ended.withLock { $0.listener = listener }
        listener.yield()
        return stream
    }

    /// The state that a message has ended in on its sender's node; nil while it is under way.
    func state(of messageID: String) -> MessageState? { ended.withLock { $0.states[messageID] } }

    /// What happens next, in a sentence.
    func announce(_ scene: String) {
        isFirst.withLock { $0 = true }
        say("\n\(scene)\n")
    }

    func introduce(_ node: NodeSettings) {
        let title = DemoCast.titles[node.node.name] ?? node.node.name
        say("  \(title.column(9))  https://127.0.0.1:\(node.http.port)\(node.http.path)  \(DemoCast.shown(node.folder))")
    }

    func show(_ event: StepFeed.Event) {
        let title = DemoCast.titles[event.node] ?? event.node
        let row = [
            event.step.at.formatted(.iso8601.time(includingFractionalSeconds: true)).column(12), title.column(9),
            event.step.what.column(9), event.message.kind.column(18), event.message.messageID.column(36), Self.sentence(event),
        ].joined(separator: "  ")
        isFirst.withLock { isFirst in
            if isFirst {
                say(
                    [
                        "time (UTC)".column(12), "who".column(9), "step".column(9), "message".column(18), "message id".column(36),
                        "what it means",
                    ].joined(separator: "  "))
            }
            isFirst = false
            say(row)
        }
        guard event.message.direction == .out, [.accepted, .rejected, .failed].contains(event.message.state) else { return }
        ended.withLock {
            $0.states[event.message.messageID] = event.message.state
            $0.listener?.yield()
        }
    }

    /// What the step means for those who wait for the message.
    private static func sentence(_ event: StepFeed.Event) -> String {
        switch (event.step.what, event.message.state) {
        case ("taken", _): "on the sender's disk: cannot be lost now"
        case ("sealed", _): "signed, encrypted: \(event.step.detail ?? "")"
        case ("delivered", _): "the receiver's node has signed for it"
        case ("opened", _): "signature and sender checked, decrypted"
        case ("received", _): "the answer is here"
        case ("filed", _): "written to the receiver's folder"
        case (_, .accepted): "the receiver's system took it (AppRec)"
        case (_, .rejected): "the receiver's system refused it (AppRec)"
        default: String((event.step.detail ?? "").prefix(60))
        }
    }
}
