import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("A line of the log")
struct LogWriterTests {
    private static let time = Date(timeIntervalSince1970: 1_795_312_706.125)

    /// What one event is written as.
    private static func line(
        _ format: LogFormat, level: Logger.Level = .info, _ log: (inout Logger) -> Void
    ) -> String {
        let lines = Mutex("")
        var logger = Logger(
            label: "msggw",
            factory: { label in
                LogWriter(
                    label: label, settings: LogSettings(format: format, level: level),
                    clock: NodeClock(now: { time }, sleep: { _ in }), write: { _, line in lines.withLock { $0 += line } })
            })
        logger[metadataKey: "node"] = "gp"
        log(&logger)
        return lines.withLock(\.self)
    }

    private struct Line: Decodable {
        let time, level, message, source: String
        let metadata: [String: String]
    }

    private static func decoded(_ line: String) throws -> Line { try JSONDecoder().decode(Line.self, from: Data(line.utf8)) }

    @Test("as JSON it is one object with time, level, message and what belongs to the event")
    func json() throws {
        let line = Self.line(.json) { $0.notice("Message moved on", metadata: ["message.id": "a@b", "node": "bup"]) }
        let read = try Self.decoded(line)
        #expect(read.time == "2026-11-22T01:58:26.125Z")
        #expect((read.level, read.message) == ("notice", "Message moved on"))
        #expect(read.metadata == ["message.id": "a@b", "node": "bup"])
        #expect(line.hasSuffix("}\n"))
    }

    @Test("nested metadata is nested JSON")
    func nested() throws {
        let line = Self.line(.json) { $0.info("x", metadata: ["list": ["a", ["b": "\"c\""]]]) }
        struct Nested: Decodable {
            struct Metadata: Decodable { let list: [Entry] }
            enum Entry: Decodable, Equatable {
                case text(String), fields([String: String])
                init(from decoder: any Decoder) throws {
                    let value = try decoder.singleValueContainer()
                    if let text = try? value.decode(String.self) {
                        self = .text(text)
                    } else {
                        self = .fields(try value.decode([String: String].self))
                    }
                }
            }
            let metadata: Metadata
        }
        #expect(
            try JSONDecoder().decode(Nested.self, from: Data(line.utf8)).metadata.list == [.text("a"), .fields(["b": "\"c\""])])
    }

    /// What would begin a line of its own, move a cursor, colour a terminal, or turn the text around.
    private static let hostile = [
        "a\n2026-11-22 critical Everything is lost", "a\r\nb", "a\u{1B}[2Jb", "a\0b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b",
        "a\u{202E}b", "a\u{9B}31mb", "a\u{7F}b", "a\tb", "\"}\n{\"level\":\"critical\"", "å€\u{1F600}", "\u{E0001}",
    ]

    @Test("whatever another node put into it, it stays one line and obeys nothing", arguments: hostile, LogFormat.allCases)
    func injection(text: String, format: LogFormat) throws {
        let line = Self.line(format) { $0.error("\(text)", metadata: ["error.reason": "\(text)", "\(text)": "x"]) }
        #expect(line.hasSuffix("\n"))
        let unsafe = line.dropLast().unicodeScalars.filter {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        #expect(unsafe.isEmpty)
        guard format == .json else { return }
        // Nothing is lost: who reads the JSON gets what was said.
        let read = try Self.decoded(line)
        #expect(read.message == text)
        #expect(read.metadata["error.reason"] == text)
    }

    @Test("as text it is time, level, label, fields by name, source and message")
    func text() {
        let line = Self.line(.text) { $0.warning("Node listens", metadata: ["b": "2", "a": "1"]) }
        #expect(line.wholeMatch(of: /\S+ warning msggw: a=1 b=2 node=gp \[\w+\] Node listens\n/) != nil, "\(line)")
        let time = line.prefix { $0 != " " }
        #expect((try? Date(String(time), strategy: .iso8601)) == Date(timeIntervalSince1970: 1_795_312_706), "\(time)")
    }

    @Test("what is below the level is not written")
    func level() {
        #expect(Self.line(.text, level: .warning) { $0.notice("quiet") }.isEmpty)
        #expect(!Self.line(.text, level: .trace) { $0.trace("loud") }.isEmpty)
    }

    @Test("for the journal a line begins with its priority, and only then")
    func journal() throws {
        let scratch = try ScratchFolder()
        for isJournal in [true, false] {
            let path = try scratch.write("", to: "log-\(isJournal)")
            let file = try #require(FileHandle(forWritingAtPath: path))
            let output = LogOutput(descriptor: file.fileDescriptor, isJournal: isJournal)
            output.write("first\n", level: .error)
            output.write("second\n", level: .notice)
            let written = try String(contentsOfFile: path, encoding: .utf8)
            #expect(written == (isJournal ? "<3>first\n<5>second\n" : "first\nsecond\n"))
        }
    }
}
