import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("statistics")
    struct Statistics {
        @Test("figures come as text, JSON with documented keys, and lines; wrong months are refused")
        func shown() async throws {
            let pair = try Pair()
            let text = try await pair.run("statistics", "--from", "2026-01", "--to", "2026-02", on: pair.bup)
            #expect(text.status == 0, "\(text.err)")
            #expect(text.out.contains("Henvisninger 2026-01 til 2026-02"))
            let json = try await pair.run("statistics", "--to", "2026-02", "--json", on: pair.bup)
            try Help.expectDocumented([json])
            let lines = try await pair.run("statistics", "--to", "2026-02", "--csv", on: pair.bup)
            #expect(lines.out.hasPrefix("group,of,figure,value\r\nreceived,all,referrals,<5\r\n"))
            for words in [["--from", "2026"], ["--csv", "--json"], ["--to", "januar"]] {
                let outcome = try await Program.run(["statistics", "--node", pair.bup] + words, in: pair.scratch.path)
                #expect(outcome.status == 64, "\(words)")
            }
            let future = try await pair.run("statistics", "--to", "2999-01", on: pair.bup)
            #expect(future.status == 1 && future.err.contains("is not over"))
        }
    }
}
