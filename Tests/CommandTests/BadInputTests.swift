import Foundation
import TestSupport
import Testing

extension Commands {
    /// Every mistake gives one line on standard error that names the thing and the remedy, and leaves nothing behind.
    @Suite("bad input")
    struct BadInput {
        struct Mistake: Sendable, CustomTestStringConvertible {
            let testDescription: String
            var status: Int32 = 1
            let says: [String]
            var environment: [String: String] = [:]
            let arguments: @Sendable (Pair) throws -> [String]

            init(
                _ name: String, status: Int32 = 1, says: [String], environment: [String: String] = [:],
                _ arguments: @escaping @Sendable (Pair) throws -> [String]
            ) {
                (testDescription, self.status, self.says) = (name, status, says)
                (self.environment, self.arguments) = (environment, arguments)
            }
        }

        static let submissions = [
            Mistake("the document is not there", says: ["/nowhere/referral.xml", "check the path"]) { _ in
                ["/nowhere/referral.xml"]
            },
            Mistake("the document is a folder", says: ["the document", "is not a file"]) { [$0.scratch.path] },
            Mistake("the document is not XML", says: ["letter.xml is not XML", "give the document first"]) {
                [try $0.scratch.write("Dear BUP,", to: "letter.xml")]
            },
            Mistake(
                "a report stands in the document's place",
                says: ["pedagogisk-rapport.pdf is not XML; give the document first and other files with --attach"]
            ) { _ in [Pair.report, "-a", Pair.referral] },
            Mistake("the document is empty", says: ["empty.xml is empty"]) {
                [try $0.scratch.write("", to: "empty.xml")]
            },
            Mistake("the document is not well-formed XML", says: ["broken.xml cannot be sent", "not well-formed XML"]) {
                [try $0.scratch.write("\u{FEFF}\n<a>", to: "broken.xml")]
            },
            Mistake("the document is XML of another kind", says: ["other.xml cannot be sent", "no document of a kind"]) {
                [try $0.scratch.write("<a/>", to: "other.xml")]
            },
            Mistake(
                "the document is larger than the node takes", says: ["is too large", "intake.documentBytes"],
                environment: ["MSGGW_INTAKE_DOCUMENT_BYTES": "1024"]
            ) { _ in [Pair.referral] },
            Mistake("an attachment is not there", says: ["/nowhere/report.pdf", "check the path"]) { _ in
                [Pair.referral, "-a", Pair.report, "-a", "/nowhere/report.pdf=Report"]
            },
            Mistake("an attachment is in no format that is sent", says: ["program.bin", "save it in one of these formats"]) {
                [Pair.referral, "-a", try $0.scratch.write([0x7F, 0x45, 0x4C, 0x46], to: "program.bin")]
            },
            Mistake("an attachment is in a format that the receiver cannot open", says: ["note.txt", "BUP Nord", "it opens"]) {
                [Pair.referral, "-a", try $0.scratch.write("a note", to: "note.txt")]
            },
            Mistake("an attachment is empty", says: ["empty.pdf", "is empty"]) {
                [Pair.referral, "-a", try $0.scratch.write("", to: "empty.pdf")]
            },
            Mistake(
                "nobody knows the receiver",
                says: ["80000409", "is not in the registry", "did you mean", "msggw registry search", "correct the document"]
            ) {
                [try $0.referral(replacing: "80000401", with: "80000409")]
            },
            Mistake("the sender is another node's", says: ["80000631", "not hosted by this node", "parties.hosted"]) {
                [try $0.referral(replacing: "80000601", with: "80000631")]
            },
            Mistake("the document is for another receiver than asked for", says: ["80000401", "not to 80000402"]) { _ in
                [Pair.referral, "--to", "80000402"]
            },
            Mistake("the document is from another sender than asked for", says: ["80000601", "not 80000602"]) { _ in
                [Pair.referral, "--from", "80000602"]
            },
        ]

        @Test("a submission that is refused leaves nothing in the store", arguments: submissions)
        func refused(mistake: Mistake) async throws {
            let pair = try Pair()
            let outcome = try await Program.run(
                ["send", "--node", pair.gp] + mistake.arguments(pair), environment: mistake.environment)
            Self.check(outcome, mistake)
            let status = try await pair.run("status", Pair.documentID, on: pair.gp)
            #expect(status.status == 1)
            let payloads = try FileManager.default.contentsOfDirectory(atPath: pair.gp + "/store/payloads")
            #expect(payloads == [])
        }

        @Test("a document goes out once")
        func duplicate() async throws {
            let pair = try Pair()
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            let again = try await pair.run("send", Pair.referral, on: pair.gp)
            Self.check(
                again,
                Mistake("twice", says: ["was taken before", "msggw status \(Pair.documentID)", "a new MsgId"]) { _ in [] })
        }

