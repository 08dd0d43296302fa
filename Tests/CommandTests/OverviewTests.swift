import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("overview")
    struct Overview {
        @Test("a message leads to the child's messages, and every key that is printed is documented")
        func shown() async throws {
            let pair = try Pair()
            _ = try await pair.run("send", Pair.referral, on: pair.gp)
            let text = try await pair.run("overview", Pair.documentID, "--purpose", "samtale", on: pair.gp)
            #expect(text.status == 0, "\(text.err)")
            #expect(text.out.contains("Henvisning BUP") && text.out.contains("skal være framme innen"))
            let json = try await pair.run("overview", "1", "--json", on: pair.gp)
            try Help.expectDocumented([json])
            for outcome in [text, json] {
                for word in Pair.personal { #expect(!(outcome.out + outcome.err).contains(word)) }
            }
        }

        @Test("an identity number is never taken from the command line, nor from an empty input")
        func refuses() async throws {
            let pair = try Pair()
            let given = try await pair.run("overview", "17831490128", on: pair.gp)
            #expect(given.status == 64 && given.err.contains("must not stand on the command line"))
            let empty = try await pair.run("overview", "-", on: pair.gp)
            #expect(empty.status == 1 && empty.err.contains("is no identity number"))
            let unknown = try await pair.run("overview", "nowhere", on: pair.gp)
            #expect(unknown.status == 1)
            #expect(!(given.err + given.out).contains("17831490128"))
        }
    }
}
