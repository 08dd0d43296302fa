import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("queue", .timeLimit(.minutes(10)))
    struct Queue {
        private func keys(_ outcome: Program.Outcome) throws -> Set<String> {
            Help.keys(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)))
        }

        @Test("what waits is listed, held, released and cancelled, with the node running or not; every key is documented")
        func life() async throws {
            let pair = try Pair()
            #expect(try await pair.run("queue", on: pair.gp).out == "Nothing waits.\n")
            #expect(try await pair.run("queue", "shape", on: pair.gp).out == "Nothing waits.\n")
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            let listed = try await pair.run("queue", on: pair.gp)
            #expect(listed.out.hasPrefix("#1  "))
            #expect(listed.out.contains("  taken  HENVISNING_BUP  to 80000401  https://127.0.0.1:"))
            let shape = try await pair.run("queue", "shape", on: pair.gp)
            #expect(shape.out.contains("<5m") && shape.out.split(separator: "\n").count == 2)

            let held = try await pair.run("queue", "hold", "#1", on: pair.gp)
            #expect(held.status == 0 && held.out.contains("now held"))
            let gp = try await pair.serve(pair.gp)
            #expect(try await pair.run("queue", "retry", "#1", on: pair.gp).status == 1)
            let released = try await pair.run("queue", "release", Pair.documentID, "--json", on: pair.gp)
            #expect(released.status == 0)
            // The node that runs is told, and tries.
            try await gp.line("message.step=postponed")
            let refused = try await pair.run("queue", "cancel", "#1", on: pair.gp)
            #expect(refused.status == 1 && refused.complaints.count == 1)
            #expect(refused.err.contains("may have it") && refused.err.contains("--yes"))
            let shown = try await pair.run("queue", "show", "#1", "--json", on: pair.gp)
            let list = try await pair.run("queue", "list", "--json", on: pair.gp)
            let counted = try await pair.run("queue", "shape", "--json", on: pair.gp)
            let text = try String(contentsOf: Repository.root.appending(path: "docs/COMMANDS.md"), encoding: .utf8)
            for outcome in [released, shown, list, counted] {
                #expect(outcome.status == 0)
                for key in try keys(outcome) { #expect(text.contains("`\(key)`"), "\(key)") }
            }
            let cancelled = try await pair.run("queue", "cancel", "#1", "--yes", on: pair.gp)
            #expect(cancelled.status == 0)
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await pair.run("status", "#1", on: pair.gp).out.contains("HENVISNING_BUP  cancelled"))
            for outcome in [listed, shown, list, refused] {
                for word in Pair.personal { #expect(!(outcome.out + outcome.err).contains(word)) }
            }
        }

        @Test(
            "wrong usage is told before anything is done",
            arguments: [
                ["retry"], ["hold"], ["release"], ["cancel"], ["redirect", "#1"], ["redirect", "--to", "https://a.example"],
                ["retry", "#1", "--all"], ["list", "--state", "delivered"], ["list", "--older", "soon"],
                ["list", "--limit", "0"], ["show"], ["hold", "--older", "4w"],
            ])
        func usage(words: [String]) async throws {
            let outcome = try await Program.run(["queue"] + words)
            #expect(outcome.status == 64 && outcome.out.isEmpty)
        }

        @Test("a message that there is not, or an address that is none, is told in one line")
        func refusals() async throws {
            let pair = try Pair()
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            for words in [["show", "#7"], ["hold", "#7"], ["redirect", "#1", "--to", "http://elsewhere.example/x"]] {
                let outcome = try await Program.run(["queue"] + words + ["--node", pair.gp], in: pair.scratch.path)
                #expect(outcome.status == 1 && outcome.out.isEmpty && outcome.complaints.count == 1)
            }
        }
    }
}
