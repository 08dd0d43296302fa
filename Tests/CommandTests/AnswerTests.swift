import Foundation
import TestSupport
import Testing

extension Commands {
    /// BUP's answer at a terminal, and what the GP then has.
    @Suite("answers to a referral")
    struct AnswerCommands {
        @Test("a referral is rejected at BUP, the GP gets the status, and the letters come out of the record")
        func rejection() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            let sent = try await pair.run("send", Pair.referral, "--json", on: pair.gp)
            let referral = try #require(try sent.json([Taken].self).first).messageID
            try await gp.line("message.id=\(referral)", "message.step=delivered")

            let given = try await pair.run("reject", Pair.documentID, Pair.sample("flow2/avslag.json"), "--json", on: pair.bup)
            #expect(given.status == 0, "\(given.err)")
            let status = try #require(try given.json(Given.self).messages.first { $0.what == "status" })
            try await gp.line("message.id=\(status.messageID)", "message.step=opened")
            try Help.expectDocumented([given])

            let shown = try await pair.run("answer", "show", Pair.documentID, "--json", on: pair.bup)
            #expect(try shown.json([Shown].self).map(\.isIntact) == [true])
            let saved = try await pair.run("answer", "show", referral, "--letters", "letters", "--json", on: pair.bup)
            #expect(try saved.json(Filed.self).files.contains("brev-foresatte.html"))
            try Help.expectDocumented([shown, saved])
            let record = try await pair.run("answer", "show", referral, "--record", on: pair.bup)
            #expect(record.out.hasPrefix("{\"answer\":"))

            let again = try await pair.run("reject", referral, Pair.sample("flow2/avslag.json"), on: pair.bup)
            #expect(again.status == 1 && again.complaints.count == 1 && again.err.contains("was rejected before"))
            let later = try await pair.run("accept", referral, Pair.sample("flow2/inntak.json"), on: pair.bup)
            #expect(later.status == 0 && later.out.contains("acceptance  9148 = 1"), "\(later.err)")
            for node in [gp, bup] {
                let (outcome, _) = try await node.stop()
                #expect(outcome.status == 0)
                for word in Pair.personal { #expect(!outcome.err.contains(word)) }
            }
        }

        @Test("what is refused is said in lines, without a name, and nothing is sent")
        func refused() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            try await gp.line("message.step=delivered")
            let empty = try pair.scratch.write("{\"kind\": \"rejection\"}", to: "empty.json")
            let lacks = try await pair.run("reject", "1", empty, on: pair.bup)
            #expect(lacks.status == 1 && lacks.complaints.count >= 7 && lacks.out.isEmpty)
            let broken = try await pair.run("reject", "1", Pair.referral, on: pair.bup)
            #expect(broken.status == 1 && broken.complaints == ["msggw: the answer: the file is not JSON"])
            let unknown = try await pair.run("reject", "nobody-knows", Pair.sample("flow2/avslag.json"), on: pair.bup)
            #expect(unknown.status == 1 && unknown.complaints.count == 1)
            let door = try await pair.run("forward", "1", "--to", "80000999", "--reason", "De tar imot.", on: pair.bup)
            #expect(door.status != 0 && door.complaints.count == 1)
            let nothing = try await pair.run("forward", "1", "--to", "80000203", on: pair.bup)
            #expect(nothing.status == 1 && nothing.complaints.count == 3, "\(nothing.err)")
            #expect(try await pair.run("answer", "1", on: pair.bup).status == 1)
            for outcome in [lacks, broken, unknown, door, nothing] {
                for word in Pair.personal { #expect(!outcome.err.contains(word)) }
            }
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await bup.stop().outcome.status == 0)
        }
    }

    private struct Given: Decodable {
        struct Message: Decodable { let what, messageID, receiver: String }

        let messages: [Message]
    }

    private struct Shown: Decodable { let isIntact: Bool? }
}
