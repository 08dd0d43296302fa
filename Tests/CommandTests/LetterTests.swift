import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("letter")
    struct Letters {
        private static let answer = Pair.sample("flow2/avslag.json")

        @Test("a heavy text is shown with better words, line by line, and the exit code says so")
        func heavy() async throws {
            let scratch = try ScratchFolder()
            let file = try scratch.write("Hei!\n\nDet ble iverksatt tiltak vedr. barnet, jf. PHBU.\n", to: "brev.txt")
            let outcome = try await Program.run(["letter", "check", file])
            #expect(outcome.status == 1 && outcome.complaints.isEmpty)
            #expect(
                outcome.out.hasPrefix("score ") && outcome.out.contains("MUST  line 3") && outcome.out.contains("Skriv heller"))
            let json = try await Program.run(["letter", "check", file, "--json", "--for", "part"])
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
            #expect(object["rules"] as? String == "plain-1" && (object["findings"] as? [Any])?.isEmpty == false)
        }

        @Test("a plain text is said to be so")
        func plain() async throws {
            let scratch = try ScratchFolder()
            let file = try scratch.write("Hei!\n\nDere får time hos oss tirsdag. Ring meg når dere vil.\n", to: "brev.txt")
            for arguments in [[], ["--language", "nb"], ["--for", "part"]] {
                #expect(try await Program.run(["letter", "check", file] + arguments).status == 0)
            }
        }

        @Test(
            "what is no text, no reader and no language is refused in a line",
            arguments: [
                ["check", "/no/such/file"], ["check", "/dev/null/x"], ["check", "/usr"],
                ["preview", "/no/such/file", "--reader", "foresatte"],
            ])
        func refused(arguments: [String]) async throws {
            let outcome = try await Program.run(["letter"] + arguments)
            #expect(outcome.status == 1 && outcome.complaints.count == 1 && outcome.out.isEmpty, "\(outcome.err)")
        }

        @Test(
            "wrong usage says what is right",
            arguments: [
                ["check", answer, "--language", "sv"], ["check", answer, "--for", "dogs"], ["preview", answer, "--reader", "x"],
                ["preview", answer],
            ])
        func usage(arguments: [String]) async throws {
            #expect(try await Program.run(["letter"] + arguments).status == 64)
        }

        @Test(
            "the sample answers make letters that nothing must be put right in", arguments: ["avslag", "inntak", "videresendt"])
        func preview(name: String) async throws {
            for reader in ["foresatte", "ungdom-12-15", "ungdom-fra-16"] {
                let file = Pair.sample("flow2/\(name).json")
                let text = try await Program.run(["letter", "preview", file, "--reader", reader])
                #expect(text.status == 0, "\(text.err)")
                #expect(text.out.contains("Hei") && text.out.contains("[henviseren]") == (name != "videresendt"))
                let page = try await Program.run(["letter", "preview", file, "--reader", reader, "--html"])
                #expect(page.status == 0 && page.out.hasPrefix("<!DOCTYPE html>"))
            }
        }

        @Test("what an answer lacks is said in Norwegian, one thing a line, and no letter is shown")
        func lacks() async throws {
            let scratch = try ScratchFolder()
            let file = try scratch.write("{\"kind\": \"rejection\", \"child\": \"Ola\"}", to: "answer.json")
            let outcome = try await Program.run(["letter", "preview", file, "--reader", "foresatte"])
            #expect(outcome.status == 1 && outcome.out.isEmpty)
            #expect(
                outcome.complaints.count >= 7
                    && outcome.complaints.contains(
                        "msggw: Klageretten mangler. Velg regelen for klage og dagen familien får brevet.")
            )
        }
    }
}
