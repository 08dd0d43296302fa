import Foundation
import TestSupport
import Testing

extension Commands {
    @Suite("demo")
    struct Demo {
        /// A script in the place of `certs-test/make.sh`.
        private static func script(_ text: String, in scratch: ScratchFolder) throws -> String {
            try scratch.write("#!/usr/bin/env bash\n\(text)\n", to: "make.sh")
        }

        private static func copying(in scratch: ScratchFolder) throws -> String {
            let pki = try TestPKI.shared.folder().path
            return try script("[ -e \"$1\" ] || cp -r '\(pki)' \"$1\"", in: scratch)
        }

        @Test("it runs twice in a row, shows every step with time and message id, and the attachments at both ends")
        func twice() async throws {
            let scratch = try ScratchFolder()
            let certificates = try Self.copying(in: scratch)
            for _ in 1...2 {
                let outcome = try await Program.run(
                    ["demo", "--folder", scratch.path + "/here", "--certificates", certificates], in: Repository.root.path)
                #expect(outcome.status == 0, "\(outcome.err)\(outcome.out)")
                #expect(outcome.err.isEmpty)
                let lines = outcome.out.split(separator: "\n").map(String.init)
                for step in ["taken", "sealed", "delivered", "opened", "filed", "accepted"] {
                    let shown = lines.contains { line in
                        line.contains("  \(step) ") && line.contains("  HENVISNING_BUP  ")
                            && line.prefixMatch(of: #/\d\d:\d\d:\d\d\.\d{3}/#) != nil
                            && line.contains(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#)
                    }
                    #expect(shown, "\(step)")
                }
                for (kind, count) in [
                    ("HENVISNING_BUP", 3), ("DIALOG_STATUS_HENVISNING", 2), ("DIALOG_HELSEFAGLIG", 6), ("EPIKRISE", 4),
                ] {
                    #expect(lines.count { $0.contains("  accepted ") && $0.contains("  \(kind) ") } == count, "\(kind)")
                }
                for line in lines { #expect(line.count <= 140, "\(line)") }
                let digests = lines.filter { $0.contains(#/ [0-9a-f]{64}$/#) }
                #expect(digests.count == 4)
                #expect(Set(digests.map { $0.suffix(64) }).count == 2)
                for word in Pair.personal { #expect(!outcome.out.contains(word)) }
            }
        }

        @Test("Ctrl-C in the middle ends it within seconds and says so", arguments: [SIGINT, SIGTERM])
        func interrupted(signal: Int32) async throws {
            let scratch = try ScratchFolder()
            let demo = try RunningProgram(
                ["demo", "--folder", scratch.path + "/here", "--certificates", try Self.copying(in: scratch)],
                in: Repository.root.path)
            // The first step of the first of eight scenes: seconds are left to be interrupted in.
            try await demo.line("  taken ")
            let (outcome, time) = try await demo.stop(signal)
            #expect(time < .seconds(60))
            #expect(outcome.status == 1, "\(outcome.out)")
            #expect(outcome.complaints == ["msggw: stopped before everything was accepted; nothing is running any more"])
            #expect(!outcome.out.contains("Everything was taken"))
        }

        @Test("Ctrl-C while certificates are made ends the script too", arguments: [SIGINT, SIGTERM])
        func interruptedEarly(signal: Int32) async throws {
            let scratch = try ScratchFolder()
            // The pause gives the program time to listen for signals; the script says when.
            let script = try Self.script("sleep 0.5; echo \"made by $$ .\" >&2; sleep 100 & wait", in: scratch)
            let demo = try RunningProgram(
                ["demo", "--folder", scratch.path + "/here", "--certificates", script], in: Repository.root.path)
            let line = try await demo.line("made by ")
            let maker = try #require(line.split(separator: " ").compactMap { Int32($0) }.first)
            let (outcome, time) = try await demo.stop(signal)
            #expect(outcome.status == 1)
            #expect(outcome.err.contains("stopped while the certificates were made"))
            #expect(time < .seconds(60))
            #expect(kill(maker, 0) != 0)
        }

        @Test("a script that fails is named with its status")
        func failing() async throws {
            let scratch = try ScratchFolder()
            let script = try Self.script("echo 'no openssl here' >&2; exit 3", in: scratch)
            let outcome = try await Program.run(
                ["demo", "--folder", scratch.path + "/here", "--certificates", script], in: Repository.root.path)
            #expect(outcome.status == 1)
            #expect(outcome.err == "no openssl here\nmsggw: \(script) ended with status 3; what it said is above\n")
        }

        @Test(
            "what is missing is named with what to do, before anything is made",
            arguments: [("--samples", "--samples"), ("--certificates", "--certificates")])
        func missing(option: String, says: String) async throws {
            let scratch = try ScratchFolder()
            let outcome = try await Program.run(
                ["demo", "--folder", scratch.path + "/here", option, "/nowhere"], in: Repository.root.path)
            BadInput.check(outcome, BadInput.Mistake("", says: ["/nowhere", says, "repository's folder"]) { _ in [] })
            #expect(try scratch.names() == [])
        }
    }
}
