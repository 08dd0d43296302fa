import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("help")
    struct Help {
        static let subcommands = [
            "init", "serve", "send", "inbox", "status", "letter", "reject", "accept", "forward", "answer", "queue", "trace",
            "evidence", "alerts", "audit", "backup", "restore", "registry", "retention",
            "store", "doctor", "check", "consent", "inspect", "samples", "demo", "version",
        ]

        @Test("the program's own help names every command and every exit code", arguments: [["--help"], []])
        func overview(arguments: [String]) async throws {
            let outcome = try await Program.run(arguments)
            #expect(outcome.status == 0)
            for command in Self.subcommands { #expect(outcome.out.contains("  \(command) ")) }
            for code in ["0 done", "1 refused", "2 not", "64 wrong", "69 not", "74 the disk", "78 the"] {
                #expect(outcome.out.contains(code))
            }
        }

        @Test(
            "each command says what it does and what each of its options means",
            arguments: subcommands.map { [$0] } + [
                ["inbox", "list"], ["inbox", "show"], ["inbox", "save"], ["audit", "verify"], ["audit", "export"],
                ["alerts", "list"], ["alerts", "resolve"], ["alerts", "test"],
                ["backup", "make"], ["backup", "verify"],
                ["restore", "run"],
                ["restore", "report"], ["restore", "resend"], ["restore", "settled"], ["retention", "report"],
                ["retention", "run"],
                ["store", "check"], ["letter", "check"], ["letter", "preview"], ["answer", "show"], ["consent", "record"],
                ["consent", "list"], ["consent", "show"], ["consent", "withdraw"], ["consent", "received"],
                ["consent", "answer"],
                ["consent", "check"], ["family", "send"], ["family", "status"],
            ] + RegistryCommands.words.map { ["registry", $0] }
                + ["list", "show", "shape", "retry", "hold", "release", "cancel", "redirect"].map { ["queue", $0] })
        func command(words: [String]) async throws {
            let outcome = try await Program.run(words + ["--help"])
            #expect(outcome.status == 0)
            #expect(outcome.out.hasPrefix("OVERVIEW: "))
            #expect(outcome.err.isEmpty)
            // An option without help stands alone on its last line, or before the next option.
            let lines = outcome.out.split(separator: "\n").drop { $0 != "OPTIONS:" }.dropFirst()
            for (line, next) in zip(lines, lines.dropFirst() + [""]) where line.hasPrefix("  -") || line.hasPrefix("  <") {
                let isExplained =
                    line.dropFirst(2).contains("  ") || (next.hasPrefix("     ") && next.contains(where: \.isLetter))
                #expect(isExplained, "\(words) \(line)")
            }
        }

        @Test("the version names the libraries that were found", arguments: [["version"]])
        func version(arguments: [String]) async throws {
            let outcome = try await Program.run(arguments)
            #expect(outcome.status == 0)
            for name in ["msggw", "OpenSSL", "libxml2", "libcurl", "SQLite"] { #expect(outcome.out.contains("\(name) ")) }
        }

        @Test("every JSON key that a command prints stands in docs/COMMANDS.md")
        func documented() async throws {
            let pair = try Pair()
            let bup = try await pair.serve(pair.bup)
            let gp = try await pair.serve(pair.gp)
            let sent = try await pair.run("send", Pair.referral, "-a", Pair.report, "--json", on: pair.gp)
            try await gp.line("message.step=delivered")
            let results = [
                sent, try await pair.run("status", Pair.documentID, "--json", on: pair.gp),
                try await pair.run("inbox", "list", "--json", on: pair.bup),
                try await pair.run("inbox", "show", "1", "--json", on: pair.bup),
                try await pair.run("inbox", "save", "1", "saved", "--json", on: pair.bup),
                try await pair.run("inbox", "list", "--json", on: pair.gp),
                try await pair.run("audit", "verify", "--json", on: pair.gp),
            ]
            try Self.expectDocumented(results)
            #expect(results[5].out == "[\n\n]\n")
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await bup.stop().outcome.status == 0)
        }

        static func expectDocumented(_ results: [Program.Outcome]) throws {
            let text = try String(contentsOf: Repository.root.appending(path: "docs/COMMANDS.md"), encoding: .utf8)
            for result in results {
                let value = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
                for key in keys(value) { #expect(text.contains("`\(key)`"), "\(key)") }
            }
        }

        static func keys(_ value: Any) -> Set<String> {
            if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1)) } }
            guard let object = value as? [String: Any] else { return [] }
            return object.reduce(into: Set(object.keys)) { $0.formUnion(keys($1.value)) }
        }
    }
}
