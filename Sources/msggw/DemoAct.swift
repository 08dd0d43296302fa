import Foundation
import Gateway
import ServiceLifecycle
import Synchronization

/// Plays the scenes one after the other, each to its end, and then stops the nodes.
final class DemoAct: Service {
    private enum End: Sendable {
        case played
        case state(MessageState, DemoScene)
        case stopped
        case outOfPatience(DemoScene)
    }

    private let nodes: [Node]
    private let cast: DemoCast
    private let script: DemoScript
    private let patience: Duration
    private let end = Mutex(End.stopped)

    /// - Parameter nodes: the GP's, BUP's and Oslo's.
    init(nodes: [Node], cast: DemoCast, script: DemoScript, patience: Duration) {
        (self.nodes, self.cast, self.script, self.patience) = (nodes, cast, script, patience)
    }

    func run() async throws {
        var end = End.played
        for scene in DemoScene.allCases {
            script.announce(scene.announcement)
            let played = try await scene.play(nodes, cast)
            end = await self.end(of: played.messages, scene)
            guard case .played = end else { break }
            if !played.words.isEmpty { say(((played.messages.isEmpty ? [] : [""]) + played.words).joined(separator: "\n")) }
        }
        self.end.withLock { [end] in $0 = end }
    }

    private func end(of messages: [String], _ scene: DemoScene) async -> End {
        await withTaskGroup(of: End.self) { group in
            group.addTask { [script] in
                let state = { (message: String) in script.state(of: message) }
                for await _ in script.news().cancelOnGracefulShutdown() {
                    if let bad = messages.compactMap(state).first(where: { $0 != .accepted }) { return .state(bad, scene) }
                    if messages.allSatisfy({ state($0) == .accepted }) { return .played }
                }
                return .stopped
            }
            group.addTask { [patience] in
                do { try await Task.sleep(for: patience) } catch { return .stopped }
                return .outOfPatience(scene)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .stopped
        }
    }

    /// Where BUP's copy lies, and each attachment's digest at both ends.
    func close() throws {
        let receiver = nodes[1]
        switch end.withLock({ $0 }) {
        case .played: break
        case .state(let state, let scene):
            throw Failure("\(scene.what) is \(state.rawValue); the steps above say why. Nothing is running any more")
        case .stopped: throw Failure("stopped before everything was accepted; nothing is running any more")
        case .outOfPatience(let scene):
            throw Failure(
                "\(scene.what) was not accepted within \(patience.components.seconds) seconds; the steps above say how far it came, --patience gives it longer"
            )
        }
        guard let message = try receiver.inbox.list().first(where: { $0.documentID == DemoCast.referralID }) else {
            throw Failure("BUP has no referral in its inbox")
        }
        let copy = try folder(of: message, below: "\(receiver.settings.folder)/filed/\(message.receiver)")
        say(
            "\nBUP's copy of the referral lies in \(DemoCast.shown(copy))\n\nSHA-256 of each attachment, as sent and as received:\n"
        )
        guard try compare(with: copy) else { throw Failure("an attachment did not arrive as it was sent") }
        say("\nEverything was taken, sealed, delivered, opened, filed and accepted. Nothing is running any more.")
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
