import Foundation
import TestSupport
import Testing

@testable import Gateway

/// Programs in the place of a converter: scripts that a shell runs, shut in as the real one is.
@Suite("A converter that is somebody else's program", .timeLimit(.minutes(2)))
struct LetterConverterTests {
    /// Whether this system gives an ordinary process namespaces of its own. Where it does not, no converter is run.
    static let canShutIn =
        (try? Tool.run("unshare", ["--user", "--map-root-user", "--net", "--pid", "--fork", "true"]).status) == 0

    private func converter(_ script: String, seconds: Int = 60) throws -> LetterConverter {
        let settings = try NodeSettings(
            yaml: Array("letters:\n  converter: [\(["sh", "-c", script].map { "'\($0)'" }.joined(separator: ", "))]\n".utf8),
            folder: "/node", flags: ["letters.converterSeconds": String(seconds)])
        return LetterConverter(settings.letters)
    }

    @Test("what it writes is taken when it is a whole PDF, and the page came to it whole", .enabled(if: canShutIn))
    func whole() throws {
        let page = String(repeating: "<p>Brevet til dere</p>", count: 20_000)
        let pdf = try converter("echo %PDF-1.7; wc -c; echo %%EOF").pdf(of: page)
        #expect(
            String(decoding: pdf, as: UTF8.self).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) } == [
                "%PDF-1.7", String(page.utf8.count), "%%EOF",
            ])
    }

    @Test(
        "anything else is a failure that says so and nothing of the letter",
        arguments: ["exit 3", "echo no PDF", "echo %PDF-1.7", "kill -9 $$", "true", "echo %PDF-1.7; echo %%EOF; exit 1"])
    func failing(script: String) throws {
        let error = #expect(throws: LetterConverter.Failure.self) { try converter(script).pdf(of: "<p>Hemmelig</p>") }
        #expect(error?.description.contains("Hemmelig") == false)
    }

    @Test("it has no way to any network, and nothing of this process's surroundings", .enabled(if: canShutIn))
    func shutIn() throws {
        let script = "cat > /dev/null; echo %PDF-1.7; wc -l < /proc/net/route; env | cut -d= -f1; echo %%EOF"
        let lines = String(decoding: try converter(script).pdf(of: "x"), as: UTF8.self).split(separator: "\n").map(String.init)
        // No route, with or without a heading above none.
        #expect(lines.count > 2 && ["0", "1"].contains(lines[1]), "\(lines)")
        #expect(
            Set(lines.dropFirst(2).dropLast()).isSubset(of: ["PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_"]), "\(lines)")
    }

    @Test("one that does not end is ended, with all that it began", .enabled(if: canShutIn))
    func late() throws {
        let start = ContinuousClock.now
        let error = #expect(throws: LetterConverter.Failure.self) {
            try converter("sleep 600 & sleep 600", seconds: 1).pdf(of: "x")
        }
        #expect(error?.description.contains("was not done in 1 seconds") == true)
        #expect(ContinuousClock.now - start < .seconds(100))
    }

    @Test("none set, and one that is not installed")
    func none() throws {
        for settings in ["letters:\n  converter: []\n", "letters:\n  converter: [no-such-program-anywhere]\n"] {
            let letters = try NodeSettings(yaml: Array(settings.utf8), folder: "/node").letters
            let error = #expect(throws: LetterConverter.Failure.self) { try LetterConverter(letters).pdf(of: "x") }
            #expect(error?.description.contains("letters.converter") == true)
        }
    }
}
