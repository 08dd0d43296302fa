import Foundation
import TestSupport
import Testing

enum RegistryCommands {
    static let words = ["resolve", "search", "show", "diff", "dry-run", "import", "held", "approve", "reject", "history"]
}

extension Commands {
    @Suite("registry", .timeLimit(.minutes(10)))
    struct RegistryTests {
        private static let files = [
            "--file", Pair.sample("registry/oslo.json"), "--file", Pair.sample("registry/oslo-services.json"),
        ]

        struct Question: Sendable, CustomTestStringConvertible {
            let words: [String]
            var status: Int32 = 0
            let says: String
            var testDescription: String { words.joined(separator: " ") }
        }

        @Test(
            "the samples answer out of the box; the exit code is 0 only when one door was found",
            arguments: [
                Question(
                    words: ["resolve", "--need", "bup", "--area", "Bydel Bjerke"],
                    says: "Riktig mottaker er BUP Nord (HER-id 80000401)."),
                Question(
                    words: ["resolve", "--need", "contact-point", "--area", "sagene", "--date", "2028-01-01"],
                    says: "Kontaktpunkt Bydel Sentrum nord (HER-id 80000222)"),
                Question(
                    words: ["resolve", "--need", "contact-point", "--area", "Bjerke", "--date", "2028-01-01"], status: 1,
                    says: "Flere passer"),
                Question(words: ["resolve", "--need", "bup", "--area", "Bergen"], status: 1, says: "Stedet er ikke kjent"),
                Question(words: ["resolve", "--need", "bup", "--protected"], status: 1, says: "sperret adresse"),
                Question(words: ["resolve", "--need", "tannlege", "--area", "Sagene"], status: 1, says: "school-health"),
                Question(words: ["resolve", "--need", "gp", "--gp", "80000601"], says: "HER-id 80000601"),
                Question(words: ["resolve", "--need", "gp", "--gp", "80000603"], status: 1, says: "til og med 30. juni 2025"),
                Question(words: ["search", "angst", "14", "år", "Sagene"], says: "Kontaktpunkt: Kontaktpunkt Bydel Sagene"),
                Question(words: ["search", "angst", "--area", "Sagene", "--age", "14"], says: "hjelper med angst"),
                Question(words: ["search", "angst", "--area", "Bergen"], status: 1, says: "no area 'Bergen'"),
                Question(words: ["search", "xyzzy"], says: "Ikke forstått: xyzzy"),
                Question(words: ["show", "80000203"], says: "Kontaktpunkt Bydel Sagene"),
                Question(words: ["show", "80000603"], says: "utløpt"),
                Question(words: ["show", "80000999"], status: 1, says: "is not in the registry"),
                Question(words: ["dry-run", "--date", "2028-01-01"], says: "0 gaps"),
                Question(words: ["dry-run", "--date", "2028-01-01", "--need", "tannlege"], status: 1, says: "there is no need"),
            ])
        func samples(question: Question) async throws {
            let outcome = try await Program.run(["registry"] + question.words + Self.files)
            #expect(outcome.status == question.status, "\(outcome.err)")
            #expect((outcome.out + outcome.err).contains(question.says), "\(outcome.out)\(outcome.err)")
            #expect(outcome.complaints.count == (question.status == 0 ? 0 : 1))
        }

        @Test(
            "wrong usage is told before anything is done",
            arguments: [
                ["resolve"], ["resolve", "--need", "bup"], ["resolve", "--need", "bup", "--area", "A", "--protected"],
                ["resolve", "--need", "gp", "--gp", "abc"], ["resolve", "--need", "bup", "--area", "A", "--date", "2028-02-30"],
                ["search"], ["search", "angst", "--age", "200"], ["show"], ["show", "x"], ["diff", "one"], ["dry-run"],
                ["dry-run", "--date", "soon"], ["import"], ["approve"], ["reject"], ["history"],
            ])
        func usage(words: [String]) async throws {
            let outcome = try await Program.run(["registry"] + words)
            #expect(outcome.status == 64 && outcome.out.isEmpty)
        }

        @Test("a registry file that is given and is wrong is named, and is no fault of a configuration")
        func wrongFile() async throws {
            let scratch = try ScratchFolder()
            let file = try scratch.write("{\"parties\": [{}]}", to: "wrong.json")
            for words in [["resolve", "--need", "bup", "--area", "Sagene", "--file", file], ["diff", file, file]] {
                let outcome = try await Program.run(["registry"] + words)
                #expect(outcome.status == 1 && outcome.err.contains("wrong.json") && outcome.complaints.count == 1)
            }
        }

