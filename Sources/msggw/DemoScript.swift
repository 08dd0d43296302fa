import Foundation
import Gateway
import Synchronization

/// Prints steps as they are committed, and says when the referral has come to its end.
final class DemoScript: Sendable {
    private let ended = AsyncStream<MessageState>.makeStream()
    private let isFirst = Mutex(true)

    init() {
        say("Three nodes on this machine; each opens only what is for its own parties:\n")
    }

    /// States the referral has ended in, on the sender's node.
    var outcome: AsyncStream<MessageState> { ended.stream }

    func introduce(_ node: NodeSettings) {
        let title = DemoCast.titles[node.node.name] ?? node.node.name
        say("  \(title.column(9))  https://127.0.0.1:\(node.http.port)\(node.http.path)  \(DemoCast.shown(node.folder))")
    }

    func show(_ event: StepFeed.Event) {
        let title = DemoCast.titles[event.node] ?? event.node
        let row = [
            event.step.at.formatted(.iso8601.time(includingFractionalSeconds: true)).column(12), title.column(9),
            event.step.what.column(9), event.message.kind.column(14), event.message.messageID.column(36), Self.sentence(event),
        ].joined(separator: "  ")
        isFirst.withLock { isFirst in
            if isFirst {
                say(
                    [
                        "time (UTC)".column(12), "who".column(9), "step".column(9), "message".column(14), "message id".column(36),
                        "what it means",
                    ].joined(separator: "  "))
            }
            isFirst = false
            say(row)
        }
        let isReferral = event.message.direction == .out && event.message.kind == DemoCast.kind
        if isReferral, [.accepted, .rejected, .failed].contains(event.message.state) {
            ended.continuation.yield(event.message.state)
        }
    }

    /// What the step means for those who wait for the message.
    private static func sentence(_ event: StepFeed.Event) -> String {
        switch (event.step.what, event.message.state) {
        case ("taken", _): "on the sender's disk: it cannot be lost now"
        case ("sealed", _): "signed and encrypted: \(event.step.detail ?? "")"
        case ("delivered", _): "the receiver's node has signed for it"
        case ("opened", _): "signature and sender checked, decrypted"
        case ("received", _): "the answer is here"
        case ("filed", _): "written to the receiver's folder"
        case (_, .accepted): "the receiver's system has taken it (AppRec)"
        case (_, .rejected): "the receiver's system refused it (AppRec)"
        default: String((event.step.detail ?? "").prefix(60))
        }
    }
}
