import Foundation
import TestSupport
import Testing

@testable import Gateway

/// Scripts in the place of converters, shut in as real ones are.
@Suite("Making PDF of what a receiver cannot open", .serialized, .timeLimit(.minutes(3)))
struct AttachmentConverterTests {
    /// Whether this system gives an ordinary process namespaces of its own. Where it does not, no converter is run.
    static let canShutIn = LetterConverterTests.canShutIn
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// - Parameter script: gets the input and the output as `$1` and `$2`.
    private func converter(_ script: String, seconds: Int = 60, bytes: Int = 1 << 20) throws -> AttachmentConverter {
        let file = try scratch.write("#!/bin/sh\n\(script)\n", to: "converter-\(UUID().uuidString)", mode: 0o755)
        let settings = try NodeSettings(
            yaml: Array("attachments:\n  converters: ['docx=\(file) {input} {output}']\n".utf8), folder: "/node",
            flags: ["attachments.converterSeconds": String(seconds), "attachments.converterBytes": String(bytes)])
        return AttachmentConverter(settings: settings.attachments)
    }

    private func convert(_ script: String, seconds: Int = 60, bytes: Int = 1 << 20, _ content: String = "Hemmelig") throws
        -> [UInt8]
    {
        try converter(script, seconds: seconds, bytes: bytes).pdf(of: .docx) { try $0(Array(content.utf8)) }
    }

    private static let ends = "printf '%%%%EOF\\n' >> \"$2\""

    @Test(
        "it gets the file under a name of ours, in a folder that nobody else reads and that is gone afterwards",
        .enabled(if: canShutIn))
    func whole() throws {
        let script = """
            echo %PDF-1.7 > "$2"; cat "$1" >> "$2"; echo "$1" >> "$2"; stat -c %a . >> "$2"; pwd >> "$2"; \(Self.ends)
            """
        let lines = String(decoding: try convert(script, "innhold\n"), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.count == 6 && lines[1] == "innhold" && lines[2].hasSuffix("/input.docx") && lines[3] == "700")
        #expect(lines[2].hasPrefix(lines[4] + "/"))
        #expect(!FileManager.default.fileExists(atPath: lines[4]))
    }

    @Test(
        "anything but a whole PDF that can be opened is a failure, which says nothing of the file",
        arguments: [
            "exit 0", "exit 3", "kill -9 $$", "echo no PDF > $2", "echo %PDF-1.7 > $2", ": > $2", "mkdir $2",
            "printf '%%PDF-1.7\\ntrailer << /Encrypt 5 0 R >>\\n%%%%EOF\\n' > $2",
            "printf '%%PDF-1.7\\n%%%%EOF\\n' > elsewhere.pdf; ln -s elsewhere.pdf $2",
            "printf '%%PDF-1.7\\n%%%%EOF\\n' > $2; exit 1",
        ])
    func failing(script: String) throws {
        let error = #expect(throws: AttachmentConverter.Failure.self) { try convert(script) }
        #expect(error?.description.contains("Hemmelig") == false)
    }

    @Test("one that writes without end is stopped at the limit, in files and to its output", .enabled(if: canShutIn))
    func endless() throws {
        for script in ["yes > \"$2\"", "yes", "printf '%%PDF-1.7\\n' > \"$2\"; yes >> \"$2\"; \(Self.ends); exit 0"] {
            #expect(throws: AttachmentConverter.Failure.self) { try convert(script, bytes: 100_000) }
        }
    }

    @Test("one that hangs, or leaves others behind, is ended with all that it began", .enabled(if: canShutIn))
    func hanging() throws {
        let mark = "msggw-\(UUID().uuidString)"
        let start = ContinuousClock.now
        let script = "i=0; while [ $i -lt 20 ]; do setsid sh -c 'sleep 600; : \(mark)' & i=$((i+1)); done; sleep 600"
        let error = #expect(throws: AttachmentConverter.Failure.self) { try convert(script, seconds: 1) }
        #expect(error?.description.contains("was not done in 1 seconds (attachments.converterSeconds)") == true)
        #expect(ContinuousClock.now - start < .seconds(100))
        #expect(try Self.running(mark).isEmpty)
        // One that is done, and has left others behind.
        let left = "setsid sh -c 'sleep 600; : \(mark)' > /dev/null 2>&1 & printf '%%PDF-1.7\\n' > \"$2\"; \(Self.ends)"
        _ = try convert(left)
        #expect(try Self.running(mark).isEmpty)
    }

    private static func running(_ mark: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.filter {
            (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8))?.contains(mark) == true
        }
    }

    @Test("it sees no network and nothing of this process's surroundings", .enabled(if: canShutIn))
    func shutIn() throws {
        let script = """
            echo %PDF-1.7 > "$2"; wc -l < /proc/net/route >> "$2"; env | cut -d= -f1 >> "$2"; \(Self.ends)
            """
        let lines = String(decoding: try convert(script), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(["0", "1"].contains(lines[1]), "\(lines)")
        #expect(
            Set(lines.dropFirst(2).dropLast()).isSubset(
                of: ["PATH", "HOME", "LANG", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"]), "\(lines)")
    }

    @Test("one that is not set, and one that is not installed, say which setting to mend")
    func none() throws {
        #expect(throws: AttachmentConverter.Failure.self) { try converter("").pdf(of: .odt) { _ in } }
        let settings = try NodeSettings(
            yaml: Array("attachments:\n  converters: ['heic=no-such-program {input} {output}']\n".utf8), folder: "/node")
        let error = #expect(throws: AttachmentConverter.Failure.self) {
            try AttachmentConverter(settings: settings.attachments).pdf(of: .heic) { _ in }
        }
        #expect(error?.description.contains("attachments.converters") == true)
    }

    @Test(
        "a setting that names no format, no input or one format twice is refused",
        arguments: ["docx", "docx=prog", "docx=prog -x", "pdf=prog {input}", "exe=prog {input}", "=prog {input}"])
    func settings(entry: String) {
        #expect(throws: SettingsError.self) {
            try NodeSettings(yaml: Array("attachments:\n  converters: ['\(entry)']\n".utf8), folder: "/node")
        }
        #expect(throws: SettingsError.self) {
            try NodeSettings(
                yaml: Array("attachments:\n  converters: ['odt=a {input}', 'odt=b {input}']\n".utf8), folder: "/node")
        }
    }
}