        static let questions = [
            Mistake("status of an unknown message", says: ["this node has no message 'nothing'", "MessageId"]) {
                ["status", "nothing", "--node", $0.gp]
            },
            Mistake("show of an unknown message", says: ["there is no received message '7'", "msggw inbox list"]) {
                ["inbox", "show", "7", "--node", $0.gp]
            },
            Mistake("save of an unknown message", says: ["there is no received message '7'"]) {
                ["inbox", "save", "7", "there", "--node", $0.gp]
            },
            Mistake("a folder that is no node", status: 78, says: ["nodes/msggw.yaml: is not there", "with --node"]) {
                ["inbox", "--node", $0.scratch.path + "/nodes"]
            },
            Mistake(
                "a folder that is not there", status: 78,
                says: ["new/msggw.yaml: is not there", "with --node, or make one with: msggw init ", "/new"]
            ) {
                ["inbox", "--node", $0.scratch.path + "/new"]
            },
            Mistake(
                "inspect of a file that is not there", status: 2,
                says: ["cannot read ", "/nope: No such file or directory; check the path"]
            ) { _ in ["inspect", "nope"] },
            Mistake("inspect of a folder", status: 2, says: ["cannot read ", "Is a directory; check the path"]) { _ in
                ["inspect", "."]
            },
            Mistake("inspect of what lies below a file", status: 2, says: ["below", "Not a directory; check the path"]) {
                ["inspect", try $0.scratch.write("", to: "file") + "/below"]
            },
        ]

        @Test("a question about what is not there names it", arguments: questions)
        func unknown(mistake: Mistake) async throws {
            let pair = try Pair()
            Self.check(try await Program.run(mistake.arguments(pair), in: pair.scratch.path), mistake)
            #expect(!FileManager.default.fileExists(atPath: pair.scratch.path + "/there"))
        }

        @Test("a folder that holds other things is not offered to init, which would refuse it")
        func occupied() async throws {
            let pair = try Pair()
            let outcome = try await Program.run(["inbox"], in: pair.scratch.path)
            Self.check(outcome, Mistake("occupied", status: 78, says: ["is not there", "with --node"]) { _ in [] })
            #expect(!outcome.err.contains("msggw init"))
        }

        @Test("a message that cannot be saved where it should stays as it was, and the place is named")
        func unsaved() async throws {
            let pair = try Pair()
            let (bup, gp) = (try await pair.serve(pair.bup), try await pair.serve(pair.gp))
            #expect(try await pair.run("send", Pair.referral, on: pair.gp).status == 0)
            try await bup.line("message.step=opened")
            let file = try pair.scratch.write("mine", to: "file")
            for (place, why) in [(file, "Not a directory"), (file + "/below", "Not a directory"), ("/proc", "")] {
                let outcome = try await pair.run("inbox", "save", "1", place, on: pair.bup)
                let reason = "it is not a folder that this user may write (\(why)"
                Self.check(
                    outcome,
                    Mistake("unsaved", says: ["cannot save into \(place): \(reason)", "; name another folder"]) { _ in [] })
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            let shown = try await pair.run("inbox", "show", "1", "--json", on: pair.bup)
            #expect(try shown.json(Received.self).state == "opened")
            #expect(try await pair.run("inbox", "save", "1", "saved", on: pair.bup).status == 0)
            #expect(try await gp.stop().outcome.status == 0)
            #expect(try await bup.stop().outcome.status == 0)
        }

        static let usages: [(arguments: [String], says: String)] = [
            (["sned"], "sned"), (["send"], "document"), (["send", "a.xml", "--too", "1"], "--too"),
            (["send", "a.xml", "--to", "BUP"], "'BUP' is no HER-id"), (["send", "a.xml", "--from", "-"], "HER-id"),
            (["send", "a.xml", "--attach"], "--attach"), (["status"], "id"), (["inbox", "list", "--limit", "0"], "--limit"),
            (["inbox", "list", "--limit", "many"], "many"), (["inbox", "save", "1"], "folder"), (["init"], "folder"),
            (["serve", "--port", "abc"], "abc"), (["demo", "--patience", "0"], "--patience"), (["inspect"], "file"),
            (["samples"], "folders"),
        ]

        @Test("wrong usage ends with 64 and says what is wrong", arguments: usages)
        func usage(arguments: [String], says: String) async throws {
            let outcome = try await Program.run(arguments)
            #expect(outcome.status == 64)
            #expect(outcome.err.contains(says), "\(outcome.err)")
            #expect(outcome.out.isEmpty)
        }

        @Test("a port that is none is wrong usage, and says what it must be")
        func port() async throws {
            let pair = try Pair()
            let outcome = try await Program.run(["serve", "--node", pair.gp, "--port", "70000"])
            Self.check(outcome, Mistake("port", status: 64, says: ["http.port is 70000", "from 0 to 65535"]) { _ in [] })
        }

        @Test("samples that are not there, and a folder without any, are named")
        func samples() async throws {
            let scratch = try ScratchFolder()
            let missing = try await Program.run(["samples", scratch.path + "/nowhere", scratch.path])
            Self.check(missing, Mistake("missing", says: ["there is no folder", "nowhere"]) { _ in [] })
            try scratch.write("# nothing to judge", to: "empty/README.md")
            let empty = try await Program.run(["samples", scratch.path + "/empty", scratch.path + "/empty"])
            Self.check(empty, Mistake("empty", says: ["holds no samples", "empty"]) { _ in [] })
        }

        /// One line, which names the thing; results stay empty, no value is dumped and nobody is named.
        static func check(_ outcome: Program.Outcome, _ mistake: Mistake) {
            #expect(outcome.status == mistake.status, "\(outcome.err)")
            #expect(outcome.complaints.count == 1, "\(outcome.err)")
            for word in mistake.says { #expect(outcome.complaints.last?.contains(word) == true, "\(outcome.err)") }
            #expect(outcome.out.isEmpty)
            let noise = ["Fatal error", "Error Domain", "NSError", "code: ", "Optional(", "SQLite error", "\\n"]
            for word in noise + Pair.personal { #expect(!outcome.err.contains(word), "\(outcome.err)") }
        }
    }
}
