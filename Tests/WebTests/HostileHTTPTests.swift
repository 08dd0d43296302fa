import Foundation
import Gateway
import TestSupport
import Testing
import Web

@Suite("Hostile HTTP")
struct HostileHTTPTests {
    private static let corpus = Repository.shared("security-corpora/http-hostile")
    private static let settings = WebSettings.test {
        ($0.headerTime, $0.bodyTime) = (.seconds(3), .seconds(30))
        ($0.idleTime, $0.lingerTime, $0.progressTime) = (.seconds(2), .milliseconds(300), .seconds(3))
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let header: String
        var body = ""
    }

    /// A second request hides in each. Nobody may ever answer it, and nothing may be received as a message.
    private static let hidden = "GET /health HTTP/1.1\r\nHost: hidden\r\n\r\n"

    @Test(
        "a request that two readers could read in two ways is refused, and nothing behind it is answered",
        arguments: [
            Case(testDescription: "CL.TE", header: "Content-Length: 50\r\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
            Case(testDescription: "TE.CL", header: "Transfer-Encoding: chunked\r\nContent-Length: 4", body: "0\r\n\r\n"),
            Case(testDescription: "two lengths", header: "Content-Length: 0\r\nContent-Length: 37"),
            Case(testDescription: "two equal lengths", header: "Content-Length: 0\r\nContent-Length: 0"),
            Case(testDescription: "list of lengths", header: "Content-Length: 0, 0"),
            Case(testDescription: "negative length", header: "Content-Length: -1"),
            Case(testDescription: "length with sign", header: "Content-Length: +0"),
            Case(testDescription: "length with underscore", header: "Content_Length: 37\r\nContent-Length: 1_0"),
            Case(testDescription: "length beyond 64 bits", header: "Content-Length: 18446744073709551616"),
            Case(testDescription: "space before colon", header: "Transfer-Encoding : chunked", body: "0\r\n\r\n"),
            Case(testDescription: "folded coding", header: "Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n"),
            Case(testDescription: "folded field", header: "X: a\r\n b\r\nContent-Length: 0"),
            Case(testDescription: "xchunked", header: "Transfer-Encoding: xchunked", body: "0\r\n\r\n"),
            Case(testDescription: "chunked, identity", header: "Transfer-Encoding: chunked, identity", body: "0\r\n\r\n"),
            Case(testDescription: "quoted chunked", header: "Transfer-Encoding: \"chunked\"", body: "0\r\n\r\n"),
            Case(testDescription: "bare LF in header", header: "X: a\nTransfer-Encoding: chunked", body: "0\r\n\r\n"),
            Case(testDescription: "CR in a value", header: "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 0"),
            Case(testDescription: "NUL in a value", header: "X: a\u{0}b\r\nContent-Length: 0"),
            Case(testDescription: "chunk size overflow", header: "Transfer-Encoding: chunked", body: "10000000000000000\r\n"),
            Case(testDescription: "chunk size hexadecimal sign", header: "Transfer-Encoding: chunked", body: "0x0\r\n\r\n"),
            Case(testDescription: "chunk size space", header: "Transfer-Encoding: chunked", body: " 0\r\n\r\n"),
            Case(testDescription: "chunk size bare LF", header: "Transfer-Encoding: chunked", body: "0\n\n"),
            Case(testDescription: "chunk too long", header: "Transfer-Encoding: chunked", body: "1\r\nabc\r\n0\r\n\r\n"),
            Case(testDescription: "extension with bare LF", header: "Transfer-Encoding: chunked", body: "0;a\nb\r\n\r\n"),
        ])
    func smuggling(example: Case) async throws {
        let receiver = Counting()
        try await NodeUnderTest.run(Self.settings, receiver: receiver) { node in
            let request = "POST /ebxml HTTP/1.1\r\nHost: a\r\n\(example.header)\r\n\r\n\(example.body)\(Self.hidden)"
            let answer = try await RawClient.exchange(request, port: node.port)
            #expect(answer.statuses.allSatisfy { ["400", "408", "413", "501"].contains($0) })
            #expect(answer.statuses.count <= 1)
            #expect(receiver.exchanges == receiver.failures.count)
        }
    }

    struct Corpus: Decodable {
        struct Case: Decodable {
            let id: String
            let file: String?
            let expect: String
            let milliseconds: Int?

            enum CodingKeys: String, CodingKey {
                case id, file, expect
                case milliseconds = "max_ms"
            }
        }
        let cases: [Case]
    }

    /// The corpus has a release build and a machine of its own in mind.
    #if DEBUG
        private static let budgetFactor = 10
    #else
        private static let budgetFactor = 1
    #endif

    enum Verdict: String { case pass, weak, fail }

    /// Cases about what lies behind HTTP (JSON, static files) wait for the pages that have them.
    @Test(
        "the corpus of hostile requests finds nothing",
        .enabled(if: corpus != nil, "the corpus is not beside the checkout (MSGGW_SHARED names another place)"))
    func corpusCases() async throws {
        let folder = try #require(Self.corpus)
        let corpus = try JSONDecoder().decode(Corpus.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        let cases = corpus.cases.filter { !$0.id.hasPrefix("json-") && $0.id != "range-bomb" && $0.file != nil }
        try #require(!cases.isEmpty)
        try await NodeUnderTest.run(Self.settings) { node in
            var verdicts: [Verdict: [String]] = [:]
            for example in cases {
                let raw = try Data(contentsOf: folder.appending(path: example.file ?? ""))
                let start = ContinuousClock.now
                let answer = try await RawClient.exchange([Self.placed([UInt8](raw))], port: node.port)
                let isLate = ContinuousClock.now - start > .milliseconds(Self.budgetFactor * (example.milliseconds ?? 5000))
                let verdict = isLate ? .fail : Self.judge(example.expect, answer)
                verdicts[verdict, default: []].append("\(example.id) \(answer.statuses)")
            }
            let count = { (verdict: Verdict) in verdicts[verdict]?.count ?? 0 }
            print("corpus: \(cases.count) cases, \(count(.pass)) pass, \(count(.weak)) weak, \(count(.fail)) fail")
            for (verdict, names) in verdicts where verdict != .pass { print("  \(verdict.rawValue): \(names)") }
            #expect(verdicts[.fail] == nil)
        }
    }

    /// The corpus names a path that is ours under another name.
    private static func placed(_ raw: [UInt8]) -> [UInt8] {
        let line = Array("GET /healthz HTTP".utf8)
        return raw.starts(with: line) ? Array("GET /health HTTP".utf8) + raw.dropFirst(line.count) : raw
    }

    /// `weak`: refused, by another status than the corpus names.
    private static func judge(_ expect: String, _ answer: String) -> Verdict {
        let statuses = answer.statuses
        guard statuses.count <= 1, !answer.contains("X-Secret"), !answer.contains("root:") else { return .fail }
        let status = statuses.first ?? "close"
        let isRefused = status.first == "4" || status == "501" || status == "close"
        let fits =
            switch expect {
            case "2xx": status.first == "2"
            case "400": status == "400"
            case "408-or-close": status == "408" || status == "close"
            case "400-or-501": status == "400" || status == "501"
            case "either", "413-or-handled": isRefused || status.first == "2"
            case "405-or-501-or-404": ["404", "405", "501"].contains(status)
            case "not-trusted-by-default", "not-honoured": status.first == "4"
            default: isRefused
            }
        return fits ? .pass : isRefused && expect != "2xx" ? .weak : .fail
    }
}
