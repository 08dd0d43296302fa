import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("check")
    struct Check {
        private struct Listed: Decodable {
            struct Line: Decodable {
                let id, state, why, weight: String
                let note: String?
            }
            let receiver: String
            let decision: String?
            let lines: [Line]
        }

        @Test("needs no node, shows BUP's list of the sample's referral, and says by its exit code that something is missing")
        func sample() async throws {
            let shown = try await Program.run(["check", Pair.referral, "-a", Pair.report, "-a", Pair.questionnaire])
            #expect(shown.status == 1)
            #expect(shown.out.contains("Hva heter barnet? Besvart, se Pasient."))
            #expect(shown.out.contains("Er du bekymret for omsorgen barnet får? BUP må vite"))
            for word in Pair.personal { #expect(!shown.out.contains(word)) }
            let json = try await Program.run(["check", Pair.referral, "--json"])
            let listed = try json.json(Listed.self)
            #expect(listed.receiver == "bup")
            #expect(listed.decision == "waits")
            #expect(listed.lines.filter { $0.state == "mangler" && $0.weight == "maa" }.map(\.id) == ["omsorgssvikt"])
        }

        @Test("a reason lets it go; a reason that says nothing is wrong usage")
        func anyway() async throws {
            let goes = try await Program.run(["check", Pair.referral, "--anyway", "Mor svarer på dette i morgen"])
            #expect(goes.status == 0)
            #expect(goes.out.contains("Mor svarer på dette i morgen"))
            #expect(try await Program.run(["check", Pair.referral, "--anyway", "ok"]).status == 64)
        }

        @Test(
            "what cannot be read is 2, what is asked wrongly is 64, and neither repeats what a document says",
            arguments: [
                (["check", "/nowhere/henvisning.xml"], Int32(2)), (["check", Pair.report], 2),
                (["check", Pair.referral, "--receiver", "sykehjem"], 64), (["check", Pair.referral, "--words"], 64),
                (["check", Pair.referral, "--anonymous", "--anyway", "det haster veldig"], 64), (["check"], 64),
            ] as [([String], Int32)])
        func refuses(words: [String], status: Int32) async throws {
            let outcome = try await Program.run(words)
            #expect(outcome.status == status, "\(words) \(outcome.err)")
            for word in Pair.personal { #expect(!(outcome.err + outcome.out).contains(word)) }
        }

        @Test("a receiver without a list is said to have none, and the message can go")
        func noList() async throws {
            let outcome = try await Program.run(["check", Pair.referral, "--receiver", "gp"])
            #expect(outcome.status == 0)
            #expect(outcome.out.contains("ingen liste"))
        }

        @Test("without names: findings by line and column, words only when asked for, and what is certain stops it")
        func anonymous() async throws {
            let scratch = try ScratchFolder()
            let named = try scratch.write("En gutt på tolv.\nHan heter Kari Nordmann, tlf 22 00 00 01.", to: "tekst.txt")
            let plain = try await Program.run(["check", "--anonymous", named])
            #expect(plain.status == 1)
            #expect(plain.out.contains("teksten  2:"))
            #expect(!plain.out.contains("Nordmann"))
            #expect(plain.out.contains("Kontrollen finner mye, men ikke alt."))
            let withWords = try await Program.run(["check", "--anonymous", "--words", named])
            #expect(withWords.out.contains("«22 00 00 01»"))
            let sure = try await Program.run(["check", "--anonymous", "--looked-through", named])
            #expect(sure.status == 1)
            let nobody = try scratch.write("En gutt på tolv sover dårlig.", to: "ingen.txt")
            #expect(try await Program.run(["check", "--anonymous", nobody]).status == 0)
            let referral = try await Program.run(["check", "--anonymous", Pair.referral])
            #expect(referral.status == 1)
            for word in Pair.personal { #expect(!referral.out.contains(word)) }
        }

        @Test("send where it is required refuses with the missing line, and goes with a reason; status shows the list")
        func send() async throws {
            let pair = try Pair(settings: ["completeness.check": "require"])
            let refused = try await pair.run("send", Pair.referral, on: pair.gp)
            #expect(refused.status == 1)
            #expect(refused.complaints.count == 1)
            #expect(refused.err.contains("bekymret for omsorgen"))
            let sent = try await pair.run("send", Pair.referral, "--anyway", "Mor svarer på dette i morgen", on: pair.gp)
            #expect(sent.status == 0, "\(sent.err)")
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.out.contains("checklist  bup-henvisning"))
            #expect(status.out.contains("sent anyway"))
            #expect(!status.out.contains("Mor svarer"))
            let list = try await pair.run("status", Pair.documentID, "--checklist", "--purpose", "test", on: pair.gp)
            #expect(list.out.contains("Mor svarer på dette i morgen"))
        }
    }
}
