import Foundation
import Gateway
import TestSupport
import Testing

extension Commands {
    /// Whole conversations between two nodes, each a process of its own.
    @Suite("a conversation")
    struct Conversation {
        @Test("a referral with attachments is sent, listed, shown, saved and accepted; both nodes then stop at once")
        func whole() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)

            let sent = try await pair.run(
                "send", Pair.referral, "--attach", "\(Pair.report)=Sakkyndig vurdering", "-a", Pair.questionnaire, "--from",
                "80000601", "--to", "80000401", "--json", on: pair.gp)
            #expect(sent.status == 0, "\(sent.err)")
            let taken = try #require(try sent.json([Taken].self).first)
            #expect(taken.receiver == "80000401")
            try await gp.line("message.id=\(taken.messageID)", "message.step=delivered")
            try await bup.line("message.id=\(taken.messageID)", "message.step=opened")
            let delivered = try await pair.run("status", taken.messageID, "--json", on: pair.gp)
            #expect(try delivered.json(Statuses.self).messages.map(\.state) == ["delivered"])

            let listed = try await pair.run("inbox", "list", "--json", on: pair.bup)
            let received = try #require(try listed.json([Received].self).first)
            #expect(received.messageID == taken.messageID)
            #expect(received.documentID == Pair.documentID)
            let shown = try await pair.run("inbox", "show", Pair.documentID, "--json", on: pair.bup)
            let attachments = try shown.json(Received.self).attachments
            #expect(attachments?.map(\.mediaType) == ["application/pdf", "image/jpeg"])
            #expect(attachments?.first?.title == "Sakkyndig vurdering")

            let saved = try await pair.run("inbox", "save", "\(received.number)", "saved", "--json", on: pair.bup)
            let filed = try saved.json(Filed.self)
            #expect(filed.files == ["document.xml", "Sakkyndig vurdering.pdf", "spoerreskjema.jpg"])
            #expect(try FileDigest.sha256("\(filed.folder)/\(filed.files[1])") == FileDigest.sha256(Pair.report))
            #expect(try FileDigest.sha256("\(filed.folder)/\(filed.files[2])") == FileDigest.sha256(Pair.questionnaire))

            try await gp.line("message.id=\(taken.messageID)", "message.step=accepted")
            let accepted = try await pair.run("status", Pair.documentID, on: pair.gp)
            for step in ["accepted", "taken", "sealed", "delivered"] { #expect(accepted.out.contains(step)) }

            for node in [gp, bup] {
                let (outcome, time) = try await node.stop()
                #expect(outcome.status == 0)
                #expect(time < .seconds(60))
                for word in Pair.personal { #expect(!outcome.err.contains(word)) }
            }
        }

        @Test("what is taken while the node does not run, or while the partner does not, is delivered when they do")
        func later() async throws {
            let pair = try Pair(settings: ["delivery.firstRetrySeconds": "1", "delivery.longestRetrySeconds": "1"])
            let sent = try await pair.run("send", Pair.referral, on: pair.gp)
            #expect(sent.status == 0, "\(sent.err)")
            #expect(sent.out.contains("taken"))
            let taken = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(taken.out.contains("HENVISNING_BUP  taken"))

            let alone = try await pair.serve(pair.gp)
            try await alone.line("message.step=postponed")
            let (stopped, _) = try await alone.stop(SIGINT)
            #expect(stopped.status == 0)
            let waiting = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(waiting.out.contains("next try"))

            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            try await gp.line("message.step=delivered")
            let listed = try await pair.run("inbox", on: pair.bup)
            #expect(listed.out.split(separator: "\n").count == 1)
            #expect(listed.out.contains("HENVISNING_BUP"))
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await bup.stop(SIGINT).outcome.status == 0)
        }

        @Test("a node that is killed loses nothing and can be started again at once")
        func killed() async throws {
            let pair = try Pair(settings: ["delivery.firstRetrySeconds": "1", "delivery.longestRetrySeconds": "1"])
            let first = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            try await first.line("message.step=postponed")
            #expect(try await first.stop(SIGKILL).outcome.status == 128 + SIGKILL)
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            try await gp.line("message.step=delivered")
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await bup.stop().outcome.status == 0)
        }

        @Test("a partner that never answers does not keep the node from stopping, and the message stays due")
        func silentPartner() async throws {
            let pair = try Pair(settings: ["delivery.connectSeconds": "300"])
            let partner = try SilentListener(port: pair.ports[1])
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            await partner.connected()
            let (outcome, time) = try await gp.stop()
            #expect(outcome.status == 0)
            #expect(time < .seconds(60))
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.out.contains("HENVISNING_BUP  sealed"))
            #expect(status.out.contains("next try"))
        }

        @Test("a second process on the same store is refused, and the first goes on")
        func twice() async throws {
            let pair = try Pair()
            let first = try await pair.serve(pair.gp)
            let second = try await Program.run(["serve", "--node", pair.gp, "--port", "0"])
            #expect(second.status == 69)
            #expect(second.complaints.count == 1)
            #expect(second.err.contains("is served by another msggw (process \(first.processIdentifier)); stop that one"))
            #expect(try await pair.run("inbox", on: pair.gp).out == "Nothing has been received.\n")
            #expect(try await first.stop().outcome.status == 0)
        }

        @Test("with port 0 the log names the port that is listened on")
        func freePort() async throws {
            let pair = try Pair()
            let node = try RunningProgram(["serve", "--node", pair.gp, "--port", "0"], in: pair.scratch.path)
            let line = try await node.line("notice", "Node listens", "http.address=https://127.0.0.1:")
            let port = line.split(separator: "https://127.0.0.1:").last.flatMap { Int($0.prefix { $0.isNumber }) }
            #expect((port ?? 0) > 0)
            #expect(try await node.stop().outcome.status == 0)
        }
    }
}

// MARK: - The JSON of docs/COMMANDS.md

struct Taken: Decodable { let messageID, conversationID, receiver: String }

struct Received: Decodable {
    struct Attachment: Decodable {
        let title: String?
        let mediaType: String
        let bytes: Int
    }

    let number: Int
    let received, state, kind, sender, receiver, messageID, documentID, conversationID, protection: String
    let attachments: [Attachment]?
}

struct Filed: Decodable {
    let folder: String
    let files: [String]
}

struct Statuses: Decodable {
    struct Message: Decodable {
        struct Step: Decodable { let at, what: String }

        let number, attempts: Int
        let direction, state, kind, messageID, conversationID, documentID, sender, receiver, protection: String
        let steps: [Step]
    }

    let messages: [Message]
}
