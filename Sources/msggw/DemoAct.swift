import Foundation
import Gateway
import ServiceLifecycle
import Synchronization

/// Sends the referral, waits for its end, and then stops the nodes.
final class DemoAct: Service {
    private enum End: Sendable {
        case state(MessageState)
        case stopped
        case outOfPatience
    }

    private let sender: Node
    private let cast: DemoCast
    private let script: DemoScript
    private let patience: Duration
    private let end = Mutex(End.stopped)

    init(sender: Node, cast: DemoCast, script: DemoScript, patience: Duration) {
        (self.sender, self.cast, self.script, self.patience) = (sender, cast, script, patience)
    }

    func run() async throws {
        say("\nThe GP hands in a referral to BUP with \(cast.attachments.count) attachments:\n")
        _ = try await sender.intake.submit(
            Submission(
                documentAt: cast.document, attachments: cast.attachments.map { SubmittedAttachment(path: $0) },
                limits: sender.settings.intake))
        let end = await withTaskGroup(of: End.self) { group in
            group.addTask { [script] in
                for await state in script.outcome.cancelOnGracefulShutdown() { return .state(state) }
                return .stopped
            }
            group.addTask { [patience] in
                do { try await Task.sleep(for: patience) } catch { return .stopped }
                return .outOfPatience
            }
            defer { group.cancelAll() }
            return await group.next() ?? .stopped
        }
        self.end.withLock { $0 = end }
    }

    /// Where BUP's copy lies, and each attachment's digest at both ends.
    func close(receiver: Node) throws {
        switch end.withLock({ $0 }) {
        case .state(.accepted): break
        case .state(let state):
            throw Failure("the referral is \(state.rawValue); the steps above say why. Nothing is running any more")
        case .stopped: throw Failure("stopped before the referral was accepted; nothing is running any more")
        case .outOfPatience:
            throw Failure(
                "the referral was not accepted within \(patience.components.seconds) seconds; the steps above say how far it came, --patience gives it longer"
            )
        }
        guard let message = try receiver.inbox.list().first(where: { $0.kind == DemoCast.kind }) else {
            throw Failure("BUP has no referral in its inbox")
        }
        let copy = try folder(of: message, below: "\(receiver.settings.folder)/filed/\(message.receiver)")
        say("\nBUP's copy lies in \(DemoCast.shown(copy))\n\nSHA-256 of each attachment, as sent and as received:\n")
        guard try compare(with: copy) else { throw Failure("an attachment did not arrive as it was sent") }
        say("\nThe referral was taken, sealed, delivered, opened, filed and accepted. Nothing is running any more.")
    }

    private func folder(of message: MessageRecord, below parent: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: parent)
        guard let name = names.first(where: { $0.hasPrefix("\(message.id)-") }) else {
            throw Failure("BUP's copy is not in \(parent)")
        }
        return parent + "/" + name
    }

    private func compare(with copy: String) throws -> Bool {
        let received = try FileManager.default.contentsOfDirectory(atPath: copy).sorted()
        let digests = try received.map { (name: $0, digest: try FileDigest.sha256(copy + "/" + $0)) }
        var isSame = true
        for attachment in cast.attachments {
            let digest = try FileDigest.sha256(attachment)
            let twin = digests.first { $0.digest == digest }
            isSame = isSame && twin != nil
            let name = attachment.split(separator: "/").last.map(String.init) ?? attachment
            say("  sent      \(name.column(24))  \(digest)")
            say("  received  \((twin?.name ?? "nothing like it").column(24))  \(twin?.digest ?? "")")
        }
        return isSame
    }
}