        @Test("a change of key is held, shown, approved and remembered; every key of the JSON is documented")
        func life() async throws {
            let pair = try Pair()
            let registry = pair.scratch.path + "/nodes/registry.json"
            let text = try String(contentsOfFile: registry, encoding: .utf8).replacing("\\/", with: "/")
            let key = "314000013/p256/encryption.crt"
            try #require(text.contains(key))
            let other = text.replacing(key, with: "314000013/p256/signing.crt")
            let changed = try pair.scratch.write(other, to: "nodes/changed.json")
            let diff = try await Program.run(["registry", "diff", registry, changed, "--json"])
            #expect(diff.status == 0 && diff.out.contains("keyReplaced"))

            let imported = try await pair.run("registry", "import", changed, "--json", on: pair.gp)
            #expect(imported.status == 0, "\(imported.err)")
            let held = try await pair.run("registry", "held", "--json", on: pair.gp)
            #expect(held.out.contains("\"subject\" : \"80000400\""))
            #expect(try await pair.run("registry", "show", "80000400", on: pair.gp).out.contains("venter på godkjenning"))
            let approved = try await pair.run("registry", "approve", "80000400", on: pair.gp)
            #expect(approved.status == 0 && approved.out.hasPrefix("version 2  80000400\n"))
            #expect(try await pair.run("registry", "held", on: pair.gp).out == "Nothing is held.\n")
            let again = try await pair.run("registry", "approve", "80000400", on: pair.gp)
            #expect(again.status == 1 && again.complaints.count == 1)
            let history = try await pair.run("registry", "history", "80000400", "--json", on: pair.gp)
            #expect(history.out.contains("approved"))
            #expect(try await pair.run("registry", "history", "7", on: pair.gp).status == 1)
            #expect(try await pair.run("audit", "verify", on: pair.gp).status == 0)
            let resolved = try await Program.run(
                ["registry", "resolve", "--need", "bup", "--area", "Oslo", "--json"] + Self.files)
            let searched = try await Program.run(["registry", "search", "angst Sagene", "--json"] + Self.files)
            try Help.expectDocumented([diff, imported, held, history, resolved, searched])
        }

        @Test("an import that is refused changes nothing, names the file, and exits with 1")
        func refused() async throws {
            let pair = try Pair()
            let file = try pair.scratch.write("{}", to: "nothing.json")
            let outcome = try await pair.run("registry", "import", file, on: pair.gp)
            #expect(outcome.status == 1 && outcome.err.contains("nothing.json") && outcome.complaints.count == 1)
            #expect(try await pair.run("registry", "held", on: pair.gp).out == "Nothing is held.\n")
        }

        @Test("send by need tells why, and refuses what the need does not name")
        func sendByNeed() async throws {
            let pair = try Pair()
            try Pair.set("registry.also", "[\(Pair.sample("registry/oslo-services.json"))]", in: pair.gp)
            let wrong: [([String], String)] = [
                (["--to-need", "bup", "--area", "Oslo"], "Flere passer"),
                (["--to-need", "bup", "--protected"], "sperret adresse"),
                (["--to-need", "bup", "--area", "Alna"], "the receiver is 80000402"),
                (["--to-need", "nobody", "--area", "Alna"], "Kjente behov"),
            ]
            for (words, says) in wrong {
                let outcome = try await Program.run(["send", Pair.referral, "--node", pair.gp] + words)
                #expect(outcome.status == 1 && outcome.err.contains(says) && outcome.complaints.count == 1, "\(outcome.err)")
            }
            for words in [["--to-need", "bup"], ["--area", "Sagene"], ["--protected"]] {
                #expect(try await Program.run(["send", Pair.referral, "--node", pair.gp] + words).status == 64)
            }
            let sent = try await Program.run(
                ["send", Pair.referral, "--node", pair.gp, "--to-need", "bup", "--area", "Sagene"])
            #expect(
                sent.status == 0 && sent.out.contains("BUP Nord (HER-id 80000401) har Sagene i sitt opptaksområde."),
                "\(sent.err)")
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.out.contains("addressed"))
        }
    }
}
